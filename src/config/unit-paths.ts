// Paths as the files for systemd take them: absolute, and of characters that mean nothing there. Pure.

import { MscFault } from '#src/errors';

/** The path itself. @throws MscFault MSC-1101 where it would have to be quoted, each file in its own way. */
export function plainPath(setting: string, path: string): string {
  if (/^\/[A-Za-z0-9/._@+,-]*$/.test(path)) return path;
  throw new MscFault('MSC-1101', {
    detail: `${setting}: ${JSON.stringify(path)} cannot stand in a unit: only letters, digits and / . _ - @ + , can`,
    hint: 'use a path of these characters, then print the unit again',
  });
}

export interface StateFolder {
  readonly path: string;
  /** Relative to the base: systemd makes it and hands it to the service. */
  readonly below?: string;
}

/** @throws MscFault MSC-1101 as `plainPath`. */
export function stateFolder(setting: string, path: string, base: string): StateFolder {
  const plain = plainPath(setting, path);
  return plain.startsWith(`${base}/`)
    ? { path: plain, below: plain.slice(base.length + 1) }
    : { path: plain };
}
