// Whom a command asks about the journal: the switch; or, while that is down, the folder of the journal itself, as
// the user the switch runs as. It says so in one line, and with --json in a member of the answer.

import { formatTime } from '#journal/row';
import type { ControlClient } from '#src/control/client';
import { formatUs } from '#src/control/local-time';
import type { SearchSettings } from '#src/control/wire-search';
import { MscFault } from '#src/errors';
import type { Offline } from '#src/offline';
import type { Call } from './command.ts';
import type { Flags } from './flags.ts';
import { configFile, isOfConfiguration, withSwitch } from './installation.ts';
import type { Output } from './output.ts';
import type { Row } from './rows.ts';

export interface JournalClient extends Pick<ControlClient, 'person' | 'call'> {
  /** Where the switch is down. */
  readonly offline?: Offline | undefined;
}

/**
 * Runs with whoever answers, and always ends it.
 *
 * @param text Message text is asked for, which a running switch alone shows.
 * @throws MscFault MSC-1201, MSC-1207, MSC-1208
 */
export async function withJournal<T>(
  { flags, output }: Pick<Call, 'flags' | 'output'>,
  use: (client: JournalClient) => Promise<T>,
  { text = false }: { readonly text?: boolean } = {},
): Promise<T> {
  const reached = await orDown(flags, () =>
    withSwitch(flags, async (client) => ({ value: await use(client) })),
  );
  if ('value' in reached) return reached.value;
  const { openOffline } = await import('#src/offline');
  const nowMs = (): number => performance.now();
  const client = await openOffline({ ...reached, text, nowMs });
  try {
    output.tell(offlineLine(client.offline, output));
    return await use(client);
  } finally {
    client.close();
  }
}

/** What the configuration says about searches: of the switch, or of its file. */
export async function searchSettings(flags: Flags): Promise<SearchSettings> {
  const ask = async (): Promise<{ readonly value: SearchSettings }> => ({
    value: await withSwitch(flags, (client) => client.call('search-settings', {})),
  });
  const reached = await orDown(flags, ask);
  if ('value' in reached) return reached.value;
  return (await import('#src/offline')).offlineSettings(reached.config);
}

/** A member of the answer, for programs; none where the switch answered. */
export function offlineFacts({ offline }: Pick<JournalClient, 'offline'>): Row {
  if (offline === undefined) return {};
  const { lastEntry, lastUs } = offline;
  const time = lastUs === undefined ? {} : { last_time: formatTime(lastUs) };
  return { offline: { last_entry: lastEntry, ...time } };
}

interface Down {
  readonly config: string;
  readonly unreached: MscFault;
}

/** Whether nobody answers where a configuration says that the switch does; any other failure is one. */
async function orDown<T>(
  flags: Flags,
  ask: () => Promise<{ readonly value: T }>,
): Promise<{ readonly value: T } | Down> {
  try {
    return await ask();
  } catch (error) {
    if (!isDown(error) || !isOfConfiguration(flags)) throw error;
    return { config: configFile(flags), unreached: error };
  }
}

/** Nobody listens: not a switch that is silent, or that may not be asked. */
export function isDown(error: unknown): error is MscFault {
  if (!(error instanceof MscFault) || error.code !== 'MSC-1201') return false;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

function offlineLine({ folder, lastEntry, lastUs }: Offline, { zone }: Output): string {
  const upTo =
    lastUs === undefined
      ? 'which has no entry'
      : `up to entry ${lastEntry} of ${formatUs(lastUs, zone)}`;
  return `the switch is down: read from ${folder} itself, ${upTo}; this look is not journalled`;
}
