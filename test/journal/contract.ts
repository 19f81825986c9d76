// What every journal does, in memory and on disk alike. Each implementation's test runs it.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { openMemoryJournal } from '#journal/memory';
import { matches } from '#journal/query';
import type { Query } from '#journal/query';
import { Tally } from '#journal/tally';
import type { TallyBy, TallyStep } from '#journal/tally';
import { makeEntries } from '#support/make-journal';
import { collect, event, numbersOf, seededRandom } from './folders.ts';
import { anyQuery } from './queries.ts';

type Open = (random: (octets: number) => Uint8Array) => Promise<Journal>;

/** @param isPurged It has segments of a hundred entries, or none: what an entry says was purged can go. */
export function journalContract(name: string, open: Open, isPurged = true): void {
  let journal: Journal | undefined;
  const opened = async (): Promise<Journal> => (journal = await open(seededRandom(7)));
  afterEach(async () => {
    await journal?.close();
    journal = undefined;
  });

  describe(`a journal ${name}`, () => {
    it('begins empty', async () => {
      const journal = await opened();
      expect(await journal.head()).toEqual({
        entries: 0,
        root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      });
      expect(await journal.read(1)).toBeUndefined();
      expect(await collect(journal.scan(1))).toEqual([]);
      expect(await journal.loadSnapshot()).toBeUndefined();
    });

    it('gives back each entry as it was appended, to the octet', async () => {
      const journal = await opened();
      const made = [...makeEntries({ count: 300, seed: 3 })];
      const body = Uint8Array.from({ length: 256 }, (_, octet) => octet);
      const odd: StoredEntry[] = [
        { ...event(301, { requester: 'ÅSA "Ø" \n\u2028 \ud800' }), body },
        { ...event(302), body: new Uint8Array() },
      ];
      await journal.append(made);
      await journal.append(odd);
      expect(await journal.read(301)).toEqual({ ...odd[0], body });
      expect(await journal.read(302)).toEqual({ ...odd[1], body: new Uint8Array() });
      expect(await collect(journal.scan(1))).toEqual([...made, ...odd]);
      expect(numbersOf(await collect(journal.scan(10, 12)))).toEqual([10, 11, 12]);
      expect(await journal.read(303)).toBeUndefined();
    });

    it('keeps length and digest alone of what is withheld', async () => {
      const journal = await opened();
      const body = new TextEncoder().encode('invented secret 42');
      const digest = createHash('sha256').update(body).digest('hex');
      await journal.append([
        { ...event(1), body, withheld: true },
        { ...event(2), body },
      ]);
      const kept = [event(1, { bytes: 18, digest }), { ...event(2), body }];
      expect(await journal.read(1)).toEqual(kept[0]);
      expect(await collect(journal.scan(1))).toEqual(kept);
    });

    it('refuses an entry out of order, and nothing of its batch is written', async () => {
      const journal = await opened();
      await journal.append([event(1)]);
      await expect(journal.append([event(3)])).rejects.toThrow('gap-free');
      await expect(journal.append([event(1)])).rejects.toThrow('gap-free');
      await expect(journal.append([event(2), event(2)])).rejects.toThrow('gap-free');
      await journal.append([event(2)]);
      expect(numbersOf(await collect(journal.scan(1)))).toEqual([1, 2]);
    });

    it('keeps the order of appends that are under way together', async () => {
      const journal = await opened();
      const done: number[] = [];
      const appends = Array.from({ length: 50 }, async (_, index) => {
        await journal.append([event(2 * index + 1), event(2 * index + 2)]);
        done.push(index);
      });
      await Promise.all(appends);
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect((await journal.head()).entries).toBe(100);
    });

    it('has the same root for the same entries and salts, however they were appended', async () => {
      const journal = await opened();
      for (const stored of makeEntries({ count: 37, seed: 5 })) await journal.append([stored]);
      const atOnce = openMemoryJournal({ random: seededRandom(7) });
      await atOnce.append([...makeEntries({ count: 37, seed: 5 })]);
      expect(await journal.head()).toEqual(await atOnce.head());
    });

    it('keeps the newest snapshot with the entry it stands on', async () => {
      const journal = await opened();
      await journal.append([event(1), event(2), event(3)]);
      await journal.saveSnapshot(2, Uint8Array.of(1, 2));
      await journal.saveSnapshot(3, Uint8Array.of(3, 10, 0));
      const snapshot = await journal.loadSnapshot();
      expect(snapshot).toMatchObject({ entry: 3, state: Uint8Array.of(3, 10, 0) });
      await expect(journal.saveSnapshot(4, Uint8Array.of(1))).rejects.toThrow();
    });

    it('refuses an append after it was closed, and finishes those before', async () => {
      const journal = await opened();
      const before = journal.append([event(1)]);
      const closing = journal.close();
      await expect(journal.append([event(2)])).rejects.toMatchObject({ code: 'JOURNAL_CLOSED' });
      await before;
      await closing;
    });

    it(
      'answers a search with what a plain filter finds, in its order',
      { timeout: 60_000 },
      async () => {
        const journal = await opened();
        const made = [...makeEntries({ count: 3000, seed: 11 })];
        await journal.append(made);
        await fc.assert(
          fc.asyncProperty(anyQuery(made), async (query) => {
            expect(numbersOf(await collect(journal.search(query)))).toEqual(plain(made, query));
          }),
          { numRuns: 60 },
        );
      },
    );

    it('counts what a plain filter finds, alone and in groups', { timeout: 60_000 }, async () => {
      const journal = await opened();
      const made = [...makeEntries({ count: 500, seed: 12 })];
      await journal.append(made);
      await fc.assert(
        fc.asyncProperty(anyQuery(made), fc.constantFrom(...countings), async (query, by) => {
          const wish = { by, zone: 'UTC', beyond: 'counts' } as const;
          const found = new Set(plain(made, query));
          const tally = new Tally(wish);
          for (const { entry } of made) if (found.has(entry.entry)) tally.add(entry);
          const steps: TallyStep[] = [];
          for await (const step of journal.tally(query, wish)) steps.push(step);
          expect(steps.at(-1)).toMatchObject({ count: tally.count, others: 0 });
          expect(steps.flatMap(({ groups }) => groups)).toEqual(tally.groups());
        }),
        { numRuns: 30 },
      );
    });

    it('ends a count that has more groups than there may be, where that is wished', async () => {
      const journal = await opened();
      const entries = Array.from({ length: 10_005 }, (_, at) => event(at + 1, { code: `C${at}` }));
      await journal.append(entries);
      const query = { where: [], reverse: true, limit: 0 };
      const wish = { by: ['code'], zone: 'UTC', beyond: 'ends' } as const;
      let last: TallyStep | undefined;
      for await (const step of journal.tally(query, wish)) last = step;
      expect(last).toMatchObject({ count: 10_001, others: 1 });
    });

    it('lets go of what an entry says was purged, and of nothing without one', async () => {
      const journal = await opened();
      const made = [...makeEntries({ count: 300, seed: 15 })];
      for (const stored of made) await journal.append([stored]);
      expect(await journal.oldest()).toBe(1);
      await expect(journal.purge(300)).rejects.toMatchObject({ code: 'JOURNAL_PURGE' });
      // What is not closed, or not sealed yet, never goes.
      const asked = { beforeUs: 0, nowUs: Number.MAX_SAFE_INTEGER, keptDays: 1096 };
      expect(await journal.planPurge(asked)).toMatchObject({ goes: [], kept: { first: 1 } });
      if (!isPurged) return;
      const detail = { first: 1, last: 200, root: '', earliest: 0, latest: 1, releases: '' };
      await journal.append([event(301, { event: 'purge', detail })]);
      const head = await journal.head();
      await expect.poll(() => purged(journal, 301), { timeout: 20_000 }).toBe(true);
      expect(await journal.oldest()).toBe(201);
      expect(await journal.read(200)).toBeUndefined();
      expect(await journal.read(201)).toEqual(made[200]);
      const left = Array.from({ length: 101 }, (_, place) => 201 + place);
      expect(numbersOf(await collect(journal.scan(1)))).toEqual(left);
      const all = { where: [], reverse: true, limit: 0 };
      expect(numbersOf(await collect(journal.search(all)))).toEqual(left);
      expect(await journal.head()).toEqual(head);
    });

    it('plans a search without running it', async () => {
      const journal = await opened();
      await journal.append([...makeEntries({ count: 100, seed: 13 })]);
      const query = { where: [], reverse: true, limit: 0 };
      expect(await journal.plan(query)).toEqual({ entries: 100, reads: 100, by: [] });
      const some = await journal.plan({ ...query, entryFrom: 11, entryTo: 20 });
      expect(some).toEqual({ entries: 10, reads: 10, by: [] });
    });

    it('lets go of a search that is left early', async () => {
      const journal = await opened();
      await journal.append([...makeEntries({ count: 1500, seed: 13 })]);
      for await (const batch of journal.search({ where: [], reverse: true, limit: 0 })) {
        expect(batch[0]?.entry.entry).toBe(1);
        break;
      }
      expect(await collect(journal.search({ where: [], reverse: false, limit: 5 }))).toHaveLength(
        5,
      );
    });
  });
}

const countings: readonly (readonly TallyBy[])[] = [[], ['user'], ['day'], ['mke', 'outcome']];

/** A purge that comes before its segments are sealed is refused. */
function purged(journal: Journal, entry: number): Promise<boolean> {
  return journal.purge(entry).then(
    () => true,
    () => false,
  );
}

/** What a search must find: every entry that matches, in order, up to the limit. */
export function plain(made: readonly StoredEntry[], query: Query): number[] {
  const found = numbersOf(made.filter((stored) => matches(query, stored)));
  const ordered = query.reverse ? found : found.reverse();
  return query.limit === 0 ? ordered : ordered.slice(0, query.limit);
}
