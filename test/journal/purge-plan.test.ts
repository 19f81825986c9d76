// What may be purged and what keeps it, each by its cause; and what decides that, which `verify` proves.

import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '#journal/entry';
import { dayUs, messagesOf, purgeIn, reachOf, ReleaseCount } from '#journal/purge';
import type { PurgeAsked, PurgePlan } from '#journal/purge';
import { openIndexReader } from '#journal/sqlite/index-reader';
import { planPurge } from '#journal/sqlite/purge-plan';
import { openShelf } from '#journal/sqlite/shelf';
import { writeSnapshot } from '#journal/sqlite/snapshot';
import { verifyJournal } from '#journal/verify';
import { event, temporaryFolder } from './folders.ts';
import { sealedFolder } from './sealed-folder.ts';

const keptDays = 1096;
const keptUs = keptDays * dayUs;
const dayMs = dayUs / 1000;
/** Ten entries a day, each day a segment; the fifth day is the open one. */
const days = 5;
const daily = 10;
const timeOf = (entry: number): number =>
  1_700_000_000_000_000 + Math.floor((entry - 1) / daily) * dayUs + entry * 1_000;

type Changes = Readonly<Record<number, Partial<JournalEntry>>>;

/** A folder of such days, whose snapshot stands on its last entry. */
async function daysFolder(changes: Changes = {}): Promise<string> {
  const dir = temporaryFolder();
  const made = Array.from({ length: days * daily - daily + 1 }, (_, place) => {
    const entry = place + 1;
    return event(entry, { time: timeOf(entry), ...changes[entry] });
  });
  sealedFolder(dir, made.slice(0, -1), daily, made.at(-1));
  await snapshotAt(dir, made.length);
  return dir;
}

async function snapshotAt(dir: string, entry: number): Promise<void> {
  const shelf = openShelf(dir);
  const leaf = Buffer.from(shelf.leaf(entry) ?? []).toString('hex');
  shelf.close();
  await writeSnapshot(dir, { entry, leaf, state: Uint8Array.of(1) });
}

/** All that is old enough on the day after it may go, unless told. */
function plan(dir: string, more: Partial<PurgeAsked> = {}): PurgePlan {
  const entries = openShelf(dir);
  const index = openIndexReader(dir);
  const parts = { entries, index, onIndexFailed: () => expect.unreachable() };
  const asked = { beforeUs: Infinity, nowUs: timeOf(30) + keptUs, keptDays, ...more };
  const said = [...planPurge(dir, parts, asked)].findLast((looked) => looked !== undefined);
  index?.close();
  entries.close();
  return JSON.parse(Buffer.from(said ?? []).toString()) as PurgePlan;
}

const lasts = ({ goes }: PurgePlan): number[] => goes.map(({ last }) => last);
const delivered = (delivery: `${number}.${number}`, thread: number) =>
  ({ kind: 'delivered', event: undefined, delivery, thread }) as unknown as Partial<JournalEntry>;
const released = (entries: string): Partial<JournalEntry> => ({
  event: 'release',
  detail: { entries, release: '2023-000017' },
});

describe('what may be purged', () => {
  it('is every segment whose last entry is old enough, from the oldest on', async () => {
    const dir = await daysFolder();
    const found = plan(dir);
    expect(lasts(found)).toEqual([10, 20, 30]);
    expect(found.range).toMatchObject({ first: 1, last: 30, earliest: timeOf(1) });
    expect(found.range?.latest).toBe(timeOf(30));
    const fromUs = timeOf(40) + keptUs;
    expect(found.kept).toEqual({ first: 31, last: 40, cause: 'age', entry: 40, fromUs });
    expect(lasts(plan(dir, { nowUs: timeOf(30) + keptUs - 1 }))).toEqual([10, 20]);
    expect(lasts(plan(dir, { nowUs: fromUs }))).toEqual([10, 20, 30, 40]);
  });

  it('goes by the latest time of a segment, wherever it stands', async () => {
    const dir = await daysFolder({ 4: { time: timeOf(25) } });
    const { goes, kept } = plan(dir, { nowUs: timeOf(20) + keptUs });
    expect([goes, kept]).toMatchObject([[], { cause: 'age', entry: 4 }]);
  });

  it.each<readonly [string, Changes, Partial<PurgeAsked>, object]>([
    ['the date', {}, { beforeUs: timeOf(20) }, { first: 11, cause: 'before' }],
    ['what is not sealed', {}, { nowUs: Infinity }, { first: 41, cause: 'raw' }],
    ['a message that waits', {}, { waiting: 13 }, { first: 11, cause: 'waiting', entry: 13 }],
    [
      'a later delivery of a message of it, in a sealed segment',
      { 33: delivered('15.0', 15) },
      {},
      { first: 11, cause: 'delivery', entry: 33, fromUs: timeOf(33) + keptUs },
    ],
    [
      'a later delivery in the open one',
      { 41: delivered('28.1', 17) },
      {},
      { first: 11, cause: 'delivery', entry: 41 },
    ],
    ['a later end of its message alone', { 36: delivered('9.0', 35) }, {}, { cause: 'delivery' }],
    [
      'a release of an entry of it',
      { 38: released('5,12-13,32') },
      {},
      { first: 1, cause: 'release', entry: 38, fromUs: timeOf(38) + keptUs },
    ],
    ['a release around it', { 41: released('15..39') }, {}, { first: 11, cause: 'release' }],
    ['a release that does not say of what', { 41: released('?') }, {}, { first: 1 }],
    [
      'a clock that went forward',
      { 32: { event: 'clock', detail: { stepMs: 3 * dayMs } } },
      {},
      { first: 1, cause: 'clock', entry: 10, fromUs: timeOf(10) + keptUs + 3 * dayUs },
    ],
  ])('is kept by %s', async (_, changes, more, kept) => {
    const found = plan(await daysFolder(changes), more);
    expect(found.kept).toMatchObject(kept);
    expect(found.goes.every(({ last }) => last < (found.kept?.first ?? 0))).toBe(true);
  });

  it.each<readonly [string, Changes]>([
    ['a delivery that is old enough itself', { 25: delivered('15.0', 15) }],
    ['a release that is old enough itself', { 29: released('1-10') }],
    ['a release of later entries', { 41: released('31-40') }],
    [
      'a clock that was set right again',
      {
        32: { event: 'clock', detail: { stepMs: 3 * dayMs } },
        34: { event: 'clock', detail: { stepMs: -3 * dayMs } },
      },
    ],
    ['a start after a short pause', { 36: { event: 'start' } }],
  ])('is not kept by %s', async (_, changes) => {
    expect(lasts(plan(await daysFolder(changes)))).toEqual([10, 20, 30]);
  });

  it('does not count a long silence before a start, which may be a clock set forward', async () => {
    const later = 5 * dayUs;
    const changes = Object.fromEntries(
      Array.from({ length: 11 }, (_, place) => [31 + place, { time: timeOf(31 + place) + later }]),
    );
    const dir = await daysFolder({ ...changes, 31: { time: timeOf(31) + later, event: 'start' } });
    const fromUs = timeOf(30) + keptUs;
    // What is missing is the silence, which has the day in it that lies between the entries anyway.
    expect(plan(dir, { nowUs: fromUs }).kept).toMatchObject({ first: 1, cause: 'clock' });
    const silence = timeOf(31) + later - timeOf(30);
    expect(lasts(plan(dir, { nowUs: fromUs + silence }))).toEqual([10, 20, 30]);
    expect(lasts(plan(dir, { nowUs: fromUs + silence - 1 }))).toEqual([10, 20]);
  });

  it('ends where a start would need entries of it', async () => {
    const dir = await daysFolder();
    await snapshotAt(dir, 25);
    await snapshotAt(dir, 41);
    expect(plan(dir).kept).toMatchObject({ first: 21, cause: 'state' });
    for (const name of ['snapshot', 'snapshot.old']) rmSync(join(dir, name), { force: true });
    expect(plan(dir)).toMatchObject({ goes: [], kept: { first: 1, cause: 'state' } });
  });

  it('is found out also of segments that did not note what they speak of', async () => {
    const dir = await daysFolder({ 33: delivered('15.0', 15) });
    const name = readdirSync(dir).find((each) => /^sealed-0+31-.*db$/.test(each)) ?? '';
    alter(join(dir, name), 'ALTER TABLE about DROP COLUMN reaches');
    expect(verifyJournal(dir)).not.toHaveProperty('unsound');
    expect(plan(dir).kept).toMatchObject({ first: 11, cause: 'delivery', entry: 33 });
  });

  it('says the last number of the releases that go, and of those that went before', async () => {
    const dir = await daysFolder({
      3: { event: 'release', detail: { entries: '1', release: '2022-000009' } },
      12: { event: 'release', detail: { entries: '2', release: '2023-000002' } },
      14: { event: 'purge', detail: { releases: '2021-000123,2022-000007' } },
    });
    expect(plan(dir).range?.releases).toBe('2021-000123,2022-000009,2023-000002');
  });
});

describe('a sealed segment whose reach or times are not those of its entries', () => {
  it.each(['reaches = 2', 'latest = latest - 1', 'earliest = earliest + 1'])(
    'is told by verify: %s',
    async (change) => {
      const dir = await daysFolder();
      const name = readdirSync(dir).find((each) => /^sealed-0+11-.*db$/.test(each)) ?? '';
      alter(join(dir, name), `UPDATE about SET ${change}`);
      expect(verifyJournal(dir)).toMatchObject({ entries: 41, unsound: [{ first: 11 }] });
    },
  );
});

describe('an entry', () => {
  it('speaks of its thread, its message and what it answers', () => {
    const { entry } = event(50, delivered('33.2', 17));
    expect(messagesOf(entry)).toEqual([17, 33]);
    expect(reachOf(entry)).toBe(17);
    expect([messagesOf(event(3, { thread: 3 }).entry), reachOf(event(3).entry)]).toEqual([[], 3]);
  });

  it('says what was purged only where that is before itself', () => {
    const detail = { first: 1, last: 9, root: 'r', earliest: 1, latest: 2, releases: '' };
    const said = (more: object) =>
      purgeIn(event(10, { event: 'purge', detail: { ...detail, ...more } }).entry);
    expect(said({})).toMatchObject({ first: 1, last: 9 });
    for (const wrong of [{ last: 10 }, { first: 10 }, { first: 'x' }, { root: 1 }])
      expect(said(wrong)).toBeUndefined();
    expect(purgeIn(event(10, { event: 'search', detail }).entry)).toBeUndefined();
  });

  it('counts the releases of each year', () => {
    const count = new ReleaseCount();
    for (const some of ['2023-000004', '2023-000002,2021-1234567', 'x', 7]) count.see(some);
    expect([count.of(2023), count.of(2022), count.format()]).toEqual([
      ...[4, 0, '2021-1234567,2023-000004'],
    ]);
  });
});

/** Whoever may write the folder may write the file too. */
function alter(path: string, sql: string): void {
  chmodSync(path, 0o600);
  const db = new Database(path);
  db.exec(sql);
  db.close();
}
