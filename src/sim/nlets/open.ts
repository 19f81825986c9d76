// The simulated Nlets from a folder of tables, as a process starts it.

import { join } from 'node:path';
import { readDirectory, withAgencies } from './directory.ts';
import type { Agency } from './directory.ts';
import { createNlets } from './nlets.ts';
import type { NletsHost } from './nlets.ts';
import { readStates } from './script.ts';
import { nletsSettings } from './settings.ts';
import type { NletsSettings } from './settings.ts';
import { readNletsTables } from './tables.ts';

/**
 * @param from.folder As `config/sim/nlets`.
 * @param from.agencies What a world adds to the directory of the folder.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function openNlets(from: {
  readonly folder: string;
  readonly agencies?: Iterable<Agency>;
  readonly settings?: Partial<NletsSettings>;
}): NletsHost {
  const tables = readNletsTables(from.folder);
  const read = readDirectory(join(from.folder, 'directory.json'));
  const directory = withAgencies(read, from.agencies ?? []);
  const states = readStates(from.folder, directory, tables);
  return createNlets({ directory, states, tables, settings: { ...nletsSettings, ...from.settings } });
}
