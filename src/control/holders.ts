// Who held an OIF, and when: read from the register's own entries, because an OIF may have gone from one person
// to another. It reads names and numbers, never a message.

import type { Oif } from '#protocol/ids';
import type { RegisterChange } from '#journal/register';
import { eventsNamed, matches } from '#journal/query';
import type { Condition, Query } from '#journal/query';
import type { JournalDesk } from './desk.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Holder } from './wire-search.ts';

/** A handful is usual; a pattern may name everybody. */
const holdersMax = 100;

/**
 * Holders of the OIFs that a search names, whose time touches that of the search, in the order in which they
 * began, a hundred at most. Undefined where it names none.
 */
export async function holdersOf(
  desk: JournalDesk,
  visit: Visit,
  query: Query,
): Promise<readonly Holder[] | undefined> {
  const asked = query.where.find((each) => each.on === 'column' && each.column === 'oif');
  if (asked === undefined) return undefined;
  const ledger = new Ledger((oif) => isAsked(asked, oif));
  for await (const batch of untilGone(desk.journal.search(changesBefore(query)), visit.gone))
    for (const { entry } of batch)
      if (entry.kind === 'event') ledger.take(entry.changes ?? [], entry.time);
  const since = query.since ?? 0;
  return ledger.spans.filter(({ untilUs }) => (untilUs ?? Infinity) > since).slice(0, holdersMax);
}

function isAsked(condition: Condition, oif: Oif): boolean {
  const entry = { kind: 'event', event: 'register', entry: 1, time: 0, oif } as const;
  return matches({ where: [condition], reverse: true, limit: 0 }, { entry });
}

function changesBefore({ until, entryTo }: Query): Query {
  return {
    ...{ until, entryTo, reverse: true, limit: 0 },
    where: [eventsNamed('register')],
  };
}

/** Folds the changes of people. A person has one OIF at a time; two may have the same one. */
class Ledger {
  readonly spans: Holder[] = [];
  readonly #fits: (oif: Oif) => boolean;
  /** Place in `spans` of what a user holds now. */
  readonly #held = new Map<string, number>();

  constructor(fits: (oif: Oif) => boolean) {
    this.#fits = fits;
  }

  take(changes: readonly RegisterChange[], timeUs: number): void {
    for (const change of changes) {
      if (change.table !== 'person') continue;
      const record = change.op === 'put' ? change.record : undefined;
      const at = this.#held.get(change.key);
      const before = at === undefined ? undefined : this.spans[at];
      if (before !== undefined && record !== undefined && record.oif === before.oif) continue;
      if (at !== undefined && before !== undefined) {
        this.spans[at] = { ...before, untilUs: timeUs };
        this.#held.delete(change.key);
      }
      if (record === undefined || !this.#fits(record.oif)) continue;
      const { oif, user, name, agency } = record;
      this.#held.set(change.key, this.spans.push({ oif, user, name, agency, sinceUs: timeUs }) - 1);
    }
  }
}
