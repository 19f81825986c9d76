// Says which process runs here, for scripts; it locks nothing (the journal's own lock does).

import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MscFault } from '#src/errors';

/** Written whole or not at all. @throws MscFault MSC-1006 */
export async function writePidFile(file: string, pid: number): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o711 });
    await writeFile(`${file}.new`, `${pid}\n`);
    await rename(`${file}.new`, file);
  } catch (cause) {
    throw new MscFault('MSC-1006', { detail: file, cause });
  }
}

export async function removePidFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
