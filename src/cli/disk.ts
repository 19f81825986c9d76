// How much room the disk of a folder has, as an ordinary user would find it.

import { statfs } from 'node:fs/promises';
import { MscFault } from '#src/errors';

export interface Room {
  readonly freePercent: number;
  readonly freeBytes: number;
}

/** @throws MscFault MSC-1005 where the folder is not there, or is closed to us. */
export async function roomOf(folder: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(folder).catch((cause: unknown) => {
    throw new MscFault('MSC-1005', { detail: folder, cause });
  });
  return { freePercent: blocks === 0 ? 0 : (bavail / blocks) * 100, freeBytes: bavail * bsize };
}
