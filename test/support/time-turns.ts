// The calendar turns while the switch runs: it is started shortly before, and questions, a kept sign-on and a
// text that waits are carried over. Each turn is played once and then proved from journal and log. What day
// an entry belongs to is said by Intl, which shares no code with the Temporal of the commands.
//
// The files that prove who gives a command carry the time of the kernel, which no turned clock changes, so to a
// switch in the future they look too old. So the turns lie in the past, and one in the future is asked about
// when the switch has come back from there.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { latin1 } from '#protocol/octets';
import { createRevocationList } from '#src/access/certificate';
import type { Received } from '#src/sim/request';
import type { Station } from '#src/sim/station';
import type { StationSession } from '#src/sim/station-session';
import { authorityOf, detailOf, endOf, eventOf, eventsOf, Files } from './files.ts';
import { makeLastingCertificates, TurnedClock } from './turned-clock.ts';
import { launcher, openWorld, question, type Row, run, until, type World } from './world.ts';

export interface TimeTurn {
  readonly name: string;
  readonly zone: string;
  /** The first moment after it. */
  readonly at: string;
  /** Local days before and after; the same where only the clock is changed. */
  readonly days: readonly [string, string];
  /** A local time that means two instants or none there, until one of these offsets is added. */
  readonly unclear?: { readonly time: string; readonly offsets: readonly [string, string] };
}

const county = 'America/Los_Angeles';
/** In order: a switch that is down goes forward in time alone. */
export const timeTurns: readonly TimeTurn[] = [
  {
    ...{ name: 'New Year in UTC', zone: 'UTC', at: '2024-01-01T00:00:00Z' },
    days: ['2023-12-31', '2024-01-01'],
  },
  {
    ...{ name: 'New Year in the county', zone: county, at: '2024-01-01T08:00:00Z' },
    days: ['2023-12-31', '2024-01-01'],
  },
  {
    ...{ name: 'into the leap day', zone: county, at: '2024-02-29T08:00:00Z' },
    days: ['2024-02-28', '2024-02-29'],
  },
  {
    ...{ name: 'out of the leap day', zone: county, at: '2024-03-01T08:00:00Z' },
    days: ['2024-02-29', '2024-03-01'],
  },
  {
    ...{ name: 'the clock change in March', zone: county, at: '2024-03-10T10:00:00Z' },
    ...{ days: ['2024-03-10', '2024-03-10'] },
    unclear: { time: '02:30', offsets: ['-08:00', '-07:00'] },
  },
  {
    ...{ name: 'the clock change in November', zone: county, at: '2024-11-03T09:00:00Z' },
    ...{ days: ['2024-11-03', '2024-11-03'] },
    unclear: { time: '01:59:59', offsets: ['-07:00', '-08:00'] },
  },
  {
    ...{ name: 'a February of 28 days, at its end', zone: county, at: '2100-03-01T08:00:00Z' },
    days: ['2100-02-28', '2100-03-01'],
  },
];

/** When the certificate of this station and the list of revoked ones end: at New Year in the county. */
const endingStation = 'DEMO-MDT-03';
const endingAt = Temporal.Instant.from('2024-01-01T08:00:00Z');
const listMadeAt = endingAt.subtract({ hours: 7 * 24 });

const text = 'AM.CA0990100.QZ02.TXT\r\nA TEXT THAT WAITS OVER THE TURN';

export interface TimeBench {
  readonly world: World;
  readonly clock: TurnedClock;
  /** How long before a turn the switch is started; longer once that was too short on this machine. */
  leadMs: number;
  readonly close: () => Promise<void>;
}

export async function openTimeBench(): Promise<TimeBench> {
  const folder = mkdtempSync(join(tmpdir(), 'msc-turn-'));
  await makeLastingCertificates(folder, { [endingStation]: endingAt });
  const world = await openWorld({ folder }).catch((cause: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw cause;
  });
  await world.stop();
  await putList(world);
  const clock = new TurnedClock(folder);
  clock.setTo(Temporal.Instant.from('2023-12-31T12:00:00Z'));
  const began = performance.now();
  await world.restart(clock.environment());
  const leadMs = 6_000 + 2 * (performance.now() - began);
  await world.stop();
  return { world, clock, leadMs, close: () => world.close() };
}

/** A list of revoked certificates that ends with the year, and is only told of when it has. */
async function putList(world: World): Promise<void> {
  const files = new Files(world);
  const now = new Date(listMadeAt.epochMilliseconds);
  const list = await createRevocationList({ authority: authorityOf(world), revoked: [], now });
  files.write('tls/revoked.pem', list);
  const lines = 'crl_file = "tls/revoked.pem"\ncrl_expired = "alarm"\n';
  files.edit('client_ca_file', `${lines}client_ca_file`);
}

/** Over one turn, from start to stop. @param stayMs How long it runs on afterwards, with questions. */
export async function playTurn(bench: TimeBench, turn: TimeTurn, stayMs = 0): Promise<void> {
  try {
    await passOver(bench, turn, stayMs);
  } catch (broken) {
    // The next turn begins with a switch that is down, whatever came of this one.
    if (bench.world.isUp) await bench.world.kill();
    throw broken;
  }
}

async function passOver(bench: TimeBench, turn: TimeTurn, stayMs: number): Promise<void> {
  const { world } = bench;
  const at = Temporal.Instant.from(turn.at);
  const carried = await startBefore(bench, turn);
  const ending = turn.at === endingAt.toString() ? await openEnding(world) : undefined;
  const lastSignOn = await carryOver(bench, carried, at.add({ milliseconds: 1_500 + stayMs }));
  await ending?.prove();
  const log = world.log.slice(carried.logged).split('\n').filter(Boolean);
  const rows = await readAll(bench, turn);
  const start = rows.findLastIndex((row) => row['event'] === 'start');
  expect(lastSignOn).toBe(new Date(timeOf(signOnsOf(rows.slice(start), 'mroe')[0])).toISOString());
  proveOrder(rows, start);
  if (stayMs >= 60_000) proveHeartbeats(rows.slice(start), at);
  proveRun(rows.slice(start), at);
  proveLog(log.map((line) => JSON.parse(line) as Row).map(timeOf), at);
  await proveSearches(bench, turn, rows);
  expect((await world.msc('journal', 'verify')).code).toBe(0);
  expect(await world.stop()).toBe(0);
}

/** What the journal says; from the machine's own future the switch comes back first, to its last `stop`. */
async function readAll({ world }: TimeBench, turn: TimeTurn): Promise<readonly Row[]> {
  if (!isAhead(turn)) return world.entries();
  expect(await world.stop()).toBe(0);
  await world.restart();
  const rows = await world.entries();
  return rows.slice(0, rows.findLastIndex((row) => row['event'] === 'stop') + 1);
}

function isAhead({ at }: TimeTurn): boolean {
  return Temporal.Instant.compare(at, Temporal.Now.instant()) > 0;
}

/** What is begun before the turn. */
interface Carried {
  /** Length of the log before this run. */
  readonly logged: number;
  readonly station: Station;
  readonly kept: StationSession;
}

/** Started and busy before the turn comes: on a machine that is slow today with a longer lead, once more. */
async function startBefore(bench: TimeBench, turn: TimeTurn): Promise<Carried> {
  const { world, clock } = bench;
  const at = Temporal.Instant.from(turn.at);
  const before = (ms: number): Temporal.Instant => at.subtract({ milliseconds: Math.ceil(ms) });
  for (let tries = 0; tries < 4; tries += 1) {
    const logged = world.log.length;
    clock.setTo(before(bench.leadMs));
    await world.restart(clock.environment(turn.zone));
    const carried = await begin(world, logged);
    if (Temporal.Instant.compare(clock.now(), before(2_000)) < 0) return carried;
    await takeWaiting(world);
    await carried.station.leave();
    await world.stop();
    // A run of its own takes the clock back, so that the next one begins with no step.
    bench.leadMs *= 2;
    clock.setTo(before(4 * bench.leadMs));
    await world.restart(clock.environment());
    await world.stop();
  }
  throw new Error('the turn always came before the switch was busy');
}

async function begin(world: World, logged: number): Promise<Carried> {
  await (await world.signOn('DEMO-DISP-02', 'mroe')).station.leave();
  const { station: broken } = await world.signOn('DEMO-DISP-03', 'poe');
  const { session: kept } = broken;
  broken.cut();
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  expect(await station.request(text)).toMatchObject({ kind: 'taken' });
  return { logged, station, kept };
}

/** What was begun before the turn is there after it: a sign-on, a text that waits, and every answer. */
async function carryOver(
  { world, clock }: TimeBench,
  { station, kept }: Carried,
  end: Temporal.Instant,
): Promise<string | undefined> {
  while (Temporal.Instant.compare(clock.now(), end) < 0) {
    expect(await station.request(question)).toMatchObject({ kind: 'answered' });
    await pause(200);
  }
  const again = await world.connect('DEMO-DISP-03', { session: kept });
  expect(again.user, 'the sign-on was kept').toBe('poe');
  const lastSignOn = await takeWaiting(world);
  for (const open of [again, station]) await open.leave();
  return lastSignOn;
}

/** The text that waited comes once. @returns When the person was told that the last sign-on was. */
async function takeWaiting(world: World): Promise<string | undefined> {
  const station = await world.connect('DEMO-DISP-02');
  const came: Received[] = [];
  station.on('message', (message) => came.push(message));
  const told = await station.signOn({ user: 'mroe', password: world.password('mroe') });
  if ('code' in told) throw new Error(`mroe was refused ${told.code}`);
  await until('the text that waited', () => came[0]);
  expect(await station.request(question)).toMatchObject({ kind: 'answered' });
  expect(came.filter(({ body }) => latin1(body).includes('THAT WAITS'))).toHaveLength(1);
  await station.leave();
  return told.lastSignOn;
}

/** A link whose certificate ends with the turn is closed for it, and the list is said to have ended. */
async function openEnding(world: World): Promise<{ readonly prove: () => Promise<void> }> {
  const end = endOf(await world.connect(endingStation));
  const prove = async (): Promise<void> => {
    expect(await end).toBe('C02');
    await expect(world.connect(endingStation)).rejects.toThrow(/is not reachable/);
    const gone = await eventOf(world, 'security', (row) => row['station'] === endingStation);
    expect(gone).toMatchObject({ code: 'C02', reason: 'the certificate has ended' });
    expect(isFrom(gone, endingAt)).toBe(true);
    await eventOf(world, 'alarm', (row) => detailOf(row)['code'] === 'MSC-2111');
    for (const alarm of await eventsOf(world, 'alarm')) {
      const isOver = isFrom(alarm, endingAt);
      expect(detailOf(alarm)['code']).toBe(isOver ? 'MSC-2111' : 'MSC-2110');
    }
  };
  return { prove };
}

/** By number without a gap, by time never back; the turn is no step of the clock, and ends nothing. */
function proveOrder(rows: readonly Row[], start: number): void {
  expect(rows.map((row) => row['entry'])).toEqual(rows.map((_, at) => at + 1));
  // Before the bench was set up the clock was not turned.
  const setBack = rows.findLastIndex((row) => row['event'] === 'clock');
  expect(setBack).toBeLessThan(start);
  const times = rows.slice(setBack + 1).map(timeOf);
  expect(times).toEqual(times.toSorted());
  expect(rows.filter((row) => row['kind'] === 'expired')).toEqual([]);
}

/** A minute apart, before and after the turn. */
function proveHeartbeats(rows: readonly Row[], at: Temporal.Instant): void {
  const beats = rows.filter((row) => row['event'] === 'heartbeat');
  expect(new Set(beats.map((row) => isFrom(row, at))).size).toBe(2);
  const times = beats.map((row) => Date.parse(timeOf(row)));
  for (const [nth, ms] of times.slice(1).entries())
    expect(Math.abs(ms - (times[nth] ?? 0) - 60_000)).toBeLessThan(10_000);
}

/** Every question has one answer that was delivered, and so has the text; on both sides of the turn. */
function proveRun(rows: readonly Row[], at: Temporal.Instant): void {
  const threads = (kind: string, direction: string): readonly unknown[] =>
    rows
      .filter((row) => row['kind'] === kind && row['direction'] === direction)
      .map((row) => row['thread']);
  const asked = threads('received', 'in');
  expect(threads('delivered', 'down').toSorted()).toEqual(asked.toSorted());
  const isOver = rows.filter((row) => row['kind'] === 'delivered').map((row) => isFrom(row, at));
  expect([isOver.at(0), isOver.at(-1)]).toEqual([false, true]);
  const ended = rows.filter((row) => row['event'] === 'sign-off');
  expect(ended.filter((row) => !/^(link|sign-off)$/.test(String(row['reason'])))).toEqual([]);
}

function proveLog(times: readonly string[], at: Temporal.Instant): void {
  expect(times).toEqual(times.toSorted());
  const turned = at.toString().slice(0, 19);
  expect([(times[0] ?? '') < turned, (times.at(-1) ?? '') > turned]).toEqual([true, true]);
}

/** Each way to say a day or a time there finds exactly the entries of it. */
async function proveSearches(
  { world, clock }: TimeBench,
  turn: TimeTurn,
  rows: readonly Row[],
): Promise<void> {
  const { zone, at, days, unclear } = turn;
  const turned = isAhead(turn) ? { TZ: zone } : clock.environment(zone);
  const environment = { MSC_CONFIG: world.demo.config, ...turned };
  const all = ['-n', '0', '--reverse', '-o', 'jsonl', '--entry', `1..${rows.length}`];
  const search = (...words: readonly string[]) =>
    run([launcher, 'journal', 'search', ...all, ...words], environment);
  const find = async (...words: readonly string[]): Promise<readonly unknown[]> => {
    const { stdout, stderr, code } = await search(...words);
    expect(code, stderr).toBeLessThan(2);
    const lines = stdout.split('\n').filter(Boolean);
    return lines.map((line) => (JSON.parse(line) as Row)['entry']);
  };
  const those = (fits: (time: string) => boolean): readonly unknown[] =>
    rows.filter((row) => fits(timeOf(row))).map((row) => row['entry']);
  const since = (instant: string): readonly unknown[] =>
    those((time) => Temporal.Instant.compare(time, instant) >= 0);

  for (const day of new Set(days)) {
    const ofDay = those((time) => localDay(time, zone) === day);
    expect(ofDay).not.toEqual([]);
    expect(await find('--on', day)).toEqual(ofDay);
    expect(await find('--since', day, '--until', day, '--tz', zone)).toEqual(ofDay);
  }
  const [before, after] = days;
  if (!isAhead(turn)) {
    expect(await find('--on', 'today')).toEqual(await find('--on', after));
    const isNext = before !== after;
    if (isNext) expect(await find('--on', 'yesterday')).toEqual(await find('--on', before));
  }
  const first = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  const local = `${first.toPlainDate().toString()} ${first.toPlainTime().toString()}${first.offset}`;
  expect(await find('--since', local)).toEqual(since(at));
  expect(await find('--until', local)).toEqual(
    those((time) => Temporal.Instant.compare(time, at) < 0),
  );
  if (unclear === undefined) return;
  const time = `${after} ${unclear.time}`;
  const refused = await search('--since', time);
  expect(refused.code).toBe(64);
  for (const offset of unclear.offsets) {
    expect(refused.stderr).toContain(offset);
    const instant = `${after}T${unclear.time}${offset}`;
    expect(await find('--since', `${time}${offset}`)).toEqual(since(instant));
  }
}

/** By Intl, as a calendar on the wall there has it. */
function localDay(time: string, zone: string): string {
  const form = { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-CA', form).format(new Date(time));
}

function signOnsOf(rows: readonly Row[], user: string): readonly Row[] {
  return rows.filter((row) => row['event'] === 'sign-on' && row['user'] === user);
}

function isFrom(row: Row, at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(timeOf(row), at) >= 0;
}

function timeOf(row: Row | undefined): string {
  return String(row?.['time']);
}
