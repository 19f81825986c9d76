// The bank of filters: it says what the filters themselves say, and nothing where it is not sure of itself.

import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCatalogue, removeCatalogue, updateCatalogue } from '#journal/sqlite/catalogue';
import { buildFilter, openFilter } from '#journal/sqlite/filter';
import { reindexFolder } from '#journal/sqlite/reindex-folder';
import { filterFile, listSegments, sealedFile } from '#journal/sqlite/segment-files';
import type { SealedRange } from '#journal/sqlite/segment-files';
import { openShelf } from '#journal/sqlite/shelf';
import { eachTerm } from '#journal/terms';
import { verifyJournal } from '#journal/verify';
import { makeEntries } from '#support/make-journal';
import { temporaryFolder } from './folders.ts';
import { sealedFolder } from './sealed-folder.ts';

const made = [...makeEntries({ count: 400, seed: 31 })];
const bankOf = (dir: string): string => join(dir, 'catalogue.filters');

/** Ten sealed segments in a catalogue. */
function catalogued(): { readonly dir: string; readonly ranges: readonly SealedRange[] } {
  const dir = temporaryFolder();
  sealedFolder(dir, made);
  updateCatalogue(dir);
  return { dir, ranges: sealedIn(dir) };
}

function sealedIn(dir: string): readonly SealedRange[] {
  return listSegments(dir).flatMap(({ first, last }) =>
    last === undefined ? [] : [{ first, last }],
  );
}

/** Terms of all entries, and as many that are nowhere. */
const hashes: readonly number[] = [
  ...new Set(
    made.flatMap(({ entry, body }) => {
      const some: number[] = [];
      eachTerm(entry, body, (hash) => some.push(hash, (hash * 7 + 1) % 2 ** 52));
      return some;
    }),
  ),
];

function remove(dir: string, range: SealedRange): void {
  for (const path of [sealedFile(dir, range), filterFile(dir, range)]) {
    chmodSync(path, 0o600);
    rmSync(path);
  }
}

/** What the bank has no filter for says nothing. */
function saidBy(dir: string, range: SealedRange): readonly boolean[] | undefined {
  const { filterOf, close } = openCatalogue(dir);
  const filter = filterOf(range.first);
  const said = filter && hashes.map((hash) => filter.mayHave(hash));
  close();
  return said;
}

function saidByFile(dir: string, range: SealedRange): readonly boolean[] | undefined {
  const filter = openFilter(filterFile(dir, range));
  const said = filter && hashes.map((hash) => filter.mayHave(hash));
  filter?.close();
  return said;
}

describe('the bank of filters', () => {
  it('says what the filters say, of every term', () => {
    const { dir, ranges } = catalogued();
    expect(ranges).toHaveLength(10);
    for (const range of ranges) {
      const said = saidBy(dir, range);
      expect(said).toEqual(saidByFile(dir, range));
      expect(said?.includes(true)).toBe(true);
      expect(said?.includes(false)).toBe(true);
    }
  });

  it('is added to, and forgets what is gone, without growing for ever', () => {
    const { dir, ranges } = catalogued();
    const whole = statSync(bankOf(dir)).size;
    for (const range of ranges.slice(0, 3)) remove(dir, range);
    updateCatalogue(dir);
    expect(statSync(bankOf(dir)).size).toBe(whole);
    for (const range of ranges.slice(0, 3)) expect(saidBy(dir, range)).toBeUndefined();
    for (const range of ranges.slice(3, 7)) remove(dir, range);
    updateCatalogue(dir);
    expect(statSync(bankOf(dir)).size).toBeLessThan(whole / 2);
    for (const range of ranges.slice(7)) expect(saidBy(dir, range)).toEqual(saidByFile(dir, range));
  });

  it('that was begun anew is not taken for the old one by whoever has that open', () => {
    const { dir, ranges } = catalogued();
    const last = ranges.at(-1) ?? expect.unreachable();
    const said = saidBy(dir, last);
    const old = openCatalogue(dir);
    for (const range of ranges.slice(0, 7)) remove(dir, range);
    updateCatalogue(dir);
    const filter = old.filterOf(last.first);
    expect(hashes.map((hash) => filter?.mayHave(hash))).toEqual(said);
    old.close();
    expect(saidBy(dir, last)).toEqual(said);
  });

  it('keeps nothing of a segment that is gone, and denies nothing where that was', () => {
    const { dir, ranges } = catalogued();
    const [first] = ranges;
    if (first === undefined) expect.unreachable();
    const own = readFileSync(filterFile(dir, first));
    const old = openCatalogue(dir);
    expect(readFileSync(bankOf(dir)).includes(own.subarray(64))).toBe(true);
    remove(dir, first);
    updateCatalogue(dir);
    for (let at = 64; at < own.length; at += 64)
      expect(readFileSync(bankOf(dir)).includes(own.subarray(at, at + 64))).toBe(false);
    const filter = old.filterOf(first.first);
    expect(hashes.every((hash) => filter?.mayHave(hash))).toBe(true);
    old.close();
  });

  it('denies nothing by a block that was altered', () => {
    const { dir, ranges } = catalogued();
    const octets = readFileSync(bankOf(dir));
    // Every block of every filter loses the bits of one octet.
    for (let at = 64; at < octets.length; at += 64) {
      const set = octets.subarray(at, at + 60).findIndex((octet) => octet !== 0);
      if (octets.toString('latin1', at, at + 4) !== 'MSCF')
        octets[at + Math.max(set, 0)] = (octets[at + Math.max(set, 0)] ?? 0) ^ 0xff;
    }
    writeFileSync(bankOf(dir), octets);
    for (const range of ranges) expect(saidBy(dir, range)).not.toContain(false);
  });

  it('has the new filter of a segment whose index was made anew, behind the old one', () => {
    const { dir, ranges } = catalogued();
    const [first] = ranges;
    if (first === undefined) expect.unreachable();
    const sound = saidByFile(dir, first);
    // A filter of other terms, with sums that fit, is in the folder and in its bank.
    const strange = buildFilter([Float64Array.of(1, 2, 3)]);
    rmSync(filterFile(dir, first));
    writeFileSync(filterFile(dir, first), strange);
    removeCatalogue(dir);
    updateCatalogue(dir);
    expect(saidBy(dir, first)).toEqual(saidByFile(dir, first));
    expect(saidByFile(dir, first)).not.toEqual(sound);
    const before = saidBy(dir, first);
    const old = openCatalogue(dir);
    const end = statSync(bankOf(dir)).size;
    reindexFolder(dir, { kind: 'segment', entry: 1 }, () => undefined);
    expect(saidByFile(dir, first)).toEqual(sound);
    expect(saidBy(dir, first)).toEqual(sound);
    // What whoever has the old catalogue open may still ask for is not written over.
    const filter = old.filterOf(first.first);
    expect(hashes.map((hash) => filter?.mayHave(hash))).toEqual(before);
    expect(statSync(bankOf(dir)).size).toBeGreaterThan(end);
    old.close();
    expect(verifyJournal(dir)).not.toHaveProperty('unsound');
  });

  it('that was altered is made anew by a reindex of what is damaged', () => {
    const { dir } = catalogued();
    const octets = readFileSync(bankOf(dir));
    octets[octets.length - 1] = (octets.at(-1) ?? 0) ^ 0xff;
    writeFileSync(bankOf(dir), octets);
    expect(verifyJournal(dir)).toHaveProperty('unsound');
    reindexFolder(dir, { kind: 'damaged' }, () => undefined);
    expect(verifyJournal(dir)).not.toHaveProperty('unsound');
  });

  it('of another catalogue says nothing, and is begun anew', () => {
    const [one, other] = [catalogued(), catalogued()];
    writeFileSync(bankOf(one.dir), readFileSync(bankOf(other.dir)));
    for (const range of one.ranges) expect(saidBy(one.dir, range)).toBeUndefined();
    updateCatalogue(one.dir);
    for (const range of one.ranges)
      expect(saidBy(one.dir, range)).toEqual(saidByFile(one.dir, range));
  });

  it('that is missing or cut short leaves every segment to its own filter', () => {
    const { dir, ranges } = catalogued();
    const whole = readFileSync(bankOf(dir));
    writeFileSync(bankOf(dir), whole.subarray(0, 12));
    for (const range of ranges) expect(saidBy(dir, range)).toBeUndefined();
    rmSync(bankOf(dir));
    const shelf = openShelf(dir);
    for (const range of ranges)
      expect(
        shelf.filtering(range, (filter) => hashes.map((hash) => filter.mayHave(hash))),
      ).toEqual(saidByFile(dir, range));
    shelf.close();
    // Cut in the middle of a filter: what is not there denies nothing.
    writeFileSync(bankOf(dir), whole.subarray(0, 128));
    for (const range of ranges) {
      const said = saidBy(dir, range);
      const denied = saidByFile(dir, range)?.filter((may, place) => may && said?.[place] === false);
      expect(denied).toEqual([]);
    }
  });

  it('that lost a bit is named by verify, with its segment', () => {
    const { dir, ranges } = catalogued();
    const octets = readFileSync(bankOf(dir));
    const at = octets.findLastIndex((octet) => octet !== 0);
    octets[at] = 0;
    writeFileSync(bankOf(dir), octets);
    expect(verifyJournal(dir)).toMatchObject({
      entries: 401,
      unsound: [{ first: ranges.at(-1)?.first, reason: 'the copy of its filter is another one' }],
    });
  });
});
