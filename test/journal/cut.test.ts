// What happens in the middle of a cut: a kill at each of its steps, no room and a failing disk at each of its
// calls. A sample of the calls; each of them: cut.long.test.ts.

import { testCutCalls, testCutSteps } from '#support/cut-faults';

const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);

testCutSteps();
testCutCalls({ places: 3, seed, timeoutMs: 180_000 });
