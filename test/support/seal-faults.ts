// Faults in the middle of a seal; and what must hold after each: no entry is lost or doubled, the journal proves
// itself before and after the next start, which seals in the end and leaves nothing behind.

import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { openJournal } from '#journal/sqlite/journal';
import { listSegments } from '#journal/sqlite/segment-files';
import { verifyJournal } from '#journal/verify';
import { makeEntries } from '#support/make-journal';
import { tinySegments } from '../journal/tiny.ts';
import { allOf, entriesMost, killBefore, testCalls } from './child-faults.ts';
import type { CallsWanted } from './child-faults.ts';

const last = 40;
const child = 'journal/seal-child.ts';
const [seal, sealing] = ['journal/sqlite/seal.ts', 'journal/sqlite/sealing.ts'];

/** Lines, each of which is reached with everything before it done. */
const steps: readonly (readonly [before: string, file: string, line: string])[] = [
  ['the raw file is moved out of its WAL', seal, '  if (!moveOutOfWal(dir, range.first))'],
  ['its file is made', sealing, '  createFile(path, sealedTables);\n'],
  ['anything is in it', sealing, "    db.exec('BEGIN');\n"],
  ['it is committed', sealing, "    db.exec('COMMIT');\n"],
  ['the filter is made', sealing, '  writeFilter(sealingFile(dir, range.first'],
  ['it is proved', seal, '    yield* prove(dir, range, ends.ended);\n'],
  ['it has its name', seal, '    putInPlace(dir, range);\n'],
  ['it is flushed', sealing, '  flushFile(file);\n'],
  ['the filter has its name', sealing, '  renameSync(sealingFile(dir, range.first'],
  ['its file has its name', sealing, '  renameSync(file, sealedFile(dir, range));\n'],
  ['the names are flushed', sealing, '  flushFolder(dir);\n'],
  ['the raw file goes', seal, '  removeRaw(dir, range.first);\n'],
];
/** Registers the tests. */
export function testSealSteps(): void {
  it.each(steps)('a kill in a seal before %s loses and doubles nothing', async (_, file, line) => {
    await expectWhole(killBefore(child, { file, line }).dir);
  });
}

export function testSealCalls(wanted: CallsWanted): void {
  const stems = ['sealing-000000000001', 'sealed-000000000001-000000000040'];
  testCalls({
    ...wanted,
    what: 'a seal',
    title: 'with %s seals, or leaves the segment as it was',
    child,
    names: stems.flatMap((stem) => [`${stem}.db`, `${stem}.filter`]),
    callsLeast: 15,
    check: async ({ where, dir, ended }) => {
      expect([0, 3], where).toContain(ended.status);
      await expectWhole(dir);
    },
  });
}

/** Proves it as it was left, then starts it, waits until it is sealed, and proves it again. */
async function expectWhole(dir: string): Promise<void> {
  const verdict = verifyJournal(dir);
  expect(verdict).toMatchObject({ entries: entriesMost });
  const journal = await openJournal(dir, { random: randomBytes, segments: tinySegments });
  const made = [...makeEntries({ count: entriesMost, seed: 1 })];
  await vi.waitFor(() => expect(listSegments(dir)[0]).toEqual({ first: 1, last }), {
    timeout: 20_000,
    interval: 50,
  });
  expect(await allOf(journal)).toEqual(made);
  expect(await journal.head()).toEqual(verdict);
  await journal.close();
  expect(verifyJournal(dir)).toEqual(verdict);
  const left = readdirSync(dir).filter((name) => /^sealing-|^journal\.db/.test(name));
  expect(left).toEqual([]);
}
