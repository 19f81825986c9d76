// The journal cut into segments: when, what is where, and that nobody who reads notices.

import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeBatch, partsOf } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { createSegment } from '#journal/sqlite/open-segment';
import { listSegments, usualLimits } from '#journal/sqlite/segment-files';
import { openShelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { verifyJournal } from '#journal/verify';
import { configOf } from '#src/config/load';
import { makeEntries } from '#support/make-journal';
import { journalContract } from './contract.ts';
import { collect, event, numbersOf, seededRandom, temporaryFolder } from './folders.ts';
import { appendPieces, tinySegments } from './tiny.ts';

const random = seededRandom(1);
const dayUs = 86_400_000_000;

journalContract('on disk, cut into tiny segments', async (salts) => {
  const dir = temporaryFolder();
  const journal = await openJournal(dir, {
    random: salts,
    segments: { entries: 100, octets: 1 << 30 },
  });
  return { ...journal, append: (entries) => appendWhole(journal, entries) };
});

/** Large batches in pieces, so that they are cut; small ones as they come, so that refusals stay whole. */
async function appendWhole(journal: Journal, entries: readonly StoredEntry[]): Promise<void> {
  if (entries.length < 200) return journal.append(entries);
  await appendPieces(journal.append, entries, 37);
}

describe('a journal of segments', () => {
  let journal: Journal | undefined;
  afterEach(async () => {
    await journal?.close();
    journal = undefined;
  });
  const open = async (dir: string, segments = tinySegments): Promise<Journal> =>
    (journal = await openJournal(dir, { random, segments }));
  const made = [...makeEntries({ count: 500, seed: 31 })];

  it('is cut by the number of entries, and has after a new start what it had before', async () => {
    const dir = temporaryFolder();
    const first = await open(dir);
    await appendPieces(first.append, made, 7);
    const head = await first.head();
    await first.close();
    const firsts = firstsOf(dir);
    expect(firsts.length).toBeGreaterThan(5);
    expect(firsts[0]).toBe(1);
    expect(verifyJournal(dir)).toEqual(head);
    const again = await open(dir);
    expect(await again.head()).toEqual(head);
    expect(await collect(again.scan(1))).toEqual(made);
    expect(await again.read(499)).toEqual(made[498]);
    expect(firstsOf(dir)).toEqual(firsts);
  });

  it('is cut by octets too', async () => {
    const dir = temporaryFolder();
    const first = await openJournal(dir, { random, segments: { entries: 1e6, octets: 100_000 } });
    journal = first;
    const body = new Uint8Array(10_000);
    for (let entry = 1; entry <= 30; entry += 1) await first.append([{ ...event(entry), body }]);
    expect(firstsOf(dir).length).toBeGreaterThan(2);
  });

  it('is cut with the day, and not by a clock that is set back', async () => {
    const dir = temporaryFolder();
    const first = await open(dir);
    const times = [0, 1, 2, dayUs, dayUs + 1, 5, 6, dayUs - 1, dayUs + 2, 3 * dayUs, 7, 3 * dayUs];
    for (const [place, time] of times.entries()) await first.append([event(place + 1, { time })]);
    expect(firstsOf(dir)).toEqual([1, 4, 10]);
    await first.close();
    const again = await open(dir);
    await again.append([event(13, { time: 3 * dayUs + 5 })]);
    await again.append([event(14, { time: 8 })]);
    await again.append([event(15, { time: 4 * dayUs })]);
    expect(firstsOf(dir)).toEqual([1, 4, 10, 15]);
    const since = { where: [], reverse: true, limit: 0, since: dayUs, until: 2 * dayUs } as const;
    expect(numbersOf(await collect(again.search(since)))).toEqual([4, 5, 9]);
    const before = { where: [], reverse: true, limit: 0, until: dayUs } as const;
    expect(numbersOf(await collect(again.search(before)))).toEqual([1, 2, 3, 6, 7, 8, 11, 14]);
  });

  it('never cuts an append in two', async () => {
    const dir = temporaryFolder();
    const first = await open(dir);
    await first.append(made.slice(0, 300));
    expect(firstsOf(dir)).toEqual([1]);
    await first.append(made.slice(300, 301));
    expect(firstsOf(dir)).toEqual([1, 301]);
  });

  it('goes on with a folder that one segment was all of', async () => {
    const dir = temporaryFolder();
    const whole = await openJournal(dir, { random });
    await appendPieces(whole.append, made.slice(0, 100), 50);
    await whole.close();
    expect(firstsOf(dir)).toEqual([1]);
    const cut = await open(dir);
    await appendPieces(cut.append, made.slice(100), 7);
    expect(firstsOf(dir).length).toBeGreaterThan(5);
    expect(await collect(cut.scan(1))).toEqual(made);
    expect(verifyJournal(dir)).toEqual(await cut.head());
  });

  it('makes a segment that whoever only reads can read, also where the power goes as it is opened', () => {
    const dir = temporaryFolder();
    createSegment(dir, { first: 1, frontier: new Uint8Array(), latest: 0 });
    expect(readdirSync(dir)).toEqual(['journal.db']);
    // Both versions of the header are 2 for a WAL: nothing of it is written when the file is opened.
    const versions = readFileSync(join(dir, 'journal.db')).subarray(18, 20);
    expect([...versions]).toEqual([2, 2]);
  });

  it('takes away what a cut left unfinished', async () => {
    const dir = temporaryFolder();
    await (await open(dir)).append(made.slice(0, 10));
    await journal?.close();
    writeFileSync(join(dir, 'next-000000000011.db'), 'torn');
    writeFileSync(join(dir, 'next-000000000011.db-journal'), 'torn');
    await open(dir);
    expect(readdirSync(dir).filter((name) => name.startsWith('next'))).toEqual([]);
  });

  it.each([
    ['in the middle', 3],
    ['at the beginning', 0],
    ['at the end', -1],
  ])('is not gone on with where a segment is missing %s', async (_, place) => {
    const dir = temporaryFolder();
    await appendPieces((await open(dir)).append, made, 7);
    await journal?.close();
    const names = readdirSync(dir)
      .filter((name) => /^journal.*db$/.test(name))
      .sort();
    const ordered = ['journal.db', ...names.filter((name) => name !== 'journal.db')];
    const gone = ordered.at(place) ?? '';
    const firsts = firstsOf(dir);
    renameSync(join(dir, gone), join(dir, 'kept'));
    await expect(openJournal(dir, { random })).rejects.toMatchObject({ code: 'JOURNAL_CUT' });
    expect(verifyJournal(dir)).toMatchObject({ firstBad: firsts.at(place) });
  });

  it('names the first entry that does not hold in a later segment', async () => {
    const dir = temporaryFolder();
    await appendPieces((await open(dir)).append, made, 7);
    await journal?.close();
    const [, , third = 0, fourth = 0] = firstsOf(dir);
    const db = new Database(join(dir, `journal-${String(third).padStart(12, '0')}.db`));
    db.exec(`DROP TRIGGER entries_never_change;
      UPDATE entries SET blob = CAST(substr(blob, 1, 20) || x'7e' || substr(blob, 22) AS BLOB)
      WHERE entry = ${third + 5}`);
    db.close();
    expect(verifyJournal(dir)).toMatchObject({ firstBad: third + 5 });
    const other = new Database(join(dir, `journal-${String(fourth).padStart(12, '0')}.db`));
    expect(() => other.exec(`UPDATE began SET latest = 0`)).toThrow('never changed');
    expect(() => other.exec('DELETE FROM began')).toThrow('never deleted');
    expect(() => other.exec(`INSERT INTO entries VALUES (1, x'', x'', x'')`)).toThrow('in order');
    other.close();
  });

  it('tells a segment that goes on from another journal', async () => {
    const [dir, other] = [temporaryFolder(), temporaryFolder()];
    for (const folder of [dir, other]) {
      await (await open(folder)).append(made.slice(0, 50));
      await journal?.append(made.slice(50, 60));
      await journal?.close();
    }
    rmSync(join(dir, 'journal-000000000051.db'));
    renameSync(join(other, 'journal-000000000051.db'), join(dir, 'journal-000000000051.db'));
    expect(verifyJournal(dir)).toMatchObject({ firstBad: 51 });
  });

  it('is one stream for two readers while it is cut', () => {
    const dir = temporaryFolder();
    const store = openEntryStore(dir, tinySegments);
    const readers = [openShelf(dir), openShelf(dir)] as const;
    const salts = seededRandom(5);
    for (const [place, stored] of made.entries()) {
      const [reader, other] = place % 2 === 0 ? readers : [readers[1], readers[0]];
      store.commit(place + 1, partsOf(encodeBatch([stored], salts)), stored.entry.time);
      expect(reader.head()).toBe(place + 1);
      expect(reader.blob(place + 1)).toBeDefined();
      if (place % 50 === 0) expect(other.blob(1 + place / 2)).toBeDefined();
    }
    for (const reader of readers) {
      const all = { from: 1, to: 1e9, reverse: true, most: 1e9 };
      expect(reader.slice(all)).toHaveLength(500);
      expect(reader.slice({ ...all, reverse: false, from: 95, to: 205, most: 100 })).toHaveLength(
        100,
      );
      expect(reader.segments().map(({ first }) => first)).toEqual(firstsOf(dir));
      expect(reader.leaf(321)).toHaveLength(32);
      expect(reader.blob(501)).toBeUndefined();
      reader.close();
    }
    store.close();
  });

  it('has the limits that the configuration has unless told', () => {
    const { journal: limits } = configOf(
      '[switch]\nname = "T-099"\ncounty = "T"\nori = "CA0990100"\n[listen]\ninsecure = true\n',
      '/invented/msc.toml',
    );
    expect(limits).toMatchObject(usualLimits);
  });
});

/** First entries of the segments, raw and sealed. */
function firstsOf(dir: string): readonly number[] {
  return listSegments(dir).map(({ first }) => first);
}
