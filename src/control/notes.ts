// What commands that read the journal have in common: the entry that each leaves, and the pulse that tells a
// waiting client that the switch is not stuck.

import type { Query } from '#journal/query';
import type { JournalDesk } from './desk.ts';
import type { Visit } from './visit.ts';
import type { SearchEnd } from './wire-search.ts';

const pulseMs = 2_000;

/** Undefined where no switch runs to write it. */
export async function note(
  desk: JournalDesk,
  visit: Visit,
  event: 'search',
  detail: Readonly<Record<string, string | number | boolean>>,
): Promise<number | undefined> {
  return (await desk.act(visit.person, { kind: 'note', event, detail }))?.entry;
}

/** Empty rows while a long read finds nothing, so that silence still means that the switch is stuck. */
export async function withPulse<T>(visit: Visit, work: () => Promise<T>): Promise<T> {
  let sending = false;
  const timer = setInterval(() => {
    if (sending) return;
    sending = true;
    void visit.sendRows([]).finally(() => {
      sending = false;
    });
  }, pulseMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** The resolved instants of a query, as its answer tells them. */
export function instantsOf({ since, until }: Query): Pick<SearchEnd, 'sinceUs' | 'untilUs'> {
  return {
    ...(since === undefined ? {} : { sinceUs: since }),
    ...(until === undefined ? {} : { untilUs: until }),
  };
}
