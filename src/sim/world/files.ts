// The files of a world: the stores of the hosts, the directory, and world.json, which is written last: a
// folder that has it is whole.

import {
  existsSync,
  openSync,
  writeSync,
  closeSync,
  mkdirSync,
  readdirSync,
  rmSync,
  fsyncSync,
} from 'node:fs';
import { join } from 'node:path';
import { SimFault } from '../fault.ts';

export const worldFiles = {
  ncic: 'ncic.db',
  dmv: 'dmv.db',
  history: 'history.db',
  directory: 'directory.json',
  world: 'world.json',
} as const;

/**
 * Makes the folder, or takes an empty one.
 * @throws SimFault SIM-CREATE
 */
export function claimFolder(folder: string): void {
  let names: readonly string[];
  try {
    // One level: a folder far away is a slip of the pen, and in /proc Node would try for ever.
    if (!existsSync(folder)) mkdirSync(folder);
    names = readdirSync(folder);
  } catch (cause) {
    throw new SimFault('SIM-CREATE', `the folder ${folder} cannot be made or read`, cause);
  }
  if (names.length > 0)
    throw new SimFault(
      'SIM-CREATE',
      `${folder} is not empty; a world goes into a folder of its own`,
    );
}

/** Takes away what a world that failed has left. The folder was empty before. */
export function clearFolder(folder: string): void {
  for (const name of Object.values(worldFiles))
    for (const suffix of ['', '-wal', '-shm', '-journal'])
      rmSync(join(folder, name + suffix), { force: true });
}

/** @throws as the file system does */
export function writeJson(path: string, value: unknown): void {
  const file = openSync(path, 'wx', 0o644);
  try {
    const octets = Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
    for (let at = 0; at < octets.length;) at += writeSync(file, octets, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
