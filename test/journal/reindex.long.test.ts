// Each step of a reindex is killed, and each of its system calls fails, one at a time.

import { testReindexCalls, testReindexSteps } from '#support/reindex-faults';

testReindexSteps();
testReindexCalls({ seed: 1, timeoutMs: 1_800_000 });
