// Stations as an operator is shown them: who sits there, since when, what waits for it, who shut it out.
// Pure: reads the state, changes nothing. A list is a generator, so that whoever sends it may pause.

import type { StationRecord } from '#journal/register';
import { stationKey } from './ledger.ts';
import type { LinkId } from './event.ts';
import type { State } from './state.ts';
import { type DisabledView, viewDisabled } from './view-links.ts';

export interface TerminalView {
  readonly station: string;
  readonly role: StationRecord['role'];
  readonly state: 'absent' | 'connected' | 'signed-on' | 'disabled' | 'suspended';
  /** The one lent now, else its own. */
  readonly mnemonics: readonly string[];
  readonly pools: readonly string[];
  readonly agency: string | undefined;
  readonly place: string | undefined;
  readonly user: string | undefined;
  /** Wall milliseconds: of the link, or of its end; undefined where there was none. */
  readonly sinceMs: number | undefined;
  readonly link: LinkId | undefined;
  readonly peer: string | undefined;
  readonly waiting: number;
  readonly unacknowledged: number;
  readonly unattended: boolean;
  readonly certificates: number;
  readonly disabled: DisabledView | undefined;
}

export function* viewTerminals(state: State): Generator<TerminalView> {
  for (const station of state.ledger.register.station.values()) yield viewTerminal(state, station);
}

export function viewTerminal(state: State, station: StationRecord): TerminalView {
  const { ledger, live } = state;
  const key = stationKey(station.name);
  const link = live.get(key);
  const session = ledger.sessions.get(key);
  const signOn = ledger.signOns.get(station.name);
  const disabled = viewDisabled(state, key) ?? byRegister(station);
  const here = signOn === undefined ? 'connected' : 'signed-on';
  const present = link === undefined ? 'absent' : here;
  const sinceMs = link?.sinceMs ?? (session?.up === false ? session.downAtMs : undefined);
  const mnemonics = signOn === undefined ? station.mnemonics : [signOn.mnemonic];
  const suspended = station.state === 'suspended' ? 'suspended' : present;
  return {
    station: station.name,
    role: station.role,
    state: disabled === undefined ? suspended : 'disabled',
    mnemonics,
    pools: station.pools,
    agency: station.agency,
    place: station.place,
    user: signOn?.user,
    sinceMs: sinceMs === undefined ? undefined : sinceMs + ledger.aheadMs,
    link: link?.id,
    peer: link?.peer,
    waiting: waitingFor(state, mnemonics, signOn?.user),
    unacknowledged: session?.inFlight.size ?? 0,
    unattended: station.unattended,
    certificates: station.fingerprints.length,
    disabled,
  };
}

function byRegister(station: StationRecord): DisabledView | undefined {
  if (station.state !== 'disabled') return undefined;
  return { by: 'the register', reason: undefined, sinceMs: undefined, entry: undefined };
}

function waitingFor(
  { ledger }: State,
  mnemonics: readonly string[],
  user: string | undefined,
): number {
  const keys = [...mnemonics.map((mnemonic) => `m:${mnemonic}`), `u:${user ?? ''}`];
  return keys.reduce((total, key) => total + (ledger.queues.get(key)?.size ?? 0), 0);
}
