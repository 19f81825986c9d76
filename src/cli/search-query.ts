// From the words and flags of `msc journal search` to a query: expressions, filters, times, limits.
// Every mistake is a usage fault (exit 64) that says which flag; nothing is left out silently.

import type { EventName } from '#journal/entry';
import type { Condition, Pattern, PlainCondition, Query, SearchColumn } from '#journal/query';
import { keyTable } from '#protocol/keys';
import type { TallyBy } from '#journal/tally';
import type { Result } from '#protocol/result';
import { isPhrase, parseExpression, parsePattern } from './expression.ts';
import { oneOf, usage } from './flags.ts';
import type { Flags } from './flags.ts';
import { searchSettings } from './journal-client.ts';
import { shown } from './output.ts';
import { isShift } from './shift.ts';
import { parseLength, parseOn, parseTime } from './time.ts';
import type { TimeContext } from './time.ts';

const defaultLimit = 50;
const defaultSeconds = 24 * 3600;
const limits = { least: 0, most: 1_000_000_000 };

/** @throws MscFault MSC-1001 */
export function searchQuery(args: readonly string[], flags: Flags, context: TimeContext): Query {
  const fields = said(parseExpression(args), 'the expression');
  fields.forEach(mustBeIndexed);
  return {
    ...timesOf(flags, context),
    ...entriesOf(flags),
    where: [...fields, ...filtersOf(flags)],
    reverse: flags.on('reverse'),
    // A count is of everything, unless told otherwise.
    limit: flags.integer('limit', limits) ?? (isTally(flags) ? 0 : defaultLimit),
  };
}

/** The switch is asked for its shifts only where a time names one. */
export async function timeContext(flags: Flags, zone: string): Promise<TimeContext> {
  const now = Temporal.Now.instant();
  const named = ['since', 'until', 'on'].some((name) => isShift(flags.text(name) ?? ''));
  if (!named) return { now, zone };
  return {
    now,
    zone,
    shifts: await searchSettings(flags),
  };
}

/** Whether a time was given; else each command has one of its own. */
export function isTimed(flags: Flags): boolean {
  return ['since', 'until', 'on', 'last'].some((name) => flags.text(name) !== undefined);
}

/** What `--by` counts by; `mne` is short for what tables call so. */
export function tallyOf(flags: Flags): TallyBy | undefined {
  const by = flags.text('by');
  return by === undefined ? undefined : by === 'mne' ? 'mnemonic' : oneOf('--by', by, tallies);
}

function isTally(flags: Flags): boolean {
  return flags.on('count') || flags.text('by') !== undefined;
}

/** All of it with its times, for the journal's own record of the search. */
export function recordWords(args: readonly string[], flags: Flags): string {
  const times = timeFlags.flatMap((name) => {
    const value = flags.text(name);
    return value === undefined ? [] : [`--${name} ${value.trim()}`];
  });
  return [askedWords(args, flags), ...times].filter((word) => word !== '').join(' ');
}

/** The words of the search, for its header, which has the times as instants. */
export function askedWords(args: readonly string[], flags: Flags): string {
  const filters = filterFlags.flatMap((name) =>
    flags.all(name).map((value) => `--${name} ${value}`),
  );
  const entry = flags.text('entry');
  const words = args.map((arg) => (isPhrase(arg) ? `"${arg.trim()}"` : arg.trim()));
  return [...words, ...filters, ...(entry === undefined ? [] : [`--entry ${entry}`])].join(' ');
}

const timeFlags = ['since', 'until', 'on', 'last'] as const;

export const tallies = [
  ...(['user', 'oif', 'ori', 'agency', 'mnemonic', 'station', 'pool', 'taf', 'upstream'] as const),
  ...(['mke', 'class', 'direction', 'kind', 'event', 'outcome', 'code', 'rule'] as const),
  ...(['requester', 'recipient', 'purpose', 'case', 'hour', 'day'] as const),
] as const satisfies readonly TallyBy[];

type FilterColumn = Exclude<(typeof filterFlags)[number], 'addr'>;

const filterFlags = [
  ...(['user', 'oif', 'ori', 'mnemonic', 'taf', 'station', 'mke', 'kind', 'event'] as const),
  'agency',
  ...([
    'direction',
    'outcome',
    'upstream',
    'requester',
    'case',
    'code',
    'thread',
    'suphdr',
  ] as const),
  'addr',
] as const satisfies readonly (SearchColumn | 'addr')[];

/** What a saved search keeps, under its camel case names. */
export const savedFlags: readonly string[] = [
  ...filterFlags,
  ...timeFlags,
  ...['entry', 'limit', 'reverse', 'count', 'by', 'scan'],
];

/** Columns whose values are capitals on the wire; a person may type them small. */
const capitals: ReadonlySet<string> = new Set([
  'oif',
  'ori',
  'agency',
  'mnemonic',
  'taf',
  'mke',
  'code',
  'suphdr',
]);

const kinds = [
  ...(['received', 'refused', 'sent', 'delivered', 'expired', 'held', 'released'] as const),
  ...(['rerouted', 'duplicate', 'event'] as const),
];
const events = {
  ...{ start: true, stop: true, heartbeat: true, 'sign-on': true, 'sign-on-failed': true },
  ...{ 'sign-off': true, 'link-up': true, 'link-down': true, register: true, password: true },
  ...{ lock: true, unlock: true, search: true, release: true, config: true, security: true },
  ...{ alarm: true, 'turned-away': true, busy: true, clock: true, trace: true, reindex: true },
  ...{ close: true, disable: true, enable: true, test: true, purge: true },
} as const satisfies Readonly<Record<EventName, true>>;
const directions = ['in', 'out', 'up-in', 'down', 'local'] as const;
const outcomes = [
  ...(['accepted', 'refused', 'sent', 'delivered', 'undelivered', 'expired', 'held'] as const),
  ...(['hit', 'no-hit', 'rejected'] as const),
];

function filtersOf(flags: Flags): readonly Condition[] {
  return filterFlags.flatMap((name) => {
    const values = flags.all(name);
    if (name === 'outcome') return outcomeConditions(values);
    if (name === 'addr') return addressConditions(values);
    return values.length === 0 ? [] : [columnCondition(name, values)];
  });
}

function columnCondition(column: FilterColumn, values: readonly string[]): PlainCondition {
  return { on: 'column', column, any: values.map((value) => columnPattern(column, value)) };
}

function columnPattern(column: FilterColumn, value: string): Pattern {
  if (column === 'kind') return { kind: 'is', value: oneOf('--kind', value, kinds) };
  if (column === 'direction') return { kind: 'is', value: oneOf('--direction', value, directions) };
  // A pattern such as `sign-*` may stand for several.
  if (column === 'event' && !value.includes('*'))
    return { kind: 'is', value: oneOf('--event', value, Object.keys(events)) };
  if (column === 'thread' && !/^\d{1,15}$/.test(value)) throw usage('--thread is an entry number');
  const pattern = said(parsePattern(value), `--${column}`);
  if (pattern.value === '') throw usage(`--${column} needs a value`);
  return capitals.has(column) ? { ...pattern, value: pattern.value.toUpperCase() } : pattern;
}

/** An address has one form in the journal, or a second where the listener speaks IPv6. */
function addressConditions(values: readonly string[]): readonly Condition[] {
  if (values.length === 0) return [];
  const any = values.flatMap((value): Pattern[] => {
    const pattern = said(parsePattern(value), '--addr');
    if (!/^[0-9A-Fa-f:.]+$/.test(pattern.value) || pattern.kind === 'ends')
      throw usage('--addr is an address, or the beginning of one: 10.20.3.45, 10.20.*');
    const mapped = { ...pattern, value: `::ffff:${pattern.value}` };
    return pattern.value.includes(':') ? [pattern] : [pattern, mapped];
  });
  return [{ on: 'column', column: 'peer', any }];
}

/** `refused:H05` is an outcome with its code; several are any of them. */
function outcomeConditions(values: readonly string[]): readonly Condition[] {
  if (values.length === 0) return [];
  const parts = values.map((value) => {
    const [name = '', code] = value.split(':');
    return { name: oneOf('--outcome', name, outcomes), code };
  });
  const names = [...new Set(parts.map(({ name }) => name))];
  const coded = names.filter((name) =>
    parts.every((part) => part.name !== name || part.code !== undefined),
  );
  // An entry has one of the outcomes; and if that is one with codes, it has one of its codes.
  return [
    outcomeOf(names),
    ...coded.map((name): Condition => {
      const codes = parts.flatMap((part) => (part.name === name ? [part.code ?? ''] : []));
      const code = columnCondition('code', codes);
      const others = names.filter((other) => other !== name);
      return others.length === 0 ? code : { on: 'either', of: [outcomeOf(others), code] };
    }),
  ];
}

function outcomeOf(names: readonly string[]): PlainCondition {
  const any = names.map((value): Pattern => ({ kind: 'is', value }));
  return { on: 'column', column: 'outcome', any };
}

function entriesOf(flags: Flags): Pick<Query, 'entryFrom' | 'entryTo'> {
  const text = flags.text('entry');
  if (text === undefined) return {};
  const match = /^(\d{0,15})(\.\.)?(\d{0,15})$/.exec(text);
  const [, from = '', range, to = ''] = match ?? [];
  if (from === '' && to === '') throw usage('--entry is a number, A.., ..B or A..B');
  if (range === undefined) return { entryFrom: Number(text), entryTo: Number(text) };
  if (from !== '' && to !== '' && Number(from) > Number(to))
    throw usage(`--entry goes from the lower number to the higher: ${to}..${from}`);
  return {
    ...(from === '' ? {} : { entryFrom: Number(from) }),
    ...(to === '' ? {} : { entryTo: Number(to) }),
  };
}

function timesOf(flags: Flags, context: TimeContext): Pick<Query, 'since' | 'until'> {
  const [since, until, on, last] = timeFlags.map((name) => flags.text(name));
  if (on !== undefined && (since ?? until ?? last) !== undefined)
    throw usage('--on stands alone, without --since, --until and --last');
  if (last !== undefined && (since ?? until) !== undefined)
    throw usage('--last stands alone, without --since and --until');
  if (on !== undefined) {
    const day = said(parseOn(on, context), '--on');
    return { since: microseconds(day.since), until: microseconds(day.until) };
  }
  if (last !== undefined) return ago(said(parseLength(last), '--last'), context);
  const to = until === undefined ? undefined : said(parseTime(until, 'until', context), '--until');
  if (since !== undefined) return between(said(parseTime(since, 'since', context), '--since'), to);
  // An entry asked for by its number is found however old it is.
  if (to !== undefined) return { until: microseconds(to) };
  return flags.text('entry') === undefined && flags.all('thread').length === 0
    ? ago(defaultSeconds, context)
    : {};
}

function between(
  since: Temporal.Instant,
  until?: Temporal.Instant,
): Pick<Query, 'since' | 'until'> {
  if (until === undefined) return { since: microseconds(since) };
  if (Temporal.Instant.compare(since, until) >= 0) throw usage('--since is not before --until');
  return { since: microseconds(since), until: microseconds(until) };
}

function ago(seconds: number, { now }: TimeContext): Pick<Query, 'since'> {
  return { since: microseconds(now) - seconds * 1_000_000 };
}

/** Safe as a number until the year 2255. */
function microseconds(instant: Temporal.Instant): number {
  return Number(instant.epochNanoseconds / 1000n);
}

function mustBeIndexed(condition: Condition): void {
  if (condition.on === 'either') condition.of.forEach(mustBeIndexed);
  if (condition.on !== 'field' && condition.on !== 'name') return;
  const fields = new Set(keyTable.all.flatMap(({ identifiers }) => identifiers));
  if (!fields.has(condition.field))
    throw usage(
      `there is no field ${condition.field}; searchable are ${[...fields].sort().join(', ')}`,
    );
}

function said<T>(result: Result<T, string>, what: string): T {
  if (result.ok) return result.value;
  throw usage(`${what}: ${shown(result.error)}`);
}
