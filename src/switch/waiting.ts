// The oldest message that the switch still needs: one that waits, or whose answer does. Pure.

import type { Ledger } from './ledger.ts';

/** Its entry; undefined where there is none. */
export function oldestNeeded(ledger: Pick<Ledger, 'deliveries' | 'requests'>): number | undefined {
  let oldest: number | undefined;
  const take = (entry: number): void => {
    if (oldest === undefined || entry < oldest) oldest = entry;
  };
  for (const { source, thread } of ledger.deliveries.values()) take(Math.min(source, thread));
  for (const entry of ledger.requests.keys()) take(entry);
  return oldest;
}
