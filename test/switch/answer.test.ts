import { describe, expect, it } from 'vitest';
import { ownSuphdr } from '#switch/ledger';
import { minute, mnemonic } from './county.ts';
import { final, hit, inquiry, miss, plate, upAndDown } from './said.ts';
import { World } from './world.ts';

describe('a request', () => {
  it('goes up with our reference, the OIF and the TAF that the switch inserts (link E1, E2, E6)', () => {
    const { state, peer, world } = upAndDown(new World());
    peer.message(inquiry);
    const own = ownSuphdr(world.entries.length - 1, 'COUNTY099');
    expect(own).toMatch(/^[A-Z0-9]{10}$/);
    expect(state.take()).toEqual([`MESSAGE 1 QZ01 c3 ${own}.*J10442.#010020003045113AB7.${plate}`]);
    expect(peer.take()).toEqual(['ACK 1']);
  });

  it('of a terminal without a TAF goes up with its OIF alone, of a host with what it sent', () => {
    const { world, state } = upAndDown(new World());
    world.terminal('DISP2', 'mroe').message(`CD34.${plate}`);
    expect(state.take()[0]).toContain(`.*M20817.${plate}`);
    world.connect('CAD1').message(`EF56.*J10442.#223BC8.${plate}`);
    expect(state.take()[0]).toContain(`.*J10442.#223BC8.${plate}`);
  });

  it('is sent after its ACK, waits for nothing else, and is proved by the ACK of the upstream (link M2)', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.ack();
    expect(world.kinds('delivered')).toMatchObject([
      { direction: 'out', upstream: 'STATE', number: 1, thread: world.kinds('received')[0]?.entry },
    ]);
  });
});

describe('an answer', () => {
  it("comes back under the asker's own reference, with FINAL as the upstream said (link M5)", () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.ack().answer(hit).answer(miss, final);
    expect(peer.take()).toEqual([
      'ACK 1',
      'MESSAGE 1 QZ01 c3 AB12.QV.CA0990100.|MKE/STOLEN VEHICLE|',
      'MESSAGE 2 QZ01 c3 F AB12.QV.CA0990100.|NO RECORD LIC/2ZZZ999|',
    ]);
    expect(state.take().slice(1)).toEqual(['ACK 1', 'ACK 2']);
    expect(world.state.ledger.requests.size).toBe(0);
    peer.ack();
    const thread = world.kinds('received')[0]?.entry;
    expect(world.kinds('received').slice(1)).toMatchObject([
      { direction: 'up-in', thread, answers: thread, outcome: 'hit', user: 'jdoe', class: 3 },
      { direction: 'up-in', thread, answers: thread, outcome: 'no-hit', final: true },
    ]);
    expect(world.kinds('delivered').slice(1)).toMatchObject([
      { direction: 'down', station: 'DISP1', user: 'jdoe', thread },
      { direction: 'down', thread },
    ]);
  });

  it('that comes before the ACK of its request ends the request all the same', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.answer(hit, final).ack();
    peer.ack();
    world.pass(2 * minute);
    expect(peer.take().filter((line) => line !== 'PING')).toEqual([
      'ACK 1',
      'MESSAGE 1 QZ01 c3 F AB12.QV.CA0990100.|MKE/STOLEN VEHICLE|',
    ]);
  });

  it('that is an SM ends nothing, whatever its flag (link M5)', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.answer('SM.CA0990100.02.NCIC OUT OF SERVICE', final);
    expect(peer.take()[1]).toBe('MESSAGE 1 QZ01 c3 AB12.SM.CA0990100.02.NCIC OUT OF SERVICE');
    expect(world.state.ledger.requests.size).toBe(1);
  });

  it('keeps the flag it came with (link M7)', () => {
    const { state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.answer(hit, { flags: 3 });
    expect(peer.take()[1]).toMatch(/^MESSAGE 1 QZ01 c3 DF AB12/);
  });

  it('to two requests with one reference finds each its own (link E1, M5)', () => {
    const { world, state, peer } = upAndDown(new World());
    const other = world.terminal('DISP2', 'mroe');
    peer.message(inquiry);
    const first = state.messages[0];
    other.message(inquiry);
    state.answer(hit, final).answer(miss, final, first);
    expect(other.take()[1]).toContain('MKE/STOLEN');
    expect(peer.take()[1]).toContain('NO RECORD');
  });

  it('to a host comes back by its mnemonic', () => {
    const { world, state } = upAndDown(new World());
    const host = world.connect('CAD1');
    host.take();
    host.message(`EF56.*J10442.#223BC8.${plate}`, { mnemonic: mnemonic('QC02') });
    state.answer(hit, final);
    expect(host.take()).toEqual([
      'ACK 1',
      'MESSAGE 1 QC02 c3 F EF56.QV.CA0990100.|MKE/STOLEN VEHICLE|',
    ]);
  });

  it('under the reference of another mnemonic is unsolicited, and goes by its mnemonic (link M5)', () => {
    const { world, state, peer } = upAndDown(new World());
    const other = world.terminal('DISP2', 'mroe');
    peer.message(inquiry);
    state.answer(hit, { ...final, mnemonic: mnemonic('QZ02') });
    expect(peer.take()).toEqual(['ACK 1']);
    expect(other.take()[0]).toMatch(/^MESSAGE 1 QZ02 c3 [A-Z0-9]{10}\.QV/);
    expect(world.state.ledger.requests.size).toBe(1);
  });

  it('under the reference of another switch is unsolicited, whatever its number', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    const asked = world.kinds('received')[0]?.entry ?? 0;
    state.message(`${ownSuphdr(asked, 'ANOTHER')}.${hit}`, {
      mnemonic: mnemonic('QZ01'),
      class: 3,
    });
    expect(peer.take().at(-1)).not.toContain('AB12');
    expect(world.state.ledger.requests.size).toBe(1);
  });

  it('from an upstream that was not asked is unsolicited (link M5)', () => {
    const upstreams = [
      { name: 'STATE', station: 'COUNTY099', routes: ['state'] },
      { name: 'OTHER', station: 'COUNTY099', routes: [] },
    ];
    const { world, state, peer } = upAndDown(new World({ upstreams }));
    const other = world.dial('OTHER');
    peer.message(inquiry);
    other.answer(hit, final, state.messages[0]);
    expect(peer.take().slice(-1)[0]).toMatch(/^MESSAGE 1 QZ01 c3 [A-Z0-9]{10}\.QV/);
    expect(world.state.ledger.requests.size).toBe(1);
  });

  it('that is longer than its station takes goes to operator intercept', () => {
    const world = new World();
    const state = world.dial('STATE', { frameBytesMax: 65_536 });
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(inquiry);
    state.answer(hit + 'X'.repeat(5000), final);
    expect(peer.take()).toEqual(['ACK 1']);
    expect(world.kinds('rerouted')).toMatchObject([{ rule: 'too-long' }]);
    expect(world.kinds('alarm')).toHaveLength(1);
  });
});

describe('what the switch says itself (link X3)', () => {
  it('is SM 02 when the upstream is down, for a question and for a text alike', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(inquiry).message('CD34.AM.CA0990100.NV.TXT\r\nHI');
    expect(peer.take()).toEqual([
      'ACK 1',
      'MESSAGE 1 QZ01 c1 AB12.SM.CA0990100.02.STATE OUT OF SERVICE',
      'ACK 2',
      'MESSAGE 2 QZ01 c1 CD34.SM.CA0990100.02.STATE OUT OF SERVICE',
    ]);
    const state = world.dial();
    expect(state.take()).toHaveLength(3);
    state.ack();
    expect([...world.state.ledger.requests.values()].map(({ answerMs }) => answerMs)).toEqual([
      minute,
    ]);
  });

  it('is SM 60 when no answer comes in time, counted from the ACK, then SM 61 before a late one (link M5)', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    world.pass(29_000);
    peer.take();
    state.ack();
    world.pass(minute - 1000);
    expect(peer.take()).toEqual(['PING', 'PING']);
    world.pass(1000);
    expect(peer.take().slice(-1)).toEqual([
      'MESSAGE 1 QZ01 c1 AB12.SM.CA0990100.60.NO ANSWER IN TIME',
    ]);
    state.answer(hit).answer(miss, final);
    expect(peer.take()).toEqual([
      'MESSAGE 2 QZ01 c1 AB12.SM.CA0990100.61.LATE ANSWER FOLLOWS',
      'MESSAGE 3 QZ01 c3 AB12.QV.CA0990100.|MKE/STOLEN VEHICLE|',
      'MESSAGE 4 QZ01 c3 F AB12.QV.CA0990100.|NO RECORD LIC/2ZZZ999|',
    ]);
    expect(world.state.ledger.requests.size).toBe(0);
  });

  it('is ER 62 with FINAL when an inquiry expires before it could go (link M6)', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(inquiry).ack(1);
    world.pass(2 * minute);
    peer.ack();
    expect(peer.take().filter((line) => !/PING|SM/.test(line))).toEqual([
      'ACK 1',
      'MESSAGE 2 QZ01 c1 F AB12.ER.CA0990100.62.EXPIRED UNDELIVERED',
    ]);
    expect(world.state.ledger.requests.size).toBe(0);
    expect(world.dial().take()).toEqual([expect.stringMatching(/^HELLO new/)]);
    expect(world.kinds('expired')).toMatchObject([{ upstream: 'STATE', outcome: 'expired' }]);
  });

  it('is ER 04 with FINAL and the code when the upstream refuses, a text too', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry).message('CD34.AM.CA0990100.NV.TXT\r\nHI');
    state.refuse(1, 'X03').refuse(2, 'B01');
    expect(peer.take().slice(2)).toEqual([
      'MESSAGE 1 QZ01 c1 F AB12.ER.CA0990100.04.REFUSED BY UPSTREAM WITH X03',
      'MESSAGE 2 QZ01 c1 F CD34.ER.CA0990100.04.REFUSED BY UPSTREAM WITH B01',
    ]);
    expect(world.kinds('expired')).toMatchObject([{ code: 'X03' }, { code: 'B01' }]);
    expect(world.state.ledger.deliveries.size).toBe(2);
  });

  it('never repeats a code of the upstream that is no code', () => {
    const { state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.refuse(1, 'my secret');
    expect(peer.take()[1]).toContain('WITH ???');
  });

  it('is ER 04 when an upstream takes less than was taken for it', () => {
    const world = new World({ frameBytesMax: 8192 });
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(`AB12.${plate}.MIS/${'X'.repeat(5000)}`).ack(1);
    const state = world.dial();
    expect(state.messages).toEqual([]);
    expect(peer.take().at(-1)).toContain('ER.CA0990100.04.REFUSED BY UPSTREAM WITH X09');
  });
});
