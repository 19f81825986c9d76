// Faults on demand, as a station sees them: of the line itself, and of one host behind it.

import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Close, Status } from '#protocol/control';
import { echoFrame, flagFinal, flagPossibleDuplicate, messageFrame } from '#protocol/frame';
import { parseHeader } from '#protocol/header';
import { parseMnemonic } from '#protocol/ids';
import { asciiBytes, latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import { until } from '#support/world';
import { collect, County, hit, miss } from './county.ts';

const county = new County();
const mnemonic = 'QZ01';
const referenceOf = ({ body }: Received): string => latin1(body).split('.')[0] ?? '';

async function shown(): Promise<Record<string, unknown>> {
  const [line = ''] = await county.host.command('show');
  return JSON.parse(line) as Record<string, unknown>;
}

interface ShownHosts {
  readonly time: string;
  readonly nobody: number;
  readonly hosts: Readonly<Record<string, { readonly time: string; readonly held: number }>>;
}

/** `show`, with the members of the hub. */
const shownHub = async (): Promise<ShownHosts> => (await shown()) as unknown as ShownHosts;

describe.each([
  ['of the line', ''],
  ['of the host behind it', 'ncic '],
])('a fault %s', (_where, host) => {
  it('slow: the answer comes after its time', async () => {
    const station = await county.connect();
    await county.host.command(`${host}slow 300`);
    const before = performance.now();
    await station.request(hit, { mnemonic });
    expect(performance.now() - before).toBeGreaterThanOrEqual(290);
  });

  it('silent: acknowledged and not answered, until it says late', async () => {
    const station = await county.connect();
    await county.host.command(`${host}silent on`);
    const taken = once(station, 'handled');
    const asked = station.request(hit, { mnemonic });
    await taken;
    await county.host.command('show');
    expect(station.session.requests.size).toBe(1);
    await county.host.command(`${host}late`);
    expect((await asked).kind).toBe('answered');
  });

  it('twice: every answer comes twice', async () => {
    const station = await county.connect();
    await county.host.command(`${host}twice on`);
    const two = collect(station, 2);
    station.send(mnemonic, `AB12.${hit}`);
    const [one, other] = await two;
    expect(one?.body).toEqual(other?.body);
  });

  it('swap: the second answer passes the first', async () => {
    const station = await county.connect();
    await county.host.command(`${host}swap on`);
    const two = collect(station, 2);
    for (const reference of ['AB01', 'AB02']) station.send(mnemonic, `${reference}.${hit}`);
    expect((await two).map(referenceOf)).toEqual(['AB02', 'AB01']);
  });

  it('swap: an answer that nobody passes comes all the same', async () => {
    const station = await county.connect();
    await county.host.command(`${host}swap on`);
    expect((await station.request(hit, { mnemonic })).kind).toBe('answered');
  });

  it('out hold: told 02, and answered when it is up again', async () => {
    const station = await county.connect();
    const status = collectStatus(station, 2);
    await county.host.command(`${host}out hold`);
    const asked = station.request(hit, { mnemonic });
    await until('the question held', async () =>
      (await shownHub()).hosts['ncic']?.held === 1 ? true : undefined,
    );
    await county.host.command(`${host}out off`);
    const { answers } = await asked;
    expect(answers[0]).toBe('SM.CA0990000.02.NCIC OUT OF SERVICE, WILL BE FORWARDED');
    expect(answers[1]).toContain('MKE/STOLEN VEHICLE');
    expect(await status).toEqual(expect.arrayContaining(['NCIC held', 'NCIC up']));
  });

  it('out remove: told 04, and never answered', async () => {
    const station = await county.connect();
    await county.host.command(`${host}out remove`);
    const { answers } = await station.request(hit, { mnemonic });
    expect(answers).toEqual(['ER.CA0990000.04.NCIC OUT OF SERVICE, NOT FORWARDED, SEND AGAIN']);
  });
});

describe('a fault of one host', () => {
  const plate = '*J10442.RQ.CA0990100.CA.TXT\r\nLIC/2ZZZ999.LIY/2031.LIT/PC';

  it('twice: its answers alone come twice', async () => {
    const station = await county.connect();
    await county.host.command('dmv twice on');
    const three = collect(station, 3);
    station.send(mnemonic, `AB01.${plate}`);
    station.send(mnemonic, `AB02.${hit}`);
    expect((await three).map(referenceOf).sort()).toEqual(['AB01', 'AB01', 'AB02']);
    expect(station.session.requests.size).toBe(0);
  });

  it('out: the others serve on', async () => {
    const station = await county.connect();
    await county.host.command('dmv out remove');
    const [motor, files] = await Promise.all(
      [plate, hit].map((text) => station.request(text, { mnemonic })),
    );
    expect(motor?.answers[0]).toMatch(/^ER\.CA0990000\.04\.DMV OUT OF SERVICE/);
    expect(files?.answers[0]).toContain('MKE/STOLEN VEHICLE');
  });
});

describe('a wrong reference', () => {
  it('nobody, of the line: the answer carries a reference that nobody gave', async () => {
    const station = await county.connect();
    await county.host.command('nobody on');
    const [answer] = await collect(station, 1, () => station.send(mnemonic, `AB12.${hit}`));
    expect(answer === undefined ? '' : referenceOf(answer)).toBe('NOBO');
  });

  it('cross, of the line: the answer carries the reference of the one before', async () => {
    const station = await county.connect();
    await station.request(miss, { mnemonic });
    await county.host.command('cross on');
    const both = collect(station, 2);
    for (const reference of ['AB01', 'AB02']) station.send(mnemonic, `${reference}.${hit}`);
    expect((await both).map(referenceOf)[1]).toBe('AB01');
  });

  it.each(['nobody on', 'garbage on'])(
    '%s, of the host behind: it reaches nobody',
    async (fault) => {
      const station = await county.connect();
      await county.host.command(`ncic ${fault}`);
      const before = (await shownHub()).nobody;
      const asked = station.request(hit, { mnemonic, timeoutMs: 300 });
      expect(await asked).toEqual({ kind: 'timeout', answers: [] });
      expect((await shownHub()).nobody).toBe(before + 1);
    },
  );

  it('cross, of the host behind: the answer reaches the question before it', async () => {
    const station = await county.connect();
    const first = collect(station, 1);
    await station.request(miss, { mnemonic });
    await county.host.command('ncic cross on');
    const second = collect(station, 1);
    station.send(mnemonic, `AB02.${hit}`);
    const [[before], [crossed]] = await Promise.all([first, second]);
    expect(latin1(crossed?.body ?? new Uint8Array())).toContain('MKE/STOLEN VEHICLE');
    expect([before, crossed].map((message) => message && referenceOf(message))).toEqual([
      expect.not.stringMatching('AB02'),
      before && referenceOf(before),
    ]);
  });
});

describe('octets', () => {
  it('garbage: a message whose body is no text', async () => {
    const station = await county.connect();
    await county.host.command('garbage on');
    const [answer] = await collect(station, 1, () => station.send(mnemonic, `AB12.${hit}`));
    const body = answer?.body ?? new Uint8Array();
    const header = parseHeader(body, 'upstream');
    expect(header.ok && latin1(body, header.value.textAt)).toMatch(/[\0-\x08\x80-\xff]/);
  });

  it('noise: octets that are no frame end the line with C01', async () => {
    const raw = await county.greet({ received: 0 });
    expect((await raw.next())?.type).toBe('WELCOME');
    const station = await county.connect();
    const closed = once(station, 'close');
    await county.host.command('noise');
    // The framer gives up, and says so to the host; then the line ends.
    await closed;
    expect(station.open).toBe(false);
  });

  it('half cut: half an answer and a cut line, then the whole answer, flagged', async () => {
    const first = await county.connect();
    await county.host.command('half cut');
    const closed = once(first, 'close') as Promise<[Close | undefined]>;
    first.send(mnemonic, `AB12.${hit}`);
    expect((await closed)[0]).toBeUndefined();
    const second = await county.connect({ session: first.session });
    const [answer] = await collect(second, 1);
    expect(answer).toMatchObject({ number: 1, flags: flagFinal | flagPossibleDuplicate });
    expect(latin1(answer?.body ?? new Uint8Array())).toContain('MKE/STOLEN VEHICLE');
  });

  it('half: half an answer, and then not even an ACK or a PONG', async () => {
    const raw = await county.greet({ received: 0 });
    await raw.next();
    await county.host.command('half');
    const name = parseMnemonic('QZ01');
    if (name === undefined) throw new Error('QZ01 is a mnemonic');
    raw.write(
      messageFrame({
        flags: 0,
        class: 3,
        number: 1,
        mnemonic: name,
        body: asciiBytes(`AB12.${hit}`),
      }),
    );
    expect((await raw.next())?.type).toBe('ACK');
    raw.write(echoFrame('PING'));
    await county.host.command('drop');
    expect(await raw.next()).toBeUndefined();
  });

  it('drop every: the line is cut again and again, until it is told to stop', async () => {
    await county.host.command('drop every 500');
    for (let cut = 0; cut < 3; cut++) {
      // Where the cut came before the WELCOME, the line never was.
      const station = await county.connect().catch(() => undefined);
      if (station?.open === true) await once(station, 'close');
    }
    await county.host.command('drop off');
    const station = await county.connect();
    expect((await station.request(hit, { mnemonic })).kind).toBe('answered');
  });

  it('flood: as many messages as were asked for, each with a reference of its own', async () => {
    const station = await county.connect();
    const many = collect(station, 200);
    await county.host.command('flood 200 QZ07');
    expect(new Set((await many).map(referenceOf)).size).toBe(200);
    expect((await many).every((message) => message.mnemonic === 'QZ07')).toBe(true);
  });
});

describe('the clock', () => {
  it('is turned by so much, to a time, and back', async () => {
    expect((await county.host.command('clock 2031-03-02T09:14:00Z'))[0]).toMatch(
      /^2031-03-02T09:14:0/,
    );
    expect((await county.host.command('clock +3d'))[0]).toMatch(/^2031-03-05T09:14/);
    expect((await county.host.command('clock'))[0]).toMatch(/^2031-03-05T09:14/);
    const [now = ''] = await county.host.command('clock now');
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(60_000);
  });

  it('skew: one host is wrong by so much, or all are, and the journal with them', async () => {
    await county.host.command('ncic skew +5h');
    const { time, hosts } = await shownHub();
    expect(Date.parse(hosts['ncic']?.time ?? '') - Date.parse(time)).toBeCloseTo(5 * 3_600_000, -4);
    await county.host.command('skew -3d');
    const station = await county.connect();
    const status = once(station, 'status') as Promise<[Status]>;
    await county.host.command('status NLETS down');
    expect(Date.now() - Date.parse((await status)[0].since)).toBeGreaterThan(2 * 86_400_000);
    await county.host.command('status NLETS up');
    expect((await station.request(hit, { mnemonic })).kind).toBe('answered');
    const [row = ''] = await county.host.command('journal J10442 1');
    const at = (JSON.parse(row) as { readonly time: string }).time;
    expect(Date.now() - Date.parse(at)).toBeGreaterThan(2 * 86_400_000);
  });

  it('starts where --clock says', async () => {
    const other = await county.start(0, ['--clock', '2031-03-02T09:14:00Z']);
    expect((await other.command('clock'))[0]).toMatch(/^2031-03-02T09:14/);
    await other.stop();
  });
});

it.each([
  ...[
    'out',
    'out x',
    'swap',
    'drop every',
    'drop every 1',
    'half x',
    'flood 0 QZ01',
    'flood 10001 QZ01',
  ],
  ...[
    'flood 5 Q',
    'clock noon',
    'clock +999999w',
    'skew 5h',
    'skew',
    'journal J1',
    'journal J10442 0',
  ],
  ...['ncic', 'ncic refuse X03', 'ncic drop', 'ncic fly away', 'ncic slow x', 'dmv2 slow 5'],
])('the line %s is refused with a sentence', async (line) => {
  expect(await county.host.command(line)).toEqual([expect.stringMatching(/^error: [a-z]/)]);
});

it('help names every command, and nothing of what it names is unknown', async () => {
  const lines = await county.host.command('help');
  for (const line of lines.slice(0, -1)) {
    const word = line.replace('[HOST] ', '').split(' ')[0] ?? '';
    const [answer] = await county.host.command(word === 'HOST' ? 'ncic' : `${word} ?`);
    expect(answer).not.toMatch(/unknown command/);
  }
});

function collectStatus(
  station: { on(event: 'status', to: (status: Status) => void): unknown },
  count: number,
): Promise<string[]> {
  const heard: string[] = [];
  return new Promise((resolve) => {
    station.on('status', ({ service, state }) => {
      if (heard.push(`${service} ${state}`) >= count) resolve(heard);
    });
  });
}
