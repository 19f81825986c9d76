// The switch runs over a new year: nothing is lost, late, said twice or put on another day.
// All turns of the calendar that trip programs up, with their heart-beats: turns.long.test.ts.

import { afterAll, beforeAll, it } from 'vitest';
import { openTimeBench, playTurn, type TimeBench, timeTurns } from '#support/time-turns';
import { fakeTimeIsThere, fakeTimeMissing } from '#support/turned-clock';

const played = ['New Year in the county'];

let bench: TimeBench;
beforeAll(async () => {
  if (fakeTimeIsThere) bench = await openTimeBench();
}, 120_000);
afterAll(async () => {
  if (fakeTimeIsThere) await bench.close();
});

it.skipIf(!fakeTimeIsThere).for(timeTurns.filter(({ name }) => played.includes(name)))(
  `over $name: all is answered once, and each entry is found on its day${fakeTimeMissing}`,
  { timeout: 480_000 },
  (turn) => playTurn(bench, turn),
);
