// A file that is there whole or not at all: written beside its place under a name of its own, flushed, and only
// then given its name. Mode 0600: what it holds is for whoever asked. It overwrites nothing unless told to.
// Broken off, by a signal, a fault or a reader that went away, it leaves nothing; only a kill leaves the hidden part.

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MscFault } from '#src/errors';
import { creating, mustBeNew } from './new-file.ts';

/** Signals that end a command, with the exit code of each. */
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export class WholeFile {
  readonly path: string;
  readonly #part: string;
  readonly #force: boolean;
  readonly #file: FileHandle;
  readonly #forget: () => void;
  #waiting: string[] = [];
  #waitingLength = 0;

  private constructor(path: string, part: string, force: boolean, file: FileHandle) {
    this.path = path;
    this.#part = part;
    this.#force = force;
    this.#file = file;
    this.#forget = removeAtEnd(part);
  }

  /** @throws MscFault MSC-1006 where there is such a file already, or none can be made. */
  static async begin(path: string, { force }: { readonly force: boolean }): Promise<WholeFile> {
    if (!force) mustBeNew([path], overwriteHint);
    const part = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
    const file = await open(part, 'wx', 0o600).catch((cause: unknown) => {
      throw new MscFault('MSC-1006', { detail: path, cause });
    });
    return new WholeFile(path, part, force, file);
  }

  /** Many short lines make one write. @throws MscFault MSC-1007 */
  async write(data: string | Uint8Array): Promise<void> {
    if (typeof data === 'string') {
      this.#waiting.push(data);
      this.#waitingLength += data.length;
      if (this.#waitingLength >= waitingMost) await this.#flush();
      return;
    }
    await this.#flush();
    await written(this.path, () => this.#file.writeFile(data));
  }

  /** Gives it its name; it is on the disk then, and so is the name. @throws MscFault MSC-1006, MSC-1007 */
  async keep(): Promise<void> {
    await this.#flush();
    await written(this.path, () => this.#file.sync());
    await this.#file.close();
    if (this.#force) await creating(this.path, () => rename(this.#part, this.path));
    else {
      // A rename would take the place of a file that came meanwhile.
      await creating(this.path, () => link(this.#part, this.path), overwriteHint);
      await unlink(this.#part);
    }
    this.#forget();
    await written(this.path, () => flushFolder(dirname(this.path)));
  }

  async #flush(): Promise<void> {
    const text = this.#waiting.join('');
    [this.#waiting, this.#waitingLength] = [[], 0];
    if (text !== '') await written(this.path, () => this.#file.writeFile(text));
  }

  /** Leaves nothing. */
  async abandon(): Promise<void> {
    await this.#file.close();
    rmSync(this.#part, { force: true });
    this.#forget();
  }
}

/** Writes a file; whatever goes wrong meanwhile, there is none. @param make Says whether it is to be kept. */
export async function withWholeFile<T extends { readonly keep: boolean }>(
  path: string,
  how: { readonly force: boolean },
  make: (file: WholeFile) => Promise<T>,
): Promise<T> {
  const file = await WholeFile.begin(path, how);
  try {
    const made = await make(file);
    if (made.keep) await file.keep();
    else await file.abandon();
    return made;
  } catch (cause) {
    await file.abandon().catch(() => undefined);
    throw cause;
  }
}

/** Characters. */
const waitingMost = 65_536;
const overwriteHint = 'nothing is overwritten unless you give --force';

/** @returns Stops it again. */
function removeAtEnd(part: string): () => void {
  const remove = (): void => rmSync(part, { force: true });
  const ends = Object.entries(signals).map(([signal, code]) => {
    const end = (): never => process.exit(code);
    process.once(signal, end);
    return [signal, end] as const;
  });
  process.once('exit', remove);
  return () => {
    process.off('exit', remove);
    for (const [signal, end] of ends) process.off(signal, end);
  };
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function written(path: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    throw new MscFault('MSC-1007', { detail: path, cause });
  }
}
