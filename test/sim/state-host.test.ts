// The simulated state host as a process: what it answers over real TLS, and its faults.

import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Close } from '#protocol/control';
import { flagFinal } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import { collect, County, hit, miss } from './county.ts';

const county = new County();

describe('an inquiry of a switch', () => {
  it('that hits is answered with the record, FINAL, class and mnemonic of the request', async () => {
    const station = await county.connect();
    const first = once(station, 'message') as Promise<[Received]>;
    station.send('QZ01', `AB12.${hit}`, { class: 3 });
    const [answer] = await first;
    expect(answer).toMatchObject({ number: 1, flags: flagFinal, class: 3, mnemonic: 'QZ01' });
    expect(latin1(answer.body)).toMatch(
      /^AB12\.QV\.CA0990100\.\r\nMKE\/STOLEN VEHICLE\r\n[^]*IMMED CONFIRM RECORD WITH ORI\r\n$/,
    );
  });

  it('that does not hit is answered with NO RECORD', async () => {
    const station = await county.connect();
    expect((await station.request(miss, { mnemonic: 'QZ01' })).answers).toEqual([
      'QV.CA0990100.\r\nNO RECORD LIC/2ZZZ998 LIS/CA\r\n',
    ]);
  });

  it('without an operator is refused with the code of its header', async () => {
    const station = await county.connect();
    const asked = await station.request(hit.slice('*J10442.'.length), { mnemonic: 'QZ01' });
    expect(asked).toMatchObject({ kind: 'refused', refused: { code: 'H05' } });
  });

  it('is one of many: a thousand come back, each to its own', async () => {
    const station = await county.connect();
    const asked = await Promise.all(
      Array.from({ length: 1000 }, (_, at) =>
        station.request(at % 2 === 0 ? hit : miss, { mnemonic: 'QZ01' }),
      ),
    );
    for (const [at, { answers }] of asked.entries())
      expect(answers[0]).toContain(at % 2 === 0 ? 'MKE/STOLEN VEHICLE' : 'NO RECORD');
  });
});

describe('told to misbehave', () => {
  it('slow: the answer comes after its time', async () => {
    const station = await county.connect();
    await county.host.command('slow 300');
    const before = performance.now();
    await station.request(hit, { mnemonic: 'QZ01' });
    expect(performance.now() - before).toBeGreaterThanOrEqual(290);
  });

  it('silent: acknowledged and not answered, until it says late', async () => {
    const station = await county.connect();
    await county.host.command('silent on');
    const taken = once(station, 'handled');
    const asked = station.request(hit, { mnemonic: 'QZ01' });
    await taken;
    expect(station.session.requests.size).toBe(1);
    await county.host.command('late');
    expect((await asked).kind).toBe('answered');
  });

  it('without acks: neither acknowledged nor answered, until they are on again', async () => {
    const station = await county.connect();
    await county.host.command('acks off');
    const asked = station.request(hit, { mnemonic: 'QZ01' });
    // A status comes after the message was read, and nothing before it.
    const status = new Promise((resolve) => station.once('status', resolve));
    await county.host.command('status NLETS down');
    expect(await status).toMatchObject({ service: 'NLETS', state: 'down' });
    expect(station.session.outbox.open).toBe(1);
    await county.host.command('status NLETS up');
    await county.host.command('acks on');
    expect((await asked).kind).toBe('answered');
  });

  it('drop: the line is cut without a word', async () => {
    const station = await county.connect();
    const closed = once(station, 'close') as Promise<[Close | undefined]>;
    await county.host.command('drop');
    expect((await closed)[0]).toBeUndefined();
  });

  it('twice: every answer comes twice', async () => {
    const station = await county.connect();
    await county.host.command('twice on');
    const two = collect(station, 2);
    station.send('QZ01', `AB12.${hit}`);
    const [one, other] = await two;
    expect(one?.body).toEqual(other?.body);
    expect([one?.number, other?.number]).toEqual([1, 2]);
  });

  it('final off: no answer is the last', async () => {
    const station = await county.connect();
    await county.host.command('final off');
    const [answer] = await Promise.all([
      collect(station, 1),
      station.request(hit, { mnemonic: 'QZ01', timeoutMs: 200 }).then(({ kind, answers }) => {
        expect([kind, answers.length]).toEqual(['timeout', 1]);
      }),
    ]);
    expect(answer[0]?.flags).toBe(0);
  });

  it('parts: one answer for each record, FINAL on the last', async () => {
    const station = await county.connect();
    await county.host.command('parts on');
    const two = collect(station, 2);
    station.send('QZ01', 'AB12.*J10442.QV.CA0990100.LIC/8SIM001');
    expect((await two).map(({ flags }) => flags)).toEqual([0, flagFinal]);
  });

  it('refuse: every message is refused with the code', async () => {
    const station = await county.connect();
    await county.host.command('refuse X07');
    const asked = await station.request(hit, { mnemonic: 'QZ01' });
    expect(asked).toMatchObject({ kind: 'refused', refused: { code: 'X07' } });
  });

  it('busy: the station waits, repeats the number and all after it, and loses nothing (link M4a)', async () => {
    const station = await county.connect();
    await county.host.command('busy 100');
    const busy = once(station, 'busy');
    const asked = Array.from({ length: 3 }, () => station.request(hit, { mnemonic: 'QZ01' }));
    await busy;
    for (const { kind } of await Promise.all(asked)) expect(kind).toBe('answered');
  });

  it('unsolicited: a notice goes to a mnemonic, its lines ended by CR LF', async () => {
    const station = await county.connect();
    const [notice] = await Promise.all([
      collect(station, 1),
      county.host.command('unsolicited QZ07 $.H.CA0990100.\\nHIT NOTICE\\n'),
    ]);
    expect(notice[0]).toMatchObject({ mnemonic: 'QZ07', flags: 0 });
    expect(latin1(notice[0]?.body ?? new Uint8Array())).toMatch(
      /^[A-Z0-9]{4,10}\.\$\.H\.CA0990100\.\r\nHIT NOTICE\r\n$/,
    );
  });

  it('by a line that means nothing: the line is refused', async () => {
    for (const line of ['fly', 'slow x', 'twice', 'unsolicited QZ7 $.', 'busy 1'])
      expect((await county.host.command(line))[0]).toMatch(/^error: /);
  });
});

describe('the program', () => {
  it('takes its faults as flags', async () => {
    const odd = await county.start(0, [
      ...['--slow', '7', '--silent', '--twice', '--parts', '--no-final', '--no-acks'],
    ]);
    const [shown] = await odd.command('show');
    expect(JSON.parse(shown ?? '')).toMatchObject({
      received: 0,
      faults: { slowMs: 7, silent: true, twice: true, parts: true, final: false, acks: false },
    });
    await odd.stop();
  });

  it('says C07 to its stations when it is told to stop, and ends with 0', async () => {
    const other = await county.start();
    const station = await county.connect({ port: other.port });
    const closed = once(station, 'close') as Promise<[Close | undefined]>;
    expect(await other.stop()).toBe(0);
    expect((await closed)[0]?.code).toBe('C07');
  });

  it('says in one line why it does not start, where its address is taken', async () => {
    await expect(county.start(county.host.port)).rejects.toThrow(
      /SIM-CREATE: 127\.0\.0\.1:\d+ cannot be/,
    );
  });
});
