// Entries on paper: pages of 80 columns that a printer, a file and a PDF share. Each page has a head that says what
// was searched, how much there is, who printed it, when, and which page of how many it is.
// The text of a message is on it octet for octet: what is no printable ASCII stands as \xHH, a backslash as \\; a
// line of the text begins with `|`, the rest of a long one with `+`. So the octets can be read back from the paper.

import { formatInstant, formatUs } from './local-time.ts';
import type { ReleaseWhy } from './wire-releases.ts';

type Row = Readonly<Record<string, unknown>>;

export const pageColumns = 80;
export const pageLines = 60;
/** With CR LF behind each line: every peer takes a message of 4,096 octets with its header. @source link F3 */
const pageOctets = 4000;
const lineEndOctets = 2;

/** What the head of each page says. */
export interface Sheet {
  readonly release: string;
  readonly county: string;
  readonly asked: string;
  readonly sinceUs?: number | undefined;
  readonly untilUs?: number | undefined;
  readonly count: number;
  readonly order: 'newest first' | 'oldest first';
  /** Most entries that were asked for; 0 is all. */
  readonly limit: number;
  readonly person: string;
  readonly atMs: number;
  readonly zone: string;
  readonly why: ReleaseWhy;
}

/** Lines that one part of the head may take; the release record has the whole. */
const partLinesMost = 3;

/** The head of one page; as many lines on every page of a print. */
export function headLines(sheet: Sheet, page: number, pages: number): readonly string[] {
  const { zone, why, count, order, limit } = sheet;
  const first = `JOURNAL PRINT  release ${sheet.release}`;
  const number = `page ${page} of ${pages}`;
  const total = `${count}, ${order}${limit > 0 ? `, at most ${limit} asked for` : ''}`;
  return [
    first.padEnd(pageColumns - number.length) + number,
    ...part('searched', sheet.asked === '' ? 'everything' : sheet.asked),
    ...part('period', `${instantOf(sheet.sinceUs, zone) ?? 'the beginning'} to ${endOf(sheet)}`),
    ...part('entries', total),
    ...part('printed', `${formatUs(sheet.atMs * 1000, zone)} by ${sheet.person}, ${sheet.county}`),
    ...part('reason', why.reason),
    ...part('case', why.case),
    ...part('for', peopleOf(why)),
    '-'.repeat(pageColumns),
  ];
}

/** One entry: a line to find it by, everything that is known of it, its text. */
export function entryLines(row: Row, zone: string): readonly string[] {
  const { text, entry, ...members } = row;
  const what = row['event'] === undefined ? 'kind' : 'event';
  const names = ['direction', 'mnemonic', 'user', 'mke', what, 'outcome', 'code'];
  const words = names.map((name) => wordOf(row[name]));
  const head = [`#${wordOf(entry)}`, localTime(wordOf(row['time']), zone), ...words];
  const pairs = Object.entries(members).map(([name, value]) => `${name}=${quoted(value)}`);
  return [
    ...folded(head.filter((word) => word !== '')).map(
      (line, at) => (at === 0 ? '' : indent) + line,
    ),
    ...folded(pairs.map(visible)).map((line) => indent + line),
    ...(typeof text === 'string' ? textLines(text) : []),
    '',
  ];
}

/** Text as paper may show it, reversibly. */
export function visible(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]|\\/gu, (octet) => {
    if (octet === '\\') return '\\\\';
    const code = octet.codePointAt(0) ?? 0;
    const hex = code.toString(16).toUpperCase();
    return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
  });
}

/** Fills pages with lines: no page has more lines or octets than it may have with its head. */
export class Paginator {
  readonly #linesMost: number;
  readonly #octetsMost: number;
  #lines: string[] = [];
  #octets = 0;
  #pages = 0;

  /** @param head That of any page: all have as many lines. */
  constructor(head: readonly string[]) {
    this.#linesMost = pageLines - head.length;
    this.#octetsMost = pageOctets - head.length * (pageColumns + lineEndOctets);
  }

  /** Pages that were begun. */
  get pages(): number {
    return this.#pages;
  }

  /** @returns The bodies of the pages that are full now. */
  add(lines: readonly string[]): readonly (readonly string[])[] {
    const full: (readonly string[])[] = [];
    for (const line of lines) {
      const octets = line.length + lineEndOctets;
      const fits =
        this.#lines.length < this.#linesMost && this.#octets + octets <= this.#octetsMost;
      if (this.#lines.length > 0 && !fits) full.push(...this.end());
      // Nothing stands above the first line of a page but its head.
      if (line === '' && this.#lines.length === 0) continue;
      if (this.#lines.length === 0) this.#pages += 1;
      this.#lines.push(line);
      this.#octets += octets;
    }
    return full;
  }

  /** @returns The body of the page that was begun, if there is one. */
  end(): readonly (readonly string[])[] {
    const body = this.#lines;
    [this.#lines, this.#octets] = [[], 0];
    return body.length === 0 ? [] : [body];
  }
}

const nameColumns = 10;
/** Of all that is known of an entry: its first line and its text alone begin at the margin. */
const indent = '  ';

function part(name: string, text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const room = pageColumns - nameColumns;
  const lines = pieces(visible(text), room);
  const kept = lines.slice(0, partLinesMost);
  const last = kept.at(-1) ?? '';
  if (lines.length > kept.length) kept[kept.length - 1] = `${last.slice(0, room - 4)} ...`;
  return kept.map((line, at) => (at === 0 ? name : '').padEnd(nameColumns) + line);
}

function peopleOf({ requester, recipient }: ReleaseWhy): string | undefined {
  const parts = [
    ...(requester === undefined ? [] : [`requester ${requester}`]),
    ...(recipient === undefined ? [] : [`recipient ${recipient}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

function endOf({ untilUs, atMs, zone }: Sheet): string {
  return instantOf(untilUs, zone) ?? formatUs(atMs * 1000, zone);
}

function instantOf(us: number | undefined, zone: string): string | undefined {
  return us === undefined ? undefined : formatUs(us, zone);
}

/** The journal's own UTC text is among the members of the entry. */
function localTime(text: string, zone: string): string {
  return text === '' ? '' : formatInstant(Temporal.Instant.from(text), zone);
}

function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? visible(String(value)) : '';
}

function quoted(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** Every CR LF ends a line; any other octet stays where it is. */
function textLines(text: string): readonly string[] {
  return text.split('\r\n').flatMap((line) => {
    const parts = pieces(visible(line), pageColumns - 2);
    return parts.map((piece, at) => `${at === 0 ? '|' : '+'} ${piece}`);
  });
}

function pieces(text: string, room: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += room) parts.push(text.slice(at, at + room));
  return parts.length === 0 ? [''] : parts;
}

/** Words on as many lines as they need, two blanks between them; a word too long for a line goes on below. */
function folded(words: readonly string[]): readonly string[] {
  const room = pageColumns - indent.length;
  const lines: string[] = [];
  for (const word of words.flatMap((each) => pieces(each, room))) {
    const longer = `${lines.at(-1) ?? ''}  ${word}`;
    if (lines.length === 0 || longer.length > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
