// Plays the other states: what they send back to a message, as the texts they would send to Nlets. Chance comes
// from the seed alone, so the same questions in the same order get the same answers at the same times.

import { dice } from '../load/dice.ts';
import type { Directory } from './directory.ts';
import type { Message } from './message.ts';
import { answerFrom, filled } from './record-book.ts';
import type { Rule, Say, States, Step } from './script.ts';
import { baseKey, literal } from './tables.ts';
import type { KeyRow, NletsTables } from './tables.ts';

/** What a world knows: lines of an answer, none of them for nothing on file, undefined where it cannot say. */
export type Answerer = (
  state: string,
  key: string,
  fields: ReadonlyMap<string, string>,
) => readonly string[] | undefined;

/** One message that a played state sends. */
export interface Reply {
  readonly afterMs: number;
  /** As it comes in at the hub. */
  readonly text: string;
  readonly miss: boolean;
  readonly skipCounts: number;
}

export class Players {
  readonly #states: States;
  readonly #directory: Directory;
  readonly #tables: NletsTables;
  readonly #answerer: Answerer | undefined;
  readonly #chance: () => number;
  /** How often each rule has been played. */
  readonly #turns = new Map<Rule, number>();

  constructor(from: {
    readonly states: States;
    readonly directory: Directory;
    readonly tables: NletsTables;
    readonly answerer: Answerer | undefined;
    readonly seed: number;
  }) {
    this.#states = from.states;
    this.#directory = from.directory;
    this.#tables = from.tables;
    this.#answerer = from.answerer;
    this.#chance = dice(from.seed);
  }

  /** What comes back for a message; nothing where no rule fits it. */
  replies(message: Message): readonly Reply[] {
    const rule = this.#states.rules.find((one) => this.#fits(one, message));
    if (rule === undefined) return [];
    const turn = this.#turns.get(rule) ?? 0;
    this.#turns.set(rule, turn + 1);
    const steps = rule.plays[turn % rule.plays.length] ?? [];
    return steps.flatMap((step) => this.#play(step, message));
  }

  #fits({ at, keys, when }: Rule, message: Message): boolean {
    const { destination, fields } = message;
    const member = this.#directory.members.get(destination.slice(0, 2));
    const names = ['*', destination, destination.slice(0, 2)];
    if (member?.control === destination) names.push('control');
    return (
      keys.has(baseKey(this.#tables, message.key)) &&
      names.some((name) => at.has(name)) &&
      [...when].every(([code, value]) => fields.values.get(code) === value)
    );
  }

  #play(step: Step, message: Message): readonly Reply[] {
    const row = this.#tables.keys.get(message.key);
    const key = step.key ?? row?.answer ?? 'AM';
    const said = this.#say(step.say, message, key);
    const control = message.control === undefined ? '' : `*${message.control}.`;
    const from = step.from ?? this.#speaker(message.destination, row);
    const head = `${key}.${from}.${message.sender}.${control}TXT\r\n`;
    const text = padded(head + said.lines.join('\r\n'), step.padTo);
    const { min, max } = step.after;
    return Array.from({ length: step.times }, () => ({
      afterMs: min + Math.floor(this.#chance() * (max - min + 1)),
      text,
      miss: said.miss,
      skipCounts: step.skipCounts,
    }));
  }

  #say(say: Say, message: Message, key: string): { lines: readonly string[]; miss: boolean } {
    const { values } = message.fields;
    switch (say.kind) {
      case 'data': {
        const lines = this.#onFile(message, key);
        return lines.length > 0 ? { lines, miss: false } : this.#none(message);
      }
      case 'none':
        return this.#none(message);
      case 'text':
        return { lines: say.lines.flatMap((line) => filled(line, values)), miss: false };
      case 'confirm':
        return { lines: confirmation(values, say.fields), miss: false };
    }
  }

  #onFile(message: Message, answerKey: string): readonly string[] {
    const member = message.destination.slice(0, 2);
    const { values } = message.fields;
    const asked = baseKey(this.#tables, message.key);
    const known = this.#answerer?.(member, asked, values);
    return known ?? answerFrom(this.#states.book, { member, answerKey, values });
  }

  #none({ fields }: Message): { lines: readonly string[]; miss: boolean } {
    const echoed = [...fields.values]
      .filter(([code]) => !unechoed.has(code))
      .map(([code, value]) => `${code}/${value}`);
    return { lines: [literal(this.#tables, 'noneOnFile'), echoed.join(' ')], miss: true };
  }

  /** The ORI that answers for what was asked. */
  #speaker(destination: string, row: KeyRow | undefined): string {
    const member = this.#directory.members.get(destination);
    if (member === undefined) return destination;
    if (row?.class === 'A') return member.control;
    return row?.class === 'C' ? member.answers.C : member.answers.D;
  }
}

const unechoed: ReadonlySet<string> = new Set(['PUR', 'ATN', 'RSN', 'IMQ']);

/** A YR: type, what is said, case and number as in the request, its data set, who confirms. @source nlets 5.3 */
function confirmation(
  asked: ReadonlyMap<string, string>,
  said: ReadonlyMap<string, string>,
): readonly string[] {
  const of = (from: ReadonlyMap<string, string>, codes: readonly string[]): string[] =>
    codes.flatMap((code) => {
      const value = from.get(code);
      return value === undefined ? [] : [`${code}/${value}`];
    });
  const set = [...asked.keys()].filter((code) => !requestOnly.has(code));
  const first = [...of(asked, ['RTY']), ...of(said, ['CON', 'HRS']), ...of(asked, ['OCA', 'NIC'])];
  const last = of(said, ['CNA', 'CAG', 'PHO', 'EXT', 'FAX', 'REM']);
  return [`${first.join('.')}.`, `${of(asked, set).join('.')}.`, last.join('.')];
}

/** Fields of a request that are no part of its data set. @source nlets 5.1 */
const requestOnly: ReadonlySet<string> = new Set([
  ...['RTY', 'RNO', 'PRI', 'OCA', 'NIC', 'RNA', 'RAG', 'PHO', 'EXT', 'FAX', 'REM'],
]);

function padded(text: string, to: number | undefined): string {
  return to === undefined ? text : text.padEnd(to, '\r\nFILLED UP TO BE LONG');
}
