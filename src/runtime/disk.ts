// How much room the disk of the journal has, and how long its files are: looked at every few seconds, so that
// whoever asks waits for nothing. A disk that does not answer holds up one look, and no second is begun; what
// was seen last keeps its time, which tells.

import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskFacts {
  /** For us: what is kept back for root is not counted. */
  readonly freeBytes: number;
  readonly sizeBytes: number;
  readonly journalBytes: number;
  /** Written, and not yet moved into the files of the journal. */
  readonly walBytes: number;
  /** Steady milliseconds of the look. */
  readonly atMs: number;
}

export interface DiskPlaces {
  readonly folder: string;
  /** What a file of it is. */
  readonly kindOf: (name: string) => 'segment' | 'wal' | undefined;
}

const lookMs = 5_000;

export class DiskWatch implements Disposable {
  readonly #places: DiskPlaces;
  readonly #atMs: () => number;
  readonly #timer: NodeJS.Timeout;
  #facts: DiskFacts | undefined;
  #looking = false;

  constructor(places: DiskPlaces, atMs: () => number) {
    this.#places = places;
    this.#atMs = atMs;
    this.#timer = setInterval(() => void this.look(), lookMs).unref();
    void this.look();
  }

  /** What was seen last; undefined before the first look is over. */
  get facts(): DiskFacts | undefined {
    return this.#facts;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** Now, unless a look is under way. Never rejects. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { folder, kindOf } = this.#places;
      const names = await readdir(folder);
      const ofKind = (kind: string): readonly string[] =>
        names.filter((name) => kindOf(name) === kind).map((name) => join(folder, name));
      const [room, journalBytes, walBytes] = await Promise.all([
        statfs(folder),
        lengthOf(ofKind('segment')),
        lengthOf(ofKind('wal')),
      ]);
      this.#facts = {
        freeBytes: room.bavail * room.bsize,
        // As `df` has it: of what we may fill.
        sizeBytes: (room.blocks - room.bfree + room.bavail) * room.bsize,
        journalBytes,
        walBytes,
        atMs: this.#atMs(),
      };
    } catch {
      // The folder is gone, or the disk fails: what was seen last grows old, and the check says so.
    } finally {
      this.#looking = false;
    }
  }
}

/** Of all of them; nothing for one that is gone meanwhile. */
async function lengthOf(files: readonly string[]): Promise<number> {
  const sizes = files.map(async (file) => (await stat(file).catch(() => undefined))?.size ?? 0);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
