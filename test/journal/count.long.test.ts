// Counts, of many journals and queries.

import { it } from 'vitest';
import { testCounts } from './counting.ts';

it('a count is what a plain filter counts, over many journals', () => {
  testCounts({ journals: 120, queries: 40 });
});
