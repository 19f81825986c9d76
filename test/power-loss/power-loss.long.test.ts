// Twenty thousand power cuts, a snapshot saved under load among them, and every break that the images must
// find. By hand: npm run test:long.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breaks } from './breaks.ts';
import { recordLoad } from './load.ts';
import { strace, straceMissing } from './recorder.ts';
import { cuts, readRecording, unseen, type Recording } from './recording.ts';
import { newHome, runImages, tellBad } from './run-images.ts';
import { copyProgram, ownProgram } from './variant.ts';
import { startWhole } from './whole-start.ts';

const hourMs = 3_600_000;

describe.skipIf(!strace)(`power cuts${straceMissing}`, () => {
  it.each([
    { images: 19_600, whole: 20, load: { lives: 3, burst: 60 } },
    // More than 20,000 entries and 5 s in one life: a snapshot while messages come.
    { images: 400, whole: 5, load: { lives: 1, burst: 3_400 } },
  ])(
    'leave a disk from which all that was acknowledged comes back, $images times',
    async ({ images, whole, load }) => {
      const { home, done } = newHome();
      await recordLoad(home, { program: ownProgram, ...load });
      const recording = readRecording(home);
      expect(unseen(recording)).toEqual([]);
      if (load.lives === 1) expect(savesUnderLoad(recording)).toBeGreaterThan(0);
      const findings = await runImages(home, { first: 1, count: images });
      expect(tellBad(home, findings)).toEqual([]);
      const seeds = Array.from({ length: whole }, (_, place) => 100_000 + place);
      for (const cut of cuts(recording, seeds))
        expect(await startWhole(recording, cut), `seed ${cut.seed}`).toEqual([]);
      done(true);
    },
    3 * hourMs,
  );
});

describe.skipIf(!strace)(`a power cut finds${straceMissing}`, () => {
  const { home, done } = newHome();
  let number = 0;
  beforeAll(() => expect(breaks.length).toBeGreaterThan(4));
  afterAll(() => done(true));

  it.each(breaks)('$title', async ({ edits, shows, load = { lives: 2, burst: 20 } }) => {
    const own = join(home, `break-${(number += 1)}`);
    const program = copyProgram(join(own, 'program'), edits);
    await recordLoad(own, { program, ...load });
    const { bad } = await runImages(own, { first: 1, count: 200 });
    const shown = bad.filter(({ wrong }) => wrong.some((what) => shows.test(what)));
    expect(shown.length).toBeGreaterThan(0);
  });
});

/** Snapshots whose new file was begun before the last message was acknowledged. */
function savesUnderLoad({ edges, promised }: Recording): number {
  const last = promised.at(-2)?.at ?? 0;
  return edges
    .slice(0, last)
    .filter(
      ({ edge, call }) => edge === 'end' && call.kind === 'rename' && call.to.endsWith('/snapshot'),
    ).length;
}
