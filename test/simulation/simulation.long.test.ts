// The world in a box, ten thousand seeds of it, and how fast it goes round.
// `node test/simulation/run.ts SEED` repeats one seed.

import { afterAll, expect, it } from 'vitest';
import { stepsDefault } from './box.ts';
import { playSeeds, repeatOf } from './play.ts';

const seedsPerTest = 500;
const parts = Array.from({ length: 20 }, (_, part) => part * seedsPerTest + 1);
let steps = 0;
let minutes = 0;

it.each(parts)('keeps every promise, seeds %i and the 499 after it', (from) => {
  const played = playSeeds({ from, to: from + seedsPerTest - 1, steps: stepsDefault });
  steps += played.steps;
  minutes += played.minutes;
  expect(played.broken.map(repeatOf)).toEqual([]);
});

afterAll(() => {
  console.log(`${steps} steps, ${Math.round(steps / minutes)} a minute of one core`);
});
