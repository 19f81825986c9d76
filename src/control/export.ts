// `msc journal export`: every entry that fits, with its text, for a file of the person's. The release stands before
// the first row; how the reading ended stands in an entry after the last, because an export may be broken off.

import type { Desk } from './desk.ts';
import type { ReleaseNumbers } from './release-number.ts';
import type { Detail, Look } from './release.ts';
import { admitText, boundedNow, howEnded, noteSearch, release, survey, whyOf } from './release.ts';
import { withPulse } from './notes.ts';
import { readOut } from './search.ts';
import type { Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import type { SearchEnd } from './wire-search.ts';

export async function exportText(
  desk: Desk,
  visit: Visit,
  args: Commands['export']['args'],
  numbers: ReleaseNumbers,
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const to: Detail = { to: 'file', file: args.file, form: args.form };
  const look: Look = { command: 'export', asked: args.asked, why: whyOf(args), to };
  await admitText(desk, visit, look);
  const query = await boundedNow(desk, args.query);
  const found = await withPulse(visit, () => survey(desk, visit, query));
  if (found.count === 0 || visit.gone.aborted) {
    const entry = await noteSearch(desk, visit, look, { count: 0, ended: howEnded(visit) });
    return { count: 0, tookMs: visit.nowMs() - startedMs, entry };
  }
  const released = await release({ desk, visit, numbers }, look, found);
  const { count, failure } = await readOut(desk, visit, { query, text: true });
  const ended = failure === undefined ? howEnded(visit) : 'failed';
  await noteSearch(desk, visit, look, { count, text: true, ended });
  if (failure !== undefined) throw failure;
  return { count, tookMs: visit.nowMs() - startedMs, ...released };
}
