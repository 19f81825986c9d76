// The motor vehicle departments as a host: RQ DQ KQ BQ and their kin in the Nlets dialect, one answer for
// each state that is asked. It never speaks first, and keeps nothing of what it heard.

import type { Said, SimHost } from '../host.ts';
import { formatAnswer, readQuestion } from '../member.ts';
import { DmvAnswers } from './answers.ts';
import type { DmvStore } from './store.ts';
import type { DmvTables } from './tables.ts';

export interface DmvOptions {
  /** Closed with the host. */
  readonly store: DmvStore;
  readonly tables: DmvTables;
  /** The ORI of the department of a state. */
  readonly oriOf: (state: string) => string;
}

export function createDmv({ store, tables, oriOf }: DmvOptions): SimHost {
  const answers = new DmvAnswers(store, tables);
  return {
    take: ({ text }): readonly Said[] => {
      const question = readQuestion(text);
      if (question === undefined) return [];
      const said = question.states.flatMap((state) => {
        const answer = answers.answer(state, question.key, question.values);
        return answer === undefined
          ? []
          : [formatAnswer(question, { ...answer, from: oriOf(state) })];
      });
      return said.map((each, at) => ({ text: each, final: at === said.length - 1 }));
    },
    due: () => [],
    nextAtMs: undefined,
    close: () => {
      store.close();
    },
  };
}
