// The motor vehicle departments as a process starts them: from the dmv.db of a world, or with the people
// behind the contract's records alone.

import type { SimHost } from '../host.ts';
import { worldBase } from '../world/base.ts';
import { DmvAnswers } from './answers.ts';
import { createDmv } from './dmv.ts';
import { openDmvStore } from './store.ts';
import type { DmvStore } from './store.ts';
import { readDmvTables } from './tables.ts';

/**
 * @param path Absent: a small set in memory.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function openDmv(path?: string): SimHost {
  const { directory } = worldBase();
  return createDmv({
    store: filled(path),
    tables: readDmvTables(),
    oriOf: (state) => directory.office(state, 'motor-vehicles'),
  });
}

/** For whoever plays another state from the same world. @throws SimFault SIM-FILE, SIM-INPUT */
export const openDmvAnswers = (path?: string): DmvAnswers =>
  new DmvAnswers(filled(path), readDmvTables());

function filled(path: string | undefined): DmvStore {
  const store = openDmvStore(path ?? ':memory:', { mayMake: path === undefined });
  if (path === undefined) store.insertMany(worldBase().founders);
  store.ready();
  return store;
}
