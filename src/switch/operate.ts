// What an operator does to a link, a station or an upstream: end it, shut it out, let it in, test it.
// `judge` says what would come of it and changes nothing; `operate` judges again and does it. Who and why
// stand in an entry before anything else of it (operator-experience 1).

import type { Destination } from '#journal/entry';
import type { StationRecord } from '#journal/register';
import { type Mnemonic, parseMke, type StationName } from '#protocol/ids';
import { formatText } from '#protocol/message';
import { fail, ok, type Result } from '#protocol/result';
import type { LinkId, Named, OperatorAct } from './event.ts';
import { closeLink, dialAgain, leaveDialled, turnAway } from './link-life.ts';
import { ownSuphdr, type PeerKey, stationKey } from './ledger.ts';
import { peerOf } from './session.ts';
import type { Link, State } from './state.ts';
import { nextEntry, record, recordEvent, type Turn } from './turn.ts';

/** What an act would meet. */
export interface Outlook {
  readonly station?: StationName | undefined;
  readonly upstream?: string | undefined;
  readonly mnemonics: readonly Mnemonic[];
  /** The link that would end, or carry the test. */
  readonly link?: LinkId | undefined;
  readonly peer?: string | undefined;
  /** Who is signed on there, and who would be signed off for it. */
  readonly user?: string | undefined;
  /** Sent there and not acknowledged: it goes again. */
  readonly unacknowledged: number;
  /** It is so already; nothing would change. */
  readonly already: boolean;
}

export interface ActRefusal {
  readonly error: 'MSC-1203' | 'MSC-1601' | 'MSC-1602' | 'MSC-1702';
  readonly detail: string;
}

/** @returns What the act would meet, or why it cannot be done. */
export function judge(state: State, act: OperatorAct): Result<Outlook, ActRefusal> {
  switch (act.kind) {
    case 'close': {
      const link = state.links.get(act.link);
      if (link === undefined || link.phase === 'closing')
        return fail({ error: 'MSC-1601', detail: `link ${act.link}` });
      return ok(outlookOf(state, namedOf(link), { link }));
    }
    case 'disable':
    case 'enable': {
      if (!isKnown(state, act.who))
        return fail({ error: 'MSC-1601', detail: Object.values(act.who).join('') });
      const isOff = state.ledger.disabled.has(peerOf(act.who) ?? '');
      return ok(outlookOf(state, act.who, { already: isOff === (act.kind === 'disable') }));
    }
    case 'test': {
      const to = testDestination(state, act.station);
      return to.ok ? ok(outlookOf(state, { station: act.station })) : to;
    }
  }
}

/** @returns The entry that says so: of a test the message itself. */
export function operate(turn: Turn, person: string, act: OperatorAct): Result<number, ActRefusal> {
  const judged = judge(turn.state, act);
  if (!judged.ok) return judged;
  const { reason } = act;
  switch (act.kind) {
    case 'close':
      return ok(close(turn, { person, reason, link: turn.state.links.get(act.link) }));
    case 'disable': {
      const entry = recordEvent(turn, 'disable', { person, reason, ...act.who });
      shutOut(turn, act.who);
      return ok(entry);
    }
    case 'enable': {
      const entry = recordEvent(turn, 'enable', { person, reason, ...act.who });
      const again = 'upstream' in act.who && !judged.value.already;
      if (again) dialAgain(turn, act.who.upstream, { fresh: true });
      return ok(entry);
    }
    case 'test':
      return sendTest(turn, { person, reason, station: act.station });
  }
}

/** After a start the edge does not know yet whom it is not to dial. */
export function restDisabled({ ledger, effects }: Turn): void {
  for (const key of ledger.disabled.keys())
    if (key.startsWith('>')) effects.push({ kind: 'rest', upstream: key.slice(1) });
}

interface Why {
  readonly person: string;
  readonly reason: string | undefined;
}

const closed = 'closed by an operator';
const shut = 'shut out by an operator';

function close(turn: Turn, { link, ...why }: Why & { readonly link: Link | undefined }): number {
  if (link === undefined) throw new Error('a link that was judged is not there');
  const { id, peer } = link;
  const entry = recordEvent(turn, 'close', {
    ...why,
    ...namedOf(link),
    peer,
    detail: { link: id },
  });
  switch (link.phase) {
    case 'greeting':
      turnAway(turn, link, { code: 'C16', text: closed });
      break;
    case 'dialled':
      leaveDialled(turn, link.upstream, closed);
      break;
    case 'open':
      // To an upstream we are the station, which leaves; a station is to come back (link 9).
      closeLink(turn, link, { code: link.upstream === undefined ? 'C16' : 'C18', text: closed });
      break;
    case 'closing':
      break;
  }
  return entry;
}

/** The entry stands: a new HELLO is refused, and nothing dials again (link S2). */
function shutOut(turn: Turn, who: Named): void {
  const link = turn.state.live.get(peerOf(who) ?? '');
  if ('station' in who) {
    if (link !== undefined) closeLink(turn, link, { code: 'C02', text: shut });
    return;
  }
  if (link !== undefined) closeLink(turn, link, { code: 'C18', text: shut });
  leaveDialled(turn, who.upstream, shut);
  turn.effects.push({ kind: 'rest', upstream: who.upstream });
}

function isKnown({ ledger, upstreams }: State, who: Named): boolean {
  return 'station' in who ? ledger.register.station.has(who.station) : upstreams.has(who.upstream);
}

/** A certificate's name is not yet that of a station; until its HELLO nobody is named. */
function namedOf(link: Link): Named | Record<string, never> {
  if (link.phase === 'dialled') return { upstream: link.upstream };
  if (link.phase !== 'open') return {};
  if (link.station !== undefined) return { station: link.station };
  return link.upstream === undefined ? {} : { upstream: link.upstream };
}

function outlookOf(
  state: State,
  who: Named | Record<string, never>,
  more: { readonly link?: Link; readonly already?: boolean } = {},
): Outlook {
  const { ledger, live } = state;
  const key: PeerKey = peerOf(who) ?? '';
  const link = more.link ?? live.get(key);
  const signOn = 'station' in who ? ledger.signOns.get(who.station) : undefined;
  const station = 'station' in who ? ledger.register.station.get(who.station) : undefined;
  return {
    ...who,
    mnemonics: signOn === undefined ? (station?.mnemonics ?? []) : [signOn.mnemonic],
    link: link?.id,
    peer: link?.peer,
    user: signOn?.user,
    unacknowledged: ledger.sessions.get(key)?.inFlight.size ?? 0,
    already: more.already ?? false,
  };
}

/** A test that is not there by then comes too late to mean anything. */
const testKeptMs = 30_000;
const testText = 'TEST OF THIS TERMINAL BY THE SWITCH. NOTHING NEED BE DONE.';
const testKey = parseMke('AM');

function sendTest(
  turn: Turn,
  { station, ...why }: Why & { readonly station: StationName },
): Result<number, ActRefusal> {
  const { state } = turn;
  const to = testDestination(state, station);
  if (!to.ok || testKey === undefined) return to.ok ? cannot(station, 'has no key for it') : to;
  const { mnemonic } = to.value;
  recordEvent(turn, 'test', {
    ...why,
    station,
    mnemonic,
    detail: { message: nextEntry(turn) + 1 },
  });
  const { ori, name } = state.settings;
  const entry = nextEntry(turn);
  const body = formatText({
    ...{ mke: testKey, ori, text: testText },
    destinations: mnemonic === undefined ? [] : [mnemonic],
  });
  record(
    turn,
    {
      ...{ kind: 'received', direction: 'local', thread: entry, textAt: 0 },
      ...{ mnemonic, ori, mke: testKey, class: to.value.class, rule: to.value.rule },
      to: [{ ...to.value, suphdr: ownSuphdr(entry, name) }],
    },
    { body },
  );
  return ok(entry);
}

/** To whoever sits there, else to what the station prints or shows without anybody (link S7, S7b). */
function testDestination(state: State, name: StationName): Result<Destination, ActRefusal> {
  const { ledger, live, keys, mode } = state;
  if (mode !== 'running') return fail({ error: 'MSC-1203', detail: mode });
  const station = ledger.register.station.get(name);
  if (station === undefined) return fail({ error: 'MSC-1601', detail: name });
  if (!live.has(stationKey(name))) return cannot(name, 'is not connected');
  const base = {
    class: keys.get('AM')?.class ?? 5,
    keptMs: testKeptMs,
    rule: 'terminal-test',
  };
  const signOn = ledger.signOns.get(name);
  if (signOn !== undefined) {
    const { user, mnemonic, pool } = signOn;
    return ok({ kind: 'user', user, station: name, mnemonic, pool, ...base });
  }
  if (station.role === 'terminal' && !station.unattended)
    return cannot(name, 'has nobody signed on');
  const mnemonic = ownMnemonic(state, station);
  if (mnemonic === undefined) return cannot(name, 'serves no mnemonic of its own now');
  return ok({ kind: 'mnemonic', mnemonic, ...base });
}

/** Beside a terminal a printer gets what policy sends there alone (link M9): the test would go elsewhere. */
function ownMnemonic({ ledger }: State, station: StationRecord): Mnemonic | undefined {
  const { stationOf } = ledger.directory;
  if (station.role !== 'printer') return station.mnemonics[0];
  return station.mnemonics.find((mnemonic) => !stationOf.has(mnemonic));
}

function cannot(name: string, why: string): { readonly ok: false; readonly error: ActRefusal } {
  return fail({ error: 'MSC-1602', detail: `${name} ${why}` });
}
