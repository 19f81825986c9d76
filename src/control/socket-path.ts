// Where the control socket really is: the kernel allows a socket's path about a hundred octets.
// Both ends compute the same place from the same wish. What is moved to the shared temporary folder
// is trusted only in a folder of our own or of root: a name there can be foreseen by anybody.

import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MscFault } from '#src/errors';

const octetsMax = 100;
/** Fixed, not TMPDIR: daemon and client may have different ones. */
const temporaryFolder = '/tmp';

/** The real path of a socket. @param wanted As configured; relative to the working folder or absolute. */
export function socketPath(wanted: string): string {
  const absolute = resolve(wanted);
  if (Buffer.byteLength(absolute) <= octetsMax) return absolute;
  const name = createHash('sha256').update(absolute).digest('hex').slice(0, 24);
  return join(temporaryFolder, `msc-${name}`, 'control.sock');
}

/** Where proofs are made, beside the socket. Neither end takes another's word for it. */
export function proofFolderOf(path: string): string {
  return join(dirname(path), 'proof');
}

/**
 * Makes the folder of the socket, open to be passed through but not listed.
 *
 * @param path As `socketPath` gave it.
 * @throws MscFault MSC-1006 when it cannot be made, or a moved one is somebody else's.
 */
export async function makeSocketFolder(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o711 });
    const { uid } = await lstat(folder);
    if (isMoved(path) && uid !== process.geteuid?.()) throw new Error('not ours');
  } catch (cause) {
    throw new MscFault('MSC-1006', { detail: folder, cause });
  }
}

/**
 * Whether a client may speak there: anybody can make a folder in the temporary one and lie in wait for
 * passwords, so a moved socket must be in a folder of our own, or of root.
 */
export async function isTrusted(path: string): Promise<boolean> {
  if (!isMoved(path)) return true;
  try {
    const { uid } = await lstat(dirname(path));
    return uid === 0 || uid === process.geteuid?.();
  } catch {
    // Not there: dialling it says what is to be said.
    return true;
  }
}

function isMoved(path: string): boolean {
  const folder = dirname(path);
  return dirname(folder) === temporaryFolder && /^msc-[0-9a-f]{24}$/.test(basename(folder));
}
