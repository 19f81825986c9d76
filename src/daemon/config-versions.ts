// Every configuration that was in force, by number: `config/0001-<SHA-256>.toml` in the data folder, mode 0600.
// It promises that a version is durable before it is taken, that what was kept is what is read again, and that
// there are never more than a hundred. No secret is in one: keys and passwords are files that it only names.

import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MscFault } from '#src/errors';
import { digestOf } from './certificates.ts';

export interface Version {
  readonly version: number;
  /** SHA-256 of the text, in hex. */
  readonly digest: string;
  readonly path: string;
}

/** A version that is written, and counts once `keep` is done. */
export interface Pending {
  readonly version: number;
  readonly keep: () => Promise<void>;
}

const keptMax = 100;
const asideMax = 10;
const named = /^(\d{4,9})-([0-9a-f]{64})\.toml$/;
const pendingName = 'pending.toml.new';

export class ConfigVersions {
  readonly #folder: string;
  readonly #unread: unknown;
  #versions: Version[];

  /** Never fails: a switch that cannot keep its configuration comes up all the same. */
  static async open(dataFolder: string): Promise<ConfigVersions> {
    const folder = join(dataFolder, 'config');
    try {
      return new ConfigVersions(folder, await versionsIn(folder));
    } catch (cause) {
      const isNew = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
      return new ConfigVersions(folder, [], isNew ? undefined : cause);
    }
  }

  /** @param unread Why the folder could not be read: then nothing is kept, because no number is known to be free. */
  private constructor(folder: string, versions: Version[], unread?: unknown) {
    this.#folder = folder;
    this.#versions = versions;
    this.#unread = unread;
  }

  /** Oldest first. */
  get all(): readonly Version[] {
    return this.#versions;
  }

  get newest(): Version | undefined {
    return this.#versions.at(-1);
  }

  /** The same text as the newest is the newest. @throws MscFault MSC-1007 when it cannot be written. */
  async prepare(toml: string): Promise<Pending> {
    if (this.#unread !== undefined)
      throw new MscFault('MSC-1007', { detail: this.#folder, cause: this.#unread });
    const digest = digestOf(toml);
    const { newest } = this;
    if (newest?.digest === digest)
      return { version: newest.version, keep: () => Promise.resolve() };
    const version = (newest?.version ?? 0) + 1;
    const path = join(this.#folder, `${String(version).padStart(4, '0')}-${digest}.toml`);
    const pending = join(this.#folder, pendingName);
    await written(pending, async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await rm(pending, { force: true });
      await writeDurably(pending, toml);
    });
    const keep = async (): Promise<void> => {
      await written(path, async () => {
        await rename(pending, path);
        await flushFolder(this.#folder);
      });
      this.#versions.push({ version, digest, path });
      await this.#forgetOldest();
    };
    return { version, keep };
  }

  /** @throws MscFault MSC-1106 for a number that is not kept; MSC-1007 where the file is not as it was kept. */
  async read(version: number): Promise<Version & { readonly toml: string }> {
    const found = this.#versions.find((each) => each.version === version);
    if (found === undefined) {
      const [first, last] = [this.#versions[0], this.newest];
      const range = first === undefined ? 'none is kept' : `kept are ${first.version} to `;
      const detail = `${version}; ${range}${last?.version ?? ''}`;
      throw new MscFault('MSC-1106', { detail });
    }
    const toml = await readFile(found.path, 'utf8').catch((cause: unknown) => {
      throw new MscFault('MSC-1007', { detail: found.path, cause });
    });
    if (digestOf(toml) !== found.digest)
      throw new MscFault('MSC-1007', { detail: `${found.path} is not as it was kept` });
    return { ...found, toml };
  }

  /** Keeps a text that was never in force, and must not be lost. @returns Where. */
  async setAside(toml: string): Promise<string> {
    const path = join(this.#folder, `unloaded-${digestOf(toml)}.toml`);
    await written(path, async () => {
      const aside = (await readdir(this.#folder)).filter((name) => name.startsWith('unloaded-'));
      if (aside.length >= asideMax) {
        const detail = `${aside.length} files unloaded-* are in ${this.#folder}`;
        throw new MscFault('MSC-1006', { detail, hint: 'move them away, then try again' });
      }
      await rm(path, { force: true });
      await writeDurably(path, toml);
      await flushFolder(this.#folder);
    });
    return path;
  }

  async #forgetOldest(): Promise<void> {
    const old = this.#versions.slice(0, Math.max(0, this.#versions.length - keptMax));
    this.#versions = this.#versions.slice(old.length);
    for (const { path } of old) await rm(path, { force: true });
  }
}

/** Text and name are on the disk when it resolves. The file must not be there. */
export async function writeDurably(path: string, text: string, mode = 0o600): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is durable with its folder. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function versionsIn(folder: string): Promise<Version[]> {
  const found = (await readdir(folder)).flatMap((name) => {
    const [, number, digest] = named.exec(name) ?? [];
    if (number === undefined || digest === undefined) return [];
    return [{ version: Number(number), digest, path: join(folder, name) }];
  });
  return found.sort((a, b) => a.version - b.version);
}

async function written(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (cause instanceof MscFault) throw cause;
    throw new MscFault('MSC-1007', { detail: path, cause });
  }
}
