// A small file system of its own, to be filled and freed again. Needs the right to mount.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const mountsAllowed = process.getuid?.() === 0 && mayMount();
/** For the title of a test. */
export const mountsMissing = mountsAllowed
  ? ''
  : ' (skipped: no right to mount a small file system)';

export class SmallDisk implements Disposable {
  readonly folder: string;
  readonly #ballast: string;

  constructor(folder: string, size = '24m') {
    this.folder = folder;
    this.#ballast = join(folder, 'ballast');
    mkdirSync(folder, { recursive: true });
    const options = ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', folder];
    const { status } = spawnSync('mount', options);
    if (status !== 0) throw new Error(`no file system at ${folder}`);
  }

  /** Leaves nothing free. */
  fill(): void {
    for (const octets of [64 * 1024, 4096, 1]) {
      const block = Buffer.alloc(octets, 1);
      try {
        for (let blocks = 0; blocks < 4096; blocks += 1)
          writeFileSync(this.#ballast, block, { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  [Symbol.dispose](): void {
    spawnSync('umount', ['-l', this.folder]);
  }
}

function mayMount(): boolean {
  const folder = join(tmpdir(), `msc-mount-${process.pid}`);
  mkdirSync(folder);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (status === 0) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return status === 0;
}
