// What an operator of the simulated NCIC can say on the control socket: a file out of service (ncic 7, R21), and
// a record that quality control found wrong (ncic 4.1).

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import type { CommandDone, SimHost } from './host.ts';
import type { NcicHost } from './ncic/ncic.ts';
import { ncicFiles } from './ncic/record.ts';

const usage = `ncic takes "file NAME up|down" or "serious NIC"; a name is one of ${ncicFiles.join(', ')}`;

/** The same host with its words. */
export function withNcicWords(ncic: NcicHost): SimHost {
  return {
    take: (heard, atMs) => ncic.take(heard, atMs),
    due: (atMs) => ncic.due(atMs),
    get nextAtMs() {
      return ncic.nextAtMs;
    },
    command: (words, atMs) => command(ncic, words, atMs),
    close: () => ncic.close(),
  };
}

function command(
  ncic: NcicHost,
  [word = '', first = '', second = '']: readonly string[],
  atMs: number,
): Result<CommandDone, string> {
  const file = ncicFiles.find((known) => known === first);
  if (word === 'file' && file !== undefined && (second === 'up' || second === 'down')) {
    ncic.setService(file, second === 'up');
    return ok({ lines: [], said: [] });
  }
  if (word !== 'serious') return fail(usage);
  const said = ncic.seriousError(first, atMs);
  return said === undefined ? fail('there is no such record') : ok({ lines: [], said: [said] });
}
