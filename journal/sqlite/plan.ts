// What a search would take: how many entries are in its range, how many of them have to be read, and by what
// it is narrowed. From the index alone, a few blocks of it looked into; it reads no entry.

import type { Condition, Plan, Query } from '../query.ts';
import type { IndexReader, Lookup } from './index-reader.ts';
import { blockEntries } from './index-writer.ts';
import type { SearchParts } from './search.ts';

/** Blocks that are looked into, to see how many of their entries may answer. */
const sampled = 8;

export function planOf({ entries, index, onIndexFailed }: SearchParts, query: Query): Plan {
  const from = Math.max(query.entryFrom ?? 1, 1);
  const to = Math.min(query.entryTo ?? Number.MAX_SAFE_INTEGER, entries.head());
  const indexed = index?.standsOn() ?? 0;
  // Of what is not indexed nobody knows the times.
  const tail = Math.max(0, to - Math.max(from - 1, indexed));
  const range = { from, to: Math.min(to, indexed) };
  try {
    const narrowed = index && range.from <= range.to ? narrowedBy(index, query, range) : nothing;
    return { ...narrowed, entries: narrowed.entries + tail, reads: narrowed.reads + tail };
  } catch {
    onIndexFailed();
    const all = Math.max(0, to - from + 1);
    return { entries: all, reads: all, by: [] };
  }
}

const nothing: Plan = { entries: 0, reads: 0, by: [] };

function narrowedBy(
  index: IndexReader,
  query: Query,
  range: { readonly from: number; readonly to: number },
): Plan {
  const touched = index.span(query);
  if (!touched) return { ...nothing, by: namesOf(query.where) };
  const span = {
    from: Math.max(touched.from, blockOf(range.from)),
    to: Math.min(touched.to, blockOf(range.to)),
  };
  const blocks = Math.max(0, span.to - span.from + 1);
  const found = query.where
    .map((condition) => ({ condition, lookup: index.lookup(condition, span) }))
    .filter((each): each is { condition: Condition; lookup: Lookup } => each.lookup !== undefined)
    .sort((a, b) => a.lookup.weight - b.lookup.weight);
  const entries = Math.min(blocks * blockEntries, range.to - range.from + 1);
  const [best] = found;
  if (!best) return { entries, reads: entries, by: [] };
  const lookups = found.map(({ lookup }) => lookup);
  const some = best.lookup.blocks({ ...span, reverse: query.reverse }).slice(0, sampled);
  const places = some.map((block) => common(lookups, block));
  const share = places.reduce((sum, count) => sum + count, 0) / Math.max(some.length, 1);
  const reads = Math.min(entries, Math.ceil(share * Math.min(best.lookup.weight, blocks)));
  return { entries, reads, by: namesOf(found.map(({ condition }) => condition)) };
}

function common(lookups: readonly Lookup[], block: number): number {
  const sets = lookups.map((lookup) => lookup.at(block));
  return sets.reduce((all, set) => all.intersection(set)).size;
}

/** `user`, `LIC`, `LIC or VIN`, each once. */
function namesOf(conditions: readonly Condition[]): readonly string[] {
  return [...new Set(conditions.map(nameOf))];
}

function nameOf(condition: Condition): string {
  switch (condition.on) {
    case 'column':
      return condition.column;
    case 'field':
    case 'name':
      return condition.field;
    case 'text':
      return 'text';
    case 'either':
      return condition.of.map(nameOf).join(' or ');
  }
}

const blockOf = (entry: number): number => Math.floor((entry - 1) / blockEntries);
