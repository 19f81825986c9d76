// `msc serve`: the switch in the foreground; src/daemon.ts does the rest.

import { serve } from '#src/daemon';
import type { Call } from './command.ts';
import { configFile } from './installation.ts';
import { report } from './report.ts';

export async function runServe({ flags }: Call): Promise<number> {
  const code = await serve(configFile(flags), (fault) => void report(fault, process.argv.slice(2)));
  // A password that waits for its turn or a peer in its handshake must not hold the process: whatever
  // was acknowledged is durable, and the log is written.
  process.exit(code);
}
