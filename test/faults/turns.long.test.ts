// Every turn of the calendar, each with the heart-beats before and after it.

import { afterAll, beforeAll, it } from 'vitest';
import { openTimeBench, playTurn, type TimeBench, timeTurns } from '#support/time-turns';
import { fakeTimeIsThere, fakeTimeMissing } from '#support/turned-clock';

let bench: TimeBench;
beforeAll(async () => {
  if (fakeTimeIsThere) bench = await openTimeBench();
}, 120_000);
afterAll(async () => {
  if (fakeTimeIsThere) await bench.close();
});

it.skipIf(!fakeTimeIsThere).for(timeTurns)(
  `over $name: all is answered once, each entry is found on its day, heart-beats go on${fakeTimeMissing}`,
  (turn) => playTurn(bench, turn, 65_000),
);
