// Merges the terms of many runs into those of one segment, part after part: what is in memory is one part of
// each run. Promises every place of every term once, rising. Two terms of one hash become one that is doubted.

import { orderOf } from './radix.ts';
import { collided } from './run.ts';
import type { Part } from './run.ts';
import type { TermPages } from './term-pages.ts';

export interface PlacedPart {
  /** The place of the run's first entry in the segment. */
  readonly offset: number;
  readonly part: Part;
}

/** Parts of the same range of hashes, in the order of their runs. Returns the hashes, each once. */
export function mergeParts(parts: readonly PlacedPart[], pages: TermPages): Float64Array {
  const total = parts.reduce((sum, { part }) => sum + part.hashes.length, 0);
  const hashes = new Float64Array(total);
  const runs = new Uint32Array(total);
  const terms = new Uint32Array(total);
  let at = 0;
  for (const [run, { part }] of parts.entries()) {
    hashes.set(part.hashes, at);
    for (let term = 0; term < part.hashes.length; term += 1, at += 1) {
      runs[at] = run;
      terms[at] = term;
    }
  }
  const order = orderOf(hashes);
  const distinct = new Float64Array(total);
  let found = 0;
  for (let from = 0; from < total;) {
    const hash = hashes[order[from] ?? 0] ?? 0;
    let to = from + 1;
    while (to < total && hashes[order[to] ?? 0] === hash) to += 1;
    mergeTerm({ parts, runs, terms, pages }, order.subarray(from, to), hash);
    distinct[found++] = hash;
    from = to;
  }
  pages.flush();
  return distinct.slice(0, found);
}

interface Merging {
  readonly parts: readonly PlacedPart[];
  readonly runs: Uint32Array;
  readonly terms: Uint32Array;
  readonly pages: TermPages;
}

/** The order is stable, so the runs of one term come in their own order. */
function mergeTerm({ parts, runs, terms, pages }: Merging, of: Uint32Array, hash: number): void {
  let count = 0;
  let check: number | undefined;
  let sure = true;
  pages.begin();
  for (const which of of) {
    const placed = parts[runs[which] ?? 0];
    if (placed === undefined) continue;
    const { offset, part } = placed;
    const term = terms[which] ?? 0;
    const its = part.checks[term] ?? collided;
    if (its === collided || (check ?? its) !== its) sure = false;
    check = its;
    const to = part.ends[term] ?? 0;
    for (let place = term === 0 ? 0 : (part.ends[term - 1] ?? 0); place < to; place += 1) {
      pages.place(offset + (part.places[place] ?? 0));
      count += 1;
    }
  }
  pages.end(hash, { count, sure });
}
