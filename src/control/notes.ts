// What commands that read the journal have in common: the entry that each leaves, and the pulse that tells a
// waiting client that the switch is not stuck.

import type { Desk } from './desk.ts';
import type { Visit } from './visit.ts';

const pulseMs = 2_000;

export async function note(
  desk: Desk,
  visit: Visit,
  event: 'search',
  detail: Readonly<Record<string, string | number | boolean>>,
): Promise<number> {
  const { entry } = await desk.act(visit.person, { kind: 'note', event, detail });
  return entry;
}

/** Empty rows while a long read finds nothing, so that silence still means that the switch is stuck. */
export function pulse(visit: Visit): () => void {
  let sending = false;
  const timer = setInterval(() => {
    if (sending) return;
    sending = true;
    void visit.sendRows([]).finally(() => {
      sending = false;
    });
  }, pulseMs);
  return () => clearInterval(timer);
}

/** The same while something else takes its time. */
export async function withPulse<T>(visit: Visit, work: () => Promise<T>): Promise<T> {
  const stop = pulse(visit);
  try {
    return await work();
  } finally {
    stop();
  }
}
