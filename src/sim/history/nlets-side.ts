// Criminal history between states: IQ asks who somebody is, FQ for the record, AQ for what a person has to
// answer. Each state that is asked answers for its own people. @source nlets 8

import { editFields } from '#protocol/edits';
import { keyTable } from '#protocol/keys';
import type { Said } from '../host.ts';
import { fillLine } from '../layout.ts';
import { echoOf, formatAnswer, readQuestion } from '../member.ts';
import { printIndex, printRecord } from './print.ts';
import { searchIndex } from './search.ts';
import type { HistoryRecord, HistoryStore } from './store.ts';
import type { HistoryTables } from './tables.ts';

export interface HistoryAnswer {
  /** Key of the answer. */
  readonly key: string;
  readonly lines: readonly string[];
  /** Undefined where the inquiry could not be searched. */
  readonly found?: number;
  /** A person has to look: so much later. */
  readonly afterMs?: number;
}

export class HistoryAnswers {
  readonly #store: HistoryStore;
  readonly #tables: HistoryTables;

  constructor(store: HistoryStore, tables: HistoryTables) {
    this.#store = store;
    this.#tables = tables;
  }

  /** Undefined: no state takes this key. */
  answer(
    state: string,
    key: string,
    values: ReadonlyMap<string, string>,
  ): HistoryAnswer | undefined {
    const tables = this.#tables;
    const answerKey = tables.answerKeys.get(key);
    if (answerKey === undefined) return undefined;
    const wrong = this.#flawOf(key, values);
    if (wrong !== undefined)
      return {
        key: answerKey,
        lines: [fillLine(tables.rejected, { STATE: state, FIELD: wrong })],
      };
    if (key === 'AQ')
      return {
        key: answerKey,
        lines: [tables.freeAnswer],
        found: 0,
        afterMs: tables.answerByHandMs,
      };
    const found = searchIndex(this.#store, values).filter(({ person }) => person.state === state);
    if (found.length === 0) {
      const none = key === 'FQ' ? tables.noneRecord : tables.none;
      const asked = echoOf(values, ['NAM', 'DOB', 'SEX', 'SID', 'SOC', 'MNU']);
      return { key: answerKey, lines: [fillLine(none, { ASKED: asked })], found: 0 };
    }
    return this.#data(state, { key: answerKey, found, values });
  }

  /** A state may answer an identity inquiry with the record, where it is of one person alone. */
  #data(
    state: string,
    about: {
      readonly key: string;
      readonly found: readonly HistoryRecord[];
      readonly values: ReadonlyMap<string, string>;
    },
  ): HistoryAnswer {
    const tables = this.#tables;
    const { key, found, values } = about;
    const count = found.length;
    const whole = key === 'FR' || (count === 1 && tables.fullAnswer.has(state));
    return whole
      ? { key: 'FR', lines: found.flatMap((each) => printRecord(tables, each)), found: count }
      : { key, lines: printIndex(tables, found, Object.fromEntries(values)), found: count };
  }

  /** The field that is wrong or missing, or a purpose that is not answered. */
  #flawOf(key: string, values: ReadonlyMap<string, string>): string | undefined {
    const entry = keyTable.get(key);
    const fields = [...values].map(([code, value]) => ({ code, value, at: 0 }));
    const edited = entry === undefined ? undefined : editFields(entry, fields, 0);
    if (edited?.ok === false) return edited.error.field;
    return this.#tables.answeredPurposes.has(values.get('PUR') ?? '') ? undefined : 'PUR';
  }
}

/** Empty where the text could be answered to nobody. */
export function answerNlets(
  answers: HistoryAnswers,
  oriOf: (state: string) => string,
  text: string,
): readonly Said[] {
  const question = readQuestion(text);
  if (question === undefined) return [];
  const said = question.states.flatMap((state) => {
    const answer = answers.answer(state, question.key, question.values);
    return answer === undefined ? [] : [{ answer, from: oriOf(state) }];
  });
  return said.map(({ answer, from }, at) => ({
    text: formatAnswer(question, { ...answer, from }),
    ...(answer.afterMs === undefined ? {} : { afterMs: answer.afterMs }),
    final: at === said.length - 1,
  }));
}
