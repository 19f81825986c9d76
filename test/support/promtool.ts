// `promtool`, the checker that comes with Prometheus: what it says of metrics, rules and their tests.

import { spawnSync } from 'node:child_process';

const found = spawnSync('promtool', ['--version']).status === 0;

export const hasPromtool = found;
/** For the title of a test, where it is not there. */
export const promtoolMissing = found ? '' : ' (skipped: promtool is not installed)';

/** Exit code, and everything it said. */
export function promtool(
  words: readonly string[],
  input = '',
): { readonly code: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', words, { input, encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}
