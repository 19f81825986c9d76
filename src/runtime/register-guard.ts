// The register store as the running switch writes to it. Its tables repeat what the journal says, so a
// projection that finds no room is told and left: the next start makes the tables whole. A secret is
// nowhere else, so its failure is its caller's. A failed write or flush ends the process.

import type { RegisterStore } from '#journal/register-store';
import type { Log } from './log.ts';
import { journalFaultCode } from './start-fault.ts';

export type RegisterWrites = Pick<RegisterStore, 'project' | 'putSecret' | 'secret'>;

export function guardStore(
  store: RegisterWrites,
  { log, fail }: { readonly log: Log; readonly fail: (cause: unknown) => void },
): RegisterWrites {
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (cause) {
      if (journalFaultCode(cause) !== 'JOURNAL_FULL') fail(cause);
      throw cause;
    }
  };
  return {
    project: (entry, changes) => {
      try {
        guarded(() => store.project(entry, changes));
      } catch (cause) {
        if (journalFaultCode(cause) !== 'JOURNAL_FULL') throw cause;
        log.write('warn', 'register-behind', { code: 'MSC-3106', entry });
      }
    },
    putSecret: (change, user, hash) => guarded(() => store.putSecret(change, user, hash)),
    secret: (change) => store.secret(change),
  };
}
