// Says which process runs here, for scripts; it locks nothing (the journal's own lock does).

import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorFields, type Log } from './log.ts';

/** Written whole or not at all; the switch runs without it too, and says so in its log. */
export async function writePidFile(file: string, pid: number, log: Log): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o711 });
    await writeFile(`${file}.new`, `${pid}\n`);
    await rename(`${file}.new`, file);
  } catch (cause) {
    log.write('warn', 'pid-file', errorFields(cause));
    await removePidFile(file, log);
  }
}

/** One that is left names a process that is gone: whoever reads it must look. */
export async function removePidFile(file: string, log: Log): Promise<void> {
  for (const name of [file, `${file}.new`])
    await rm(name, { force: true }).catch((cause: unknown) =>
      log.write('warn', 'pid-file', errorFields(cause)),
    );
}
