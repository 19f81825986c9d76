// The kept journals that have sealed segments are found by words, patterns and counts, indexed anew, and gone on
// with; and what a newer program wrote is refused before anything of it is touched.

import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { decodeEntry } from '#journal/codec';
import type { Condition } from '#journal/query';
import { openJournal } from '#journal/sqlite/journal';
import { reindexFolder } from '#journal/sqlite/reindex-folder';
import { listSegments } from '#journal/sqlite/segment-files';
import { openSealedSegment } from '#journal/sqlite/sealed-segment';
import { fieldTerm } from '#journal/terms';
import { verifyJournal } from '#journal/verify';
import { startFault } from '#src/runtime/start-fault';
import { runMsc } from '#support/cli';
import { keptNames, knownOf, unpack } from '#support/kept-journals/kept';
import type { Kept, KeptField } from '#support/kept-journals/kept';
import { collect, event, numbersOf, temporaryFolder } from './folders.ts';
import { cardsIn } from './sealed-folder.ts';

const names = keptNames().filter((name) => knownOf(name).segments !== undefined);

function copyOf(name: string): { readonly dir: string; readonly kept: Kept } {
  const dir = join(temporaryFolder(), 'journal');
  return { dir, kept: unpack(name, dir) };
}

const sealedRanges = (dir: string): { first: number; last: number }[] =>
  listSegments(dir).flatMap(({ first, last }) => (last === undefined ? [] : [{ first, last }]));

/** What `kept.json` says must be found, as it is asked for. */
function asked({
  word,
  beginning,
  ending,
}: Kept): readonly (readonly [Condition, readonly number[]])[] {
  const part = (kind: 'begins' | 'ends', of: KeptField | undefined): Condition => ({
    ...{ on: 'field', field: of?.field ?? '' },
    any: [{ kind, value: of?.value ?? '' }],
  });
  return [
    [{ on: 'text', any: [[word?.value ?? '']] }, word?.entries ?? []],
    [part('begins', beginning), beginning?.entries ?? []],
    [part('ends', ending), ending?.entries ?? []],
  ];
}

async function expectFound(dir: string, kept: Kept): Promise<void> {
  const journal = await openJournal(dir, { random: randomBytes });
  try {
    for (const [condition, wanted] of asked(kept)) {
      const query = { where: [condition], reverse: true, limit: 0 };
      expect(wanted.length).toBeGreaterThan(1);
      expect(numbersOf(await collect(journal.search(query)))).toEqual(wanted);
      expect(await journal.plan(query)).not.toHaveProperty('unsound');
    }
    await journal.append([event(kept.entries + 1)]);
  } finally {
    await journal.close();
  }
}

/** Of a plate, as the terms of each segment have it. */
function countOf(dir: string, { field, value }: KeptField): number {
  return sealedRanges(dir).reduce((sum, range) => {
    const segment = openSealedSegment(dir, range);
    const found = segment.terms.find(fieldTerm(field, value));
    segment.close();
    return sum + (found?.count ?? 0);
  }, 0);
}

it('there is a kept journal with segments', () => expect(names).toContain('2-segments'));

describe.each(names)('the segments of the kept journal %s', (name) => {
  it('are as they were: their files, their catalogue, their counts', () => {
    const { dir, kept } = copyOf(name);
    expect(listSegments(dir).map(({ first }) => first)).toEqual(kept.segments);
    expect(cardsIn(dir).map(({ first, last }) => ({ first, last }))).toEqual(sealedRanges(dir));
    const [plate] = kept.fields;
    const last = sealedRanges(dir).at(-1)?.last ?? 0;
    const sealed = plate?.entries.filter((entry) => entry <= last);
    expect(plate && countOf(dir, plate)).toBe(sealed?.length);
    const one = openSealedSegment(dir, sealedRanges(dir)[0] ?? expect.unreachable());
    expect(decodeEntry(one.blob(1) ?? new Uint8Array()).entry.entry).toBe(1);
    one.close();
  });

  it('are searched by words and patterns, indexed anew, and searched again', async () => {
    const { dir, kept } = copyOf(name);
    await expectFound(dir, kept);
    const verdict = verifyJournal(dir);
    expect(verdict).toMatchObject({ entries: kept.entries + 1 });
    const end = reindexFolder(dir, { kind: 'all' }, () => undefined);
    expect(end).toMatchObject({ state: 'done', renewed: sealedRanges(dir).length, unproved: [] });
    expect(verifyJournal(dir)).toEqual(verdict);
    await expectFound(dir, { ...kept, entries: kept.entries + 1 });
    expect(verifyJournal(dir)).toMatchObject({ entries: kept.entries + 2 });
  });
});

/** What a program writes that knows more than this one. */
const newer: Readonly<Record<string, (dir: string) => void>> = {
  'a raw segment': (dir) => {
    const { first } = listSegments(dir).at(-1) ?? expect.unreachable();
    alterFile(
      join(dir, `journal-${String(first).padStart(12, '0')}.db`),
      'PRAGMA user_version = 9',
    );
  },
  'a sealed segment': (dir) => {
    const file = readdirSync(dir).filter((each) => /^sealed.*db$/.test(each));
    alterFile(join(dir, file.at(-1) ?? ''), 'UPDATE about SET version = 9');
  },
};

function alterFile(path: string, sql: string): void {
  chmodSync(path, 0o600);
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

describe.each(Object.entries(newer))('a journal with %s of a newer program', (_, make) => {
  it('is refused by a start, a reindex and a proof, each with the code for it, and not touched', async () => {
    const { dir } = copyOf('2-segments');
    make(dir);
    const contents = (): unknown =>
      readdirSync(dir)
        .filter((each) => each !== 'lock' && !/-(wal|shm)$/.test(each))
        .map((each) => [each, statSync(join(dir, each)).mtimeMs, readFileSync(join(dir, each))]);
    const before = contents();
    const failed = await openJournal(dir, { random: randomBytes }).then(
      () => expect.unreachable('it opened'),
      (error: unknown) => startFault(error),
    );
    expect(failed).toMatchObject({ code: 'MSC-3104' });
    for (const words of [
      ['db', 'reindex'],
      ['journal', 'verify'],
    ]) {
      const { code, stderr } = await runMsc([...words, '--journal', dir]);
      expect([code, stderr]).toEqual([78, expect.stringContaining('MSC-3104')]);
    }
    expect(contents()).toEqual(before);
  });
});
