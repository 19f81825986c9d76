// One frame of `msc top`: as many lines as the screen has, none wider. Pure.

import { stateWords, tlsWords } from '../link.ts';
import { formatCount, formatLength, formatSince, numberOf, wordsOf } from '../measures.ts';
import { shown } from '../output.ts';
import { statusLines } from '../status.ts';
import { textOf } from '../journal-columns.ts';
import type { Size } from './screen.ts';
import { chosenLink, otherLines, shownLinks, type Rated, type View } from './view.ts';

const statusRows = 6;
const inverse = (text: string): string => `\u001b[7m${text}\u001b[0m`;

export function frameLines(view: View, size: Size, nowMs: number): readonly string[] {
  const { columns, rows } = size;
  const body = bodyOf(view, size, nowMs).slice(0, rows - 1);
  const blank = Array.from({ length: Math.max(0, rows - 1 - body.length) }, () => '');
  return [...body, ...blank, inverse(cut(footOf(view), columns).padEnd(columns))];
}

function bodyOf(view: View, size: Size, nowMs: number): readonly string[] {
  if (view.page === 'help') return help.map((line) => cut(line, size.columns));
  if (view.page === 'detail') return detailLines(view, size.columns);
  return [...headLines(view, size.columns, nowMs), '', ...listLines(view, size, nowMs)];
}

/** The lines of `msc status`, always as many, so that the list does not jump. */
function headLines(view: View, columns: number, nowMs: number): readonly string[] {
  const { sample, rates, zone } = view;
  if (sample === undefined) return [];
  const lines = statusLines(sample.status, { nowMs, zone });
  const rate = `rates      ${rates.in.toFixed(1)} in/s   ${rates.out.toFixed(1)} out/s`;
  const kept = [...lines.slice(0, statusRows - 1), rate];
  const blank = Array.from({ length: Math.max(0, statusRows - kept.length) }, () => '');
  return [...kept, ...blank].map((line) => cut(line, columns));
}

interface Field {
  readonly title: string;
  readonly width: number;
  readonly right?: true;
  readonly cell: (rated: Rated) => string;
}

function listLines(view: View, { columns, rows }: Size, nowMs: number): readonly string[] {
  const room = Math.max(1, rows - otherLines);
  const fields = fieldsFor(columns, view.zone, nowMs);
  const all = shownLinks(view);
  const lines = all.slice(view.first, view.first + room).map((rated, at) => {
    const isChosen = view.first + at === view.chosen;
    const line = `${isChosen ? '>' : ' '} ${fields.map((field) => padded(field, field.cell(rated))).join(' ')}`;
    const whole = cut(line, columns).padEnd(columns);
    return isChosen ? inverse(whole) : whole.trimEnd();
  });
  const head = `  ${fields.map((field) => padded(field, field.title)).join(' ')}`;
  const none = all.length === 0 ? ['  no link fits'] : [];
  return [cut(head, columns).trimEnd(), ...lines, ...none];
}

/** State and name take what is left. */
function fieldsFor(columns: number, zone: string, nowMs: number): readonly Field[] {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs);
  const count = (name: string): Field['cell'] => {
    return ({ row }) => {
      const value = numberOf(row, name);
      return value === undefined ? '-' : formatCount(value);
    };
  };
  const rate = (way: 'in' | 'out'): Field['cell'] => {
    return (rated) => rated[way]?.toFixed(1) ?? '-';
  };
  const fixed: readonly Field[] = [
    {
      title: 'SINCE',
      width: 8,
      cell: ({ row }) => formatSince(textOf(row, 'since') || undefined, zone, now),
    },
    { title: 'IN/S', width: 6, right: true, cell: rate('in') },
    { title: 'OUT/S', width: 6, right: true, cell: rate('out') },
    { title: 'UNACK', width: 5, right: true, cell: count('unacknowledged') },
    { title: 'IDLE', width: 6, right: true, cell: ({ row }) => lengthOf(row['idle_seconds']) },
  ];
  const left = Math.max(20, columns - 2 - 6 - fixed.reduce((sum, { width }) => sum + width + 1, 0));
  const name = Math.min(16, Math.floor(left / 2));
  return [
    { title: 'LINK', width: 5, right: true, cell: ({ row }) => textOf(row, 'link') || '-' },
    { title: 'NAME', width: name, cell: ({ row }) => textOf(row, 'name') || '-' },
    { title: 'STATE', width: left - name - 1, cell: ({ row }) => stateWords(row) },
    ...fixed,
  ];
}

function lengthOf(seconds: unknown): string {
  return typeof seconds === 'number' ? formatLength(seconds) : '-';
}

function padded({ width, right }: Field, text: string): string {
  const whole = cut(shown(text), width);
  return right === true ? whole.padStart(width) : whole.padEnd(width);
}

function detailLines(view: View, columns: number): readonly string[] {
  const rated = chosenLink(view);
  if (rated === undefined) return ['this link is gone'];
  const { row } = rated;
  const words = { ...row, state: stateWords(row), tls: tlsWords(row) };
  return Object.entries(words).map(([name, value]) => {
    const label = name.replaceAll('_', ' ').replace(/ seconds$/, '');
    const unit = name.endsWith('_seconds') ? ' s' : '';
    return cut(`${label.padEnd(16)} ${shown(wordsOf(value))}${unit}`, columns);
  });
}

const help = [
  'msc top',
  '',
  's        order: unacknowledged, rate, idle, name',
  '/        filter by any word of the line; Enter keeps it, Esc drops it',
  'Enter    the chosen link, whole; again: back',
  'arrows   choose; j and k as well',
  'p        pause, and go on',
  'h        this page',
  'q        quit; Ctrl-C as well',
  '',
  'IN/S and OUT/S count messages since the last look.',
];

function footOf(view: View): string {
  if (view.isTyping) return `/${shown(view.filter)}_   Enter keeps it, Esc drops it`;
  const paused = view.isPaused ? 'PAUSED   ' : '';
  const filter = view.filter === '' ? '' : `   filter ${shown(view.filter)}`;
  if (view.page !== 'list') return `${paused}q back   h help`;
  return `${paused}s sort:${view.order}   / filter   Enter detail   p pause   h help   q quit${filter}`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
