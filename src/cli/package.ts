// What this program is and where its own files are.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the project; examples and the simulators are found from here. */
export const projectFolder = join(import.meta.dirname, '..', '..');

export const version = readVersion();

function readVersion(): string {
  // Our own file, which has a version; a broken one is a bug and may throw.
  const own = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return own.version;
}
