// The traffic log of the hub (RAND): messages as they leave, for a year, searched with NLQ and fetched one by
// one with NFQ. That a criminal history passed is kept, not what it said. Bounded: the oldest make way.
//
// @source nlets 9.4

import type { KeyRow, NletsTables } from './tables.ts';
import { literal } from './tables.ts';

export interface Logged {
  readonly number: number;
  readonly atMs: number;
  readonly key: string;
  readonly sender: string;
  readonly destination: string;
  /** Undefined where the content is not kept. */
  readonly text: string | undefined;
}

const entriesMax = 20_000;
const listedMax = 100;
const yearMs = 366 * 86_400_000;

export class TrafficLog {
  #entries: Logged[] = [];
  #number = 0;

  add(row: KeyRow | undefined, entry: Omit<Logged, 'number'>): void {
    const text = row?.class === 'C' ? undefined : entry.text;
    this.#entries.push({ ...entry, text, number: ++this.#number });
    // Twice the room, halved at once: an array that loses its first on each message is slow.
    if (this.#entries.length >= 2 * entriesMax) this.#entries = this.#entries.slice(-entriesMax);
  }

  /** Answer of NLQ in lines, newest first. */
  list(
    asked: ReadonlyMap<string, string>,
    by: {
      readonly zone: string;
      readonly atMs: number;
      readonly member: string;
      readonly tables: NletsTables;
    },
  ): readonly string[] {
    const found = this.#entries.filter((entry) => this.#fits(entry, asked, by)).reverse();
    return [
      literal(by.tables, 'logHead', { FOUND: found.length }),
      ...found.slice(0, listedMax).map((entry) => listed(entry, by.zone)),
    ];
  }

  /** Answer of NFQ in lines. A member sees its own traffic alone. */
  fetch(
    number: number,
    by: { readonly zone: string; readonly member: string; readonly tables: NletsTables },
  ): readonly string[] {
    const entry = this.#entries.find((one) => one.number === number);
    if (entry === undefined || !concerns(entry, by.member)) return [literal(by.tables, 'logNone')];
    return [listed(entry, by.zone), entry.text ?? literal(by.tables, 'logWithheld')];
  }

  #fits(
    entry: Logged,
    asked: ReadonlyMap<string, string>,
    by: { readonly zone: string; readonly atMs: number; readonly member: string },
  ): boolean {
    const of = (code: string): string => asked.get(code) ?? '';
    if (!concerns(entry, by.member) || by.atMs - entry.atMs > yearMs) return false;
    if (of('TYP') !== 'ALL' && !of('TYP').split(',').includes(entry.key)) return false;
    if (!entry.sender.startsWith(of('SRC')) || !entry.destination.startsWith(of('DST')))
      return false;
    const at = moment(entry.atMs, by.zone);
    if (at < startOf(of('BEG')) || at > endOf(of('END'))) return false;
    return wordsFit(entry.text ?? '', asked);
  }
}

/** Sent to or by the member. */
const concerns = ({ sender, destination }: Logged, member: string): boolean =>
  sender.startsWith(member) || destination.startsWith(member);

function wordsFit(text: string, asked: ReadonlyMap<string, string>): boolean {
  const has = (code: string): boolean => text.includes(asked.get(code) ?? '');
  if (asked.has('ORR')) return has('FND') || has('ORR');
  return has('FND') && has('AND') && has('NAM');
}

const startOf = (begin: string): string => (begin.length === 8 ? `${begin}@0000` : begin);

const endOf = (end: string): string => (end.length === 8 ? `${end}@2359` : end);

function moment(atMs: number, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
  const date = at.toPlainDate().toString().replaceAll('-', '');
  return `${date}@${at.toPlainTime().toString({ smallestUnit: 'minute' }).replace(':', '')}`;
}

const listed = (entry: Logged, zone: string): string =>
  `NUM/${entry.number} ${moment(entry.atMs, zone)} ${entry.key} ${entry.sender} ${entry.destination}`;
