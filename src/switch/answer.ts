// A MESSAGE from an upstream: which request it answers, or that nobody asked. Nothing from an
// upstream is refused (link E8); what has no usable address goes to operator intercept (link M5).

import type { Destination, EntryColumns, EntryDraft } from '#journal/entry';
import { ackFrame, flagFinal, flagPossibleDuplicate, type Frame } from '#protocol/frame';
import { type Header, parseHeader } from '#protocol/header';
import type { Mnemonic, Suphdr } from '#protocol/ids';
import { classOf, requestKeptMs } from '#protocol/keys';
import { type Answer, parseAnswer, parseText } from '#protocol/message';
import { entryOfSuphdr, ownSuphdr, type Request } from './ledger.ts';
import { alarmIntercept, tellAsker, toAsker } from './notice.ts';
import { toMnemonic } from './route.ts';
import type { OpenLink } from './state.ts';
import { namesOf, nextEntry, record, send, type Turn } from './turn.ts';

type Message = Frame & { readonly mnemonic: Mnemonic };

const unsolicitedClass = 5;
const inquiryClass = 3;
const answerKeptMs = 24 * 3_600_000;

export function takeFromUpstream(turn: Turn, link: OpenLink, message: Message): void {
  const header = parseHeader(message.body, 'upstream');
  if (!header.ok) takeUnreadable(turn, link, message, header.error.code);
  else takeReadable(turn, link, message, header.value);
  send(turn, link, ackFrame(message.number));
}

function takeUnreadable(turn: Turn, link: OpenLink, message: Message, code: string): void {
  const { mnemonic } = message;
  const rule = 'unreadable';
  const to: Destination = { kind: 'intercept', mnemonic, class: unsolicitedClass, rule };
  write(turn, link, message, { columns: { code }, to, textAt: 0 });
}

function takeReadable(turn: Turn, link: OpenLink, message: Message, header: Header): void {
  const answer = parseAnswer(message.body, header.textAt);
  const columns = columnsOf(turn, header, answer);
  const { textAt, suphdr } = header;
  const { ledger, state } = turn;
  const asked = entryOfSuphdr(suphdr, ledger.entries);
  const request = asked === undefined ? undefined : ledger.requests.get(asked);
  if (request !== undefined && isAnswer(request, link, { message, suphdr })) {
    return takeAnswer(turn, link, message, { columns, textAt, request, answer });
  }
  const base = basicsOf(turn, message, textAt);
  const { mnemonic } = message;
  if (
    request === undefined &&
    asked !== undefined &&
    suphdr === ownSuphdr(asked, state.settings.name)
  ) {
    // That request is over. Who asked stands in the journal; until it is read this is kept.
    const { upstream } = link;
    const to: Destination = { kind: 'asker', mnemonic, upstream, ...base, suphdr };
    return write(turn, link, message, { columns, to, textAt, thread: asked });
  }
  // Unsolicited: by the mnemonic it names, never by its text.
  write(turn, link, message, { columns, to: toMnemonic(turn, mnemonic, base), textAt });
}

/** Of what nobody asked for, or may have: our own reference (link E1), its class, and how long it is kept. */
function basicsOf(turn: Turn, message: Message, textAt: number): Omit<Destination, 'kind'> {
  const text = parseText(message.body, textAt, turn.state.keys);
  // What is not as a station would say it has the class that the upstream gave it.
  const given = message.class === 0 ? unsolicitedClass : message.class;
  const messageClass = text.ok ? classOf(text.value.key, text.value.fields) : given;
  return {
    suphdr: ownSuphdr(nextEntry(turn), turn.state.settings.name),
    class: messageClass,
    // The short time of an inquiry is for the way up.
    keptMs: messageClass === inquiryClass ? answerKeptMs : requestKeptMs(messageClass),
    ...flagOf(message),
  };
}

/** What came flagged keeps its flag (link M7). */
function flagOf(message: Message): { readonly flagged?: true } {
  return (message.flags & flagPossibleDuplicate) === 0 ? {} : { flagged: true };
}

/** link M5: it counts only from a place the request went to, for its mnemonic, under its reference. */
function isAnswer(
  request: Request,
  link: OpenLink,
  { message, suphdr }: { message: Message; suphdr: Suphdr },
): boolean {
  return (
    request.places.has(link.upstream ?? '') &&
    request.mnemonic === message.mnemonic &&
    request.reference === suphdr
  );
}

function takeAnswer(
  turn: Turn,
  link: OpenLink,
  message: Message,
  taken: { columns: EntryColumns; textAt: number; request: Request; answer: Answer },
): void {
  const { request, answer, textAt } = taken;
  if (request.late === 'late') tellAsker(turn, request, 'SM 61', 'LATE ANSWER FOLLOWS');
  // SM never ends anything, whatever its flag (link M5).
  const final = (message.flags & flagFinal) !== 0 && answer.mke !== 'SM';
  const to = {
    ...toAsker(request, final && isLast(request, link.upstream)),
    ...flagOf(message),
  };
  const { entry: answers, asker, agency, class: messageClass } = request;
  const who = { user: asker.user, pool: asker.pool, agency, class: messageClass };
  const columns = { ...taken.columns, ...who };
  write(turn, link, message, { columns, to, textAt, thread: answers, answers, final });
}

/** Every other place has said its last. */
function isLast(request: Request, upstream: string | undefined): boolean {
  for (const [name, place] of request.places) {
    if (name !== upstream && place !== 'final') return false;
  }
  return true;
}

function columnsOf(turn: Turn, header: Header, answer: Answer): EntryColumns {
  const key = answer.mke === undefined ? undefined : turn.state.keys.get(answer.mke);
  const fields: Record<string, string[]> = {};
  for (const { code, value } of answer.fields) {
    if (code === undefined || key?.identifiers.includes(code) !== true) continue;
    (fields[code] ??= []).push(value);
  }
  const { suphdr, oif, taf } = header;
  const { mke, ori, outcome } = answer;
  return {
    suphdr,
    oif,
    taf,
    mke,
    ori,
    class: key?.class ?? unsolicitedClass,
    outcome: outcome ?? 'accepted',
    fields: Object.keys(fields).length === 0 ? undefined : fields,
  };
}

function write(
  turn: Turn,
  link: OpenLink,
  message: Message,
  taken: {
    columns: EntryColumns;
    to: Destination;
    textAt: number;
    thread?: number;
    answers?: number;
    final?: boolean;
  },
): void {
  const { columns, to, textAt, answers, final } = taken;
  const draft: EntryDraft = {
    kind: 'received',
    direction: 'up-in',
    thread: taken.thread ?? nextEntry(turn),
    ...namesOf(link),
    number: message.number,
    mnemonic: message.mnemonic,
    ...columns,
    to: [to],
    textAt,
    answers,
    final: final === true ? true : undefined,
  };
  const entry = record(turn, draft, { body: message.body });
  if (to.kind === 'intercept') alarmIntercept(turn, entry);
}
