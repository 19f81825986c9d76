// Who stands behind a command: the daemon names a nonce, the person's program creates a file of that
// name in a folder of mode 1733, the kernel writes down whose it is. No flag names a person.
// Anything but a plain, empty, private file made after the nonce proves nothing and answers undefined.
// It says who; what that person may do is the register's to say.

import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, opendir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { MscFault } from '#src/errors';
import type { RandomOctets } from './password.ts';

export interface ProofPorts {
  readonly random: RandomOctets;
  /** Milliseconds since 1970 UTC: files carry the time of the wall clock. */
  readonly nowMs: () => number;
}

/** How long a nonce can be claimed. */
export const nonceLifeMs = 10_000;

/** The daemon's half: names nonces and reads who owns the files that answer them. */
export class ProofFolder {
  readonly #dir: string;
  readonly #ports: ProofPorts;
  /** Nonce to the time it was named, oldest first. */
  readonly #open = new Map<string, number>();

  private constructor(dir: string, ports: ProofPorts) {
    this.#dir = dir;
    this.#ports = ports;
  }

  /**
   * Makes the folder where it is missing, takes it over where it is ours, and empties it.
   * @throws MSC-1006 when it cannot be made, is not a folder, or belongs to somebody else.
   */
  static async open(dir: string, ports: ProofPorts): Promise<ProofFolder> {
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const found = await lstat(dir);
      if (!found.isDirectory() || found.uid !== process.geteuid?.()) throw new Error('not ours');
      // Others may create files, not list them; sticky, so that nobody removes another's.
      await chmod(dir, 0o1733);
      for await (const item of await opendir(dir)) await removeLeftover(join(dir, item.name));
    } catch (cause) {
      throw new MscFault('MSC-1006', { detail: dir, cause });
    }
    return new ProofFolder(dir, ports);
  }

  /** A name for the next proof, for one use within `nonceLifeMs`. @throws MSC-1203 over 256. */
  newNonce(): string {
    this.#forgetOld();
    if (this.#open.size >= noncesMax) throw new MscFault('MSC-1203');
    const nonce = Buffer.from(this.#ports.random(nonceOctets)).toString('base64url');
    this.#open.set(nonce, this.#ports.nowMs());
    return nonce;
  }

  /** Who created the file of that nonce; undefined when nobody did, or not as it must be. */
  async claim(nonce: string): Promise<{ readonly uid: number } | undefined> {
    this.#forgetOld();
    const named = this.#open.get(nonce);
    // Only a name we made ourselves is ever joined to the path.
    if (named === undefined) return undefined;
    this.#open.delete(nonce);
    const path = join(this.#dir, nonce);
    try {
      const file = await lstat(path);
      const proves =
        file.isFile() &&
        file.nlink === 1 &&
        file.size === 0 &&
        (file.mode & 0o7777) === 0o600 &&
        madeAfter(file.birthtimeMs, named) &&
        file.uid !== overflowUid;
      return proves ? { uid: file.uid } : undefined;
    } catch {
      // No such file, or the folder is gone: nothing is proved, which is the answer.
      return undefined;
    } finally {
      await removeLeftover(path);
    }
  }

  #forgetOld(): void {
    const oldest = this.#ports.nowMs() - nonceLifeMs;
    for (const [nonce, named] of this.#open) {
      if (named < oldest) this.#open.delete(nonce);
    }
  }
}

/**
 * The person's half: creates the file that the switch named.
 * @throws MSC-1206 when the name is no nonce, or the file is there already or cannot be made.
 */
export async function proveOwnership(dir: string, nonce: string): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  try {
    // The name comes over a socket: anything but a nonce could lead out of the folder.
    if (!noncePattern.test(nonce)) throw new Error('not a nonce');
    const flags = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW;
    const file = await open(join(dir, nonce), flags, 0o600);
    await file.close();
  } catch (cause) {
    throw new MscFault('MSC-1206', { cause });
  }
}

/** The login name of a user number, or undefined where the file has none. @throws MSC-1005 */
export async function loginOf(uid: number, file = '/etc/passwd'): Promise<string | undefined> {
  for (const line of (await readBounded(file)).split('\n')) {
    const [login, , number] = line.split(':');
    if (number === String(uid) && login !== '') return login;
  }
  return undefined;
}

const nonceOctets = 32;
const noncePattern = /^[A-Za-z0-9_-]{43}$/;
const noncesMax = 256;
const passwdOctetsMax = 1_048_576;
/** What the kernel shows for a user it cannot map, in a user namespace: it may be anybody. */
const overflowUid = 65_534;
/** File times come from the kernel's coarse clock, which runs a few milliseconds late. */
const coarseClockMs = 100;

/**
 * A link or a rename brings an older file of somebody else under our name; its birth gives it away.
 * A file system that keeps no birth time shows 0: there the other checks have to do.
 */
function madeAfter(birthMs: number, namedMs: number): boolean {
  return birthMs === 0 || birthMs >= namedMs - coarseClockMs;
}

/** Removes a file or an empty folder. Never recursive: what is below is not ours to walk. */
async function removeLeftover(path: string): Promise<void> {
  for (const remove of [unlink, rmdir]) {
    try {
      await remove(path);
      return;
    } catch {
      // Not there, or not of this kind. What neither removes proves nothing and can stay.
    }
  }
}

async function readBounded(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(passwdOctetsMax));
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new MscFault('MSC-1005', { detail: path, cause });
  }
}
