// What `msc top` shows and how keys change it: samples, rates between two of them, order, filter, choice.
// Pure but for the view itself, which only these functions change.

import type { StatusReport } from '#src/control/wire';
import { textOf } from '../journal-columns.ts';
import { numberOf, wordsOf } from '../measures.ts';
import type { Row } from '../rows.ts';
import type { Key, NamedKey } from './keys.ts';
import type { Size } from './screen.ts';

export interface Sample {
  readonly status: StatusReport;
  readonly links: readonly Row[];
  /** Steady milliseconds. */
  readonly atMs: number;
}

export const orders = ['unacked', 'rate', 'idle', 'name'] as const;
export type Order = (typeof orders)[number];

/** A link with what it carried since the sample before, each way, a second. */
export interface Rated {
  readonly row: Row;
  readonly in: number | undefined;
  readonly out: number | undefined;
}

export interface View {
  readonly zone: string;
  sample: Sample | undefined;
  rated: readonly Rated[];
  /** Of all links together. */
  rates: { readonly in: number; readonly out: number };
  order: Order;
  filter: string;
  page: 'list' | 'detail' | 'help';
  isPaused: boolean;
  isTyping: boolean;
  /** Which of the links shown, and the first on the screen. */
  chosen: number;
  first: number;
}

/** Lines of the page that are no links: title, five of status, a blank one, the head, the foot. */
export const otherLines = 9;

export function createView(zone: string): View {
  return {
    ...{ zone, sample: undefined, rated: [], rates: { in: 0, out: 0 }, order: 'unacked' },
    ...{ filter: '', page: 'list', isPaused: false, isTyping: false, chosen: 0, first: 0 },
  };
}

export function noteSample(view: View, sample: Sample): void {
  if (view.isPaused) return;
  const before = view.sample;
  const old = new Map((before?.links ?? []).map((row) => [keyOf(row), row]));
  const seconds = before === undefined ? 0 : (sample.atMs - before.atMs) / 1000;
  view.rated = sample.links.map((row) => rate(row, old.get(keyOf(row)), seconds));
  view.rates = { in: total(view.rated, 'in'), out: total(view.rated, 'out') };
  view.sample = sample;
  view.chosen = Math.max(0, Math.min(view.chosen, shownLinks(view).length - 1));
}

/** Those that fit the filter, in the order asked for. */
export function shownLinks(view: View): readonly Rated[] {
  const wanted = view.filter.toLowerCase();
  return view.rated
    .filter(({ row }) => wanted === '' || wordsOfLink(row).includes(wanted))
    .toSorted(comparers[view.order]);
}

export function chosenLink(view: View): Rated | undefined {
  return shownLinks(view)[view.chosen];
}

/** @returns The exit code where the key ends it. */
export function onKey(view: View, key: Key, size: Size): number | undefined {
  if (key === 'interrupt') return 130;
  if (view.isTyping) onTyped(view, key);
  else if (typeof key === 'object') return onLetter(view, key.text, size);
  else onNamed(view, key, size);
  return undefined;
}

function onNamed(view: View, key: NamedKey, size: Size): void {
  switch (key) {
    case 'up':
      choose(view, -1, size);
      break;
    case 'down':
      choose(view, 1, size);
      break;
    case 'page-up':
      choose(view, otherLines - size.rows, size);
      break;
    case 'page-down':
      choose(view, size.rows - otherLines, size);
      break;
    case 'enter':
      view.page = view.page === 'list' && chosenLink(view) !== undefined ? 'detail' : 'list';
      break;
    case 'escape':
      if (view.page === 'list') setFilter(view, '');
      view.page = 'list';
      break;
    case 'backspace':
    case 'interrupt':
      break;
  }
}

/** `q` leaves a page, and the list for good. */
function onLetter(view: View, letter: string, size: Size): number | undefined {
  if (letter === 'q' && view.page === 'list') return 0;
  letters[letter]?.(view, size);
  return undefined;
}

const toggleHelp = (view: View): void => {
  view.page = view.page === 'help' ? 'list' : 'help';
};

const letters: Readonly<Record<string, (view: View, size: Size) => void>> = {
  q: (view) => (view.page = 'list'),
  s: (view) => (view.order = orders[(orders.indexOf(view.order) + 1) % orders.length] ?? 'name'),
  '/': (view) => Object.assign(view, { page: 'list', isTyping: true }),
  p: (view) => (view.isPaused = !view.isPaused),
  h: toggleHelp,
  '?': toggleHelp,
  j: (view, size) => choose(view, 1, size),
  k: (view, size) => choose(view, -1, size),
};

const filterMax = 40;

function onTyped(view: View, key: Key): void {
  if (typeof key === 'object') {
    if (view.filter.length < filterMax) setFilter(view, view.filter + key.text);
  } else if (key === 'backspace') setFilter(view, view.filter.slice(0, -1));
  else if (key === 'enter') view.isTyping = false;
  else if (key === 'escape') {
    view.isTyping = false;
    setFilter(view, '');
  }
}

function setFilter(view: View, filter: string): void {
  Object.assign(view, { filter, chosen: 0, first: 0 });
}

function choose(view: View, by: number, { rows }: Size): void {
  if (view.page !== 'list') return;
  const last = Math.max(0, shownLinks(view).length - 1);
  view.chosen = Math.max(0, Math.min(last, view.chosen + by));
  const room = Math.max(1, rows - otherLines);
  if (view.chosen < view.first) view.first = view.chosen;
  if (view.chosen >= view.first + room) view.first = view.chosen - room + 1;
}

/** An upstream without a link has no number. */
function keyOf(row: Row): string {
  return textOf(row, 'link') || textOf(row, 'name');
}

function wordsOfLink(row: Row): string {
  const names = ['link', 'kind', 'name', 'state', 'user', 'peer', 'mnemonics'];
  return names
    .map((name) => wordsOf(row[name]))
    .join(' ')
    .toLowerCase();
}

function rate(row: Row, before: Row | undefined, seconds: number): Rated {
  const each = (name: 'in' | 'out'): number | undefined => {
    const now = numberOf(row, name);
    const then = before === undefined ? undefined : numberOf(before, name);
    if (now === undefined || then === undefined || seconds <= 0) return undefined;
    // A new session begins to count anew.
    return Math.max(0, now - then) / seconds;
  };
  return { row, in: each('in'), out: each('out') };
}

function total(rated: readonly Rated[], way: 'in' | 'out'): number {
  return rated.reduce((all, each) => all + (each[way] ?? 0), 0);
}

const most =
  (value: (rated: Rated) => number) =>
  (one: Rated, other: Rated): number =>
    value(other) - value(one) || byName(one, other);

function byName(one: Rated, other: Rated): number {
  return textOf(one.row, 'name') < textOf(other.row, 'name') ? -1 : 1;
}

const comparers: Readonly<Record<Order, (one: Rated, other: Rated) => number>> = {
  unacked: most(({ row }) => numberOf(row, 'unacknowledged') ?? 0),
  rate: most((rated) => (rated.in ?? 0) + (rated.out ?? 0)),
  idle: most(({ row }) => numberOf(row, 'idle_seconds') ?? 0),
  name: byName,
};
