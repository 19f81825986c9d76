// The criminal history files as a process starts them: from the history.db of a world, or with the people
// behind the contract's records alone.

import type { SimHost } from '../host.ts';
import { readNcicTables } from '../ncic/tables.ts';
import { worldBase } from '../world/base.ts';
import { createHistory } from './history.ts';
import { HistoryAnswers } from './nlets-side.ts';
import { openHistoryStore } from './store.ts';
import type { HistoryStore } from './store.ts';
import { readHistoryTables } from './tables.ts';

/**
 * @param path Absent: a small set in memory.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function openHistory(path?: string): SimHost {
  const { directory } = worldBase();
  return createHistory({
    store: filled(path),
    tables: readHistoryTables(),
    oriOf: (state) => directory.office(state, 'history'),
  });
}

/** For whoever plays another state from the same world. @throws SimFault SIM-FILE, SIM-INPUT */
export const openHistoryAnswers = (path?: string): HistoryAnswers =>
  new HistoryAnswers(filled(path), readHistoryTables());

function filled(path: string | undefined): HistoryStore {
  const { phonetic } = readNcicTables();
  const store = openHistoryStore(path ?? ':memory:', phonetic, { mayMake: path === undefined });
  if (path === undefined) store.insertMany(worldBase().founders);
  store.ready();
  return store;
}
