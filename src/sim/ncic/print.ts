// A record as it is printed in a hit (ncic 1.6, 6): the line of its kind, its fields in the order of its
// file, its agency, its numbers, what to do. Pure over the tables; the same record prints the same.

import { formatStamp } from './calendar.ts';
import { valueOf, valuesOf } from './record.ts';
import type { NcicRecord, Pair } from './record.ts';
import { groupRuns } from './serials.ts';
import type { Agency } from './store.ts';
import type { NcicTables } from './tables.ts';
import { isGroup, isPersonFile } from './terms.ts';
import { fill } from './words.ts';

export interface Printing {
  readonly tables: NcicTables;
  readonly agency: (ori: string) => Agency | undefined;
  /** Who reads it: some fields are for the owner alone. */
  readonly reader: string;
  /** YYYYMMDD. */
  readonly today: string;
}

/** The lines of one record. */
export function printRecord(record: NcicRecord, by: Printing): readonly string[] {
  const { tables } = by;
  const file = tables.kinds.get(record.kind)?.file ?? 'vehicle';
  const [columns, lines] = [tables.layout.columns, tables.layout.lines.get(file) ?? []];
  const first = lines.filter(([code]) => code === 'EXL');
  const rest = lines.filter(([code]) => code !== 'EXL');
  const listed = new Set([...lines.flat(), ...printedElsewhere]);
  const others = [...new Set(record.fields.map(([code]) => code))].filter(
    (code) => !listed.has(code),
  );
  const itemLines = (codes: readonly string[]): readonly string[] =>
    wrap(
      codes.flatMap((code) => itemsOf(record, code, by)),
      columns,
    );
  return [
    `MKE/${titleOf(record, tables)}`,
    ...valuesOf(record, 'CMC').map((code) => meaningOf('CMC', code, tables)),
    ...first.flatMap(itemLines),
    ...rest.flatMap(itemLines),
    ...itemLines(others),
    ...wrapText(itemsOf(record, 'MIS', by), columns),
    agencyLine(record.ori, by),
    ...itemLines(['AKA']),
    ...wrap(supplementItems(record, by), columns),
    ...locatedLines(record, tables),
    ...attachedLines(record, tables),
    `NIC/${record.nic} DTE/${formatStamp(record.enteredMs)} DLU/${formatStamp(record.updatedMs)}`,
    ...orderLines(record, by),
    ...(tables.layout.last.get(lastOf(record, file)) ?? '').split('\n'),
  ];
}

/** What the MKE line prints. @source ncic 2.6 */
export function titleOf(record: NcicRecord, { kinds, suffixes }: NcicTables): string {
  const title = kinds.get(record.kind)?.title ?? record.kind;
  const text = suffixes.get(record.suffix ?? '');
  return text === undefined ? title : `${title} - ${text}`;
}

/** `ORI IS`, the name, state and telephone. @source ncic 6.1 */
export function agencyLine(ori: string, { tables, agency }: Printing): string {
  const found = agency(ori);
  const words = tables.layout.words;
  if (found === undefined) return fill(words.get('agencyUnknown') ?? '', { ori });
  const { name, state, phone } = found;
  return fill(words.get('agency') ?? '', { name, state, phone });
}

/** Code, blank, hyphen, blank, meaning; the code alone where the tables have none. @source ncic 11 (17) */
export function meaningOf(field: string, code: string, { translations }: NcicTables): string {
  const meaning = translations.fields.get(field)?.get(code);
  if (meaning === undefined) return code;
  return translations.meaningAlone.has(field) ? meaning : `${code} - ${meaning}`;
}

/** Breaks between items only. */
export function wrap(items: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + item.length <= columns)
      lines[lines.length - 1] = `${last} ${item}`;
    else lines.push(item);
  }
  return lines;
}

/** Printed in lines of their own, or not to be printed. */
const printedElsewhere = ['CMC', 'MIS', 'AKA', 'NOA', 'VLN'];

/** Free text breaks between words. */
const wrapText = (items: readonly string[], columns: number): readonly string[] =>
  items.flatMap((item) => wrap(item.split(' '), columns));

function itemsOf(record: NcicRecord, code: string, { tables, reader }: Printing): string[] {
  if (code === 'ORI') return [`ORI/${record.ori}`];
  if (code === 'SER' && isGroup(record.kind))
    return groupRuns(record).map(({ low, high }) => `SER/${low === high ? low : `${low}-${high}`}`);
  if (code === 'VLN' && reader !== record.ori) return [];
  const aliases = code === 'AKA' ? (record.supplements ?? []) : [];
  const values = baseValues([...record.fields, ...aliases], code);
  return values.map((value) => `${code}/${printed(code, value, tables)}`);
}

const baseValues = (fields: readonly Pair[], code: string): readonly string[] =>
  fields.flatMap(([each, value]) => (each === code && value !== '' ? [value] : []));

function printed(code: string, value: string, tables: NcicTables): string {
  // Both widths are taken, one digit is printed.
  const single = code === 'EXL' ? value.replace(/^0/, '') : value;
  return code === 'OFF'
    ? meaningOf(code, single.slice(0, 4), tables) + single.slice(4)
    : meaningOf(code, single, tables);
}

function supplementItems(record: NcicRecord, { tables }: Printing): string[] {
  return (record.supplements ?? [])
    .filter(([code]) => code !== 'AKA' && code !== 'CMC')
    .map(([code, value]) => `${code}/${printed(code, value, tables)}`);
}

function locatedLines(record: NcicRecord, { layout }: NcicTables): readonly string[] {
  const text = layout.words.get('located') ?? '';
  return (record.locates ?? []).map(({ date, ori, rca }) => fill(text, { date, ori, rca }));
}

/** A line of its own for what hangs on the record, and for identifiers that are not the person's. */
function attachedLines(record: NcicRecord, tables: NcicTables): readonly string[] {
  const hung = tables.attachments.map(
    ({ name, title }) => [title, record.attached?.[name] ?? []] as const,
  );
  const stolen = [tables.layout.words.get('stolen') ?? '', record.stolen ?? []] as const;
  return [stolen, ...hung].flatMap(([title, pairs]) => {
    const items = pairs.map(([code, value]) => `${code}/${printed(code, value, tables)}`);
    return items.length === 0 ? [] : wrapText([[title, ...items].join(' ')], tables.layout.columns);
  });
}

/** Pending and inactive orders say so. @source ncic 5.11 */
function orderLines(record: NcicRecord, { tables, today }: Printing): readonly string[] {
  const { orders } = tables.layout;
  if (record.state === 'inactive')
    return [fill(orders.get('inactive') ?? '', { date: record.inactiveFrom })];
  const from = valueOf(record, 'ISD');
  const pending = tables.kinds.get(record.kind)?.file === 'protection' && from !== undefined;
  return pending && from > today ? [fill(orders.get('pending') ?? '', { date: from })] : [];
}

function lastOf(record: NcicRecord, file: Parameters<typeof isPersonFile>[0]): string {
  if (record.kind === 'ERG') return 'recovered';
  return isPersonFile(file) ? file : 'property';
}
