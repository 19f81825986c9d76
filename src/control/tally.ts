// Counting for a person: the journal counts, beside the switch, and gives groups alone. What a search counts by one
// column are its values, with names for none and for those that found no place.

import type { Journal } from '#journal/journal';
import type { Query } from '#journal/query';
import type { Group, TallyWish } from '#journal/tally';
import { untilGone } from './visit.ts';
import type { SearchWish } from './wire-search.ts';

/** A value with how many entries have it. */
export interface Valued {
  readonly value: string;
  readonly count: number;
}

/** What was counted, so far. */
export interface Counting {
  count: number;
  others: number;
  readonly groups: Group[];
}

const none = '-';
const others = '(others)';

/** Counts until the signal. @param counting Is kept in step, also where it breaks off. */
export async function countInto(
  counting: Counting,
  { journal, gone }: { readonly journal: Pick<Journal, 'tally'>; readonly gone: AbortSignal },
  { query, wish }: { readonly query: Query; readonly wish: TallyWish },
): Promise<void> {
  for await (const step of untilGone(journal.tally(query, wish), gone)) {
    counting.count = step.count;
    counting.others = step.others;
    counting.groups.push(...step.groups);
  }
}

/** How a search is counted; undefined where it is not. */
export function tallyOf({
  count,
  by,
  zone = 'UTC',
}: Pick<SearchWish, 'count' | 'by' | 'zone'>): TallyWish | undefined {
  if (by === undefined && count !== true) return undefined;
  return { by: by === undefined ? [] : [by], zone, beyond: 'counts' };
}

export function newCounting(): Counting {
  return { count: 0, others: 0, groups: [] };
}

/** What has no place any more stands last. */
export function valuesOf({ groups, others: rest }: Counting): readonly Valued[] {
  const values = groups.map(({ values: [value = ''], count }) => ({
    value: value === '' ? none : value,
    count,
  }));
  return rest === 0 ? values : [...values, { value: others, count: rest }];
}
