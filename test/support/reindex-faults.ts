// Faults in the middle of making the index of a sealed segment anew; and what must hold after each: every entry is
// there, the folder proves itself, and the next time the index is made and leaves nothing behind.

import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openShelf } from '#journal/sqlite/shelf';
import { reindexFolder } from '#journal/sqlite/reindex-folder';
import { verifyJournal } from '#journal/verify';
import type { Verdict } from '#journal/verify';
import { killBefore, testCalls } from './child-faults.ts';
import type { CallsWanted } from './child-faults.ts';
import { sample } from './fault-run.ts';

/** Of the kept journal that the child lays. */
const entries = 400;
const child = 'journal/reindex-child.ts';
const [reseal, sealing] = ['journal/sqlite/reseal.ts', 'journal/sqlite/sealing.ts'];

/** Lines, each of which is reached with everything before it done. */
const steps: readonly (readonly [before: string, file: string, line: string])[] = [
  ['its runs are made', reseal, '    createFile(passing, runsTables);\n'],
  ['its entries are indexed', reseal, '    yield* filling(passing, (db) => writeRuns'],
  ['its file is made', reseal, '    yield* writeAnew(dir, old, range);\n'],
  ['the blocks are taken over', reseal, '    insert.run(number, old.block(number));\n'],
  ['its marks are written', sealing, '  const times = writeMarks(db, { range, index }, runs);\n'],
  ['the filter is made', sealing, '  writeFilter(sealingFile(dir, range.first'],
  ['it is proved', reseal, '    const flaw = yield* flawOf(range, { path: sealingFile'],
  ['it has its name', reseal, '    putInPlace(dir, range);\n'],
  ['it is flushed', sealing, '  flushFile(file);\n'],
  ['the filter has its name', sealing, '  renameSync(sealingFile(dir, range.first'],
  ['its file has its name', sealing, '  renameSync(file, sealedFile(dir, range));\n'],
  ['the names are flushed', sealing, '  flushFolder(dir);\n'],
  ['the runs go', reseal, '  removeSealing(dir, range.first);\n}\n'],
];

/** @param some Of them, chosen by the seed; all without it. */
export function testReindexSteps(some?: { readonly count: number; readonly seed: number }): void {
  const chosen = some === undefined ? steps : sample(steps, some.count, some.seed);
  it.each(chosen)('a kill in a reindex before %s loses nothing', (_, file, line) => {
    expectWhole(killBefore(child, { file, line }).dir);
  });
}

export function testReindexCalls(wanted: CallsWanted): void {
  const stem = 'sealing-000000000001';
  const sealed = 'sealed-000000000001-000000000110';
  testCalls({
    ...wanted,
    what: 'a reindex',
    title: 'with %s makes the index, or leaves the segment as it was',
    child,
    names: [`${stem}.runs`, `${stem}.db`, `${stem}.filter`, `${sealed}.db`, `${sealed}.filter`],
    callsLeast: 20,
    check: ({ where, dir, ended }) => {
      expect([0, 3], where).toContain(ended.status);
      expectWhole(dir);
      return Promise.resolve();
    },
  });
}

/** Every entry holds as it was left, whatever its index; and then it is made to the end. */
function expectWhole(dir: string): void {
  const left = verifyJournal(dir);
  expect(left).toMatchObject({ entries });
  const end = reindexFolder(dir, { kind: 'damaged' }, () => undefined);
  expect(end).toMatchObject({ state: 'done', segments: 4, unproved: [] });
  // Sound it may have been already, and not be said to be so because it never had its name flushed.
  expect(verifyJournal(dir)).toEqual(soundOf(left));
  expect(readdirSync(dir).filter((name) => name.startsWith('sealing-'))).toEqual([]);
  const shelf = openShelf(dir);
  expect(shelf.slice({ from: 1, to: entries, reverse: true, most: entries })).toHaveLength(entries);
  shelf.close();
}

function soundOf(verdict: Verdict): Verdict {
  if (!('root' in verdict)) return verdict;
  return { entries: verdict.entries, root: verdict.root };
}
