// A billion entries by their filters: a journal of many small segments whose filters are as large as those of
// segments of a million entries. Each has the terms of its own segment, and as many others that nobody asks for. A
// search opens only what the filters do not leave out, so this is the time of a journal of a billion but for the size
// of the few segments that it opens.

import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeEntry } from '#journal/codec';
import { removeCatalogue, updateCatalogue } from '#journal/sqlite/catalogue';
import { addTerms, buildFilter } from '#journal/sqlite/filter';
import { openJournal } from '#journal/sqlite/journal';
import { openSealedSegment } from '#journal/sqlite/sealed-segment';
import { filterFile, listSegments, type SealedRange } from '#journal/sqlite/segment-files';
import { eachTerm, hashBits } from '#journal/terms';
import { makeJournal } from '#support/make-journal';

/** Different terms of a segment of a million entries, as made journals have them. */
const termsOfAMillion = 1_130_000;
const entriesEach = 1000;
const blockOctets = 64;

/** Resolves when all its segments but the last are sealed, and their filters are large. */
export async function makeMany(dir: string, segments: number, withinMs: number): Promise<void> {
  const limits = { entries: entriesEach, octets: 2 ** 30 };
  const journal = await openJournal(dir, { random: randomBytes, segments: limits });
  await makeJournal(journal, { count: segments * entriesEach + 1, seed: 7 });
  await sealedAll(dir, performance.now() + withinMs);
  await journal.close();
  const large = buildFilter([strangers(termsOfAMillion)]);
  for (const [place, { first, last }] of listSegments(dir).entries())
    if (last !== undefined) replaceFilter(dir, { first, last }, turned(large, place));
  removeCatalogue(dir);
  updateCatalogue(dir);
}

async function sealedAll(dir: string, until: number): Promise<void> {
  const raw = (): number => listSegments(dir).filter(({ last }) => last === undefined).length;
  while (raw() > 1) {
    if (performance.now() > until) throw new Error(`${raw()} segments are not sealed yet`);
    await pause(100);
  }
}

function replaceFilter(dir: string, range: SealedRange, filter: Uint8Array): void {
  const path = filterFile(dir, range);
  addTerms(filter, [termsOf(dir, range)]);
  chmodSync(path, 0o600);
  writeFileSync(path, filter);
  chmodSync(path, 0o400);
}

function termsOf(dir: string, range: SealedRange): Float64Array {
  const segment = openSealedSegment(dir, range);
  const hashes: number[] = [];
  try {
    for (let entry = range.first; entry <= range.last; entry += 1) {
      const blob = segment.blob(entry);
      if (blob === undefined) continue;
      const { entry: said, body } = decodeEntry(blob);
      eachTerm(said, body, (hash) => hashes.push(hash));
    }
  } finally {
    segment.close();
  }
  return Float64Array.from(hashes);
}

function strangers(count: number): Float64Array {
  return Float64Array.from({ length: count }, () => Math.floor(Math.random() * 2 ** hashBits));
}

/** A filter whose blocks are those of another one, begun elsewhere: nothing is in both by the same bits. */
function turned(filter: Uint8Array, place: number): Uint8Array {
  const blocks = filter.length / blockOctets - 1;
  const cut = blockOctets * (1 + ((place * 7919) % blocks));
  const parts = [filter.subarray(0, blockOctets), filter.subarray(cut)];
  return Buffer.concat([...parts, filter.subarray(blockOctets, cut)]);
}
