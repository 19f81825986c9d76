// `msc journal print`: entries with their text on pages, to a printer or to the person who asks. The journal is
// read twice: once to know how many pages there are and what is released, once to fill them.
// Bounded: a print that is longer than paper should be is refused before anything of it is released.

import assert from 'node:assert/strict';
import type { StoredEntry } from '#journal/entry';
import type { Query } from '#journal/query';
import { formatRow } from '#journal/row';
import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import { mustBeZone } from './local-time.ts';
import { entryLines, headLines, Paginator, type Sheet } from './paper.ts';
import type { ReleaseNumbers } from './release-number.ts';
import type { Detail, Look, ReleaseParts, Survey } from './release.ts';
import { admitText, boundedNow, howEnded, noteSearch, release, survey, whyOf } from './release.ts';
import { withPulse } from './notes.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import type { PrintReport } from './wire-releases.ts';

/** To a file. Whoever needs more exports. */
const filePagesMost = 2_000;
/** To a printer: they go out in one turn of the switch. */
const printerPagesMost = 200;

export async function print(
  desk: Desk,
  visit: Visit,
  args: Commands['print']['args'],
  numbers: ReleaseNumbers,
): Promise<PrintReport> {
  const look: Look = { command: 'print', asked: args.asked, why: whyOf(args) };
  await admitText(desk, visit, look);
  mustBeZone(args.zone);
  if (args.to !== undefined) desk.printer(args.to);
  const query = await boundedNow(desk, args.query);
  return withPulse(visit, () =>
    carryOut({ desk, visit, numbers, args, look, query, atMs: visit.nowMs() }),
  );
}

interface Print extends ReleaseParts {
  readonly args: Commands['print']['args'];
  readonly look: Look;
  readonly query: Query;
  /** When it is printed, by its head. */
  readonly atMs: number;
}

async function carryOut(print: Print): Promise<PrintReport> {
  const { desk, visit, args, look } = print;
  const { found, pages } = await planned(print);
  const { count } = found;
  if (!args.apply || count === 0 || visit.gone.aborted) {
    const ended = args.apply ? howEnded(visit) : 'planned';
    return { count, pages, entry: await noteSearch(desk, visit, look, { count, pages, ended }) };
  }
  const { to, file } = args;
  const goal: Detail =
    to === undefined ? { to: 'file', ...(file === undefined ? {} : { file }) } : { to };
  const recorded = { ...look, to: { ...goal, pages } };
  if (to !== undefined) {
    const sent = await release(print, recorded, found, (number, detail) =>
      sendPages(print, { found, pages, number, detail, to }),
    );
    return { count, pages, ...sent };
  }
  const released = await release(print, recorded, found);
  const paged = { found, pages, number: released.release };
  for await (const lines of sheetsOf(print, paged, visit.gone)) await visit.sendRows([{ lines }]);
  await noteSearch(desk, visit, look, { count, pages, text: true, ended: howEnded(visit) });
  return { count, pages, ...released };
}

/** What would be released, on how many pages. @throws MscFault MSC-1703, after the entry that says so. */
async function planned(print: Print): Promise<{ readonly found: Survey; readonly pages: number }> {
  const { desk, visit, args, look, query } = print;
  const most = args.to === undefined ? filePagesMost : printerPagesMost;
  const paginator = new Paginator(headLines(sheetOf(print, 0, ''), 1, 1));
  const measure = (stored: StoredEntry): void => {
    paginator.add(linesOf(stored, args.zone));
    if (paginator.pages > most)
      throw new MscFault('MSC-1703', { detail: `more than ${most} pages` });
  };
  try {
    const found = await survey(desk, visit, query, measure);
    return { found, pages: paginator.pages };
  } catch (refusal) {
    if (refusal instanceof MscFault) await noteSearch(desk, visit, look, { ended: 'refused' });
    throw refusal;
  }
}

interface Paged {
  readonly found: Survey;
  readonly pages: number;
  readonly number: string;
}

/** The record and its pages stand in one turn of the switch; the pages leave when both are durable. */
async function sendPages(
  print: Print,
  paged: Paged & { readonly detail: Detail; readonly to: string },
): Promise<{ readonly entry: number }> {
  const pages: string[] = [];
  // Read to the end, whoever goes away: a print is whole.
  const never = new AbortController().signal;
  for await (const lines of sheetsOf(print, paged, never)) pages.push(lines.join('\r\n'));
  const { detail, to: mnemonic, number: job } = paged;
  const { desk, visit, look } = print;
  return desk.act(visit.person, { kind: 'print', mnemonic, job, pages, detail, ...look.why });
}

/** Every page whole, head and body. */
async function* sheetsOf(
  print: Print,
  { found, pages, number }: Paged,
  gone: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const { desk, args, query } = print;
  const sheet = sheetOf(print, found.count, number);
  const paginator = new Paginator(headLines(sheet, 1, pages));
  let page = 0;
  const whole = (body: readonly string[]) => [...headLines(sheet, (page += 1), pages), ...body];
  for await (const batch of untilGone(desk.journal.search(query), gone))
    for (const stored of batch)
      for (const body of paginator.add(linesOf(stored, args.zone))) yield whole(body);
  for (const body of paginator.end()) yield whole(body);
  assert(gone.aborted || page === pages, 'a print has as many pages as its head says');
}

function linesOf(stored: StoredEntry, zone: string): readonly string[] {
  return entryLines(formatRow(stored, { text: true }), zone);
}

function sheetOf({ desk, visit, args, look, atMs }: Print, count: number, number: string): Sheet {
  const { since, until, reverse, limit } = args.query;
  return {
    ...{ release: number, county: desk.status(true).county, asked: args.asked },
    ...{ sinceUs: since, untilUs: until, count, limit },
    ...{ order: reverse ? 'oldest first' : 'newest first', person: visit.person },
    ...{ atMs, zone: args.zone, why: look.why },
  };
}
