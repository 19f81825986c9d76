// Following the journal live for a person: entries as they become durable, without text. It ends with its
// client. Whoever follows is in the journal from the beginning, like whoever searches (operator-experience 1).

import type { StoredEntry } from '#journal/entry';
import { eventsNamed } from '#journal/query';
import type { Condition } from '#journal/query';
import { formatRow } from '#journal/row';
import type { Desk } from './desk.ts';
import { withPulse } from './notes.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Commands, Counted } from './wire.ts';

/** `msc journal tail`. */
export async function follow(
  desk: Desk,
  visit: Visit,
  { where, asked, from }: Commands['follow']['args'],
): Promise<Counted> {
  const detail = { command: 'tail', asked };
  const note = await desk.act(visit.person, { kind: 'note', event: 'search', detail });
  return from === undefined
    ? readOn(desk, visit, where)
    : readFrom(desk, visit, { where, from, note: note.entry });
}

const linkEvents = [
  ...(['link-up', 'link-down', 'turned-away', 'security', 'sign-on', 'sign-on-failed'] as const),
  ...(['sign-off', 'close', 'disable', 'enable', 'busy'] as const),
];

/** `msc link watch`: names and codes of links, which `links` shows as well, so it leaves no entry. */
export function watchLinks(desk: Desk, visit: Visit): Promise<Counted> {
  return readOn(desk, visit, [eventsNamed(...linkEvents)]);
}

interface From {
  readonly where: readonly Condition[];
  readonly from: number;
  /** Its own entry, which is no part of what it tells. */
  readonly note: number;
}

/** What is there from an entry on, then what comes: each once, in order. */
async function readFrom(desk: Desk, visit: Visit, { where, from, note }: From): Promise<Counted> {
  // Heard from now on, so that nothing falls between what is there and what comes.
  const live = desk.follow({ where, reverse: true, limit: 0 }, visit.gone);
  const { entries: head } = await desk.journal.head();
  const past = { where, reverse: true, limit: 0, entryFrom: from, entryTo: head };
  let count = 0;
  const send = async (batch: readonly StoredEntry[]): Promise<void> => {
    const told = batch.filter(({ entry }) => entry.entry !== note);
    await visit.sendRows(told.map((stored) => formatRow(stored, { text: false })));
    count += told.length;
  };
  await withPulse(visit, async () => {
    for await (const batch of untilGone(desk.journal.search(past), visit.gone)) await send(batch);
    for await (const batch of live) await send(batch.filter(({ entry }) => entry.entry > head));
  });
  return { count };
}

async function readOn(desk: Desk, visit: Visit, where: readonly Condition[]): Promise<Counted> {
  let count = 0;
  await withPulse(visit, async () => {
    for await (const batch of desk.follow({ where, reverse: true, limit: 0 }, visit.gone)) {
      await visit.sendRows(batch.map((stored) => formatRow(stored, { text: false })));
      count += batch.length;
    }
  });
  return { count };
}
