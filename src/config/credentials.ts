// Keys that the service manager hands over: `credential:NAME` instead of a path. Where it did (the service
// itself) the file is its copy; for whoever runs a command by hand it is the file that the copy is made from.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

const prefix = 'credential:';

/** NAME of `credential:NAME`; undefined for a path. */
export function credentialIn(keyFile: string): string | undefined {
  return keyFile.startsWith(prefix) ? keyFile.slice(prefix.length) : undefined;
}

/** The copy that was handed over, where there is one. */
export type HandedOver = (name: string) => string | undefined;

/**
 * Looks for the file: a login session may have credentials of its own, and those are none of ours.
 *
 * @param folder CREDENTIALS_DIRECTORY of the environment.
 */
export function handedOverIn(folder: string | undefined): HandedOver {
  return (name) => {
    if (folder === undefined || folder === '') return undefined;
    const file = join(folder, name);
    return existsSync(file) ? file : undefined;
  };
}
