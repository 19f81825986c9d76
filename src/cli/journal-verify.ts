// `msc journal verify`: proves the journal of a folder, entry by entry; needs no running switch.
// Exit 0 prints the number of entries and the root; exit 1 names the first entry that does not hold, or the
// sealed segments whose index is not that of their entries.

import { join, resolve } from 'node:path';
import type { Purge } from '#journal/purge';
import { formatTime } from '#journal/row';
import { lookForJournal, verifyJournal } from '#journal/verify';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import type { Flags } from './flags.ts';
import { configFile, withSwitch } from './installation.ts';
import { counted, shown, wantsObject } from './output.ts';
import type { Row } from './rows.ts';

export async function runVerify({ flags, output }: Call): Promise<number> {
  const folder = await readableJournal(flags);
  const verdict = verifyJournal(folder);
  const json = wantsObject(output);
  if ('root' in verdict) {
    const { entries, root, unsound = [], purges, oldest } = verdict;
    const ok = unsound.length === 0;
    const index = unsound.map(({ first, reason }) => ({ first, reason }));
    const lines = [
      oldest === undefined
        ? `${counted(entries, 'entry', 'entries')}, every one holds`
        : `${counted(entries, 'entry', 'entries')}, ${oldest - 1} of them purged, every other one holds`,
      ...(purges ?? []).map(purgedLine),
      `root ${root}`,
      ...unsound.map(({ first, reason }) => `the sealed segment from entry ${first}: ${reason}`),
    ];
    await output.print(
      json
        ? JSON.stringify({
            ...{ schema: 'msc.journal-verify/1', ok, entries, root },
            ...(oldest === undefined ? {} : { oldest, purges: (purges ?? []).map(purgeRow) }),
            ...(ok ? {} : { unsound: index }),
          })
        : lines.join('\n'),
    );
    if (ok) return 0;
    const firsts = unsound.map(({ first }) => first).join(', ');
    throw new MscFault('MSC-3110', { detail: `the segments from entry ${firsts}` });
  }
  const { firstBad, reason, newer } = verdict;
  if (newer) throw new MscFault('MSC-3104', { detail: `from entry ${firstBad} on, ${reason}` });
  await output.print(
    json
      ? JSON.stringify({ schema: 'msc.journal-verify/1', ok: false, first_bad: firstBad, reason })
      : `entry ${firstBad} does not hold: ${reason}`,
  );
  throw new MscFault('MSC-3102', { detail: `the first entry that does not hold is ${firstBad}` });
}

function purgedLine(purge: Purge): string {
  const { first, last, person = '-', reason = '-' } = purge;
  const when = formatTime(purge.time).slice(0, 10);
  return shown(
    `entries ${first} to ${last} were purged on ${when} by ${person} (entry ${purge.entry}), reason: ${reason}`,
  );
}

/** As the entry says. */
export function purgeRow(purge: Purge): Row {
  const { entry, first, last, root, person, reason } = purge;
  return {
    ...{ entry, time: formatTime(purge.time), first, last, root },
    ...{ earliest: formatTime(purge.earliest), latest: formatTime(purge.latest) },
    ...(person === undefined ? {} : { person }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The folder of a journal that is there and may be read. @throws MscFault MSC-3105, MSC-3107 */
export async function readableJournal(flags: Flags): Promise<string> {
  const folder = await journalFolder(flags);
  const place = lookForJournal(folder);
  if (place.kind === 'none') throw new MscFault('MSC-3105', { detail: folder });
  if (place.kind === 'closed') throw new MscFault('MSC-3107', { detail: place.path });
  return folder;
}

async function journalFolder(flags: Flags): Promise<string> {
  const named = flags.text('journal');
  if (named !== undefined) return resolve(named);
  if (flags.text('socket') !== undefined)
    return (await withSwitch(flags, (client) => client.call('status', {}))).journal.folder;
  const { loadConfig } = await import('#src/config/load');
  return join((await loadConfig(configFile(flags))).data.folder, 'journal');
}
