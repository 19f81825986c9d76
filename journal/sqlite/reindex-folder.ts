// Makes indexes anew in the folder of a switch that is down, under the lock of its writer: no start is possible
// meanwhile, and none is disturbed. It appends nothing. A kill leaves what the next start, or the next time, removes.

import { nothingYet } from '../reindexing.ts';
import type { Reindexing, ReindexWish } from '../reindexing.ts';
import { removeIndex } from './index-writer.ts';
import { Reindexer } from './reindexer.ts';
import { removeOutlived, removeUnfinished } from './segment-files.ts';
import { lockFolder, requireKnownFormat } from './store.ts';

/**
 * Returns when it is over. The index of what is not sealed is removed: the next start makes it.
 *
 * @param onChange Told how far it is.
 * @throws {JournalFault} JOURNAL_LOCKED while a switch has the folder; JOURNAL_NEWER, JOURNAL_OPEN
 */
export function reindexFolder(
  dir: string,
  wish: ReindexWish,
  onChange: (report: Reindexing) => void,
): Reindexing {
  const lock = lockFolder(dir);
  try {
    requireKnownFormat(dir);
    removeUnfinished(dir);
    removeOutlived(dir);
    if (wish.kind !== 'segment') removeIndex(dir);
    let report: Reindexing = { wish, state: 'running', ...nothingYet };
    const reindexer = new Reindexer(dir, (next) => onChange((report = next)));
    reindexer.begin(wish);
    while (reindexer.step());
    return report;
  } finally {
    lock.close();
  }
}
