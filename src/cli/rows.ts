// Rows as people and programs read them: table, plain, json, jsonl, csv. Rows stream; a table takes
// its widths from the first batch and never passes the width of the screen. Without one nothing is cut.

import { usage } from './flags.ts';
import { nearest } from './nearest.ts';
import { shown } from './output.ts';
import type { Output } from './output.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Column {
  /** Name in the machine forms, in `--columns`, and in capitals in the header. */
  readonly name: string;
  readonly title?: string;
  readonly cell?: (row: Row) => string;
  /** What it may be cut to when the screen is narrow; absent: never cut. */
  readonly least?: number;
  readonly right?: boolean;
  /** Cut without a sign that it was: the milliseconds of a time. */
  readonly plain?: boolean;
  /** Left out where the screen is too narrow, before anything is cut; the last of them first. */
  readonly spare?: boolean;
  /** Its width at least: for rows that come one by one, of which the first says nothing of the others. */
  readonly usual?: number;
}

export interface RowForm {
  /** `msc.journal-search/1`. */
  readonly schema: string;
  /** Member of the JSON object that holds the rows. */
  readonly member: string;
  readonly columns: readonly Column[];
  /** Further members of the rows that `--columns` may name. */
  readonly members?: readonly string[];
}

export class RowWriter {
  readonly #output: Output;
  readonly #form: RowForm;
  readonly #columns: readonly Column[];
  #layout: Layout | undefined;
  #count = 0;

  /** @throws MscFault MSC-1001 for a column that there is not. */
  constructor(output: Output, form: RowForm) {
    this.#output = output;
    this.#form = form;
    this.#columns = chosen(output.columns, form);
  }

  async write(rows: readonly Row[]): Promise<void> {
    for (const row of rows) await this.#output.print(this.#line(row, rows));
  }

  /** Closes what must be closed. @param extra Further members of the JSON object. */
  async end(extra: Row = {}): Promise<void> {
    if (this.#output.format !== 'json') return;
    const rest = JSON.stringify(extra).slice(1, -1);
    if (this.#count === 0) await this.#output.print(this.#opening());
    await this.#output.print(rest === '' ? ']}' : `],${rest}}`);
  }

  #line(row: Row, batch: readonly Row[]): string {
    const first = this.#count === 0;
    this.#count += 1;
    const head = first && this.#output.header;
    const cells = this.#columns.map((column) => cellOf(column, row));
    const titles = this.#columns.map((column) => column.title ?? column.name.toUpperCase());
    switch (this.#output.format) {
      case 'json':
        return `${first ? this.#opening() : ','}\n${JSON.stringify(this.#picked(row))}`;
      case 'jsonl':
        return JSON.stringify(this.#picked(row));
      case 'csv': {
        const names = this.#columns.map(({ name }) => name).join(',');
        const values = this.#columns.map(({ name }) => csvCell(valueOf(row, name)));
        return `${head ? `${names}\n` : ''}${values.join(',')}`;
      }
      case 'plain':
        return `${head ? `${titles.join('\t')}\n` : ''}${cells.map(shown).join('\t')}`;
      case 'table': {
        this.#layout ??= layoutOf(this.#columns, batch, this.#output);
        const header = head ? `${this.#output.bold(lineOf(this.#layout, titles))}\n` : '';
        return header + lineOf(this.#layout, cells);
      }
    }
  }

  #opening(): string {
    return `{"schema":${JSON.stringify(this.#form.schema)},${JSON.stringify(this.#form.member)}:[`;
  }

  /** The machine forms give every member, unless columns were asked for. */
  #picked(row: Row): Row {
    const names = this.#output.columns;
    if (names === undefined) return row;
    return Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]]));
  }
}

/** All rows at once, for lists that are short. */
export async function printRows(
  output: Output,
  form: RowForm,
  rows: readonly Row[],
  extra: Row = {},
): Promise<void> {
  const writer = new RowWriter(output, form);
  await writer.write(rows);
  await writer.end(extra);
}

interface Layout {
  readonly columns: readonly Column[];
  readonly widths: readonly number[];
  readonly gap: string;
  /** Cells wider than their column are cut. */
  readonly cuts: boolean;
}

function chosen(
  names: readonly string[] | undefined,
  { columns: own, members = [] }: RowForm,
): readonly Column[] {
  if (names === undefined) return own;
  const known = [...new Set([...own.map(({ name }) => name), ...members])];
  return names.map((name) => {
    if (!known.includes(name))
      throw usage(
        `there is no column ${shown(name)}; did you mean \`${nearest(name, known)}\`?`,
        `columns are ${own.map((column) => column.name).join(', ')}, and every member of -o json`,
      );
    return own.find((column) => column.name === name) ?? { name, least: 4 };
  });
}

function cellOf(column: Column, row: Row): string {
  return column.cell?.(row) ?? (valueOf(row, column.name) || '-');
}

/** As a program takes it; empty where the row has none. */
function valueOf(row: Row, name: string): string {
  const value = row[name];
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function layoutOf(columns: readonly Column[], rows: readonly Row[], output: Output): Layout {
  const widths = columns.map((column) =>
    Math.max(
      output.header ? (column.title ?? column.name).length : 0,
      Number.isFinite(output.width) ? (column.usual ?? 0) : 0,
      ...rows.map((row) => cellOf(column, row).length),
    ),
  );
  const cuts = Number.isFinite(output.width);
  const spared = spare(columns, widths, output.width);
  for (const gap of ['  ', ' ']) {
    const shownCount = spared.filter((width) => width > 0).length;
    const fitted = fit(columns, spared, output.width - gap.length * (shownCount - 1));
    if (fitted !== undefined) return { columns, widths: fitted, gap, cuts };
  }
  return { columns, widths: clipped(spared, output.width), gap: ' ', cuts };
}

/** Leaves out what may be left out, from the right, until the rest has room; a width of 0 is not shown. */
function spare(columns: readonly Column[], wanted: readonly number[], room: number): number[] {
  const widths = [...wanted];
  for (let at = columns.length - 1; at >= 0; at--) {
    const used = widths.filter((width) => width > 0);
    if (sum(used) + 2 * (used.length - 1) <= room) break;
    if (columns[at]?.spare === true) widths[at] = 0;
  }
  return widths;
}

/** Takes from the widest column that may be cut until all fit; undefined when they cannot. */
function fit(
  columns: readonly Column[],
  wanted: readonly number[],
  room: number,
): number[] | undefined {
  const widths = [...wanted];
  for (let over = sum(widths) - room; over > 0; over--) {
    const loose = columns.map(({ least }, i) => (widths[i] ?? 0) - (least ?? Infinity));
    const widest = loose.indexOf(Math.max(...loose));
    if ((loose[widest] ?? 0) <= 0) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** The columns from the left that the screen has room for. */
function clipped(widths: readonly number[], room: number): number[] {
  let left = room;
  return widths.map((width) => {
    const given = Math.max(0, Math.min(width, left));
    left -= given + 1;
    return given;
  });
}

function lineOf({ columns, widths, gap, cuts }: Layout, cells: readonly string[]): string {
  const padded = cells.map((cell, i) => {
    const width = widths[i] ?? 0;
    const whole = shown(cell);
    const text = cuts ? cut(whole, width, columns[i]?.plain === true) : whole;
    return columns[i]?.right === true ? text.padStart(width) : text.padEnd(width);
  });
  return padded
    .filter((_, i) => (widths[i] ?? 0) > 0)
    .join(gap)
    .trimEnd();
}

function cut(text: string, width: number, plain: boolean): string {
  if (plain) return text.slice(0, width).replace(/\.$/, '');
  if (text.length <= width) return text;
  return width < 3 ? text.slice(0, width) : `${text.slice(0, width - 1)}…`;
}

/** Quoted where needed; a spreadsheet never takes it for a formula. */
function csvCell(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
