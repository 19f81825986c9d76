// The kept journals: where they are, how one is unpacked, and what is known of it (the file `kept.json`).

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Journal } from '#journal/journal';
import type { PasswordHash } from '#journal/register-store';

export const keptJournals = new URL('../../fixtures/journals', import.meta.url).pathname;
const packed = '.br';
const knownFile = 'kept.json';

export interface Kept {
  readonly entries: number;
  readonly root: string;
  /** Of all entries with their octets, by `digestOf`. */
  readonly digest: string;
  /** A plate, a name and a person, and the entries that have them. */
  readonly fields: readonly KeptField[];
  readonly user: Found;
  /** A word of a text, and a plate by its beginning and by its end. */
  readonly word?: Found;
  readonly beginning?: KeptField;
  readonly ending?: KeptField;
  /** First entries of its segments; absent from one that is older than segments. */
  readonly segments?: readonly number[];
  /** The entry its newest snapshot stands on. */
  readonly snapshot?: number;
  /** What its register store keeps under a change. */
  readonly secret?: { readonly change: string; readonly user: string; readonly hash: PasswordHash };
}

export interface KeptField extends Found {
  readonly field: string;
}

interface Found {
  readonly value: string;
  readonly entries: readonly number[];
}

/** Of every kept journal; the README beside them is none. */
export const keptNames = (): readonly string[] =>
  readdirSync(keptJournals, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** Lays a copy into a new folder, with the modes that a journal has. */
export function unpack(name: string, dir: string): Kept {
  const from = join(keptJournals, name);
  mkdirSync(dir, { mode: 0o700, recursive: true });
  for (const file of readdirSync(from).filter((each) => each.endsWith(packed))) {
    const octets = brotliDecompressSync(readFileSync(join(from, file)));
    const name = file.slice(0, -packed.length);
    writeFileSync(join(dir, name), octets, { mode: name.startsWith('sealed-') ? 0o400 : 0o600 });
  }
  return knownOf(name);
}

export function knownOf(name: string): Kept {
  // Written by make.ts; it never changes.
  return JSON.parse(readFileSync(join(keptJournals, name, knownFile), 'utf8')) as Kept;
}

/** Over entries 1 to `to` with their octets, as they are given back. */
export async function digestOf(journal: Pick<Journal, 'scan'>, to?: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const batch of journal.scan(1, to))
    for (const { entry, body } of batch) {
      hash.update(
        JSON.stringify(Object.entries(entry).sort(([one], [other]) => (one < other ? -1 : 1))),
      );
      hash.update(body ?? '-');
    }
  return hash.digest('hex');
}
