// Sealed segments: what is in them, how they are proved, and what becomes of a seal that is cut short.
// A sample of its calls fails here; each of them: seal.long.test.ts.

import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeBatch, partsOf } from '#journal/codec';
import type { Journal } from '#journal/journal';
import { describeSealed, openCatalogue, updateCatalogue } from '#journal/sqlite/catalogue';
import { openIndexReader } from '#journal/sqlite/index-reader';
import { openIndexWriter } from '#journal/sqlite/index-writer';
import { openJournal } from '#journal/sqlite/journal';
import { mergeParts } from '#journal/sqlite/merge';
import { orderOf } from '#journal/sqlite/radix';
import { partOf, readPart, RunBuilder } from '#journal/sqlite/run';
import { Sealer } from '#journal/sqlite/sealer';
import { listSegments } from '#journal/sqlite/segment-files';
import { openShelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { findInRow, foundOf, placesOfRow, TermPages } from '#journal/sqlite/term-pages';
import type { TermRow } from '#journal/sqlite/term-pages';
import { eachTerm, wordTerm } from '#journal/terms';
import { verifyJournal } from '#journal/verify';
import { wordsOf } from '#journal/words';
import { makeEntries } from '#support/make-journal';
import { testSealCalls, testSealSteps } from '#support/seal-faults';
import { collect, event, seededRandom, temporaryFolder } from './folders.ts';
import { alter, flip, sealedFolder } from './sealed-folder.ts';
import { appendPieces, tinySegments } from './tiny.ts';

const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
const random = seededRandom(1);
const made = [...makeEntries({ count: 500, seed: 31 })];

testSealSteps();
testSealCalls({ places: 3, seed, timeoutMs: 180_000 });

describe('a journal whose segments are sealed', () => {
  let journal: Journal | undefined;
  afterEach(async () => {
    await journal?.close();
    journal = undefined;
  });
  const open = async (dir: string): Promise<Journal> =>
    (journal = await openJournal(dir, { random, segments: tinySegments }));

  it(
    'has what it had, before and after a new start, and nothing that can be written',
    { timeout: 120_000 },
    async () => {
      const dir = temporaryFolder();
      const first = await open(dir);
      await appendPieces(first.append, made, 7);
      const head = await first.head();
      await sealedAll(dir);
      expect(await collect(first.scan(1))).toEqual(made);
      expect(verifyJournal(dir)).toEqual(head);
      await first.close();
      const names = readdirSync(dir);
      expect(names.filter((name) => /^journal.*\.db$/.test(name))).toHaveLength(1);
      for (const name of names.filter((name) => name.startsWith('sealed')))
        expect([name, statSync(join(dir, name)).mode & 0o777]).toEqual([name, 0o400]);
      const again = await open(dir);
      expect(await again.head()).toEqual(head);
      expect(await collect(again.scan(1))).toEqual(made);
      expect(await again.read(77)).toEqual(made[76]);
      await again.saveSnapshot(77, Uint8Array.of(1));
      expect(await again.loadSnapshot()).toMatchObject({ entry: 77 });
    },
  );

  it('goes on behind what is sealed where the open segment was empty and is gone', async () => {
    const dir = temporaryFolder();
    sealedFolder(dir, made.slice(0, 80));
    for (const name of ['journal-000000000081.db', 'head']) rmSync(join(dir, name));
    const again = await open(dir);
    await again.append([event(81)]);
    expect(verifyJournal(dir)).toEqual(await again.head());
  });
});

describe('a sealed segment', () => {
  it.each([
    ['a salt altered', `UPDATE blocks SET octets = ${flip('octets', 35)} WHERE block = 0`, 2],
    [
      'the beginning of a leaf altered',
      `UPDATE blocks SET octets = ${flip('octets', 32 * 64 + 20)} WHERE block = 0`,
      6,
    ],
    [
      'a block cut',
      'UPDATE blocks SET octets = CAST(substr(octets, 1, length(octets) - 40) AS BLOB) WHERE block = 1',
      65,
    ],
    ['a block gone', 'DELETE FROM blocks WHERE block = 1', 65],
    ['the last block gone', 'DELETE FROM blocks WHERE block = 3', 193],
    ['a block put in', 'INSERT INTO blocks SELECT 4, octets FROM blocks WHERE block = 3', 201],
    ['its end altered', `UPDATE about SET ended = ${flip('ended', 5)}`, 1],
    ['its beginning altered', `UPDATE about SET began = x'00'`, 1],
  ])('is found not to hold with %s', (_, sql, firstBad) => {
    const dir = temporaryFolder();
    sealedFolder(dir, made.slice(0, 200), 200);
    expect(verifyJournal(dir)).toMatchObject({ entries: 201 });
    alter(dir, sql);
    expect(verifyJournal(dir)).toMatchObject({ firstBad });
  });

  it.each([
    ['terms gone', 'DELETE FROM terms WHERE hash = (SELECT max(hash) FROM terms)'],
    ['a time altered', `UPDATE marks SET times = ${flip('times', 9)} WHERE block = 1`],
    ['a listed value gone', 'DELETE FROM listed WHERE value = (SELECT max(value) FROM listed)'],
    ['a listed value put in', `INSERT INTO listed VALUES ('>f LIC', 0)`],
    [
      'a count altered',
      `UPDATE terms SET octets = ${flip('octets', 2)}
       WHERE hash = (SELECT min(hash) FROM terms WHERE count = 0)`,
    ],
  ])('is told from its index, when that has %s', (_, sql) => {
    const dir = temporaryFolder();
    sealedFolder(dir, made.slice(0, 200), 200);
    alter(dir, sql);
    expect(verifyJournal(dir)).toMatchObject({ entries: 201, unsound: [{ first: 1 }] });
  });

  it('is told from its filter, when that denies a term', () => {
    const dir = temporaryFolder();
    sealedFolder(dir, made.slice(0, 200), 200);
    const filter = join(dir, readdirSync(dir).find((name) => name.endsWith('.filter')) ?? '');
    chmodSync(filter, 0o600);
    writeFileSync(filter, readFileSync(filter).fill(0, 64));
    expect(verifyJournal(dir)).toMatchObject({ entries: 201, unsound: [{ first: 1 }] });
  });

  it('is not made of a raw one that its own tree does not prove, which stays as it is', () => {
    const dir = temporaryFolder();
    const store = openEntryStore(dir, tinySegments);
    for (const stored of made.slice(0, 45))
      store.commit(stored.entry.entry, partsOf(encodeBatch([stored], random)), stored.entry.time);
    const shelf = openShelf(dir);
    const index = openIndexWriter(dir, shelf);
    while (index.indexNext(shelf));
    const db = new Database(join(dir, 'journal.db'));
    db.exec(`DROP TRIGGER entries_never_change;
      UPDATE entries SET salt = CAST(x'7e' || substr(salt, 2) AS BLOB) WHERE entry = 7`);
    db.close();
    const sealer = new Sealer(dir);
    for (let step = 0; step < 2000; step += 1)
      sealer.step(shelf, index, () => openIndexReader(dir));
    expect(listSegments(dir)).toEqual([{ first: 1 }, { first: 41 }]);
    expect(readdirSync(dir).filter((name) => name.startsWith('sealing'))).toEqual([]);
    expect(verifyJournal(dir)).toMatchObject({ firstBad: 7 });
    for (const open of [index, shelf, store]) open.close();
  });

  it('is passed over by its times, which the catalogue has and it says itself', () => {
    const dir = temporaryFolder();
    sealedFolder(dir, made.slice(0, 120));
    const said = listSegments(dir).flatMap(({ first, last }) =>
      last === undefined ? [] : [describeSealed(dir, { first, last })],
    );
    const catalogued = (): unknown[] => {
      const { cardOf, close } = openCatalogue(dir);
      close();
      return said.map(({ first }) => cardOf(first));
    };
    expect(said).toHaveLength(3);
    expect(catalogued()).toEqual([undefined, undefined, undefined]);
    updateCatalogue(dir);
    expect(catalogued()).toEqual(said);
    expect(said[1]?.earliest).toBe(made[40]?.entry.time);
    expect(said[2]?.latest).toBe(made[119]?.entry.time);
    writeFileSync(join(dir, 'catalogue.db'), 'x'.repeat(5000));
    expect(catalogued()).toEqual([undefined, undefined, undefined]);
  });

  it('takes no more octets than the goal', () => {
    const dir = temporaryFolder();
    const text = Buffer.from('INVENTED WORDS 4711 OF A TEXT '.repeat(9));
    const some = [...makeEntries({ count: 4000, seed: 5 })].map((stored, place) =>
      stored.body === undefined
        ? stored
        : {
            ...stored,
            body: Buffer.concat([
              stored.body,
              text.subarray(place % 50, 250 - stored.body.length + (place % 50)),
            ]),
          },
    );
    sealedFolder(dir, some, 4000);
    const octets = readdirSync(dir)
      .filter((name) => name.startsWith('sealed'))
      .reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    console.log(`sealed: ${(octets / some.length).toFixed(0)} octets an entry`);
    expect(octets / some.length).toBeLessThan(450);
  });
});

describe('the terms of a segment', () => {
  it('are the words of the text, as the words are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (body) => {
        const found = new Set<number>();
        const { entry } = event(1);
        const of = (some: Uint8Array | undefined): Set<number> => {
          const hashes = new Set<number>();
          eachTerm(entry, some, (hash) => hashes.add(hash));
          return hashes;
        };
        const columns = of(undefined);
        for (const hash of of(body)) if (!columns.has(hash)) found.add(hash);
        const words = new Set(Array.from(wordsOf(body), (word) => wordTerm(word).hash));
        expect(found).toEqual(words);
      }),
      { numRuns: 500 },
    );
  });

  const anyHash = fc.oneof(
    fc.nat(20),
    fc.maxSafeNat().map((number) => number % 2 ** 52),
  );
  const anyPostings = fc.array(fc.tuple(anyHash, fc.nat(600)), { maxLength: 300 });

  it('come out of runs and merges with each place once, in the order of their hashes', () => {
    fc.assert(
      fc.property(fc.array(anyPostings, { maxLength: 4 }), (runs) => {
        const wanted = new Map<number, Set<number>>();
        const parts = runs.map((postings, run) => {
          const builder = new RunBuilder();
          for (const [hash, place] of postings.toSorted((a, b) => a[1] - b[1])) {
            builder.begin(place);
            builder.take(hash, hash % 97);
            const places = wanted.get(hash) ?? new Set();
            wanted.set(hash, places.add(run * 1000 + place));
          }
          return builder.finish();
        });
        const rows: TermRow[] = [];
        const pages = new TermPages((row) => rows.push({ ...row, octets: row.octets.slice() }));
        const hashes = Array.from({ length: 32 }, (_, part) =>
          mergeParts(
            parts.map((of, run) => ({
              offset: run * 1000,
              part: readPart(of[part] ?? expect.unreachable()),
            })),
            pages,
          ),
        ).flatMap((some) => [...some]);
        pages.close();
        expect(hashes).toEqual([...wanted.keys()].sort((a, b) => a - b));
        for (const [hash, places] of wanted) {
          const row = rows.findLast((one) => one.hash <= hash) ?? expect.unreachable();
          const found =
            row.count > 0
              ? foundOf(row.count, () => placesOfRow(row.octets))
              : findInRow(row, hash);
          const sorted = [...places].sort((a, b) => a - b);
          expect([found?.count, found?.sure]).toEqual([places.size, true]);
          expect([...(found?.places() ?? [])]).toEqual(sorted);
        }
        expect(partOf(2 ** 52 - 1)).toBe(31);
      }),
      { numRuns: 60 },
    );
  });

  it('that share a hash are doubted, within a run and across runs', () => {
    const counted = (checks: readonly (readonly number[])[]): boolean | undefined => {
      const rows: TermRow[] = [];
      const pages = new TermPages((row) => rows.push({ ...row, octets: row.octets.slice() }));
      const parts = checks.map((some, run) => {
        const builder = new RunBuilder();
        for (const [place, check] of some.entries()) {
          builder.begin(place);
          builder.take(5, check);
        }
        return { offset: run * 100, part: readPart(builder.finish()[0] ?? expect.unreachable()) };
      });
      mergeParts(parts, pages);
      pages.close();
      return findInRow(rows.at(-1) ?? expect.unreachable(), 5)?.sure;
    };
    expect(counted([[1, 1], [1]])).toBe(true);
    expect(counted([[1, 2], [1]])).toBe(false);
    expect(counted([[1, 1], [2]])).toBe(false);
  });

  it('are ordered as numbers are', () => {
    fc.assert(
      fc.property(fc.array(anyHash, { maxLength: 200 }), (some) => {
        const order = orderOf(Float64Array.from(some));
        expect(Array.from(order, (at) => some[at])).toEqual(some.toSorted((a, b) => a - b));
      }),
    );
  });
});

/** Waits until every closed segment is sealed: the indexer tells nobody. */
async function sealedAll(dir: string): Promise<void> {
  const raw = (): number => listSegments(dir).filter(({ last }) => last === undefined).length;
  await vi.waitFor(() => expect(raw()).toBe(1), { timeout: 60_000, interval: 50 });
}
