// A count is what a search would find, however much of it is told by the index alone.

import { describe, expect, it } from 'vitest';
import type { Condition, PlainCondition, Query } from '#journal/query';
import { planOf } from '#journal/sqlite/plan';
import type { SearchParts } from '#journal/sqlite/search';
import type { TallyBy } from '#journal/tally';
import { columnTerm, wordTerm } from '#journal/terms';
import { plain } from './contract.ts';
import { collidingUsers, collidingWords, counted, planted, testCounts } from './counting.ts';
import { failingAfter, withJournal } from './laid.ts';
import type { Laid } from './laid.ts';

const raw: Laid = { segment: 1e6, runs: 30, sealed: 0 };
const sealed: Laid = { segment: 700, runs: 30, sealed: 30 };
const whole: Omit<Query, 'where'> = { reverse: true, limit: 0, entryTo: 2100 };
const user = (value: string): PlainCondition => ({
  ...{ on: 'column', column: 'user', any: [{ kind: 'is', value }] },
});
const text = (value: string): Condition => ({ on: 'text', any: [[value]] });

describe('a count', () => {
  it('is what a plain filter counts, in groups too', { timeout: 120_000 }, () => {
    testCounts({ journals: 3, queries: 12 });
  });

  it.each([raw, sealed])('reads one entry of each part of the index at most in %j', (laid) => {
    const mke: Condition = { on: 'column', column: 'mke', any: [{ kind: 'begins', value: 'Q' }] };
    const asked: readonly (readonly [where: readonly Condition[], by: readonly TallyBy[]])[] = [
      [[], []],
      [[user('user07')], []],
      [[{ ...user('user07'), not: true }], []],
      [[mke], []],
      [[text('LIC')], []],
      [[], ['mke']],
      [[], ['day']],
    ];
    withJournal(
      laid,
      (parts) => {
        for (const [where, by] of asked) {
          const query = { ...whole, where, entryTo: 2048 };
          const { read, parts: watched } = watching(parts);
          // Two segments of 700 and what is within the third; or one run.
          const within = laid === raw ? query : { ...query, entryTo: 1400 };
          expect(counted(watched, within, by).count).toBe(plain(planted, within).length);
          expect(read()).toBeLessThanOrEqual(2);
          const wish = { by, zone: 'UTC', beyond: 'counts' } as const;
          const plan = planOf(parts, within, wish);
          expect(plan).toMatchObject({ reads: 0, counted: within.entryTo });
        }
        // Two conditions: the terms alone do not tell.
        const two = { ...whole, where: [user('user07'), mke] };
        const wish = { by: [], zone: 'UTC', beyond: 'counts' } as const;
        expect(planOf(parts, two, wish)).toMatchObject({ counted: 0 });
        expect(planOf(parts, { ...whole, where: [], limit: 5 }, wish).counted).toBe(0);
        expect(planOf(parts, two).counted).toBeUndefined();
      },
      planted,
    );
  });

  it.each([raw, sealed])('does not believe two terms of one number in %j', (laid) => {
    const [one, other] = collidingWords.map(wordTerm);
    expect(one?.hash).toBe(other?.hash);
    expect(one?.check).not.toBe(other?.check);
    const [his, hers] = collidingUsers.map((value) => columnTerm('user', value));
    expect(his?.hash).toBe(hers?.hash);
    withJournal(
      laid,
      (parts) => {
        const conditions = [...collidingUsers.map(user), ...collidingWords.map(text)];
        for (const where of conditions.map((condition) => [condition])) {
          const found = plain(planted, { where, reverse: true, limit: 0 });
          for (const entryFrom of [1, 701, 2049, 2101]) {
            const query = { where, entryFrom, reverse: true, limit: 0 };
            const wanted = found.filter((entry) => entry >= entryFrom).length;
            expect(counted(parts, query).count).toBe(wanted);
          }
        }
        const groups = new Map(
          counted(parts, { ...whole, where: [], entryTo: undefined }, ['user']).groups.map(
            ({ values: [value], count }) => [value, count],
          ),
        );
        for (const value of collidingUsers) {
          const query = { where: [user(value)], reverse: true, limit: 0 };
          expect(groups.get(value)).toBe(plain(planted, query).length);
        }
      },
      planted,
    );
  });

  it.each([raw, sealed])('is of the numbers and times that are asked for in %j', (laid) => {
    const [since, until] = [planted[900], planted[1300]].map((stored) => stored?.entry.time);
    const bounds = [{ entryFrom: 350, entryTo: 1000 }, { since }, { until }, { since, until }];
    withJournal(
      laid,
      (parts) => {
        for (const bound of bounds)
          for (const where of [[], [user('user07')]]) {
            const query = { ...bound, where, reverse: true, limit: 0 };
            expect(counted(parts, query).count).toBe(plain(planted, query).length);
          }
      },
      planted,
    );
  });

  it('loses and doubles nothing where the index breaks off on the way', () => {
    withJournal(
      raw,
      (parts) => {
        for (const by of [[], ['mke'], ['day']] as const)
          for (const calls of [0, 1, 2, 4]) {
            const where = by.length === 0 ? [user('user07')] : [];
            const query = { where, reverse: true, limit: 0 };
            const index = parts.index && failingAfter(parts.index, calls);
            const broken = { ...parts, index, onIndexFailed: () => undefined };
            expect(counted(broken, query, by)).toEqual(counted(parts, query, by));
            expect(counted(broken, query, by).count).toBe(plain(planted, query).length);
          }
      },
      planted,
    );
  });
});

/** Counts the entries that are read. */
function watching(parts: SearchParts): {
  readonly read: () => number;
  readonly parts: SearchParts;
} {
  let read = 0;
  const { entries } = parts;
  const shelf: SearchParts['entries'] = {
    ...entries,
    blob: (entry) => {
      read += 1;
      return entries.blob(entry);
    },
    slice: (slice) => {
      const blobs = entries.slice(slice);
      read += blobs.length;
      return blobs;
    },
  };
  return { read: () => read, parts: { ...parts, entries: shelf } };
}
