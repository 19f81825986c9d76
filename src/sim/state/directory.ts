// Who may speak at the hub: each mnemonic with its agency, its station and the keys it may use (clets 3.1,
// 1.6). Without a directory every mnemonic is taken, and the hub learns from what it hears where an agency is.

import { parseMnemonic, parseOri } from '#protocol/ids';
import type { Mnemonic, Ori } from '#protocol/ids';
import type { KeyEntry } from '#protocol/keys';
import { SimFault } from '../fault.ts';
import { isObject, listOf, readJsonObject, textIn, textsIn } from '../json-file.ts';

export interface DirectoryEntry {
  readonly mnemonic: Mnemonic;
  readonly ori: Ori;
  /** Further agencies it may speak for. */
  readonly oris: readonly string[];
  /** The switch it stands behind; absent: any. */
  readonly station?: string;
  /** Message keys and authorisation groups; absent: all. */
  readonly keys?: readonly string[];
}

/** Where a mnemonic is. */
export interface Place {
  readonly mnemonic: Mnemonic;
  readonly station: string | undefined;
}

/** Agencies that are remembered without a directory. */
const learnedMax = 10_000;

export class Directory {
  readonly #entries = new Map<string, DirectoryEntry>();
  readonly #byOri = new Map<string, DirectoryEntry[]>();
  readonly #learned = new Map<string, Place>();
  readonly #stations = new Map<string, string>();
  /** False: any mnemonic is taken. */
  readonly known: boolean;

  constructor(entries: readonly DirectoryEntry[] | undefined) {
    this.known = entries !== undefined;
    for (const entry of entries ?? []) {
      this.#entries.set(entry.mnemonic, entry);
      for (const ori of [entry.ori, ...entry.oris])
        this.#byOri.set(ori, [...(this.#byOri.get(ori) ?? []), entry]);
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  /** True where this mnemonic is the station's own (link M1, B04). */
  owns(station: string, mnemonic: string): boolean {
    if (!this.known) return true;
    const entry = this.#entries.get(mnemonic);
    return entry !== undefined && (entry.station ?? station) === station;
  }

  /** X05, H22 (link X2); undefined: it may. */
  bar(mnemonic: string, ori: string, key: KeyEntry): 'X05' | 'H22' | undefined {
    const entry = this.#entries.get(mnemonic);
    if (entry === undefined) return undefined;
    if (entry.ori !== ori && !entry.oris.includes(ori)) return 'X05';
    const { keys } = entry;
    return keys === undefined || keys.includes(key.mke) || keys.includes(key.group)
      ? undefined
      : 'H22';
  }

  /** A mnemonic spoke for an agency. */
  heard(station: string, mnemonic: Mnemonic, ori: string): void {
    if (this.known) return;
    this.#learned.delete(ori);
    this.#learned.set(ori, { mnemonic, station });
    this.#stations.set(mnemonic, station);
    for (const map of [this.#learned, this.#stations])
      if (map.size > learnedMax) map.delete([...map.keys()][0] ?? '');
  }

  /** Where a mnemonic is; undefined: there is none. */
  place(mnemonic: string): Place | undefined {
    const parsed = parseMnemonic(mnemonic);
    if (parsed === undefined || (this.known && !this.#entries.has(mnemonic))) return undefined;
    const station = this.#entries.get(mnemonic)?.station ?? this.#stations.get(mnemonic);
    return { mnemonic: parsed, station };
  }

  /** The mnemonics of an agency; empty where nobody of it is known. */
  placesOf(ori: string): readonly Place[] {
    const entries = this.#byOri.get(ori);
    if (entries !== undefined)
      return entries.map(({ mnemonic, station }) => ({ mnemonic, station }));
    const learned = this.#learned.get(ori);
    return learned === undefined ? [] : [learned];
  }
}

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readDirectory(path: string): Directory {
  const file = readJsonObject(path);
  const rows = file['mnemonics'];
  if (!Array.isArray(rows)) throw new SimFault('SIM-INPUT', `${path} has no list "mnemonics"`);
  return new Directory(
    rows.map((row: unknown, at) => {
      const entry = parseEntry(row);
      if (typeof entry === 'string')
        throw new SimFault('SIM-INPUT', `${path}: mnemonic ${at + 1}: ${entry}`);
      return entry;
    }),
  );
}

/** The entry, or what is wrong with it. */
function parseEntry(row: unknown): DirectoryEntry | string {
  const [object] = listOf([row]);
  if (!isObject(row) || object === undefined) return 'is not an object';
  const mnemonic = parseMnemonic(textIn(object, 'mnemonic') ?? '');
  const ori = parseOri(textIn(object, 'ori') ?? '');
  if (mnemonic === undefined) return '"mnemonic" has four letters or digits';
  if (ori === undefined) return '"ori" has nine letters or digits';
  const station = textIn(object, 'station');
  return {
    ...{ mnemonic, ori, oris: textsIn(object, 'oris') },
    ...(station === undefined ? {} : { station }),
    ...(object['keys'] === undefined ? {} : { keys: textsIn(object, 'keys') }),
  };
}
