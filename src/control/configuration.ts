// What was in force and when: the configuration as the switch has it, and its history by the journal. The texts
// are the daemon's; who changed what, and why, is read from `config` and `start` events.

import type { EventEntry } from '#journal/entry';
import { eventsNamed } from '#journal/query';
import type { Query } from '#journal/query';
import { formatTime, type Row } from '#journal/row';
import type { Desk } from './desk.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Commands } from './wire.ts';

/** Changes that are shown, the newest; a county has a few a month. */
const historyMax = 1_000;

export async function configText(
  { configuration }: Desk,
  { version }: Commands['config']['args'],
): Promise<Commands['config']['end']> {
  return version === undefined ? configuration.inForce() : configuration.read(version);
}

/** Every start or reload that brought another configuration, oldest first. */
export async function configHistory(
  desk: Desk,
  visit: Visit,
): Promise<Commands['config-history']['end']> {
  const kept = await desk.configuration.kept();
  const changes: Change[] = [];
  let before: string | undefined;
  for await (const batch of untilGone(desk.journal.search(startsAndReloads), visit.gone))
    for (const { entry } of batch) {
      const change = entry.kind === 'event' ? changeOf(entry, before) : undefined;
      if (change === undefined) continue;
      before = change.digest;
      changes.push(change);
      if (changes.length > historyMax) changes.shift();
    }
  await visit.sendRows(changes.map((change) => rowOf(change, kept)));
  return { count: changes.length };
}

const startsAndReloads: Query = {
  where: [eventsNamed('start', 'config')],
  reverse: true,
  limit: 0,
};

interface Change {
  readonly entry: EventEntry;
  readonly how: 'start' | 'reload' | 'rollback';
  readonly digest: string;
  readonly changed: string;
}

/** A start on the same configuration, and a reload that was refused or found nothing, changed nothing. */
function changeOf(entry: EventEntry, before: string | undefined): Change | undefined {
  const { configuration: digest, changed = '', outcome, rollback } = entry.detail ?? {};
  if (typeof digest !== 'string') return undefined;
  if (entry.event === 'start')
    return digest === before ? undefined : { entry, how: 'start', digest, changed: '' };
  if (outcome !== 'applied' || (digest === before && changed === '')) return undefined;
  const how = rollback === undefined ? 'reload' : 'rollback';
  return { entry, how, digest, changed: String(changed) };
}

function rowOf(
  { entry, how, digest, changed }: Change,
  kept: ReadonlyMap<number, string | undefined>,
): Row {
  const { configurationVersion, rollback } = entry.detail ?? {};
  const version = typeof configurationVersion === 'number' ? configurationVersion : undefined;
  const known = version === undefined ? undefined : kept.get(version);
  const what = changed === '' ? known : changed;
  return {
    ...(version === undefined ? {} : { version }),
    time: formatTime(entry.time),
    how,
    person: entry.person ?? 'msc',
    ...(what === undefined || what === '' ? {} : { changed: what }),
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    ...(rollback === undefined ? {} : { rollback }),
    digest,
    entry: entry.entry,
    kept: version !== undefined && kept.has(version),
  };
}
