// Files that must not be there yet: nothing of ours ever overwrites what a person has.

import { existsSync } from 'node:fs';
import { MscFault } from '#src/errors';

const folderHint = 'nothing is overwritten; choose another folder';

/** Before anything is written, so that nothing is half done. @throws MscFault MSC-1006 */
export function mustBeNew(paths: readonly string[], hint = folderHint): void {
  const there = paths.find((path) => existsSync(path));
  if (there !== undefined)
    throw new MscFault('MSC-1006', { detail: `${there} exists already`, hint });
}

/** @throws MscFault MSC-1006, also for a file that came in between. */
export async function creating(
  path: string,
  make: () => Promise<unknown>,
  hint = folderHint,
): Promise<void> {
  try {
    await make();
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    if (exists) throw new MscFault('MSC-1006', { detail: `${path} exists already`, hint, cause });
    throw new MscFault('MSC-1006', { detail: path, cause });
  }
}
