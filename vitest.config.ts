import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', 'node_modules/**'],
    reporters: ['default', './test/support/last-line-reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // One more than the processors that are promised: many tests wait for a clock or a disk.
    maxWorkers: 3,
    pool: 'forks',
  },
});
