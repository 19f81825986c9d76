// What every look at message text has in common: who may, which entries it would show, and the record of the
// release, which stands before anything is shown. The journal is read twice for it: once for the record, once
// for the person; it only grows, and a look is bounded by the end it had, so both see the same.

import type { StoredEntry } from '#journal/entry';
import type { Query } from '#journal/query';
import { RangeCollector } from '#journal/ranges';
import type { KeyTable } from '#protocol/keys';
import { MscFault } from '#src/errors';
import type { Desk, JournalDesk } from './desk.ts';
import type { ReleaseNumbers } from './release-number.ts';
import { requireTextRole } from './roles.ts';
import { untilGone, type Visit } from './visit.ts';
import type { ReleaseWhy } from './wire-releases.ts';

export type Detail = Readonly<Record<string, string | number | boolean>>;

type LookCommand =
  | 'search'
  | 'show'
  | 'thread'
  | 'fetch'
  | 'print'
  | 'export'
  | 'who-ran'
  | 'who-saw'
  | 'delivered'
  | 'stats';

/** What is asked for, in the words of the journal's record. */
export interface Look {
  readonly command: LookCommand;
  readonly asked: string;
  readonly why: ReleaseWhy;
  /** Further members of the record: where it goes. */
  readonly to?: Detail;
}

/** What a look would show. */
export interface Survey {
  readonly count: number;
  /** Their numbers, bounded: see journal/ranges.ts. */
  readonly entries: string;
  /** How many of them are criminal history. */
  readonly criminalHistory: number;
}

/** What a release is made with. */
export interface ReleaseParts {
  readonly desk: Desk;
  readonly visit: Visit;
  readonly numbers: ReleaseNumbers;
}

export interface Released {
  /** `2026-001877`. */
  readonly release: string;
  /** The entry that records it. */
  readonly entry: number;
}

/** The members of a request that say why, and none of the others. */
export function whyOf({ reason, case: number, requester, recipient }: ReleaseWhy): ReleaseWhy {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(number === undefined ? {} : { case: number }),
    ...(requester === undefined ? {} : { requester }),
    ...(recipient === undefined ? {} : { recipient }),
  };
}

/** A refusal for want of the role is journalled, as every command's is. @throws MscFault MSC-1202, MSC-1001 */
export async function admitText(desk: Desk, visit: Visit, { command, why }: Look): Promise<void> {
  try {
    requireTextRole(visit.roles, why);
  } catch (refusal) {
    const isRole = refusal instanceof MscFault && refusal.code === 'MSC-1202';
    const detail = { command, refused: 'role', text: true };
    if (isRole) await desk.act(visit.person, { kind: 'note', event: 'security', detail });
    throw refusal;
  }
}

/** Its own entries, and those that come meanwhile, are not part of an answer. */
export async function boundedNow(desk: JournalDesk, query: Query): Promise<Query> {
  const { entries } = await desk.journal.head();
  return { ...query, entryTo: Math.min(query.entryTo ?? entries, entries) };
}

/** Reads what a query would show; nothing of it is kept. Not whole where the client has gone meanwhile. */
export async function survey(
  desk: Desk,
  visit: Visit,
  query: Query,
  look: (stored: StoredEntry) => void = () => undefined,
): Promise<Survey> {
  const surveyor = new Surveyor(desk);
  for await (const batch of untilGone(desk.journal.search(query), visit.gone))
    for (const stored of batch) {
      await surveyor.see(stored);
      look(stored);
    }
  return surveyor.end();
}

/** Sees entries one by one, in rising or in falling order. */
export class Surveyor {
  readonly #ranges = new RangeCollector();
  readonly #histories: HistoryJudge;
  #count = 0;
  #criminalHistory = 0;

  constructor(desk: Desk) {
    this.#histories = new HistoryJudge(desk);
  }

  async see(stored: StoredEntry): Promise<void> {
    this.#count += 1;
    this.#ranges.add(stored.entry.entry);
    if (await this.#histories.judge(stored)) this.#criminalHistory += 1;
  }

  end(): Survey {
    const entries = this.#ranges.format();
    return { count: this.#count, entries, criminalHistory: this.#criminalHistory };
  }
}

/**
 * Records the release. Nothing may be shown before it has resolved.
 *
 * @param write Writes the entry, where it is more than a note: pages that go out with it.
 * @throws MscFault MSC-1701 for criminal history without its case, requester and recipient: then the look is
 * journalled as one that was refused.
 */
export async function release(
  parts: ReleaseParts,
  look: Look,
  found: Survey,
  write?: (number: string, detail: Detail) => Promise<{ readonly entry: number }>,
): Promise<Released> {
  const { desk, visit, numbers } = parts;
  const { command, asked, why, to } = look;
  await requireHistoryRecord(desk, visit, look, found);
  return numbers.give(visit.nowMs(), async (number) => {
    const { count, entries, criminalHistory } = found;
    const detail: Detail = {
      ...{ command, asked, release: number, count, entries },
      ...(criminalHistory === 0 ? {} : { criminalHistory }),
      ...to,
    };
    const noted = () => desk.act(visit.person, { kind: 'note', event: 'release', ...why, detail });
    const { entry } = await (write?.(number, detail) ?? noted());
    return { release: number, entry };
  });
}

export function howEnded({ gone }: Visit): 'complete' | 'broken off' {
  return gone.aborted ? 'broken off' : 'complete';
}

export function noteSearch(desk: Desk, visit: Visit, look: Look, detail: Detail): Promise<number>;
export function noteSearch(
  desk: JournalDesk,
  visit: Visit,
  look: Look,
  detail: Detail,
): Promise<number | undefined>;
/**
 * The entry that says how a look ended, for one that released nothing or has read to its end; undefined where no
 * switch runs to write it.
 */
export async function noteSearch(
  desk: JournalDesk,
  visit: Visit,
  { command, asked, why }: Look,
  detail: Detail,
): Promise<number | undefined> {
  const said = { command, asked, ...detail };
  const noted = await desk.act(visit.person, {
    ...{ kind: 'note', event: 'search', detail: said },
    ...why,
  });
  return noted?.entry;
}

/** @source requirements C96, clets 5.1(4): requester and secondary recipient; operator-experience 5: the case */
async function requireHistoryRecord(
  desk: Desk,
  visit: Visit,
  look: Look,
  { count, criminalHistory }: Survey,
): Promise<void> {
  if (criminalHistory === 0) return;
  const { case: number, requester, recipient } = look.why;
  const needed = { case: number, requester, recipient };
  const missing = Object.entries(needed).filter(([, value]) => value === undefined);
  if (missing.length === 0) return;
  await noteSearch(desk, visit, look, { count, text: true, ended: 'refused' });
  const names = missing.map(([name]) => name).join(', ');
  throw new MscFault('MSC-1701', {
    detail: `${criminalHistory} of ${count} entries; missing: ${names}`,
  });
}

/** Threads whose first entry is remembered; more are looked up again. */
const threadsMost = 1000;

/** Tells criminal history by its key; what has no key that we know is of the kind of what began its thread. */
class HistoryJudge {
  readonly #desk: { readonly journal: Pick<Desk['journal'], 'read'>; readonly keys: KeyTable };
  readonly #threads = new Map<number, boolean>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async judge({ entry }: StoredEntry): Promise<boolean> {
    const { mke, thread } = entry;
    const key = mke === undefined ? undefined : this.#desk.keys.get(mke);
    if (key !== undefined) return key.criminalHistory !== undefined;
    return thread === undefined || thread === entry.entry ? false : this.#ofThread(thread);
  }

  async #ofThread(thread: number): Promise<boolean> {
    const known = this.#threads.get(thread);
    if (known !== undefined) return known;
    const first = await this.#desk.journal.read(thread);
    const key = first?.entry.mke === undefined ? undefined : this.#desk.keys.get(first.entry.mke);
    const is = key?.criminalHistory !== undefined;
    if (this.#threads.size >= threadsMost) this.#threads.clear();
    this.#threads.set(thread, is);
    return is;
  }
}
