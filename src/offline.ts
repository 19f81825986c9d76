// The questions about a journal while its switch is down: answered from the folder, by the commands that the switch
// answers them with, for the user it runs as. Promises the same answers, no text, and to write nothing: a look that
// no journal can record shows no message. Fails with coded faults that say who may, and what to do.

import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isHeld, openForLooking } from '#journal/sqlite/looking';
import { lookForJournal } from '#journal/verify';
import { loginOf } from '#src/access/proof';
import { loadConfig } from '#src/config/load';
import { delivered, whoSaw } from '#src/control/auditor';
import type { ControlClient, Rows } from '#src/control/client';
import { faultOf } from '#src/control/commands';
import type { JournalDesk } from '#src/control/desk';
import { explain, searchAlone, showAlone } from '#src/control/search';
import { tally } from '#src/control/stats';
import type { Visit } from '#src/control/visit';
import type { CommandName, Commands } from '#src/control/wire';
import type { SearchSettings } from '#src/control/wire-search';
import { MscFault } from '#src/errors';

/** What is read, up to where. */
export interface Offline {
  readonly folder: string;
  readonly lastEntry: number;
  /** Microseconds since 1970 UTC; undefined for a journal without an entry. */
  readonly lastUs: number | undefined;
}

export interface OfflineClient extends Pick<ControlClient, 'person' | 'call' | 'close'> {
  readonly offline: Offline;
}

export interface OfflineWish {
  /** The configuration of the switch that is down. */
  readonly config: string;
  /** Why it was not reached: what is said where there is nothing to be read. */
  readonly unreached: MscFault;
  /** Message text is asked for. */
  readonly text: boolean;
  readonly nowMs: () => number;
}

/** @throws MscFault MSC-1201 where there is no journal, or a switch has it; MSC-1207, MSC-1208; MSC-3107 */
export async function openOffline(wish: OfflineWish): Promise<OfflineClient> {
  const { unreached } = wish;
  const config = await loadConfig(wish.config);
  const folder = join(config.data.folder, 'journal');
  const place = lookForJournal(folder);
  if (place.kind === 'none') throw unreached;
  if (isHeld(folder)) throw comingOrGoing(unreached);
  if (wish.text) throw new MscFault('MSC-1208');
  const person = await requireOwner(folder);
  if (place.kind === 'closed') throw new MscFault('MSC-3107', { detail: place.path });
  const journal = await openForLooking(folder).catch((cause: unknown) => {
    throw faultOf(cause);
  });
  const settings = settingsIn(config);
  const desk: JournalDesk = {
    journal,
    searching: () => settings,
    // Nobody is there who could write it.
    act: () => Promise.resolve(undefined),
  };
  const { entries: lastEntry } = await journal.head();
  return {
    person,
    offline: { folder, lastEntry, lastUs: journal.lastUs },
    call: async <C extends CommandName>(
      command: C,
      args: Commands[C]['args'],
      onRows?: OnRows,
    ): Promise<Commands[C]['end']> => {
      const act: Answer<C> | undefined = answers[command];
      if (act === undefined) throw runsAlone(command);
      try {
        return await act(desk, visitOf(person, wish.nowMs, onRows), args);
      } catch (error) {
        throw faultOf(error);
      }
    },
    close: () => void journal.close(),
  };
}

/** What the configuration says about searches, as the switch would say it. */
export async function offlineSettings(config: string): Promise<SearchSettings> {
  return settingsIn(await loadConfig(config));
}

type OnRows = (rows: Rows) => void | Promise<void>;

type Answer<C extends CommandName> = (
  desk: JournalDesk,
  visit: Visit,
  args: Commands[C]['args'],
) => Promise<Commands[C]['end']>;

/** What is answered without a switch; everything else needs one. */
const answers: { readonly [C in CommandName]?: Answer<C> } = {
  search: (desk, visit, args) => {
    if (args.text) throw new MscFault('MSC-1208');
    if (args.job === true) throw runsAlone('a job');
    return searchAlone(desk, visit, args);
  },
  'search-plan': explain,
  show: showAlone,
  'who-saw': whoSaw,
  delivered,
  tally,
};

function runsAlone(what: string): MscFault {
  return new MscFault('MSC-1201', { detail: `${what} needs a running switch` });
}

function comingOrGoing({ message, cause }: MscFault): MscFault {
  const fault = new MscFault('MSC-1201', { cause, hint: 'try again in a moment' });
  fault.message = `${message}; a switch has its journal: it is starting or stopping`;
  return fault;
}

function visitOf(person: string, nowMs: () => number, onRows: OnRows | undefined): Visit {
  return {
    person,
    // None is asked for: whoever owns the folder reads it as they like.
    roles: [],
    gone: new AbortController().signal,
    nowMs,
    sendRows: async (rows) => {
      if (rows.length > 0) await onRows?.(rows);
    },
  };
}

function settingsIn({ journal }: Awaited<ReturnType<typeof loadConfig>>): SearchSettings {
  const { shifts, searchBudgetMs } = journal;
  const { timezone = new Intl.DateTimeFormat('en').resolvedOptions().timeZone } = journal;
  return { shifts, timezone, budgetMs: searchBudgetMs };
}

/** The login of the folder's owner, which is who asks. @throws MscFault MSC-1207 */
async function requireOwner(folder: string): Promise<string> {
  const owner = ownerOf(folder);
  const login = (await loginOf(owner)) ?? `uid:${owner}`;
  if (owner === process.geteuid?.()) return login;
  throw new MscFault('MSC-1207', {
    detail: `only ${login} may, who owns ${folder}`,
    hint: `start the switch, or: sudo -u ${login} msc journal ...`,
  });
}

/** Of a folder that is shut away, whoever shut it: the owner of the nearest one above that can be seen. */
function ownerOf(folder: string): number {
  try {
    return statSync(folder).uid;
  } catch (cause) {
    const above = dirname(folder);
    if (above === folder) throw new MscFault('MSC-1005', { detail: folder, cause });
    return ownerOf(above);
  }
}
