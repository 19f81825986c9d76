// msc-sim: the other ends of a switch, for people, tests and demonstrations. Everything it knows is
// invented. Errors go to stderr as one line with a code; exit codes are those of `msc`.

import { CommanderError } from 'commander';
import { SimFault } from './fault.ts';
import { buildProgram } from './program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader went away: nothing to say, and nobody to say it to.
  process.exit(error.code === 'EPIPE' ? 141 : 74);
});

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exit(explain(error));
}

/** Says what went wrong; the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // Without a command the help was shown already.
    if (error.code !== 'commander.help')
      process.stderr.write(`msc-sim: SIM-USAGE: ${error.message.replace(/^error: /, '')}\n`);
    return 64;
  }
  if (!(error instanceof SimFault)) {
    process.stderr.write(
      `msc-sim: SIM-BUG: ${String(error instanceof Error ? error.stack : error)}\n`,
    );
    return 70;
  }
  process.stderr.write(`msc-sim: ${error.code}: ${error.message}\n`);
  return error.exit;
}
