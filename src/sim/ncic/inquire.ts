// One inquiry answered: what is found in the order of the questions, each record once, a line for each
// identifier that missed; who has to be told, and what is kept for delayed hits (ncic 2.2, 6.1 to 6.4).

import { ok } from '#protocol/result';
import { asksOf, caseAsk } from './ask.ts';
import { searchDescribed } from './ask-described.ts';
import { agencyOf, fileOf, showPairs } from './desk.ts';
import type { Desk, Done, Outcome } from './desk.ts';
import type { InquiryKey } from './inquiry-tables.ts';
import { hitNotices, printingFor } from './notices.ts';
import { agencyLine, printRecord } from './print.ts';
import { fieldOf } from './question.ts';
import type { Ask, Inquiry } from './question.ts';
import { eachOnce, valueOf } from './record.ts';
import type { Pair, StoredRecord } from './record.ts';
import { fill } from './words.ts';

export function inquire(desk: Desk, key: InquiryKey, pairs: readonly Pair[]): Done {
  const sets = key.batch ? batchesOf(pairs) : [pairs];
  const outcomes = sets.map((fields) => answerOne(desk, { key, fields }));
  const besides = desk.tables.inquiries.besides.get(key.key);
  return ok({
    lines: [...outcomes.flatMap(({ lines }) => lines), ...(besides === undefined ? [] : [besides])],
    notices: outcomes.flatMap(({ notices }) => notices ?? []),
  });
}

/** A code that stands again begins the next inquiry of a batch. @source ncic 1.4, 2.2 */
function batchesOf(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  const batches: Pair[][] = [];
  let seen = new Set<string>();
  for (const pair of pairs) {
    const last = batches.at(-1);
    if (last === undefined || seen.has(pair[0])) {
      batches.push([pair]);
      seen = new Set([pair[0]]);
    } else {
      last.push(pair);
      seen.add(pair[0]);
    }
  }
  return batches;
}

function answerOne(
  desk: Desk,
  { key, fields }: { readonly key: InquiryKey; readonly fields: readonly Pair[] },
): Outcome {
  if (key.asks === 'agency') return { lines: agencyLines(desk, fields) };
  const { ori, today, tables, store } = desk;
  const inquiry: Inquiry = { key, ori, fields, today, tables };
  const asks = asksOf(inquiry);
  const found = asks.map((ask) => search(desk, ask));
  const records = eachOnce(found.flat());
  const related = fieldOf(inquiry, 'RSH') === 'Y' ? relatedTo(desk, records) : [];
  if (!key.administrative) keepForLater(desk, inquiry, asks);
  const all = [...records, ...related];
  const shown = all.slice(0, tables.layout.recordsMost);
  return {
    lines: [
      ...attention(inquiry),
      ...missed(inquiry, asks, found),
      ...shown.flatMap((record) => printRecord(record, printingFor({ store, tables, today }, ori))),
      ...moreLine(all.length - shown.length, desk),
    ],
    notices: key.administrative ? [] : hitNotices(desk, key.key, shown),
  };
}

function search(desk: Desk, ask: Ask): readonly StoredRecord[] {
  const { store, tables } = desk;
  const byTerms = store.find(ask.terms);
  return [...byTerms, ...searchDescribed(desk, ask)].filter((record) =>
    ask.fits(record, fileOf(record, tables)),
  );
}

/** Records of the same case, or linked with one. @source ncic 3.1 RSH */
function relatedTo(desk: Desk, records: readonly StoredRecord[]): readonly StoredRecord[] {
  const known = new Set(records.map(({ id }) => id));
  const cases = records.flatMap((record) => {
    const linked = [valueOf(record, 'LKI'), valueOf(record, 'LKA')] as const;
    const own = [record.ori, valueOf(record, 'OCA')] as const;
    return [own, linked].flatMap(([ori, oca]) =>
      ori === undefined || oca === undefined ? [] : [caseAsk(ori, oca, [])],
    );
  });
  return eachOnce(cases.flatMap((ask) => search(desk, ask))).filter(
    ({ id, state }) => !known.has(id) && state !== 'inactive',
  );
}

/** Property: a line for each identifier that missed. Persons: one line and what the key searches. @source ncic 6.4 */
function missed(
  inquiry: Inquiry,
  asks: readonly Ask[],
  found: readonly (readonly StoredRecord[])[],
): readonly string[] {
  const { key, fields, tables } = inquiry;
  const { negative, keyNotes } = tables.inquiries;
  const echo = (codes: readonly string[]): string =>
    showPairs(codes.flatMap((code) => fields.filter((pair) => pair[0] === code && pair[1] !== '')));
  if (key.asks === 'person') {
    if (found.some((records) => records.length > 0)) return [];
    const codes = [...new Set([...personEcho, ...asks.flatMap((ask) => ask.echo)])];
    const note = keyNotes.get(key.key);
    return [`${negative.person} ${echo(codes)}`.trimEnd(), ...(note === undefined ? [] : [note])];
  }
  if (asks.length === 0) return [`${negative.property} ${showPairs(fields)}`.trimEnd()];
  return asks.flatMap((ask, at) =>
    found[at]?.length === 0 ? [`${negative.property} ${echo(ask.echo)}`.trimEnd()] : [],
  );
}

const personEcho = ['NAM', 'DOB', 'RAC', 'SEX'];

/** An article number that is known to be of a model or a patent. @source ncic 4.4 QC */
function attention(inquiry: Inquiry): readonly string[] {
  if (inquiry.key.asks !== 'article') return [];
  const { text, numbers } = inquiry.tables.inquiries.attention;
  return ['SER', 'OAN'].flatMap((code) => {
    const number = fieldOf(inquiry, code);
    return number !== undefined && numbers.has(number) ? [fill(text, { number })] : [];
  });
}

function moreLine(count: number, { tables }: Desk): readonly string[] {
  return count > 0 ? [fill(tables.layout.more, { count: String(count) })] : [];
}

/** @source ncic 8 $.H. */
function keepForLater(desk: Desk, inquiry: Inquiry, asks: readonly Ask[]): void {
  const { files } = desk.tables.notices.delayed;
  if (![...inquiry.key.files].some((file) => files.includes(file))) return;
  const terms = [...new Set(asks.flatMap((ask) => ask.terms))];
  if (terms.length === 0) return;
  const { atMs, ori, reference } = desk;
  desk.store.logInquiry(
    { atMs, ori, reference, key: inquiry.key.key, fields: inquiry.fields },
    terms,
  );
}

/** The ORI file. @source ncic 2.5 QO, ZO */
function agencyLines(desk: Desk, fields: readonly Pair[]): readonly string[] {
  const asked = fields.find(([code]) => code === 'ORI')?.[1] ?? '';
  if (agencyOf(desk, asked) === undefined)
    return [`${desk.tables.inquiries.negative.property} ORI/${asked}`];
  return [`ORI/${asked}`, agencyLine(asked, printingFor(desk, desk.ori))];
}
