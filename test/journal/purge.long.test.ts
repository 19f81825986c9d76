// Each step of a purge is killed, and each of its system calls fails, one at a time.

import { testPurgeCalls, testPurgeSteps } from '#support/purge-faults';

testPurgeSteps();
testPurgeCalls({ seed: 1, timeoutMs: 1_800_000 });
