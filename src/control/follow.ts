// Following the journal live for a person: entries as they become durable, without text. It ends with its
// client. Whoever follows is in the journal from the beginning, like whoever searches (operator-experience 1).

import type { Condition } from '#journal/query';
import { formatRow } from '#journal/row';
import type { Desk } from './desk.ts';
import { pulse } from './search.ts';
import type { Visit } from './visit.ts';
import type { Commands, Counted } from './wire.ts';

/** `msc journal tail`. */
export async function follow(
  desk: Desk,
  visit: Visit,
  { where, asked }: Commands['follow']['args'],
): Promise<Counted> {
  const detail = { command: 'tail', asked };
  await desk.act(visit.person, { kind: 'note', event: 'search', detail });
  return readOn(desk, visit, where);
}

const linkEvents = [
  ...(['link-up', 'link-down', 'turned-away', 'security', 'sign-on', 'sign-on-failed'] as const),
  ...(['sign-off', 'close', 'disable', 'enable', 'busy'] as const),
];

/** `msc link watch`: names and codes of links, which `links` shows as well, so it leaves no entry. */
export function watchLinks(desk: Desk, visit: Visit): Promise<Counted> {
  const any = linkEvents.map((value) => ({ kind: 'is', value }) as const);
  return readOn(desk, visit, [{ on: 'column', column: 'event', any }]);
}

async function readOn(desk: Desk, visit: Visit, where: readonly Condition[]): Promise<Counted> {
  let count = 0;
  const stopPulse = pulse(visit);
  try {
    for await (const batch of desk.follow({ where, reverse: true, limit: 0 }, visit.gone)) {
      await visit.sendRows(batch.map((stored) => formatRow(stored, { text: false })));
      count += batch.length;
    }
  } finally {
    stopPulse();
  }
  return { count };
}
