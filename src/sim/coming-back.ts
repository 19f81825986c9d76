// How long a station waits before it comes back (link S10): 1 s, doubling to 60 s, and up to a fifth more
// by chance; 60 s at once where coming back sooner is of no use.

import { randomInt } from 'node:crypto';
import type { Close } from '#protocol/control';
import { faultOfClose } from './fault.ts';

/** Milliseconds before each try, without end. */
export function* waitsMs(close: Close | undefined): Generator<number, never> {
  for (let waitMs = firstWaitMs(close); ; waitMs = Math.min(2 * waitMs, waitMsMax))
    yield waitMs + randomInt(Math.ceil(waitMs / 5));
}

const waitMsMax = 60_000;

function firstWaitMs(close: Close | undefined): number {
  if (close === undefined) return 1_000;
  if (faultOfClose(close.code, close.text).code === 'SIM-NOT-ALLOWED') return waitMsMax;
  return ['C09', 'C17'].includes(close.code) ? waitMsMax : 1_000;
}
