// The ledger as octets and back: a cache that saves replaying old entries, never the truth. A
// snapshot of another version, or one that does not read, is no snapshot: everything is replayed.

import type { Register } from '#journal/register';
import { asciiBytes, latin1 } from '#protocol/octets';
import { readDirectory } from './directory.ts';
import { createLedger, type Delivery, enqueue, type Ledger } from './ledger.ts';
import type { State } from './state.ts';

/** Raised whenever the shape below, or the meaning of an entry for the ledger, changes. */
const version = 2;

type Frozen = ReturnType<typeof frozenOf>;

function frozenOf(ledger: Ledger): {
  readonly version: number;
  readonly entries: number;
  readonly lastMs: number;
  readonly aheadMs: number;
  readonly register: Readonly<Record<keyof Register, readonly unknown[]>>;
  readonly sessions: readonly unknown[];
  readonly requests: readonly unknown[];
  readonly deliveries: readonly Delivery[];
  readonly maps: readonly (readonly unknown[])[];
  readonly locked: readonly string[];
} {
  const { register } = ledger;
  return {
    version,
    entries: ledger.entries,
    lastMs: ledger.lastMs,
    aheadMs: ledger.aheadMs,
    register: {
      agency: [...register.agency],
      station: [...register.station],
      mnemonic: [...register.mnemonic],
      pool: [...register.pool],
      person: [...register.person],
      operator: [...register.operator],
    },
    sessions: [...ledger.sessions.values()].map((session) => ({
      ...session,
      refused: [...session.refused],
      inFlight: [...session.inFlight],
    })),
    requests: [...ledger.requests.values()].map((request) => ({
      ...request,
      places: [...request.places],
    })),
    deliveries: [...ledger.deliveries.values()],
    maps: plainMaps(ledger).map((map) => [...map]),
    locked: [...ledger.locked],
  };
}

/** The maps whose values are plain data, in a fixed order. */
function plainMaps(ledger: Ledger): readonly Map<unknown, unknown>[] {
  const { signOns, returned, userTries, stationTries, lastSignOns } = ledger;
  return [signOns, returned, userTries, stationTries, lastSignOns] as Map<unknown, unknown>[];
}

export function freeze(state: State): Uint8Array {
  // In ASCII, which is written and read several times faster: a snapshot may have many megabytes.
  const text = JSON.stringify(frozenOf(state.ledger));
  return asciiBytes(text.replace(/[^\x20-\x7e]/g, escaped));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Fills the ledger of a new state; false where the octets are no snapshot of this version. */
export function thaw(state: State, octets: Uint8Array): boolean {
  const frozen = parseFrozen(octets);
  if (frozen === undefined) return false;
  Object.assign(state.ledger, thawLedger(frozen));
  return true;
}

function parseFrozen(octets: Uint8Array): Frozen | undefined {
  try {
    // It was written by `freeze` of this version: the stamp beside it says that it is whole.
    const value = JSON.parse(latin1(octets)) as Frozen;
    return value.version === version ? value : undefined;
  } catch {
    // Not JSON is not a snapshot; the entries are all there.
    return undefined;
  }
}

function thawLedger(frozen: Frozen): Ledger {
  const ledger = createLedger();
  ledger.entries = frozen.entries;
  ledger.lastMs = frozen.lastMs;
  ledger.aheadMs = frozen.aheadMs;
  for (const table of Object.keys(ledger.register) as (keyof Register)[]) {
    fill(ledger.register[table], frozen.register[table]);
  }
  ledger.directory = readDirectory(ledger.register);
  for (const [index, map] of plainMaps(ledger).entries()) fill(map, frozen.maps[index] ?? []);
  for (const user of frozen.locked) (ledger.locked as Set<unknown>).add(user);
  fill(ledger.sessions, frozen.sessions.map(thawSession));
  fill(ledger.requests, frozen.requests.map(thawRequest));
  for (const delivery of frozen.deliveries) thawDelivery(ledger, delivery);
  return ledger;
}

function fill(map: object, pairs: readonly unknown[]): void {
  // Pairs of the same map, as `freeze` wrote them.
  for (const [key, value] of pairs as readonly (readonly [unknown, unknown])[]) {
    (map as Map<unknown, unknown>).set(key, value);
  }
}

function thawSession(value: unknown): readonly [unknown, unknown] {
  const session = value as { peer: string; refused: []; inFlight: [] };
  const { refused, inFlight } = session;
  return [session.peer, { ...session, refused: new Map(refused), inFlight: new Map(inFlight) }];
}

function thawRequest(value: unknown): readonly [unknown, unknown] {
  const request = value as { entry: number; places: [] };
  return [request.entry, { ...request, places: new Map(request.places) }];
}

function thawDelivery(ledger: Ledger, delivery: Delivery): void {
  ledger.deliveries.set(delivery.id, delivery);
  if (delivery.state === 'queued') enqueue(ledger, delivery);
}
