// What others are told without asking (ncic 8). Layouts are choices of this simulator; to whom is the
// line below the key.

import type { Said } from '../host.ts';
import { asksOf } from './ask.ts';
import { formatStamp } from './calendar.ts';
import { fileOf, showPairs } from './desk.ts';
import type { Desk } from './desk.ts';
import type { LoggedInquiry } from './inquiry-log.ts';
import { agencyLine, printRecord, titleOf } from './print.ts';
import type { Printing } from './print.ts';
import { valueOf } from './record.ts';
import type { Locate, NcicRecord, Pair, StoredRecord } from './record.ts';
import { notice } from './speech.ts';
import { termsOf } from './terms.ts';
import { fill } from './words.ts';

type Told = Pick<Desk, 'store' | 'tables'> & { readonly today: string };

/** What an agency reads a record as. */
export const printingFor = ({ store, tables, today }: Told, reader: string): Printing => ({
  tables,
  today,
  reader,
  agency: (ori) => store.agency(ori),
});

export function tell(desk: Told, kind: string, ori: string, lines: readonly string[]): Said {
  const { keys, titles } = desk.tables.notices;
  return notice(keys.get(kind) ?? '$.A.', ori, [titles.get(kind) ?? kind.toUpperCase(), ...lines]);
}

/** A record in full, to its owner or somebody else. */
export const tellRecord = (desk: Told, kind: string, ori: string, record: NcicRecord): Said =>
  tell(desk, kind, ori, printRecord(record, printingFor(desk, ori)));

/** In short: what it is, its main number, case and NIC. */
export function shortLines(
  record: NcicRecord,
  { tables }: Told,
  main: Pair | undefined = mainIdentifier(record),
): readonly string[] {
  const oca: Pair = ['OCA', valueOf(record, 'OCA') ?? ''];
  const items: readonly Pair[] = [...(main === undefined ? [] : [main]), oca, ['NIC', record.nic]];
  return [`MKE/${titleOf(record, tables)}`, showPairs(items)];
}

/** The number people know a record by. @source ncic 6.5 */
export function mainIdentifier(record: NcicRecord): Pair | undefined {
  for (const code of ['NAM', 'VIN', 'LIC', 'BHN', 'REG', 'SER', 'OAN', 'CGD']) {
    const value = valueOf(record, code);
    if (value !== undefined && value !== '') return [code, value];
  }
  return undefined;
}

/** `$.L.` to the owner. @source ncic 8 */
export function locateNotice(
  desk: Desk,
  { record, ids }: { readonly record: StoredRecord; readonly ids: readonly Pair[] },
  { date, rca }: Locate,
): Said {
  // By what the locating agency named it, where that is more than the numbers of the record.
  const named = ids.find(([code]) => code !== 'NIC' && code !== 'OCA');
  const by = `LOCATED BY ${desk.ori} ${date}${rca === undefined ? '' : ` RCA/${rca}`}`;
  const agency = agencyLine(desk.ori, printingFor(desk, record.ori)).replace(/^ORI IS /, '');
  return tell(desk, 'locate', record.ori, [...shortLines(record, desk, named), by, agency]);
}

/** To the owner of a record with NOA/Y, of every hit. @source ncic 3.1 NOA */
export function hitNotices(
  desk: Desk,
  key: string,
  records: readonly StoredRecord[],
): readonly Said[] {
  return records
    .filter((record) => valueOf(record, 'NOA') === 'Y')
    .map((record) =>
      tell(desk, 'hit', record.ori, [
        ...shortLines(record, desk),
        `HIT BY ${desk.ori} ${key} ${formatStamp(desk.atMs)}`,
        agencyLine(desk.ori, printingFor(desk, record.ori)),
      ]),
    );
}

/** `$.8.`: a vehicle, plate or boat that another state registers. @source ncic 8 */
export function registryNotice(desk: Desk, record: StoredRecord): readonly Said[] {
  const { registry } = desk.tables.notices;
  const file = fileOf(record, desk.tables);
  const state = valueOf(record, file === 'boat' ? 'RES' : 'LIS');
  if (!registry.files.includes(file) || state === undefined) return [];
  if (state === record.ori.slice(0, 2)) return [];
  const ori = desk.settings.stateControl[state] ?? fill(registry.ori, { state });
  return [tellRecord(desk, 'registry', ori, record)];
}

/**
 * `$.H.` to everyone who asked within the window what this record now answers, and to its owner.
 * @param before The record as it was: who was answered then is not told again.
 * @source ncic 8
 */
export function delayedNotices(
  desk: Desk,
  record: StoredRecord,
  before?: StoredRecord,
): readonly Said[] {
  const { delayed } = desk.tables.notices;
  const file = fileOf(record, desk.tables);
  if (!delayed.files.includes(file)) return [];
  const since = desk.atMs - delayed.days * 86_400_000;
  const asked = desk.store
    .inquiriesFor(termsOf(record, file, desk.tables.phonetic), since)
    .filter((each) => answers(desk, each, record))
    .filter((each) => before === undefined || !answers(desk, each, before));
  return asked.flatMap((each) => [
    delayedNotice(desk, record, each, each.ori),
    ...(each.ori === record.ori ? [] : [delayedNotice(desk, record, each, record.ori)]),
  ]);
}

function answers(desk: Desk, logged: LoggedInquiry, record: StoredRecord): boolean {
  const key = desk.tables.inquiries.keys.get(logged.key);
  if (key === undefined) return false;
  const { tables, today } = desk;
  const asks = asksOf({ key, ori: logged.ori, fields: logged.fields, today, tables });
  return asks.some((ask) => ask.fits(record, fileOf(record, tables)));
}

function delayedNotice(desk: Desk, record: StoredRecord, logged: LoggedInquiry, to: string): Said {
  const { ori, atMs, key, fields, reference } = logged;
  const whose = to === ori ? 'YOUR INQUIRY' : `INQUIRY OF ${ori}`;
  const asked = `${whose} ${formatStamp(atMs)} ${key} ${showPairs(fields)} HDR/${reference}`;
  return tell(desk, 'delayed', to, [
    asked,
    `MATCHES A RECORD ENTERED ${formatStamp(record.enteredMs)}`,
    ...printRecord(record, printingFor(desk, to)),
  ]);
}
