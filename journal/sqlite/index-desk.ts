// The index of the raw segments for searches that follow one another: opened once, until its file is another one.
// Promises each search the index that is there when it begins; one that was thrown away is closed when the last
// search that reads it has ended. Throws what SQLite throws where the file is broken.

import { statSync } from 'node:fs';
import { openIndexReader } from './index-reader.ts';
import type { IndexReader } from './index-reader.ts';
import { indexFile } from './open.ts';

/** Lent until `release` is called, once. */
export interface LentIndex {
  readonly reader: IndexReader;
  readonly release: () => void;
}

interface OpenIndex {
  readonly reader: IndexReader;
  readonly inode: bigint;
  lent: number;
}

export class IndexDesk {
  readonly #dir: string;
  #open: OpenIndex | undefined;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Undefined where there is no index. */
  lend(): LentIndex | undefined {
    this.look();
    const open = (this.#open ??= this.#begin());
    if (open === undefined) return undefined;
    open.lent += 1;
    return {
      reader: open.reader,
      release: () => {
        open.lent -= 1;
        if (open.lent === 0 && open !== this.#open) open.reader.close();
      },
    };
  }

  /** Lets go of one whose file is there no more: it takes room for as long as somebody has it open. */
  look(): void {
    const open = this.#open;
    if (open === undefined || open.inode === this.#inode()) return;
    this.#open = undefined;
    if (open.lent === 0) open.reader.close();
  }

  #begin(): OpenIndex | undefined {
    // Asked before it is opened: should it be replaced in between it is opened once more, with the next search.
    const inode = this.#inode();
    const reader = inode === undefined ? undefined : openIndexReader(this.#dir);
    return reader && inode !== undefined ? { reader, inode, lent: 0 } : undefined;
  }

  #inode(): bigint | undefined {
    return statSync(indexFile(this.#dir), { bigint: true, throwIfNoEntry: false })?.ino;
  }
}
