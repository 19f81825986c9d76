// A folder that `msc-sim world` wrote, as the hosts are started with it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SimFault } from '../fault.ts';
import { readWorldAgencies } from './directory-file.ts';
import { worldFiles } from './files.ts';

export interface WorldFolder {
  /** Paths of the stores, and of the directory. */
  readonly ncic: string;
  readonly dmv: string;
  readonly history: string;
  readonly directory: string;
  /** What it adds to the directory of Nlets. */
  readonly agencies: ReturnType<typeof readWorldAgencies>;
}

/** @throws SimFault SIM-FILE, SIM-INPUT where it is no whole world */
export function readWorldFolder(folder: string): WorldFolder {
  if (!existsSync(join(folder, worldFiles.world)))
    throw new SimFault('SIM-FILE', `${folder} is no world: it has no ${worldFiles.world}`);
  const directory = join(folder, worldFiles.directory);
  return {
    ncic: join(folder, worldFiles.ncic),
    dmv: join(folder, worldFiles.dmv),
    history: join(folder, worldFiles.history),
    directory,
    agencies: readWorldAgencies(directory),
  };
}
