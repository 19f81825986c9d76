// The state as it was: a snapshot where one stands on this journal, then every entry after it.
// The journal is the truth; a snapshot that does not read is left aside and everything is replayed.

import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { MscFault } from '#src/errors';

export interface Recovery<S> {
  readonly create: () => S;
  /** False where the octets are no snapshot it can use. */
  readonly thaw: (state: S, octets: Uint8Array) => boolean;
  readonly replay: (state: S, stored: StoredEntry) => void;
}

export interface Recovered<S> {
  readonly state: S;
  /** The entry the snapshot stood on; 0 for none. */
  readonly fromEntry: number;
  readonly entries: number;
}

export async function recover<S>(
  journal: Pick<Journal, 'head' | 'loadSnapshot' | 'scan'>,
  recovery: Recovery<S>,
): Promise<Recovered<S>> {
  const { state, fromEntry } = await beginning(journal, recovery);
  const { entries } = await journal.head();
  let next = fromEntry + 1;
  for await (const batch of journal.scan(next, entries))
    for (const stored of batch) {
      if (stored.entry.entry !== next)
        throw new MscFault('MSC-3125', { detail: `from entry ${next}` });
      recovery.replay(state, stored);
      next += 1;
    }
  return { state, fromEntry, entries };
}

async function beginning<S>(
  journal: Pick<Journal, 'loadSnapshot'>,
  { create, thaw }: Recovery<S>,
): Promise<{ readonly state: S; readonly fromEntry: number }> {
  const snapshot = await journal.loadSnapshot();
  const state = create();
  if (snapshot !== undefined && thaw(state, snapshot.state))
    return { state, fromEntry: snapshot.entry };
  // A new one: half a snapshot may be in the other.
  return { state: create(), fromEntry: 0 };
}
