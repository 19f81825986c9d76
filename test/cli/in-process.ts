// Runs a command line in this process, as `main` does, into strings: for what needs no process of its own,
// because starting one takes longer than all the rest.

import { MscFault } from '#src/errors';
import { makeOutput } from '../../src/cli/output.ts';
import { parseCommandLine } from '../../src/cli/program.ts';

export interface RanHere {
  readonly stdout: string;
  /** Talk; of a fault its code, sentence and next step. */
  readonly stderr: string;
  readonly code: number;
}

/** @param columns Of the terminal it runs in; undefined for a pipe. */
export async function runHere(
  words: readonly string[],
  { columns, env = {} }: { readonly columns?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<RanHere> {
  let [stdout, stderr] = ['', ''];
  const sink = (add: (text: string) => void) => ({
    ...(columns === undefined ? {} : { isTTY: true, columns }),
    once: () => undefined,
    write: (text: string) => {
      add(text);
      return true;
    },
  });
  const streams = {
    env,
    stdout: sink((text) => (stdout += text)),
    stderr: sink((text) => (stderr += text)),
  };
  try {
    const line = parseCommandLine([...words, '--utc']);
    if (line.kind === 'help') return { stdout, stderr, code: 64 };
    const { spec, args, flags } = line;
    const run = await spec.load();
    const code = await run({ args, flags, output: makeOutput(flags, spec, streams) });
    return { stdout, stderr, code };
  } catch (fault) {
    if (!(fault instanceof MscFault)) throw fault;
    const { code, message, hint, exit } = fault;
    return { stdout, stderr: `${stderr}msc: ${code}: ${message} (next: ${hint})\n`, code: exit };
  }
}
