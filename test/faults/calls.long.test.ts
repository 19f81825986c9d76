// Each write, flush, truncate, rename and open of a start, a burst and a drain fails once. By hand:
// npm run test:long.

import { testPhases } from '#support/fault-phases';

testPhases({ seed: 0, timeoutMs: 1_800_000 });
