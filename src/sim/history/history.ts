// The criminal history files as a host: the national index and its records in the NCIC dialect, those of
// the states in the Nlets dialect. It never speaks first, and keeps nothing of what it heard.

import { join } from 'node:path';
import type { SimHost } from '../host.ts';
import { readJsonObject } from '../json-file.ts';
import { textTable } from '../ncic/table-file.ts';
import { ncicTablesFolder } from '../ncic/tables.ts';
import { answerNcic } from './ncic-side.ts';
import { answerNlets, HistoryAnswers } from './nlets-side.ts';
import type { HistoryStore } from './store.ts';
import type { HistoryTables } from './tables.ts';

export interface HistoryOptions {
  /** Closed with the host. */
  readonly store: HistoryStore;
  readonly tables: HistoryTables;
  /** The ORI of the bureau of a state. */
  readonly oriOf: (state: string) => string;
}

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function createHistory({ store, tables, oriOf }: HistoryOptions): SimHost {
  const path = join(ncicTablesFolder, 'rejects.json');
  const rejects = textTable({ path, content: readJsonObject(path) }, 'rejects');
  const answers = new HistoryAnswers(store, tables);
  return {
    take: ({ text }) =>
      betweenStates.test(text)
        ? answerNlets(answers, oriOf, text)
        : [{ text: answerNcic({ store, tables, rejects }, text) }],
    due: () => [],
    nextAtMs: undefined,
    close: () => {
      store.close();
    },
  };
}

/** The keys of the Nlets dialect. */
const betweenStates = /^\s*(?:IQ|FQ|AQ)\./;
