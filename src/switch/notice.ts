// What the switch itself says about a message (link X3): SM and ER from its own ORI, to the asker
// alone, journalled and delivered like any other message.

import type { Destination, EntryDraft } from '#journal/entry';
import { formatSwitchMessage } from '#protocol/message';
import { type Mke, parseMke } from '#protocol/ids';
import { columnsOf, type Delivery, type Request } from './ledger.ts';
import { record, type Turn } from './turn.ts';

export type NoticeCode = 'SM 02' | 'SM 60' | 'SM 61' | 'ER 01' | 'ER 04' | 'ER 62';

const answerKeptMs = 24 * 3_600_000;
const textMax = 200;

/** Where an answer to a request goes: to the one who asked (link S7b, M6a). */
export function toAsker(request: Pick<Request, 'asker'>, final: boolean): Destination {
  return { ...request.asker, keptMs: answerKeptMs, ...(final ? { final } : {}) };
}

/** What a notice is about, and who is told. */
export type Asked = Pick<Request, 'entry' | 'asker' | 'agency'>;

/** Says it to the asker of a request; an ER ends the request and carries FINAL (link M5). */
export function tellAsker(turn: Turn, request: Asked, code: NoticeCode, text: string): void {
  const kind = code.startsWith('SM') ? 'SM' : 'ER';
  const to = { ...toAsker(request, kind === 'ER'), class: 1 };
  const draft: EntryDraft = {
    kind: 'received',
    direction: 'local',
    thread: request.entry,
    mnemonic: request.asker.mnemonic,
    user: request.asker.user,
    pool: request.asker.pool,
    agency: request.agency,
    ori: turn.state.settings.ori,
    mke: mkeOf(kind),
    suphdr: request.asker.suphdr,
    class: 1,
    code,
    to: [to],
    textAt: 0,
    answers: request.entry,
    notice: noticeOf(code),
  };
  const { ori } = turn.state.settings;
  const body = formatSwitchMessage({
    kind,
    ori,
    code: code.slice(3),
    text: text.slice(0, textMax),
  });
  record(turn, draft, { body });
}

function mkeOf(kind: 'SM' | 'ER'): Mke | undefined {
  return parseMke(kind);
}

function noticeOf(code: NoticeCode): 'late' | 'late-answer' | 'ended' | undefined {
  switch (code) {
    case 'SM 02':
      return undefined;
    case 'SM 60':
      return 'late';
    case 'SM 61':
      return 'late-answer';
    case 'ER 01':
    case 'ER 04':
    case 'ER 62':
      return 'ended';
  }
}

/** SM 02: it is stored, but its upstream is down. @param entry The message just taken. */
export function tellHeld(turn: Turn, entry: number): void {
  const request = turn.ledger.requests.get(entry);
  if (request === undefined) return;
  for (const place of request.places.keys()) {
    const upstream = turn.state.upstreams.get(place);
    if (upstream?.up === true) continue;
    recordHeld(turn, deliveryTo(turn, entry, place));
    tellAsker(turn, request, 'SM 02', `${place} OUT OF SERVICE`);
  }
}

/** The delivery of a message to one of the upstreams it goes to. */
function deliveryTo(turn: Turn, entry: number, upstream: string): Delivery | undefined {
  for (let index = 0; ; index += 1) {
    const delivery = turn.ledger.deliveries.get(`${entry}.${index}`);
    if (delivery === undefined || delivery.to.upstream === upstream) return delivery;
  }
}

/** It is stored, and cannot go on now. */
function recordHeld(turn: Turn, delivery: Delivery | undefined): void {
  if (delivery === undefined) return;
  const { id, to } = delivery;
  const direction = to.kind === 'upstream' ? 'out' : 'local';
  const { upstream, rule } = to;
  const columns = { ...columnsOf(delivery), upstream, rule };
  record(turn, { kind: 'held', direction, ...columns, outcome: 'held', delivery: id });
}

/** Something lies in operator intercept: written down, and said aloud. */
export function alarmIntercept(turn: Turn, source: number, index = 0): void {
  const delivery = turn.ledger.deliveries.get(`${source}.${index}`);
  if (delivery === undefined) return;
  const { to } = delivery;
  recordHeld(turn, delivery);
  const entry = record(turn, {
    kind: 'event',
    event: 'alarm',
    thread: delivery.thread,
    mnemonic: to.mnemonic,
    pool: to.pool,
    mke: delivery.mke,
    rule: to.rule,
    reason: 'a message lies in operator intercept',
    detail: { message: source },
  });
  turn.effects.push({
    kind: 'log',
    level: 'warn',
    event: 'intercept',
    fields: { entry, thread: delivery.thread, mnemonic: to.mnemonic, rule: to.rule },
  });
}
