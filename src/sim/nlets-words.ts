// What an operator of the simulated Nlets can say on the control socket: how a destination is, and a status
// message to our state (nlets 9.2).

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import type { CommandDone, SimHost } from './host.ts';
import type { NletsHost } from './nlets/nlets-host.ts';
import { serviceStates } from './nlets/service.ts';
import type { ServiceState } from './nlets/service.ts';

const usage =
  'nlets takes "service DEST KEY|* up|hold|remove|never", "announce TEXT" or "counters"';

/** The same host with its words. */
export function withNletsWords(nlets: NletsHost): SimHost {
  return {
    take: (heard, atMs) => nlets.take(heard, atMs),
    due: (atMs) => nlets.due(atMs),
    get nextAtMs() {
      return nlets.nextAtMs;
    },
    command: (words, atMs) => command(nlets, words, atMs),
    close: () => nlets.close(),
  };
}

function command(
  nlets: NletsHost,
  [word = '', ...rest]: readonly string[],
  atMs: number,
): Result<CommandDone, string> {
  switch (word) {
    case 'service':
      return service(nlets, rest, atMs);
    case 'announce':
      if (rest.length === 0) return fail(usage);
      return ok({ lines: [], said: nlets.announce(rest.join(' '), atMs) });
    case 'counters':
      return ok({ lines: [JSON.stringify(nlets.counters())], said: [] });
    default:
      return fail(usage);
  }
}

function service(
  nlets: NletsHost,
  [destination = '', key = '', given = '']: readonly string[],
  atMs: number,
): Result<CommandDone, string> {
  const state = serviceStates.find((known): known is ServiceState => known === given);
  const isPlace = /^[A-Z]{2}(?:[A-Z0-9]{7})?$/.test(destination);
  if (state === undefined || !isPlace || !/^(?:\*|[A-Z]{2,3})$/.test(key)) return fail(usage);
  return ok({ lines: [], said: nlets.setService(destination, key, state, atMs) });
}
