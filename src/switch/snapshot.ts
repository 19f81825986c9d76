// The ledger as text and back: a cache that saves replaying old entries, never the truth. A snapshot
// of another version, or one that does not read, is no snapshot: everything is replayed. The switch stands
// still while it is made, so deliveries, of which there may be very many, are rows without names.

import type { Register } from '#journal/register';
import { readDirectory } from './directory.ts';
import { createLedger, type Delivery, enqueue, type Ledger } from './ledger.ts';
import type { State } from './state.ts';
import type { Digest } from './stored.ts';

/**
 * Raised whenever the shape below, or the meaning of an entry for the ledger, changes. Where entries were purged a
 * snapshot is all that is left of them: whoever raises it reads the version before as well (decision 21).
 */
const version = 4;

type Frozen = ReturnType<typeof frozenOf>;

function frozenOf(ledger: Ledger): {
  readonly version: number;
  readonly entries: number;
  readonly lastMs: number;
  readonly aheadMs: number;
  readonly register: Readonly<Record<keyof Register, readonly unknown[]>>;
  readonly sessions: readonly unknown[];
  readonly requests: readonly unknown[];
  readonly deliveries: readonly Row[];
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
      stored: [...session.stored],
      earlier: [...session.earlier],
    })),
    requests: [...ledger.requests.values()].map((request) => ({
      ...request,
      places: [...request.places],
    })),
    deliveries: Array.from(ledger.deliveries.values(), rowOf),
    maps: plainMaps(ledger).map((map) => [...map]),
    locked: [...ledger.locked],
  };
}

/** The maps whose values are plain data, in a fixed order. */
function plainMaps(ledger: Ledger): readonly Map<unknown, unknown>[] {
  const { signOns, returned, userTries, stationTries, lastSignOns, disabled } = ledger;
  return [signOns, returned, userTries, stationTries, lastSignOns, disabled] as Map<
    unknown,
    unknown
  >[];
}

export function freeze(state: State): string {
  return JSON.stringify(frozenOf(state.ledger));
}

/** Fills the ledger of a new state; false where the text is no snapshot of this version. */
export function thaw(state: State, text: string): boolean {
  const frozen = parseFrozen(text);
  if (frozen === undefined) return false;
  Object.assign(state.ledger, thawLedger(frozen, state.ledger.digest));
  return true;
}

function parseFrozen(text: string): Frozen | undefined {
  try {
    // It was written by `freeze` of this version: the stamp beside it says that it is whole.
    const value = JSON.parse(text) as Frozen | null;
    return value?.version === version ? value : undefined;
  } catch {
    // Not JSON is not a snapshot; the entries are all there.
    return undefined;
  }
}

function thawLedger(frozen: Frozen, digest: Digest): Ledger {
  const ledger = createLedger(digest);
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

const sessionMaps = ['refused', 'inFlight', 'stored', 'earlier'] as const;

function thawSession(value: unknown): readonly [unknown, unknown] {
  const session = value as { peer: string } & Record<(typeof sessionMaps)[number], []>;
  const maps = sessionMaps.map((name) => [name, new Map(session[name])] as const);
  return [session.peer, { ...session, ...Object.fromEntries(maps) }];
}

function thawRequest(value: unknown): readonly [unknown, unknown] {
  const request = value as { entry: number; places: [] };
  return [request.entry, { ...request, places: new Map(request.places) }];
}

type Row = readonly unknown[];

function rowOf(delivery: Delivery): Row {
  const { source, index, to, thread, oif, taf, ori, agency } = delivery;
  const { mke, sinceMs, state, sentEntry, mayBeThere, sentTo } = delivery;
  // prettier-ignore
  return [
    source, index, to, thread, oif, taf, ori, agency,
    mke, sinceMs, state, sentEntry, mayBeThere, sentTo,
  ];
}

function deliveryOf(row: Row): Delivery {
  // JSON writes what is absent as null.
  const [source, index, to, thread, oif, taf, ori, agency, ...rest] = row.map(
    (value) => value ?? undefined,
  );
  const [mke, sinceMs, state, sentEntry, mayBeThere, sentTo] = rest;
  // As `rowOf` wrote it, here and below.
  const id = `${source as number}.${index as number}`;
  const now = { mke, sinceMs, state, sentEntry, mayBeThere, sentTo };
  return { id, source, index, to, thread, oif, taf, ori, agency, ...now } as Delivery;
}

function thawDelivery(ledger: Ledger, row: Row): void {
  const delivery = deliveryOf(row);
  ledger.deliveries.set(delivery.id, delivery);
  if (delivery.state === 'queued') enqueue(ledger, delivery);
}
