// The operator's program: one command line in, one exit code out. It promises that every error is one
// line on stderr with its code, and that nothing is read before the command that is asked for.

import { endQuietlyWithoutReader, makeOutput } from './output.ts';
import { parseCommandLine } from './program.ts';
import { report } from './report.ts';

async function main(argv: readonly string[]): Promise<number> {
  try {
    const line = parseCommandLine(argv);
    if (line.kind === 'help') return await (await import('./help.ts')).printHelp(line);
    const run = await line.spec.load();
    return await run({
      args: line.args,
      flags: line.flags,
      output: makeOutput(line.flags, line.spec),
    });
  } catch (error) {
    return report(error, argv);
  }
}

endQuietlyWithoutReader();
process.exitCode = await main(process.argv.slice(2));
