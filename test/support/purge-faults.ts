// Faults in the middle of a purge; and what must hold after each: what is not purged is whole, the journal proves itself
// before and after the next start, and that start finishes what the journal says.

import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openJournal } from '#journal/sqlite/journal';
import { listSegments } from '#journal/sqlite/segment-files';
import { verifyJournal } from '#journal/verify';
import { makeEntries } from '#support/make-journal';
import { smallSegments } from '../journal/tiny.ts';
import { allOf, entriesMost, killBefore, testCalls } from './child-faults.ts';
import type { CallsWanted } from './child-faults.ts';

const last = smallSegments.entries * 2;
const child = 'journal/purge-child.ts';
const file = 'journal/sqlite/purger.ts';

/** Lines of `purger.ts`, each of which is reached with everything before it done. */
const steps: readonly (readonly [before: string, line: string])[] = [
  ['anything has gone', '    removeSealed(this.#dir, oldest);\n'],
  ['the filter goes', '  rmSync(filterFile(dir, range), { force: true });\n'],
  ['the file goes', '  rmSync(sealedFile(dir, range), { force: true });\n'],
  ['the folder is flushed', '    flushFolder(this.#dir);\n'],
  ['the next one goes', '    assert(shelf.isPurged(oldest)'],
  ['its rows leave the index', '    index.forget({ first: 1, last: purge.last });\n'],
  ['it leaves the catalogue', '      updateCatalogue(this.#dir);\n'],
  ['the hint is written', '      notePurge(this.#dir, purge);\n'],
];

/** Registers the tests. @param some Which of the steps. */
export function testPurgeSteps(some: (step: number) => boolean = () => true): void {
  it.each(steps.filter((_, step) => some(step)))(
    'a kill in a purge before %s is gone on with at the next start',
    { timeout: 120_000 },
    async (_, line) => {
      const { dir, ended } = killBefore(child, { file, line });
      expect(ended.stdout).toBe('journalled\n');
      await expectPurged(dir);
    },
  );
}

export function testPurgeCalls(wanted: CallsWanted): void {
  const stems = ['sealed-000000000001-000000000015', 'sealed-000000000016-000000000030'];
  testCalls({
    ...wanted,
    what: 'a purge',
    title: 'with %s purges, or is gone on with at the next start',
    child,
    names: [...stems.flatMap((stem) => [`${stem}.db`, `${stem}.filter`]), ''],
    kinds: ['remove', 'flush', 'open'],
    callsLeast: 10,
    check: async ({ where, dir, ended }) => {
      // With another one it was not made yet, or could not be opened: no purge had begun.
      if (ended.stdout.includes('journalled')) {
        expect([0, 3], where).toContain(ended.status);
        await expectPurged(dir);
      } else expectUntouched(dir, where);
    },
  });
}

/** Whatever has gone: only by an entry does anything go. */
function expectUntouched(dir: string, where: string): void {
  if (!existsSync(join(dir, 'head'))) return;
  expect(listSegments(dir)[0]?.first ?? 1, where).toBe(1);
}

/** Proves it as it was left, then starts it, waits until all has gone, and proves it again. */
async function expectPurged(dir: string): Promise<void> {
  const before = verifyJournal(dir);
  expect(before).toMatchObject({ entries: entriesMost + 1 });
  const journal = await openJournal(dir, { random: randomBytes, segments: smallSegments });
  await vi.waitFor(async () => expect(await journal.oldest()).toBe(last + 1), {
    timeout: 20_000,
    interval: 50,
  });
  const made = [...makeEntries({ count: entriesMost, seed: 1 })].slice(last);
  const left = await allOf(journal);
  expect(left.slice(0, -1)).toEqual(made);
  expect(left.at(-1)?.entry).toMatchObject({ event: 'purge' });
  const head = await journal.head();
  await journal.close();
  expect(head).toEqual({ entries: entriesMost + 1, root: 'root' in before ? before.root : '' });
  expect(verifyJournal(dir)).toMatchObject({ ...head, oldest: last + 1 });
  const gone = /^sealed-0{11}1-|^sealed-0{10}16-/;
  expect(readdirSync(dir).filter((name) => gone.test(name))).toEqual([]);
}
