// A multi-state query: one question to all states that take it, one merged answer without those that have
// nothing, and a summary. It waits a minute at most. What comes later is passed on by itself.
//
// @source nlets 7.6

import { messageBytesMax } from './message.ts';
import type { Thread } from './message.ts';
import { literal } from './tables.ts';
import type { NletsTables } from './tables.ts';

export interface Merge {
  readonly id: number;
  readonly key: string;
  readonly answerKey: string;
  readonly asker: string;
  readonly control: string | undefined;
  readonly thread: Thread | undefined;
  readonly asked: readonly string[];
  readonly receivedAtMs: number;
  readonly receivedCount: number;
  /** By the member that was asked. */
  readonly answers: Map<string, { readonly text: string; readonly miss: boolean }[]>;
}

/** One merged text, and the answers for which it had no room. */
export interface Merged {
  readonly text: string;
  readonly rest: readonly { readonly member: string; readonly text: string }[];
}

/** Each that was asked has answered once. */
export const isWhole = ({ asked, answers }: Merge): boolean =>
  asked.every((member) => answers.has(member));

export function merged(merge: Merge, tables: NletsTables): Merged {
  const hits = [...merge.answers].flatMap(([member, answers]) =>
    answers.filter(({ miss }) => !miss).map(({ text }) => ({ member, text })),
  );
  const blocks = hits.map(
    ({ member, text }) => `${literal(tables, 'mergeMember', { MEMBER: member })}\r\n${text}`,
  );
  const summary = summaryOf(merge, tables);
  const fitting = howManyFit(blocks, messageBytesMax - summary.length - headerRoom);
  const rest = hits.slice(fitting);
  const later = rest.length === 0 ? [] : [literal(tables, 'mergeLater')];
  return { text: [summary, ...blocks.slice(0, fitting), ...later].join('\r\n'), rest };
}

function summaryOf({ key, asked, answers }: Merge, tables: NletsTables): string {
  const hit = asked.filter((member) => answers.get(member)?.some(({ miss }) => !miss) === true);
  const silent = asked.filter((member) => !answers.has(member));
  const counts = {
    ASKED: asked.length,
    HIT: hit.length,
    MISS: asked.length - hit.length - silent.length,
    SILENT: silent.length,
  };
  return [
    literal(tables, 'mergeHead', { KEY: key }),
    literal(tables, 'mergeSummary', counts),
    ...(hit.length === 0 ? [] : [literal(tables, 'mergeHits', { MEMBERS: hit.join(' ') })]),
    ...(silent.length === 0 ? [] : [literal(tables, 'mergeSilent', { MEMBERS: silent.join(' ') })]),
  ].join('\r\n');
}

/** Octets kept for the header and the last line. */
const headerRoom = 200;

function howManyFit(blocks: readonly string[], room: number): number {
  let used = 0;
  const over = blocks.findIndex((block) => (used += block.length + 2) > room);
  return over === -1 ? blocks.length : over;
}
