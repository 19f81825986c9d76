import { defineConfig } from 'vitest/config';

/** Rooms that keep nothing between two uses: the tests of one file leave nothing for those of the next. */
const sharing = 'access,cli,config,control,protocol,simulation,switch';
const long = ['test/**/*.long.test.ts', 'node_modules/**'];

export default defineConfig({
  test: {
    globalSetup: './test/support/compile-cache.ts',
    reporters: ['default', './test/support/last-line-reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // One more than the processors that are promised: many tests wait for a clock or a disk.
    maxWorkers: 3,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [...long, `test/{${sharing}}/**`],
        },
      },
      {
        // A worker for each file would start and load the same modules a hundred times.
        extends: true,
        test: {
          name: 'sharing',
          include: [`test/{${sharing}}/**/*.test.ts`],
          exclude: long,
          isolate: false,
        },
      },
    ],
  },
});
