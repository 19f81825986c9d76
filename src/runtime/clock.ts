// The only place with the clock. Deadlines run on the steady one, which no step of the wall clock
// moves; stamps come from the wall clock, as fine as the system gives it (microseconds).

import type { Clock, Stamp } from '#src/net/ports';

let steadyFromMs = Date.now() - performance.now();

/**
 * Steady time goes on from run to run as far as anybody can know: by what the wall clock says now, less
 * how far it is known to be ahead, and never back behind the newest entry.
 */
export function continueClock(ledger: { readonly lastMs: number; readonly aheadMs: number }): void {
  steadyFromMs = Math.max(Date.now() - ledger.aheadMs, ledger.lastMs) - performance.now();
}

/** Milliseconds since 1970 as the wall said at the first start, then steady. */
function atMs(): number {
  return steadyFromMs + performance.now();
}

/** Microseconds since 1970 UTC, now, by the wall clock. */
export function wallUs(): number {
  return Number(Temporal.Now.instant().epochNanoseconds / 1000n);
}

function stamp(): Stamp {
  return { atMs: atMs(), timeUs: wallUs() };
}

export const systemClock: Clock = { atMs, stamp };

/** RFC 3339 UTC with microseconds. */
export function formatTimeUs(timeUs: number): string {
  const micros = String(timeUs % 1_000_000).padStart(6, '0');
  return `${new Date(timeUs / 1000).toISOString().slice(0, 19)}.${micros}Z`;
}
