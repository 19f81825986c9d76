// What would become of a message, asked of the code that decides it: `admit` and `route`, over the register,
// sign-ons and settings as they are now. Pure, and without a trace: it steps nothing, writes nothing, changes
// nothing. It does not ask whether the switch takes messages at this moment (a full disk, a drain).

import type { Destination } from '#journal/entry';
import type { StationRecord } from '#journal/register';
import { formatHeader } from '#protocol/header';
import type { Mke, Mnemonic, Ori, Suphdr, UserName } from '#protocol/ids';
import { formatText } from '#protocol/message';
import { concatBytes } from '#protocol/octets';
import { rejects } from '#protocol/reject';
import { admit, type Admitted, type Refusal } from './admit.ts';
import { type SignOn, stationKey } from './ledger.ts';
import { upstreamOf } from './route.ts';
import type { State } from './state.ts';
import type { Turn } from './turn.ts';

export interface RouteAsked {
  readonly from: Mnemonic;
  /** As typed: the switch says what is wrong with it. */
  readonly mke: string;
  /** As typed; without it that of the mnemonic's agency. */
  readonly ori?: string | undefined;
  readonly fields: readonly { readonly code: string; readonly value: string }[];
  /** Addresses of an addressed key. */
  readonly to: readonly string[];
  /** As if this person were signed on there, or sent by a host; without it, whoever is. */
  readonly user?: UserName | undefined;
}

/** Somebody who would get it, in the words of the configuration and the register. */
export interface Hearer {
  readonly kind: Destination['kind'];
  /** The upstream or mnemonic; `intercept` for an operator. */
  readonly name: string;
  /** Which rule decided. */
  readonly rule: string;
  /** Stations and states behind the name, such as `QP01: DEMO-PRT-01 absent`. */
  readonly now: string;
  readonly class: number;
  /** Kept so long until it is delivered; absent: until then. */
  readonly keptMs?: number | undefined;
}

export type Rehearsal =
  | { readonly verdict: 'no-sender'; readonly why: string }
  | {
      readonly verdict: 'refused';
      readonly station: string;
      readonly user?: string | undefined;
      readonly code: string;
      readonly text: string;
      readonly field?: string | undefined;
    }
  | {
      readonly verdict: 'heard';
      readonly station: string;
      readonly user?: string | undefined;
      readonly agency?: string | undefined;
      readonly to: readonly Hearer[];
      readonly answerMs?: number | undefined;
    };

/** @param now Any time: nothing of the answer depends on it. */
export function rehearse(
  state: State,
  asked: RouteAsked,
  now: { readonly atMs: number; readonly timeUs: number },
): Rehearsal {
  const station = stationFor(state, asked);
  if (typeof station === 'string') return { verdict: 'no-sender', why: station };
  const signOn = station.role === 'terminal' ? signOnFor(state, station, asked) : undefined;
  const turn = turnWith(state, station, signOn, now);
  const message = { ...blank, mnemonic: asked.from, body: bodyOf(state, station, asked) };
  const judged = admit(turn, { station: station.name, role: station.role }, message);
  const user = signOn?.user ?? asked.user;
  if (!judged.ok) return refusedBy(judged.error, station, user);
  return heardBy(state, judged.value, station, asked);
}

const blank = { type: 'MESSAGE', flags: 0, class: 0, number: 1 } as const;
/** Any reference will do: it names no message. */
const reference = 'ROUTETEST' as Suphdr;

/** The station that speaks for a mnemonic, or why there is none. */
function stationFor(state: State, { from, user }: RouteAsked): StationRecord | string {
  const { register, directory, signOns } = state.ledger;
  const own = directory.stationOf.get(from);
  if (own !== undefined) return own;
  if (directory.printersOf.has(from)) return `${from} is a printer's: it sends nothing`;
  const pool = directory.poolOf.get(from);
  if (pool === undefined) return `there is no mnemonic ${from}`;
  const borrower = [...signOns.values()].find(({ mnemonic }) => mnemonic === from)?.station;
  const lent = borrower === undefined ? undefined : register.station.get(borrower);
  if (lent !== undefined) return lent;
  const may = [...register.station.values()].find(({ pools }) => pools.includes(pool.name));
  if (user === undefined || may === undefined)
    return `nobody has borrowed ${from} from pool ${pool.name}`;
  return may;
}

function signOnFor(
  { ledger }: State,
  station: StationRecord,
  { from, user }: RouteAsked,
): SignOn | undefined {
  const held = ledger.signOns.get(station.name);
  if (user === undefined || (held?.user === user && held.mnemonic === from)) return held;
  const person = ledger.register.person.get(user);
  if (person === undefined) return undefined;
  const { oif, agency } = person;
  const pool = ledger.directory.poolOf.get(from)?.name;
  const never = { entry: 0, sinceMs: 0, messageAtMs: 0, keptUntilMs: undefined };
  return { ...never, station: station.name, user, oif, agency, mnemonic: from, pool };
}

/** A turn beside the state: its sign-ons are a copy with the one that is assumed. */
function turnWith(
  state: State,
  station: StationRecord,
  signOn: SignOn | undefined,
  now: { readonly atMs: number; readonly timeUs: number },
): Turn {
  const signOns = new Map(state.ledger.signOns);
  if (signOn === undefined) signOns.delete(station.name);
  else signOns.set(station.name, signOn);
  return { state, ledger: { ...state.ledger, signOns }, ...now, effects: [] };
}

function bodyOf(state: State, station: StationRecord, asked: RouteAsked): Uint8Array {
  const { from, mke, fields, to, user } = asked;
  const { register } = state.ledger;
  const isHost = station.role === 'host';
  const oif = isHost && user !== undefined ? register.person.get(user)?.oif : undefined;
  const taf = isHost && station.tafRequired.includes(from) ? station.tafs[0] : undefined;
  const ori = asked.ori ?? register.mnemonic.get(from)?.agency ?? station.agency ?? '';
  const isAddressed = state.keys.get(mke)?.form === 'addressed';
  const text = formatText({
    // Typed text is let through to the code under test, which is total and says what is wrong with it.
    mke: mke as Mke,
    ori: ori as Ori,
    fields,
    ...(isAddressed ? { destinations: to } : {}),
  });
  return concatBytes(formatHeader({ suphdr: reference, oif, taf }), text);
}

function refusedBy(
  { code, field }: Refusal,
  station: StationRecord,
  user: string | undefined,
): Rehearsal {
  return { verdict: 'refused', station: station.name, user, code, text: rejects[code].text, field };
}

function heardBy(
  state: State,
  { columns, to, answerMs }: Admitted,
  station: StationRecord,
  asked: RouteAsked,
): Rehearsal {
  const { user, agency } = columns;
  const hearers = to.map((destination) => hearerOf(state, destination, asked));
  return { verdict: 'heard', station: station.name, user, agency, to: hearers, answerMs };
}

function hearerOf(state: State, to: Destination, { mke }: RouteAsked): Hearer {
  const { kind, upstream, mnemonic, keptMs } = to;
  const basics = { kind, class: to.class, ...(keptMs === undefined ? {} : { keptMs }) };
  const route = state.keys.get(mke)?.route ?? 'state';
  if (kind === 'upstream') {
    const up = state.upstreams.get(upstream ?? '')?.up === true ? 'up' : 'down';
    const rule = `route ${route}, taken by upstreams.${upstream ?? ''}`;
    return { ...basics, name: upstream ?? '', rule, now: `link ${up}` };
  }
  if (kind === 'intercept') {
    const rule = to.rule === 'no-upstream' ? `no upstream takes route ${route}` : (to.rule ?? '');
    return { ...basics, name: 'intercept', rule, now: 'kept until an operator decides' };
  }
  const pool = to.pool === undefined ? undefined : `destination of pool ${to.pool}`;
  const name = mnemonic ?? to.user ?? '';
  return { ...basics, name, rule: pool ?? 'address in the text', now: nowAt(state, mnemonic) };
}

/** Who serves a mnemonic, and whether they are there. */
function nowAt({ ledger, live }: State, mnemonic: Mnemonic | undefined): string {
  if (mnemonic === undefined) return 'nobody';
  const { stationOf, printersOf } = ledger.directory;
  const borrower = [...ledger.signOns.values()].find((held) => held.mnemonic === mnemonic);
  const own = stationOf.get(mnemonic);
  const names = [
    ...(own === undefined ? [] : [own.name]),
    ...(printersOf.get(mnemonic) ?? []).map(({ name }) => name),
    ...(borrower === undefined || borrower.station === own?.name ? [] : [borrower.station]),
  ];
  const words = names.map(
    (name) => `${name} ${live.has(stationKey(name)) ? 'connected' : 'absent'}`,
  );
  return words.length === 0 ? 'nobody now' : words.join(', ');
}

/** One key of the table and where it goes. */
export interface KeyRoute {
  readonly mke: string;
  readonly name: string;
  readonly group: string;
  readonly class: number;
  readonly route: 'state' | 'local' | 'both';
  /** Where a message with this key goes, in words. */
  readonly to: string;
  /** Whether an answer is awaited. */
  readonly answer: boolean;
}

/** What every key that a station may send leads to, by the key table and the settings in force. */
export function keyRoutes(state: State): readonly KeyRoute[] {
  return state.keys.all
    .filter(({ from }) => from === 'station')
    .map((key) => {
      const { mke, name, group, class: messageClass, route, form, answer } = key;
      const upstream = upstreamOf(state.settings, route)?.name;
      const beyond = upstream === undefined ? 'intercept (no upstream)' : `upstream ${upstream}`;
      const here = 'stations it names';
      const forms = { state: `${here}, or ${beyond}`, local: here, both: `${here}, or ${beyond}` };
      const to = form === 'fields' ? beyond : forms[route];
      return { mke, name, group, class: messageClass, route, to, answer: answer === 'awaited' };
    });
}
