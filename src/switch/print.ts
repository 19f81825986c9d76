// Pages of the journal for a printer: messages of the switch's own, accepted, queued and delivered like any other.
// The record of the release stands in the same turn before the first page, and no page leaves before it is durable.
// They go to a printer alone: at a terminal there may be somebody who may not read them.

import type { Destination } from '#journal/entry';
import type { Mnemonic } from '#protocol/ids';
import { parseMke, parseMnemonic } from '#protocol/ids';
import { requestKeptMs } from '#protocol/keys';
import { formatText } from '#protocol/message';
import { fail, ok, type Result } from '#protocol/result';
import { listsKey } from './directory.ts';
import type { Act } from './event.ts';
import { ownSuphdr } from './ledger.ts';
import type { ActRefusal } from './operate.ts';
import type { State } from './state.ts';
import { nextEntry, record, recordEvent, type Turn } from './turn.ts';

const pageKey = 'AM';
const rule = 'journal-print';

/** @returns The printer's mnemonic, or why nothing can be printed there. */
export function judgePrinter(
  { ledger, keys, mode }: State,
  name: string,
): Result<Mnemonic, ActRefusal> {
  if (mode !== 'running') return fail({ error: 'MSC-1203', detail: mode });
  const mnemonic = parseMnemonic(name);
  const { printersOf, stationOf } = ledger.directory;
  if (mnemonic === undefined || !printersOf.has(mnemonic)) {
    return fail({ error: 'MSC-1702', detail: `${name} is no printer` });
  }
  // What is for such a mnemonic goes to whoever sits at the terminal (link M9).
  if (stationOf.has(mnemonic)) {
    return fail({ error: 'MSC-1702', detail: `${name} is a terminal's mnemonic too` });
  }
  const key = keys.get(pageKey);
  const { takes } = ledger.register.mnemonic.get(mnemonic) ?? {};
  if (key === undefined || !listsKey(takes, key)) {
    return fail({ error: 'MSC-1702', detail: `${name} does not take ${pageKey}` });
  }
  return ok(mnemonic);
}

/** @returns The entry of the release, which is the thread of its pages. */
export function print(
  turn: Turn,
  person: string,
  act: Act & { readonly kind: 'print' },
): Result<number, ActRefusal> {
  const judged = judgePrinter(turn.state, act.mnemonic);
  if (!judged.ok) return judged;
  const mnemonic = judged.value;
  const { reason, requester, recipient, detail } = act;
  const thread = nextEntry(turn);
  const to = { case: act.case, requester, recipient };
  recordEvent(turn, 'release', { thread, mnemonic, person, reason, ...to, detail });
  for (const page of act.pages) sendPage(turn, { thread, mnemonic, page, job: act.job });
  return ok(thread);
}

function sendPage(
  turn: Turn,
  {
    thread,
    mnemonic,
    page,
    job,
  }: { thread: number; mnemonic: Mnemonic; page: string; job: string },
): void {
  const mke = parseMke(pageKey);
  if (mke === undefined) throw new Error(`${pageKey} is no message key`);
  const { ori, name } = turn.state.settings;
  const messageClass = turn.state.keys.get(pageKey)?.class ?? 5;
  const entry = nextEntry(turn);
  const body = formatText({ mke, ori, destinations: [mnemonic], text: page });
  const keptMs = requestKeptMs(messageClass);
  const to: Destination = {
    ...{ kind: 'mnemonic', mnemonic, class: messageClass, rule, keptMs },
    suphdr: ownSuphdr(entry, name),
  };
  record(
    turn,
    {
      ...{ kind: 'received', direction: 'local', thread, mnemonic, ori, mke },
      ...{ class: messageClass, job, rule, outcome: 'accepted', textAt: 0, to: [to] },
    },
    { body },
  );
}
