// `msc serve`: the switch in the foreground; src/daemon.ts does the rest.

import { serve } from '#src/daemon';
import type { Call } from './command.ts';
import { configFile } from './installation.ts';
import { report } from './report.ts';

export async function runServe({ flags }: Call): Promise<number> {
  return serve(configFile(flags), (fault) => void report(fault, process.argv.slice(2)));
}
