// The other ends misbehave, one fault after the other: what the county sees, and that the switch keeps its promises
// meanwhile. What is not the asker's own answer is never shown as it, nor to anybody else.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flagFinal } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import type { Station } from '#src/sim/station';
import { askSimulator, tellSimulator } from '#support/sim-control';
import { openWorld, question, type Row, until, type World } from '#support/world';

let world: World;
let asker: Station;
let other: Station;
beforeAll(async () => {
  world = await openWorld();
  asker = (await world.signOn('DEMO-DISP-01', 'jdoe')).station;
  other = (await world.signOn('DEMO-DISP-02', 'mroe')).station;
});
afterEach(async () => {
  const calming = ['swap off', 'nobody off', 'garbage off', 'drop off', 'out off', 'slow 0'];
  for (const line of [...calming, 'skew off', 'silent off', 'parts off', 'refuse off', 'cross off'])
    await tellSimulator(world, line);
  asker.removeAllListeners('message');
  other.removeAllListeners('message');
  // Whatever it was, it is over: both are served as before.
  for (const station of [asker, other])
    expect((await station.request(question)).kind).toBe('answered');
});
afterAll(() => world.close());

const miss = 'QV.CA0990100.LIC/2ZZZ998.LIS/CA';
const textOf = ({ body }: Received): string => latin1(body);
const isFinal = ({ flags }: Received): boolean => (flags & flagFinal) !== 0;

/** Everything a station hears, from now on. */
function listen(station: Station): Received[] {
  const heard: Received[] = [];
  station.on('message', (message) => heard.push(message));
  return heard;
}

const hears = (heard: readonly Received[], count: number): Promise<true> =>
  until(`${count} messages`, () => (heard.length >= count ? true : undefined));

async function entryCount(): Promise<number> {
  return Number((await world.entries()).at(-1)?.['entry'] ?? 0);
}

/** The entries of one kind since an entry. */
async function since(entry: number, ...filters: readonly string[]): Promise<readonly Row[]> {
  return (await world.entries(...filters)).filter((row) => Number(row['entry']) > entry);
}

describe('answers of the state', () => {
  it('that come late come in full, each to its asker', async () => {
    await tellSimulator(world, 'slow 700');
    const [one, two] = await Promise.all([asker.request(question), other.request(miss)]);
    expect(one.answers[0]).toContain('MKE/STOLEN VEHICLE');
    expect(two.answers[0]).toContain('NO RECORD');
  });

  it('that are kept back and sent at last are answers still', async () => {
    await tellSimulator(world, 'silent on');
    const before = await entryCount();
    const asked = asker.request(question);
    await until(
      'the question at the state',
      async () =>
        (await since(before, '--direction', 'out', '--kind', 'delivered')).length > 0 || undefined,
    );
    await tellSimulator(world, 'late');
    expect((await asked).kind).toBe('answered');
  });

  it('that pass each other are each shown under the reference of their own question', async () => {
    await tellSimulator(world, 'swap on');
    const heard = listen(asker);
    asker.send('QZ01', `SWAP1.${question}`);
    asker.send('QZ01', `SWAP2.${miss}`);
    await hears(heard, 2);
    const by = Object.fromEntries(
      heard
        .map((message) => textOf(message).split('.QV.'))
        .map(([reference = '', text = '']) => [reference, text]),
    );
    expect(by['SWAP1']).toContain('MKE/STOLEN VEHICLE');
    expect(by['SWAP2']).toContain('NO RECORD');
    expect(heard.every(isFinal)).toBe(true);
  });

  it('to nobody come as what nobody asked for, to the mnemonic of the frame, without FINAL (link M5)', async () => {
    await tellSimulator(world, 'nobody on');
    const [heard, elsewhere] = [listen(asker), listen(other)];
    asker.send('QZ01', `NOBODY1.${question}`);
    await hears(heard, 1);
    expect(
      heard.map((message) => [textOf(message).startsWith('NOBODY'), isFinal(message)]),
    ).toEqual([[false, false]]);
    expect(elsewhere).toEqual([]);
    const [row] = (await world.entries('--direction', 'up-in')).slice(-1);
    expect(row).toMatchObject({ suphdr: 'NOBODY0000', mnemonic: 'QZ01' });
  });

  it('under the reference of another are never shown to that other (link M5)', async () => {
    const [heard, elsewhere] = [listen(asker), listen(other)];
    await tellSimulator(world, 'ncic out hold');
    other.send('QZ02', `OTHER1.${question}`);
    // The last reference that the line of the state has said; its request is still open.
    await hears(elsewhere, 1);
    const before = await entryCount();
    const [{ suphdr: theirs } = never()] = (await world.entries('--direction', 'up-in')).slice(-1);
    // Theirs is asked now, and answered long after ours.
    for (const line of ['ncic slow 10000', 'ncic out off', 'ncic slow 0', 'cross on'])
      await tellSimulator(world, line);
    asker.send('QZ01', `CROSS1.${miss}`);
    await hears(heard, 1);
    await tellSimulator(world, 'cross off');
    const crossed = await since(before, '--direction', 'up-in');
    expect(crossed).toHaveLength(1);
    expect(crossed[0]).toMatchObject({ suphdr: theirs, mnemonic: 'QZ01', kind: 'received' });
    // Whose it is cannot be known: unasked, to the mnemonic of the frame, and neither request is over.
    expect(textOf(heard[0] ?? never())).toContain('NO RECORD LIC/2ZZZ998');
    expect([textOf(heard[0] ?? never()).startsWith('CROSS1.'), heard.some(isFinal)]).toEqual([
      false,
      false,
    ]);
    expect(elsewhere).toHaveLength(1);
    await hears(elsewhere, 2);
    expect(elsewhere.map((message) => [textOf(message).slice(0, 10), isFinal(message)])).toEqual([
      ['OTHER1.SM.', false],
      ['OTHER1.QV.', true],
    ]);
    expect(textOf(elsewhere[1] ?? never())).toContain('MKE/STOLEN VEHICLE');
    expect(heard).toHaveLength(1);
  });

  it('in parts come one by one, FINAL on the last', async () => {
    await tellSimulator(world, 'parts on');
    const heard = listen(asker);
    asker.send('QZ01', 'PARTS1.QV.CA0990100.LIC/8SIM001');
    await hears(heard, 2);
    expect(heard.map(isFinal)).toEqual([false, true]);
    for (const message of heard) expect(textOf(message).match(/MKE\//g)).toHaveLength(1);
  });

  it('that are a pause are waited out: every question is answered once (link M4a)', async () => {
    await tellSimulator(world, 'busy 1500');
    const asked = Array.from({ length: 5 }, () => asker.request(question));
    for (const { kind, answers } of await Promise.all(asked))
      expect([kind, answers.length]).toEqual(['answered', 1]);
    expect(await world.entries('--event', 'link-down', '--upstream', 'STATE')).toEqual([]);
  });

  it('that are no text are kept octet by octet, and harm nobody (link E8)', async () => {
    await tellSimulator(world, 'garbage on');
    const before = await entryCount();
    const [heard, elsewhere] = [listen(asker), listen(other)];
    asker.send('QZ01', `GARBAGE.${question}`);
    await hears(heard, 1);
    expect(textOf(heard[0] ?? never())).toMatch(/^GARBAGE\.[^]*[\x80-\xff]/);
    expect(elsewhere).toEqual([]);
    const [row] = await since(before, '--direction', 'up-in');
    expect(row).toMatchObject({ kind: 'received', outcome: 'accepted' });
    expect((await world.msc('journal', 'verify')).code).toBe(0);
  });
});

describe('a service that is down', () => {
  it('with storing: the asker hears SM 02 and then the answer, FINAL once', async () => {
    await tellSimulator(world, 'ncic out hold');
    const heard = listen(asker);
    asker.send('QZ01', `HELD01.${question}`);
    await hears(heard, 1);
    await tellSimulator(world, 'ncic out off');
    await hears(heard, 2);
    expect(heard.map((message) => [textOf(message).slice(0, 23), isFinal(message)])).toEqual([
      ['HELD01.SM.CA0990000.02.', false],
      ['HELD01.QV.CA0990100.\r\nM', true],
    ]);
  });

  it('without storing: the asker hears ER 04, and that is the end', async () => {
    await tellSimulator(world, 'ncic out remove');
    const { kind, answers } = await asker.request(question);
    expect([kind, answers]).toEqual([
      'answered',
      ['ER.CA0990000.04.NCIC OUT OF SERVICE, NOT FORWARDED, SEND AGAIN'],
    ]);
  });
});

describe('the line to the state', () => {
  it.each([
    ['with noise', 'noise', 'C01'],
    ['half an answer and a cut', 'half cut', undefined],
  ])('%s: comes back, and every question is answered once', async (_what, fault, code) => {
    const before = await entryCount();
    await tellSimulator(world, 'slow 3000');
    const asked = Array.from({ length: 5 }, () => asker.request(question));
    await until(
      'the questions at the state',
      async () =>
        (await since(before, '--direction', 'out', '--kind', 'delivered')).length >= 5 || undefined,
    );
    await tellSimulator(world, fault);
    for (const { kind, answers } of await Promise.all(asked))
      expect([kind, answers.length]).toEqual(['answered', 1]);
    const [down] = await until('the fall of the line', async () => {
      const rows = await since(before, '--event', 'link-down', '--upstream', 'STATE');
      return rows.length > 0 ? rows : undefined;
    });
    expect(down?.['code']).toBe(code);
  });

  it('cut again and again: nothing is lost, and nothing comes twice unflagged', async () => {
    await tellSimulator(world, 'drop every 1500');
    const asked = Array.from({ length: 30 }, (_, at) =>
      (at % 2 === 0 ? asker : other).request(at % 3 === 0 ? miss : question),
    );
    for (const [at, { kind, answers }] of (await Promise.all(asked)).entries()) {
      // While the line is down an asker is told so (link X3).
      const said = answers.filter((text) => !text.startsWith('SM.CA0990100.02.'));
      expect([kind, said.length]).toEqual(['answered', 1]);
      expect(said[0]).toContain(at % 3 === 0 ? 'NO RECORD' : 'STOLEN');
    }
    await tellSimulator(world, 'drop off');
  });

  it('flooded: all of it arrives in its order at its mnemonic, and others are served meanwhile', async () => {
    const heard = listen(asker);
    await tellSimulator(world, 'flood 1000 QZ01');
    const meanwhile = await other.request(question);
    expect(meanwhile.kind).toBe('answered');
    await hears(heard, 1000);
    const references = heard.map((message) => textOf(message).split('.')[0] ?? '');
    expect(new Set(references).size).toBe(1000);
    expect([...references].sort()).toEqual(references);
  });
});

describe('a clock that is wrong', () => {
  it('changes nothing in what the county writes or answers', async () => {
    await tellSimulator(world, 'skew -400d');
    const before = await entryCount();
    const { kind } = await asker.request(question);
    expect(kind).toBe('answered');
    for (const row of await since(before))
      expect(Math.abs(Date.parse(String(row['time'])) - Date.now())).toBeLessThan(600_000);
  });
});

describe('the journal of the state (req C89)', () => {
  it('has the same messages of an operator as that of the county, by reference and digest', async () => {
    for (const text of [question, miss, 'QW.CA0990100.NAM/DOE, TESTMAN.DOB/19700101'])
      await asker.request(text);
    const county = await world.entries('--direction', 'out', '--kind', 'sent', '--oif', 'J10442');
    const state = (await askSimulator(world, 'journal J10442 10000'))
      .map((line) => JSON.parse(line) as Row)
      .filter(({ outcome }) => outcome === 'taken');
    const known = (rows: readonly Row[]): string[] =>
      [
        ...new Set(
          rows.map(({ suphdr, digest, mke, ori, oif }) =>
            [suphdr, digest, mke, ori, oif].join(' '),
          ),
        ),
      ].sort();
    expect(known(state)).toEqual(known(county));
    expect(known(state).length).toBeGreaterThanOrEqual(3);
  });
});

// Last of all: what the line refuses does not reach the journal of the state.
describe('a state that refuses', () => {
  it('is told to the asker as ER 04 with its code (link X3)', async () => {
    await tellSimulator(world, 'refuse X09');
    const { kind, answers } = await asker.request(question);
    expect([kind, answers.length]).toEqual(['answered', 1]);
    expect(answers[0]).toMatch(/^ER\.CA0990100\.04\.[^]*X09/);
  });
});

function never(): never {
  throw new Error('there is one');
}
