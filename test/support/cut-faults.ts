// Faults in the middle of a cut, into a process that appends entry after entry; and what must hold after each:
// nothing it acknowledged is lost, the journal proves itself before and after the next start, which goes on.

import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openJournal } from '#journal/sqlite/journal';
import { listSegments } from '#journal/sqlite/segment-files';
import { verifyJournal } from '#journal/verify';
import { makeEntries } from '#support/make-journal';
import { tinySegments } from '../journal/tiny.ts';
import { allOf, entriesMost, killBefore, testCalls } from './child-faults.ts';
import type { CallsWanted, Ended, Failed } from './child-faults.ts';

/** As in test/journal/tiny.ts: the second segment has some of the entries. */
const cutAt = 41;
const child = 'journal/cut-child.ts';

const made = 'journal/sqlite/open-segment.ts';
const store = 'journal/sqlite/store.ts';
/** The lines of a cut, each of which is reached with everything before it done. */
const steps: readonly (readonly [before: string, file: string, line: string])[] = [
  ['its file is made', made, "    createFile(unfinished, segmentTables(start), 'WAL');\n"],
  ['the file has its name', made, '    renameSync(unfinished, rawFile(dir, start.first));\n'],
  ['the name is flushed', store, '    flushFolder(dir);\n    return openSegment'],
  ['the file is opened', store, '    return openSegment(dir, first);\n'],
  ['the old one is moved out of its WAL', store, '    open.checkpoint();\n'],
  ['the old one is closed', store, '    open.close();\n    open = next;\n'],
  ['it is over', store, '    made = false;\n'],
];
/** Registers the tests. */
export function testCutSteps(): void {
  it.each(steps)('a kill in a cut before %s loses nothing', async (_, file, line) => {
    const { dir, ended } = killBefore(child, { file, line });
    expect(saidBy(ended)).toBe(cutAt - 1);
    await expectWhole(dir, saidBy(ended));
  });
}

export function testCutCalls(wanted: CallsWanted): void {
  const number = String(cutAt).padStart(12, '0');
  testCalls({
    ...wanted,
    what: 'a cut',
    title: 'with %s goes on or ends with 74, and loses nothing acknowledged',
    child,
    names: [`next-${number}.db`, `journal-${number}.db`, `journal-${number}.db-wal`, ''],
    callsLeast: 10,
    check: expectCut,
  });
}

async function expectCut({ error, place, where, path, dir, ended }: Failed): Promise<void> {
  const said = saidBy(ended);
  // No room is waited for; a flush or a cut of a file that failed is not tried again, whatever it says. Of an open
  // SQLite does not tell why it failed, so that one of the writer ends as any failing disk does.
  const needsRoom = !['flush', 'truncate', 'open'].includes(place.kind);
  const waits = error === 'ENOSPC' && needsRoom;
  // The folder is opened at the start too, when nothing is acknowledged.
  if (ended.status === 75) {
    expect([where, said, path]).toEqual([where, 0, dir]);
    return;
  }
  expect(waits ? [0] : [0, 74], where).toContain(ended.status);
  if (ended.status === 0) expect([where, said]).toEqual([where, entriesMost]);
  await expectWhole(dir, said);
}

/** The last entry it said is durable. */
function saidBy({ stdout }: Ended): number {
  return Number(stdout.trim().split('\n').at(-1) ?? 0);
}

/** Proves it as it was left, and after a start that goes on to the same end. */
async function expectWhole(dir: string, acknowledged: number): Promise<void> {
  // Where nothing was acknowledged there may be no journal yet.
  if (acknowledged > 0) expect(verifyJournal(dir)).toHaveProperty('root');
  const journal = await openJournal(dir, { random: randomBytes, segments: tinySegments });
  const { entries } = await journal.head();
  expect(entries).toBeGreaterThanOrEqual(acknowledged);
  // One more: a cut that found no room is tried again with it.
  const made = [...makeEntries({ count: entriesMost + 1, seed: 1 })];
  for (const stored of made.slice(entries)) await journal.append([stored]);
  expect(await allOf(journal)).toEqual(made);
  const head = await journal.head();
  await journal.close();
  expect(verifyJournal(dir)).toEqual(head);
  const [first, second, ...further] = listSegments(dir);
  expect([first?.first, further]).toEqual([1, []]);
  expect([cutAt, entriesMost + 1]).toContain(second?.first);
  expect(readdirSync(dir).filter((name) => name.startsWith('next-'))).toEqual([]);
}
