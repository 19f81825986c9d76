// Each system call of a cut fails, one at a time.

import { testCutCalls } from '#support/cut-faults';

testCutCalls({ seed: 1, timeoutMs: 1_800_000 });
