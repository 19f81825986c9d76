// A MESSAGE from a station: its number, the window, BUSY, then what is said of it: accepted, refused,
// or a duplicate. The acknowledgement follows the entry, so it leaves when that is durable (link M1 to M4a).

import type { EntryDraft } from '#journal/entry';
import { ackFrame, controlFrame, flagPossibleDuplicate, type Frame } from '#protocol/frame';
import type { Mnemonic } from '#protocol/ids';
import { rejects } from '#protocol/reject';
import { admit, type Admitted, type Refusal } from './admit.ts';
import { closeGarbled, closeLink, sayRefused } from './link-life.ts';
import type { Session } from './ledger.ts';
import { alarmIntercept, tellHeld } from './notice.ts';
import { type OpenLink, refusalLimits } from './state.ts';
import { repeated } from './stored.ts';
import { log, namesOf, nextEntry, record, recordEvent, send, signOnAt, type Turn } from './turn.ts';

const retryAfterMs = 1_000;

type Message = Frame & { readonly mnemonic: Mnemonic };

/** Numbers, window and BUSY, the same for a station and an upstream; `take` gets what is new. */
export function onMessage(
  turn: Turn,
  link: OpenLink,
  frame: Frame,
  take: (turn: Turn, link: OpenLink, message: Message) => void,
): void {
  const session = turn.ledger.sessions.get(link.key);
  // The frame's own check has seen to it that a MESSAGE has a mnemonic.
  const message = frame as Message;
  if (session === undefined) return;
  if (frame.number <= session.received) return hearAgain(turn, link, session, frame.number);
  if (link.busy !== undefined && frame.number !== link.busy.number) return drop(turn, link);
  if (frame.number !== session.received + 1) {
    const close = { code: 'C10', text: 'a number above the next one' } as const;
    return closeGarbled(turn, link, close, frame.body);
  }
  if (link.station !== undefined && !isTaking(turn)) return sayBusy(turn, link, frame.number);
  if (isOverWindow(turn, link)) {
    const close = { code: 'C11', text: 'more messages than the window allows' } as const;
    return closeGarbled(turn, link, close, frame.body);
  }
  link.busy = undefined;
  link.takenBack = undefined;
  take(turn, link, message);
  link.handled.push(turn.ledger.entries);
}

/** A number taken before: its answer is still to be written down, or it is given again. */
function hearAgain(turn: Turn, link: OpenLink, session: Session, number: number): void {
  const first = firstUnwritten(turn, link, session);
  if (turn.state.journal === 'open' || first === undefined || number < first) {
    if (number === link.takenBack) link.takenBack = undefined;
    return answerAgain(turn, link, session, number);
  }
  if (number === first) takeBack(turn, link, session, number);
  else drop(turn, link);
}

/**
 * The disk is full (link M4a): what was taken is kept and waits for room, but whoever sent it hears BUSY
 * for the first of it. Sent again meanwhile it is BUSY again; afterwards it is answered as link S5 says.
 */
export function onBlocked(turn: Turn): void {
  for (const link of turn.state.live.values()) {
    const session = turn.ledger.sessions.get(link.key);
    if (session === undefined || link.station === undefined) continue;
    const first = firstUnwritten(turn, link, session);
    if (first !== undefined) takeBack(turn, link, session, first);
  }
}

function takeBack(turn: Turn, link: OpenLink, session: Session, first: number): void {
  link.takenBack = session.received;
  sayBusy(turn, link, first);
}

/** There is room again: a number that was taken before need not come once more. */
export function onUnblocked(turn: Turn): void {
  for (const link of turn.state.live.values()) {
    const received = turn.ledger.sessions.get(link.key)?.received ?? 0;
    if (link.busy !== undefined && link.busy.number <= received) link.busy = undefined;
  }
}

/** The lowest number taken on this link whose entry is not durable yet. */
function firstUnwritten(turn: Turn, link: OpenLink, session: Session): number | undefined {
  forgetWritten(turn, link);
  return link.handled.length === 0 ? undefined : session.received - link.handled.length + 1;
}

/** link S5: a number handled before is answered again as it was then. */
export function answerAgain(turn: Turn, link: OpenLink, session: Session, number: number): void {
  const refused = session.refused.get(number);
  if (refused === undefined) return send(turn, link, ackFrame(number));
  const { code, field, at, ref } = refused;
  sayRefused(turn, link, number, {
    code,
    text: textOf(code),
    ref,
    ...(field === undefined ? {} : { field }),
    ...(at === undefined ? {} : { at }),
  });
}

function textOf(code: string): string {
  return code in rejects ? rejects[code as keyof typeof rejects].text : 'refused';
}

function isTaking(turn: Turn): boolean {
  return turn.state.journal === 'open' && turn.state.mode === 'running';
}

/** link M4a: number n is not used up; what follows is dropped until n comes again. */
function sayBusy(turn: Turn, link: OpenLink, number: number): void {
  link.busy = { number, dropped: 0 };
  send(turn, link, controlFrame('BUSY', { retryAfterMs }, number));
}

function drop(turn: Turn, link: OpenLink): void {
  if (link.busy === undefined) return;
  link.busy.dropped += 1;
  if (link.busy.dropped < link.window) return;
  closeLink(turn, link, { code: 'C11', text: 'more messages after BUSY than the window allows' });
}

/** What was handled counts until its entry is durable: only then does the answer leave. */
function isOverWindow(turn: Turn, link: OpenLink): boolean {
  forgetWritten(turn, link);
  return link.handled.length >= link.window;
}

function forgetWritten(turn: Turn, link: OpenLink): void {
  let first = link.handled[0];
  while (first !== undefined && first <= turn.state.durableEntries) {
    link.handled.shift();
    first = link.handled[0];
  }
}

/** A station's MESSAGE that is the next one. */
export function takeFromStation(turn: Turn, link: OpenLink, message: Message): void {
  const before = storedEarlier(turn, link, message);
  if (before !== undefined) return takeRepeat(turn, link, message, before);
  const judged = admit(turn, link, message);
  if (!judged.ok) return refuse(turn, link, message, judged.error);
  accept(turn, link, message, judged.value);
}

/** link M7: the entry that stored this flagged message under an earlier session of the station. */
function storedEarlier(turn: Turn, link: OpenLink, message: Message): number | undefined {
  const session = turn.ledger.sessions.get(link.key);
  if ((message.flags & flagPossibleDuplicate) === 0 || session === undefined) return undefined;
  const signOn = signOnAt(turn, link);
  if (link.role === 'terminal' && signOn?.mnemonic !== message.mnemonic) return undefined;
  const { mnemonic, body } = message;
  const { atMs, ledger } = turn;
  return repeated(session, ledger.digest, {
    mnemonic,
    pool: signOn?.pool,
    user: signOn?.user,
    body,
    atMs,
  });
}

/** It is here already: acknowledged, written down, and it goes no further. */
function takeRepeat(turn: Turn, link: OpenLink, message: Message, stored: number): void {
  const { number, mnemonic, body } = message;
  const signOn = signOnAt(turn, link);
  const { user, oif, agency, pool } = signOn ?? {};
  const who = { user, oif, agency, pool, thread: stored };
  const names = namesOf(link);
  record(
    turn,
    { kind: 'duplicate', direction: 'in', ...names, number, mnemonic, ...who },
    { body },
  );
  send(turn, link, ackFrame(number));
}

function accept(turn: Turn, link: OpenLink, message: Message, admitted: Admitted): void {
  const draft: EntryDraft = {
    kind: 'received',
    direction: 'in',
    thread: nextEntry(turn),
    ...namesOf(link),
    number: message.number,
    mnemonic: message.mnemonic,
    ...admitted.columns,
    outcome: 'accepted',
    to: admitted.to,
    personal: link.role === 'terminal' ? true : undefined,
    textAt: admitted.textAt,
    answerMs: admitted.answerMs,
  };
  const entry = record(turn, draft, { body: message.body });
  send(turn, link, ackFrame(message.number));
  tellHeld(turn, entry);
  for (const [index, { kind }] of admitted.to.entries()) {
    if (kind === 'intercept') alarmIntercept(turn, entry, index);
  }
}

function refuse(turn: Turn, link: OpenLink, message: Message, refusal: Refusal): void {
  const { code, at, field } = refusal;
  const ref = record(
    turn,
    {
      kind: 'refused',
      direction: 'in',
      ...namesOf(link),
      number: message.number,
      mnemonic: message.mnemonic,
      ...refusal.columns,
      code,
      at,
      field,
      outcome: 'refused',
    },
    { body: message.body, withheld: isFlood(turn, link) },
  );
  const text = rejects[code].text;
  sayRefused(turn, link, message.number, {
    code,
    text,
    ref,
    ...(field === undefined ? {} : { field }),
    ...(at === undefined ? {} : { at }),
  });
  if (rejects[code].securityEvent) {
    recordEvent(turn, 'security', {
      ...namesOf(link),
      code,
      reason: text,
      detail: { refusal: ref },
    });
    log(turn, 'warn', 'security', { code, entry: ref, station: link.station });
  }
  closeWhenFlooding(turn, link);
}

/** link S12: counts this refusal, and says whether its octets are one too many to keep. */
function isFlood(turn: Turn, link: OpenLink): boolean {
  if (link.station === undefined) return false;
  const known = turn.state.refusals.get(link.station);
  const fresh = known === undefined || turn.atMs - known.sinceMs >= 60_000;
  const flood = fresh ? { sinceMs: turn.atMs, count: 0 } : known;
  flood.count += 1;
  turn.state.refusals.set(link.station, flood);
  return flood.count > refusalLimits(turn.state, link.station).stored;
}

function closeWhenFlooding(turn: Turn, link: OpenLink): void {
  if (link.station === undefined) return;
  const flood = turn.state.refusals.get(link.station);
  if (flood === undefined || flood.count <= refusalLimits(turn.state, link.station).most) return;
  closeLink(turn, link, { code: 'C17', text: 'too many refusals in one minute' });
}
