// How much room the disk of a folder has, as `df` counts it: of what an ordinary user may use.

import { statfs } from 'node:fs/promises';
import { MscFault } from '#src/errors';

export interface Room {
  readonly freePercent: number;
  readonly freeBytes: number;
}

/** @throws MscFault MSC-1005 where the folder is not there, or is closed to us. */
export async function roomOf(folder: string): Promise<Room> {
  const { bavail, bfree, blocks, bsize } = await statfs(folder).catch((cause: unknown) => {
    throw new MscFault('MSC-1005', { detail: folder, cause });
  });
  // What is kept back for root counts neither as free nor as there.
  const usable = blocks - bfree + bavail;
  return { freePercent: usable === 0 ? 0 : (bavail / usable) * 100, freeBytes: bavail * bsize };
}
