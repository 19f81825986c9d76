// Which session an entry speaks of: the peer's, if it is still the one the entry names.

import type { JournalEntry } from '#journal/entry';
import { type Ledger, type PeerKey, type Session, stationKey, upstreamKey } from './ledger.ts';

type Named = Pick<JournalEntry, 'station' | 'upstream' | 'session'>;

/** A station or an upstream, or undefined for what the switch said itself. */
export function peerOf({ station, upstream }: Named): PeerKey | undefined {
  if (station !== undefined) return stationKey(station);
  return upstream === undefined ? undefined : upstreamKey(upstream);
}

export function sessionOf(ledger: Ledger, entry: Named): Session | undefined {
  const key = peerOf(entry);
  const session = key === undefined ? undefined : ledger.sessions.get(key);
  return session?.id === entry.session ? session : undefined;
}
