// Who must hear it? The key table names an upstream or the addresses in the text; the register says
// who stands behind an address. Pure: one destination, one delivery record (link X5).

import type { Destination } from '#journal/entry';
import type { Frame } from '#protocol/frame';
import type { Mnemonic, Suphdr } from '#protocol/ids';
import { classOf, requestKeptMs } from '#protocol/keys';
import { type Destination as Address, destinationsMax, type MessageText } from '#protocol/message';
import { fail, ok, type Result } from '#protocol/result';
import { listsKey } from './directory.ts';
import { ownSuphdr } from './ledger.ts';
import type { SwitchSettings } from './settings.ts';
import { nextEntry, type Turn } from './turn.ts';

export interface Routed {
  readonly text: MessageText;
  readonly message: Frame & { readonly mnemonic: Mnemonic };
  readonly flagged: boolean;
}
export interface RouteRefusal {
  readonly code: 'B01' | 'B02' | 'B03';
  readonly at?: number;
}

export function destinationsOf(
  turn: Turn,
  routed: Routed,
): Result<readonly Destination[], RouteRefusal> {
  const { text } = routed;
  const base = basicsOf(turn, routed);
  if (text.key.form === 'fields' || text.destinations === undefined) {
    return ok([
      toUpstream(turn, base, { route: text.key.route, mnemonic: routed.message.mnemonic }),
    ]);
  }
  return addressed(turn, routed, base);
}

type Basics = Pick<Destination, 'suphdr' | 'class' | 'flagged' | 'keptMs'> & {
  readonly suphdr: Suphdr;
};

function basicsOf(turn: Turn, { text, flagged }: Routed): Basics {
  const messageClass = classOf(text.key, text.fields);
  return {
    suphdr: ownSuphdr(nextEntry(turn), turn.state.settings.name),
    class: messageClass,
    keptMs: requestKeptMs(messageClass),
    ...(flagged ? { flagged } : {}),
  };
}

/** The first upstream that takes a route. */
export function upstreamOf(
  { upstreams }: SwitchSettings,
  route: string,
): SwitchSettings['upstreams'][number] | undefined {
  const wanted = route === 'both' ? 'state' : route;
  return upstreams.find(({ routes }) => routes.includes(wanted));
}

/** Without an upstream for the route an operator must decide: it is kept, and alarmed. */
function toUpstream(
  turn: Turn,
  base: Basics,
  { route, mnemonic }: { route: string; mnemonic: Mnemonic },
): Destination {
  const upstream = upstreamOf(turn.state.settings, route);
  if (upstream === undefined) {
    return { kind: 'intercept', mnemonic, ...base, rule: 'no-upstream' };
  }
  return { kind: 'upstream', upstream: upstream.name, mnemonic, ...base };
}

function addressed(
  turn: Turn,
  routed: Routed,
  base: Basics,
): Result<readonly Destination[], RouteRefusal> {
  const { text, message } = routed;
  const addresses = text.destinations ?? [];
  if (addresses.length === 0) return fail({ code: 'B01', at: text.restAt });
  if (addresses.length > destinationsMax) return fail({ code: 'B03' });
  const to: Destination[] = [];
  let never: number | undefined;
  for (const address of addresses) {
    const found = resolve(turn, address, { text, base, from: message.mnemonic });
    if (found === undefined) return fail({ code: 'B01', at: address.at });
    if (!takesKey(turn, found, text)) never ??= address.at;
    // One address named twice, or an ORI beside its own mnemonic, is still one delivery.
    if (!to.some((known) => isSame(known, found))) to.push(found);
  }
  return never === undefined ? ok(to) : fail({ code: 'B02', at: never });
}

function isSame(one: Destination, other: Destination): boolean {
  return (
    one.kind === other.kind && one.mnemonic === other.mnemonic && one.upstream === other.upstream
  );
}

/** Where one address leads, or undefined where nobody knows it. */
function resolve(
  turn: Turn,
  address: Address,
  { text, base, from }: { text: MessageText; base: Basics; from: Mnemonic },
): Destination | undefined {
  const { register } = turn.ledger;
  const forward = (): Destination =>
    toUpstream(turn, base, { route: text.key.route, mnemonic: from });
  switch (address.kind) {
    case 'state':
      return forward();
    case 'group':
      return undefined;
    case 'mnemonic': {
      // An address of four is a mnemonic by form; the register has it or not.
      const mnemonic = address.value as Mnemonic;
      return isServed(turn, mnemonic) ? toMnemonic(turn, mnemonic, base) : undefined;
    }
    case 'ori': {
      const mnemonic = register.agency.get(address.value)?.mnemonic;
      if (mnemonic !== undefined && isServed(turn, mnemonic))
        return toMnemonic(turn, mnemonic, base);
      // Another state's agency is beyond the upstream; one of ours would stand in the register.
      return text.key.route === 'state' || isElsewhere(turn, address.value) ? forward() : undefined;
    }
  }
}

function isElsewhere(turn: Turn, ori: string): boolean {
  return ori.slice(0, 2) !== turn.state.settings.ori.slice(0, 2);
}

function isServed(turn: Turn, mnemonic: Mnemonic): boolean {
  const { stationOf, printersOf, poolOf } = turn.ledger.directory;
  return stationOf.has(mnemonic) || printersOf.has(mnemonic) || poolOf.has(mnemonic);
}

/** Of a pool it is the destination that must take it (B02). */
function takesKey(turn: Turn, { kind, mnemonic }: Destination, text: MessageText): boolean {
  if (kind === 'upstream' || mnemonic === undefined) return true;
  return listsKey(turn.ledger.register.mnemonic.get(mnemonic)?.takes, text.key);
}

/**
 * Where something that nobody asked for goes: to the station of the mnemonic; for a pool only to its
 * defined destination, else it is kept and an operator is alarmed (clets 3.2, M4).
 */
export function toMnemonic(
  turn: Turn,
  mnemonic: Mnemonic | undefined,
  base: Omit<Destination, 'kind'>,
): Destination {
  const pool = mnemonic && turn.ledger.directory.poolOf.get(mnemonic);
  if (pool === undefined) {
    const served = mnemonic !== undefined && isServed(turn, mnemonic);
    if (served) return { kind: 'mnemonic', mnemonic, ...base };
    return { kind: 'intercept', mnemonic, ...base, rule: 'mnemonic-unknown' };
  }
  const { destination, name } = pool;
  if (destination === undefined) {
    return { kind: 'intercept', mnemonic, pool: name, ...base, rule: 'pool-without-destination' };
  }
  return { kind: 'mnemonic', mnemonic: destination, pool: name, ...base, rule: 'pool-destination' };
}
