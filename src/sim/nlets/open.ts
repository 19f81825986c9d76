// The simulated Nlets from a folder of tables, as a process starts it.

import { join } from 'node:path';
import { readDirectory, withDirectory } from './directory.ts';
import { createNlets } from './nlets.ts';
import type { NletsHost } from './nlets-host.ts';
import { readStates } from './script.ts';
import { nletsSettings } from './settings.ts';
import type { NletsSettings } from './settings.ts';
import { readNletsTables } from './tables.ts';

/**
 * @param from.folder As `config/sim/nlets`.
 * @param from.world The directory file of a world, which is added to that of the folder.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function openNlets(from: {
  readonly folder: string;
  readonly world?: string;
  readonly settings?: Partial<NletsSettings>;
}): NletsHost {
  const tables = readNletsTables(from.folder);
  const own = readDirectory(join(from.folder, 'directory.json'));
  const directory = from.world === undefined ? own : withDirectory(own, readDirectory(from.world));
  const states = readStates(from.folder, directory, tables);
  return createNlets({
    directory,
    states,
    tables,
    settings: { ...nletsSettings, ...from.settings },
  });
}
