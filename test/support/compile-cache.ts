// One compile cache for a whole run of the tests: whatever a test starts (a worker, a thread, a program of ours)
// strips and compiles a source only where none before it did. It is new for each run and goes with it.
// A cache changes when code is ready, never what it does: Node compares it with the source.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Called by vitest before the first worker starts, which takes over the environment. */
export function setup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'msc-compiled-'));
  process.env['NODE_COMPILE_CACHE'] = folder;
  // A worker writes what it compiled when it ends: by then each has.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
