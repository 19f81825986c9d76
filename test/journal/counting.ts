// Counting as a plain filter would: of random queries, over journals that are cut, indexed and sealed at random. In
// them are terms that share their number with others, so that no count of theirs may be believed.

import fc from 'fast-check';
import { expect } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { Query } from '#journal/query';
import { countInto } from '#journal/sqlite/count';
import { planOf } from '#journal/sqlite/plan';
import type { SearchParts } from '#journal/sqlite/search';
import { Tally } from '#journal/tally';
import type { Group, TallyBy, TallyStep } from '#journal/tally';
import { parseUserName } from '#protocol/ids';
import { plain } from './contract.ts';
import { made, withJournal } from './laid.ts';
import { anyQuery } from './queries.ts';

/** Each two have one number of 52 bits, and are found by nothing else: see `journal/terms.ts`. */
export const collidingWords = ['WJVCKYN260W', 'WGRIFKTLZNR'] as const;
export const collidingUsers = ['w30dkyatoz0', 'w4os9oc3zvy'] as const;

/** Some entries have both of them, some one; in the last part of the journal nobody has the second. */
export const planted: readonly StoredEntry[] = made.map((stored, place) => {
  const { entry, body } = stored;
  const which = place > 2000 ? 0 : place % 2;
  const user = parseUserName(collidingUsers[which] ?? '');
  const words = place % 3 === 0 ? collidingWords.join(' ') : (collidingWords[which] ?? '');
  const isWord = body !== undefined && place % 5 === 0;
  return {
    ...stored,
    entry: place % 7 === 0 && user !== undefined ? { ...entry, user } : entry,
    ...(isWord ? { body: Buffer.concat([body, Buffer.from(` ${words}`)]) } : {}),
  };
});

export function counted(parts: SearchParts, query: Query, by: readonly TallyBy[] = []): TallyStep {
  const tally = new Tally({ by, zone: 'America/Los_Angeles', beyond: 'counts' });
  const groups = Array.from(countInto(parts, query, tally)).flatMap((octets) =>
    octets === undefined ? [] : [JSON.parse(Buffer.from(octets).toString()) as Group],
  );
  return { count: tally.count, others: tally.others, groups };
}

function plainly(query: Query, by: readonly TallyBy[]): TallyStep {
  const tally = new Tally({ by, zone: 'America/Los_Angeles', beyond: 'counts' });
  for (const entry of plain(planted, query)) {
    const stored = planted[entry - 1];
    if (stored) tally.add(stored.entry);
  }
  return { count: tally.count, others: tally.others, groups: tally.groups() };
}

const word = fc
  .constantFrom(...collidingWords)
  .map((value): Query['where'][number] => ({ on: 'text', any: [[value]] }));
const user = fc.constantFrom(...collidingUsers).map((value): Query['where'][number] => ({
  ...{ on: 'column', column: 'user', any: [{ kind: 'is', value }] },
}));

/** As anything is asked; most of one condition or none, over everything. */
const anyCount = fc
  .tuple(anyQuery(planted), fc.nat(5), fc.oneof(word, user))
  .map(([query, dice, trap]): Query => {
    if (dice === 0) return query;
    const where = dice === 1 ? [trap] : query.where.slice(0, dice === 2 ? 0 : 1);
    const isWhole = dice < 5;
    const whole = { since: undefined, until: undefined, entryFrom: undefined, entryTo: undefined };
    return { ...query, ...(isWhole ? whole : {}), where, limit: 0 };
  });
const columns = ['user', 'mke', 'outcome', 'day', 'hour', 'thread', 'number', 'code'] as const;
const anyBy = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.constantFrom(...columns).map((by) => [by]) },
  { weight: 1, arbitrary: fc.constant(['mke', 'outcome'] as const) },
);

export function testCounts({ journals, queries }: { journals: number; queries: number }): void {
  const laid = fc.record({
    segment: fc.integer({ min: 100, max: 4000 }),
    runs: fc.nat(30),
    sealed: fc.nat(30),
  });
  const asked = fc.array(fc.tuple(anyCount, anyBy), { minLength: queries, maxLength: queries });
  fc.assert(
    fc.property(laid, asked, (laid, asked) => {
      withJournal(
        laid,
        (parts) => {
          for (const [query, by] of asked) {
            expect(counted(parts, query, by)).toEqual(plainly(query, by));
            const {
              entries,
              reads,
              counted: unread = 0,
            } = planOf(parts, query, {
              ...{ by, zone: 'UTC', beyond: 'counts' },
            });
            expect(reads + unread).toBeLessThanOrEqual(entries);
          }
        },
        planted,
      );
    }),
    { numRuns: journals },
  );
}
