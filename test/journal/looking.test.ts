// A journal is read beside no switch, and a switch that starts meanwhile is not kept out: folders as a kill leaves them.

import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { Query } from '#journal/query';
import { openJournal } from '#journal/sqlite/journal';
import { isHeld, openForLooking } from '#journal/sqlite/looking';
import { makeEntries } from '#support/make-journal';
import { numbersOf, seededRandom, temporaryFolder } from './folders.ts';
import { tinySegments } from './tiny.ts';

const made = [...makeEntries({ count: 150, seed: 33 })];
const everything: Query = { where: [], reverse: true, limit: 0 };
const patience = { timeout: 60_000, interval: 50 };

async function opened(dir: string): ReturnType<typeof openJournal> {
  return openJournal(dir, { random: seededRandom(5), segments: tinySegments });
}

function sealedIn(dir: string): readonly string[] {
  return readdirSync(dir).filter((name) => /^sealed-.*\.db$/.test(name));
}

/** A journal of three segments that are sealed and one that is not, and what it was while they were raw. */
async function laid(): Promise<{ readonly dir: string; readonly raw: string }> {
  const [dir, raw] = [temporaryFolder(), temporaryFolder()];
  const journal = await opened(dir);
  for (let at = 0; at < made.length; at += 10) await journal.append(made.slice(at, at + 10));
  await vi.waitFor(() => expect(sealedIn(dir)).toHaveLength(3), patience);
  // As a kill leaves it: nothing was written through, and nobody closed anything. The work behind it goes on, and may
  // take a file away that is about to be copied: then it is copied once more.
  await vi.waitFor(() => {
    rmSync(raw, { recursive: true, force: true });
    cpSync(dir, raw, { recursive: true });
  }, patience);
  await journal.close();
  return { dir, raw };
}

async function numbersIn(dir: string): Promise<number[]> {
  const journal = await openForLooking(dir);
  try {
    const found: StoredEntry[] = [];
    for await (const batch of journal.search(everything)) found.push(...batch);
    return numbersOf(found);
  } finally {
    await journal.close();
  }
}

const all = made.map(({ entry }) => entry.entry);

it(
  'reads what was closed, and what was killed with its WAL, half a cut and half a seal',
  { timeout: 120_000 },
  async () => {
    const { dir, raw } = await laid();
    expect(await numbersIn(dir)).toEqual(all);
    const [sealed = ''] = sealedIn(raw);
    const ended = sealed.replace('sealed', 'sealing');
    // A seal that was not renamed, a file of the next segment that was not, and a filter that never came.
    writeFileSync(join(raw, ended), 'half');
    writeFileSync(join(raw, 'next-000000000151.db'), 'half');
    renameSync(
      join(raw, sealed.replace(/db$/, 'filter')),
      join(raw, 'sealing-000000000001.filter'),
    );
    expect(await numbersIn(raw)).toEqual(all);
    // Without a catalogue and an index each segment says the same of itself.
    for (const name of ['index.db', 'catalogue.db']) writeFileSync(join(raw, name), 'torn');
    expect(await numbersIn(raw)).toEqual(all);
  },
);

it(
  'keeps no start out, and ends at the entry that it found, whatever is written meanwhile',
  { timeout: 120_000 },
  async () => {
    const { dir } = await laid();
    expect(isHeld(dir)).toBe(false);
    const looking = await openForLooking(dir);
    const found: number[] = [];
    const search = looking.search(everything)[Symbol.asyncIterator]();
    const take = async (): Promise<boolean> => {
      const next = await search.next();
      if (next.done !== true) found.push(...numbersOf(next.value));
      return next.done !== true;
    };
    expect(await take()).toBe(true);
    const journal = await opened(dir);
    expect(isHeld(dir)).toBe(true);
    const more = [...makeEntries({ count: 300, seed: 33 })].slice(150);
    for (let at = 0; at < more.length; at += 10) await journal.append(more.slice(at, at + 10));
    await vi.waitFor(() => expect(sealedIn(dir).length).toBeGreaterThan(5), patience);
    expect(found.length).toBeLessThan(all.length);
    while (await take());
    expect(found).toEqual(all);
    expect(await looking.read(150)).toBeDefined();
    expect(await looking.read(151)).toBeUndefined();
    expect((await looking.head()).entries).toBe(150);
    let count = 0;
    const wish = { by: [], zone: 'UTC', beyond: 'counts' } as const;
    for await (const step of looking.tally(everything, wish)) ({ count } = step);
    expect(count).toBe(150);
    expect((await looking.plan(everything)).entries).toBe(150);
    await looking.close();
    await journal.close();
    expect(isHeld(dir)).toBe(false);
  },
);
