// `msc db reindex`: has the journal make indexes anew behind the traffic. Promises an entry when it has begun and one
// when it is over; it alters no entry, so nobody is asked for a reason.

import type { Reindexing, ReindexWish } from '#journal/reindexing';
import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import type { Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import type { ReindexView } from './wire-search.ts';

/** @throws MscFault MSC-3121; of the journal what `faultOf` makes of it, MSC-3120 while one runs. */
export async function reindex(
  desk: Desk,
  { person }: Visit,
  { wish, reason }: Commands['reindex']['args'],
): Promise<ReindexView> {
  const { begun, over } = await desk.journal.reindex(wish);
  if (wish.kind === 'segment' && begun.segments === 0)
    throw new MscFault('MSC-3121', { detail: `entry ${wish.entry}` });
  const note = (report: Reindexing, why: string | undefined): Promise<{ readonly entry: number }> =>
    desk.act(person, {
      ...{ kind: 'note', event: 'reindex', detail: detailOf(report) },
      ...(why === undefined ? {} : { reason: why }),
    });
  const { entry } = await note({ ...begun, state: 'running' }, reason);
  // A switch that ends takes no more notes: its reindex is broken off, and the next one begins from the start.
  void over.then((report) => note(report, undefined)).catch(() => undefined);
  return { ...begun, entry };
}

export function showReindex({ journal }: Desk): Commands['reindex-show']['end'] {
  const view = journal.reindexing();
  return view === undefined ? {} : { view };
}

function detailOf({
  wish,
  state,
  segments,
  renewed,
  unproved,
}: Reindexing): Readonly<Record<string, string | number>> {
  const left = unproved.length === 0 ? {} : { unproved: unproved.join(', ') };
  return {
    what: wordsOf(wish),
    state,
    segments,
    ...(state === 'running' ? {} : { renewed }),
    ...left,
  };
}

function wordsOf(wish: ReindexWish): string {
  return wish.kind === 'segment' ? `segment of entry ${wish.entry}` : wish.kind;
}
