// `msc journal purge`: the oldest segments of the journal go, by an act of a person. Asked twice: once to show what
// would go and what keeps the rest, once to do it, and then no more than was shown. The act is durable before
// anything goes; while it is written no text is released.

import type { StoredEntry } from '#journal/entry';
import { purgeIn, releasedIn } from '#journal/purge';
import type { Kept, Purge, PurgedRange, PurgePlan } from '#journal/purge';
import { eventsNamed } from '#journal/query';
import type { Query } from '#journal/query';
import { MscFault } from '#src/errors';
import type { Desk, JournalDesk } from './desk.ts';
import { formatInstant } from './local-time.ts';
import { withPulse } from './notes.ts';
import type { ReleaseNumbers } from './release-number.ts';
import type { Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import { refusalOf, type PurgeReport } from './wire-purge.ts';

/** @throws MscFault MSC-1721 or MSC-1722 for what must be kept, MSC-1723 for what is not as it was shown. */
export async function purge(
  desk: Desk,
  visit: Visit,
  args: Commands['purge']['args'],
  numbers: ReleaseNumbers,
): Promise<PurgeReport> {
  if (args.apply && args.reason === undefined)
    throw new MscFault('MSC-1001', { detail: 'a purge needs a reason', hint: 'add --reason' });
  const { plan, entry, keptDays } = await withPulse(visit, () => planned(desk, visit, args));
  if (!args.apply) return { ...plan, keptDays, entry };
  const { range } = plan;
  if (range === undefined) throw refusalOf(plan.kept ?? nothing, keptDays);
  if (range.last !== args.through) throw new MscFault('MSC-1723');
  const purged = await numbers.alone(() => journal(desk, visit, { args, range, since: entry }));
  await withPulse(visit, () => letGo(desk, purged));
  return { ...plan, keptDays, entry: purged };
}

const nothing: Kept = { first: 1, cause: 'raw' };

interface Planned {
  readonly plan: PurgePlan;
  readonly entry: number;
  readonly keptDays: number;
}

/** The look is journalled first: should the clock have stepped, that has its entry before it. */
async function planned(
  desk: Desk,
  visit: Visit,
  { before, asked }: Commands['purge']['args'],
): Promise<Planned> {
  const { entry } = await desk.act(visit.person, {
    ...{ kind: 'note', event: 'search', detail: { command: 'purge', asked } },
  });
  const looked = await desk.journal.read(entry);
  if (looked === undefined) throw new MscFault('MSC-3101', { detail: 'its newest entry' });
  const { keptDays, waiting } = desk.purging();
  const asks = { beforeUs: before, nowUs: looked.entry.time, keptDays, waiting };
  return { plan: await desk.journal.planPurge(asks), entry, keptDays };
}

/** What was released or put in a queue since the look keeps what it touches. */
async function journal(
  desk: Desk,
  visit: Visit,
  how: {
    readonly args: Commands['purge']['args'];
    readonly range: PurgedRange;
    readonly since: number;
  },
): Promise<number> {
  const { args, range, since } = how;
  const waits = (desk.purging().waiting ?? Infinity) <= range.last;
  if (waits || (await isReleased(desk, range, since))) throw new MscFault('MSC-1723');
  const { entry } = await desk.act(visit.person, {
    ...{ kind: 'note', event: 'purge' },
    ...(args.reason === undefined ? {} : { reason: args.reason }),
    detail: { ...range, entries: range.last - range.first + 1, asked: args.asked },
  });
  return entry;
}

async function isReleased(desk: Desk, range: PurgedRange, since: number): Promise<boolean> {
  for await (const batch of eventsFrom(desk, 'release', since + 1))
    for (const { entry } of batch) {
      const ranges = releasedIn(entry)?.ranges;
      if (ranges === undefined || ranges.some(({ from }) => from <= range.last)) return true;
    }
  return false;
}

async function letGo(desk: Desk, entry: number): Promise<void> {
  try {
    await desk.journal.purge(entry);
  } catch (cause) {
    throw new MscFault('MSC-1725', { detail: `entry ${entry}`, cause });
  }
}

/** What a search says it left out. */
export async function purgedTo(
  { journal }: Pick<JournalDesk, 'journal'>,
  { since, entryTo = Infinity, entryFrom = 1 }: Query,
): Promise<{ readonly purgedTo?: number }> {
  const oldest = await journal.oldest();
  if (oldest === 1 || entryFrom >= oldest || entryTo < 1) return {};
  const first = await journal.read(oldest);
  // About: what came before the oldest entry is older, but for a clock that was set back.
  return since === undefined || since <= (first?.entry.time ?? 0) ? { purgedTo: oldest - 1 } : {};
}

/** @throws MscFault MSC-1724 for an entry that is not there because it was purged. */
export async function refusePurged(
  desk: Pick<JournalDesk, 'journal'>,
  entry: number,
): Promise<void> {
  if (entry < 1 || entry >= (await desk.journal.oldest())) return;
  let found: Purge | undefined;
  for await (const batch of eventsFrom(desk, 'purge', 1))
    for (const stored of batch) {
      const purge = purgeIn(stored.entry);
      // The newest first: the one that took it, or the oldest of those that are left.
      if (purge !== undefined && purge.last >= entry) found = purge;
    }
  if (found !== undefined) throw new MscFault('MSC-1724', { detail: purgedWords(entry, found) });
}

function purgedWords(entry: number, purge: Purge): string {
  const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(purge.time / 1000));
  const when = `${formatInstant(at, 'UTC').slice(0, 16)} UTC`;
  // The entry of an earlier purge may have been purged itself.
  const how = entry >= purge.first ? 'on' : 'before';
  const why = entry >= purge.first ? `, reason: ${purge.reason ?? '-'}` : '';
  return `entry ${entry} was purged ${how} ${when} (entry ${purge.entry})${why}`;
}

function eventsFrom(
  { journal }: Pick<JournalDesk, 'journal'>,
  event: 'purge' | 'release',
  entryFrom: number,
): AsyncIterable<readonly StoredEntry[]> {
  return journal.search({ where: [eventsNamed(event)], entryFrom, reverse: false, limit: 0 });
}
