// The room of a disk, as a person would look it up.

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { roomOf } from '#src/cli/disk';

it('is counted as df counts it', async () => {
  const { freePercent } = await roomOf('/');
  const said = execFileSync('df', ['--output=pcent', '/'], { encoding: 'utf8' });
  // It rounds what is used up; others write to this disk meanwhile.
  const free = 100 - Number(/(\d+)%/.exec(said)?.[1]);
  expect(Math.abs(freePercent - 0.5 - free)).toBeLessThan(1);
});
