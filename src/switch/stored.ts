// What each station sent lately and was stored, so that a flagged repeat under a new session is known for
// what it is (link M7). A station has at most a window of messages it knows nothing of, the last ones: so
// many are kept, over its sessions. Octets are told apart by their digest; none are kept.

import type { ReceivedEntry } from '#journal/entry';
import { asciiBytes, concatBytes } from '#protocol/octets';
import type { Session } from './ledger.ts';

/** At least 128 bits of a cryptographic hash, as text. */
export type Digest = (octets: Uint8Array) => string;

export interface StoredMessage {
  readonly entry: number;
  readonly atMs: number;
}
/** By what must be equal in a repeat; the oldest first. */
export type StoredMessages = Map<string, StoredMessage>;

const repeatMs = 24 * 3_600_000;

/** What must be equal in a repeat: mnemonic, or its pool, person and octets. */
export interface Identity {
  readonly mnemonic: string | undefined;
  readonly pool: string | undefined;
  /** Of a terminal; a host names the person in the octets. */
  readonly user: string | undefined;
  readonly body: Uint8Array;
}

/** A message of this session was stored. */
export function rememberStored(
  session: Session,
  digest: Digest,
  { entry, body, atMs }: { entry: ReceivedEntry; body: Uint8Array; atMs: number },
): void {
  const { stored, window } = session;
  const { mnemonic, pool, personal } = entry;
  const user = personal === true ? entry.user : undefined;
  const key = keyOf(digest, { mnemonic, pool, user, body });
  stored.delete(key);
  stored.set(key, { entry: entry.entry, atMs });
  dropOldest(stored, window);
}

/** What a new session of the same station must know of this one. */
export function storedBefore(session: Session, window: number): StoredMessages {
  const before: StoredMessages = new Map(session.earlier);
  for (const [key, message] of session.stored) {
    before.delete(key);
    before.set(key, message);
  }
  dropOldest(before, Math.max(session.window, window));
  return before;
}

/** The entry that stored the same message under an earlier session, less than a day ago. */
export function repeated(
  session: Session,
  digest: Digest,
  { atMs, ...identity }: Identity & { readonly atMs: number },
): number | undefined {
  if (session.earlier.size === 0) return undefined;
  const found = session.earlier.get(keyOf(digest, identity));
  return found !== undefined && atMs - found.atMs < repeatMs ? found.entry : undefined;
}

function keyOf(digest: Digest, { mnemonic, pool, user, body }: Identity): string {
  // Names have no blank; one of a pool's mnemonics is as good as another.
  const names = `${pool === undefined ? `m ${mnemonic ?? ''}` : `p ${pool}`} ${user ?? ''} `;
  return digest(concatBytes(asciiBytes(names), body));
}

function dropOldest(messages: StoredMessages, most: number): void {
  for (const key of messages.keys()) {
    if (messages.size <= most) return;
    messages.delete(key);
  }
}
