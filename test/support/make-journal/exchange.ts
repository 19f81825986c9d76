// How a message goes down to a terminal, and the columns that all entries of one exchange share.

import type { EntryColumns } from '#journal/entry';
import { type Mke, parseMke, parseSuphdr, type Suphdr } from '#protocol/ids';
import { must } from './county.ts';
import type { Doing, Seat } from './floor.ts';
import type { Question } from './questions.ts';

const encoder = new TextEncoder();
/** The key of texts. */
export const am = must(parseMke('AM'));

export interface About extends EntryColumns {
  readonly thread: number;
  readonly ori: Seat['agency'];
}

export function aboutOf(
  seat: Seat,
  question: Pick<Question, 'mke' | 'class'>,
  thread: number,
): About {
  const { mnemonic, taf, agency, person } = seat;
  const { user, oif } = person;
  const { mke } = question;
  return { thread, mnemonic, user, oif, taf, ori: agency, agency, mke, class: question.class };
}

export function columnsOfText(seat: Seat, thread: number): About {
  const text: { readonly mke: Mke; readonly class: 3 | 4 } = { mke: am, class: 3 };
  return { ...aboutOf(seat, text, thread), class: 5 };
}

/** The switch's own reference. */
export function ownReference(entry: number): Suphdr {
  return must(parseSuphdr(entry.toString(36).toUpperCase().padStart(10, '0')));
}

/** Sent to a terminal, and acknowledged there. */
export function deliver(
  seat: Seat,
  sent: {
    readonly about: EntryColumns;
    readonly suphdr: Suphdr;
    readonly source: number;
    readonly index?: number;
    readonly said: string;
  },
): readonly Doing[] {
  const { station, session, mnemonic, person } = seat;
  const delivery = `${sent.source}.${sent.index ?? 0}` as const;
  const { suphdr } = sent;
  const link = { station, session, mnemonic, user: person.user, number: (seat.sent += 1) };
  const columns = { ...sent.about, ...link, suphdr, delivery };
  return [
    {
      draft: { kind: 'sent', direction: 'down', ...columns, outcome: 'sent' },
      body: encoder.encode(`${suphdr}.${sent.said}`),
    },
    { draft: { kind: 'delivered', direction: 'down', ...columns, outcome: 'delivered' } },
  ];
}
