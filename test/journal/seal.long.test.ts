// Each system call of a seal fails, one at a time.

import { testSealCalls } from '#support/seal-faults';

testSealCalls({ seed: 1, timeoutMs: 1_800_000 });
