// The same journal gives the same switch: compares the ledger of a running switch with one that is replayed,
// member by member, times and all, whatever was done to the wall clock.

import { isDeepStrictEqual } from 'node:util';
import { keyTable } from '#protocol/keys';
import { digestOf } from '#src/runtime/digest';
import type { SwitchSettings } from '#switch/settings';
import { freeze } from '#switch/snapshot';
import { createState, type State } from '#switch/state';
import { replay } from '#switch/step';
import { type Kept, storedOf } from './disk.ts';

/** A sentence where they differ. */
export function difference(running: State, { entries, settings }: Replaying): string | undefined {
  const replayed = createState(settings, keyTable, digestOf);
  for (const kept of entries) replay(replayed, storedOf(kept));
  const ours = freeze(running);
  const theirs = freeze(replayed);
  // Of a thawed ledger the members may stand in another order.
  const same = ours === theirs || isDeepStrictEqual(JSON.parse(ours), JSON.parse(theirs));
  return same ? queueDifference(running, replayed) : firstDifference(ours, theirs);
}

export interface Replaying {
  readonly entries: readonly Kept[];
  readonly settings: SwitchSettings;
}

function firstDifference(ours: string, theirs: string): string {
  let at = 0;
  while (at < ours.length && ours[at] === theirs[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 80), at + 120);
  return `a replay gives another ledger:\n  ${around(ours)}\n  ${around(theirs)}`;
}

/** Queues are not frozen: they are made anew. What is being read stands in none. */
function queueDifference(running: State, replayed: State): string | undefined {
  const fetched = new Set([...running.fetching].map(({ id }) => id));
  for (const [key, queue] of replayed.ledger.queues) {
    const theirs = [...queue.all()].map(({ id }) => id).filter((id) => !fetched.has(id));
    const ours = [...(running.ledger.queues.get(key)?.all() ?? [])].map(({ id }) => id);
    const ids = ours.filter((id) => !fetched.has(id));
    if (String(ids) !== String(theirs))
      return `the queue ${key} has ${String(ids)}, and replayed ${String(theirs)}`;
  }
  return undefined;
}
