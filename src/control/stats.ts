// Counting entries in groups, for `journal who-ran` and `journal stats`. The journal counts, without a row and without
// a text; it leaves the entry of a search. Bounded: too many groups are refused, never cut off.

import { formatTime, type Row } from '#journal/row';
import { groupsMost, type Group } from '#journal/tally';
import { MscFault } from '#src/errors';
import type { JournalDesk } from './desk.ts';
import { mustBeZone } from './local-time.ts';
import { boundedNow, howEnded, noteSearch } from './release.ts';
import { instantsOf, withPulse } from './notes.ts';
import { countInto, newCounting } from './tally.ts';
import type { Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import type { SearchEnd } from './wire-search.ts';
import type { TallyColumn } from './wire-releases.ts';

/** Rows of one line of the answer. */
const rowsAtOnce = 250;

export async function tally(
  desk: JournalDesk,
  visit: Visit,
  args: Commands['tally']['args'],
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const { command, asked, by, zone } = args;
  mustBeZone(zone);
  const query = await boundedNow(desk, args.query);
  const counting = newCounting();
  const wish = { by, zone, beyond: 'ends' } as const;
  let entry: number | undefined;
  try {
    const from = { journal: desk.journal, gone: visit.gone };
    await withPulse(visit, () => countInto(counting, from, { query, wish }));
    if (counting.others > 0) throw new MscFault('MSC-1704', { detail: `more than ${groupsMost}` });
    const { groups } = counting;
    for (let at = 0; at < groups.length && !visit.gone.aborted; at += rowsAtOnce)
      await visit.sendRows(groups.slice(at, at + rowsAtOnce).map((group) => rowOf(by, group)));
  } finally {
    const detail = { count: counting.count, by: by.join(' '), ended: howEnded(visit) };
    entry = await noteSearch(desk, visit, { command, asked, why: {} }, detail);
  }
  const tookMs = visit.nowMs() - startedMs;
  return { count: counting.count, ...instantsOf(query), tookMs, entry };
}

function rowOf(by: readonly TallyColumn[], { values, count, first, last }: Group): Row {
  const named = by.flatMap((column, at) => (values[at] === '' ? [] : [[column, values[at]]]));
  return {
    ...(Object.fromEntries(named) as Row),
    ...{ count, first: formatTime(first.time), last: formatTime(last.time) },
    ...{ first_entry: first.entry, last_entry: last.entry },
  };
}
