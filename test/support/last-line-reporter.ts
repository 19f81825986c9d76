// The reporter whose very last line is `N passed, N failed, N skipped` (contracts 1).
// A skipped test is named with its reason before that line, so that no silence passes for a check.
// A file that broke outside its tests counts as one failure more, so failures never read as none.

import type { Reporter, TestCase, TestModule } from 'vitest/node';

class LastLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const failed = count('failed') + modules.filter(brokeOutside).length + errors.length;
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const lines = [
      ...skipped.map((test) => `skipped: ${test.fullName} (${reasonOf(test)})`),
      `${count('passed')} passed, ${failed} failed, ${skipped.length} skipped`,
    ];
    // At exit, so that nothing of another reporter comes after it.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}

/** A file that could not be loaded, or whose hooks failed, while none of its tests did. */
function brokeOutside(module: TestModule): boolean {
  const tests = [...module.children.allTests()];
  return module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed');
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
}

// Vitest loads a reporter named in its configuration by its default export.
export default LastLineReporter;
