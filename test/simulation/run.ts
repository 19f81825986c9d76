// Plays seeds: `node test/simulation/run.ts SEED [STEPS]` one of them, exactly as the tests do;
// `node test/simulation/run.ts FROM..TO [STEPS]` many, with the steps a minute and what happened how often.
// `TRACE=1` tells the story line by line.

import { stepsDefault } from './box.ts';
import { playSeeds, repeatOf } from './play.ts';

const [, , range = '1', stepsText = String(stepsDefault)] = process.argv;
const [from = 1, to = from] = range.split('..').map(Number);
const tracing =
  process.env['TRACE'] === undefined ? {} : { trace: (line: string) => console.log(line) };

const tally = playSeeds({ from, to, steps: Number(stepsText), ...tracing });
for (const broken of tally.broken) console.log(repeatOf(broken));
for (const [what, count] of [...tally.counts].toSorted())
  console.log(`${String(count).padStart(9)} ${what}`);
const rate = Math.round(tally.steps / tally.minutes);
console.log(`${tally.steps} steps, ${rate} a minute of one core; ${tally.broken.length} broken`);
process.exitCode = tally.broken.length === 0 ? 0 : 1;
