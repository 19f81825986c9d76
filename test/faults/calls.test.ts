// A sample of the system calls of a start, a burst and a drain fails, one at a time; FAULT_SEED repeats one.
// Each of them: calls.long.test.ts.

import { testPhases } from '#support/fault-phases';

const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);

testPhases({ places: 3, seed, timeoutMs: 180_000 });
