// The switch runs over the turns of the calendar that trip programs up: nothing is lost, late, said twice or
// put on another day. All turns, with their heart-beats: turns.long.test.ts.

import { afterAll, beforeAll, it } from 'vitest';
import { openTimeBench, playTurn, type TimeBench, timeTurns } from '#support/time-turns';
import { fakeTimeIsThere, fakeTimeMissing } from '#support/turned-clock';

const played = ['New Year in the county', 'into the leap day', 'the clock change in November'];

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
