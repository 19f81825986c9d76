// What becomes due by the clock alone (ncic 4.1, 5, 8): records at the end of their retention, orders that
// expire, notices after thirty days, the daily comparison. A clock that jumps does it all, in order.

import type { Said } from '../host.ts';
import { compare } from './compare.ts';
import { shortLines, tell, tellRecord } from './notices.ts';
import type { StoredRecord } from './record.ts';
import type { NcicStore } from './store.ts';
import type { NcicTables } from './tables.ts';

export interface Clockwork {
  readonly store: NcicStore;
  readonly tables: NcicTables;
}

/** Does what is due, at most a thousand records at once: `nextDueMs` of the store says whether there is more. */
export function runClock(work: Clockwork, atMs: number): readonly Said[] {
  const { store, tables } = work;
  return store.transaction(() => {
    const purged = new Map<string, StoredRecord[]>();
    const said: Said[] = [];
    for (const record of store.dueBy(atMs, dueAtOnce))
      said.push(...actOn(work, record, { atMs, purged }));
    const today = store.calendar.dateOf(atMs);
    for (const record of store.takeComparisons(atMs, comparedAtOnce))
      said.push(...compare({ store, tables, today }, record));
    const { delayed } = tables.notices;
    store.forgetInquiries(atMs - delayed.days * dayMs, delayed.keep);
    return [...purgeLists(work, purged, today), ...said];
  });
}

const dueAtOnce = 1_000;
const comparedAtOnce = 50;
const dayMs = 86_400_000;

function actOn(
  { store, tables }: Clockwork,
  record: StoredRecord,
  { atMs, purged }: { readonly atMs: number; readonly purged: Map<string, StoredRecord[]> },
): readonly Said[] {
  const due = store.dueOf(record);
  if (due === undefined || due.atMs > atMs) {
    // It was stored under other rules of retention: it gets its time by those of now.
    store.put(record);
    return [];
  }
  const today = store.calendar.dateOf(due.atMs);
  switch (due.act) {
    case 'retire':
      store.remove(record);
      purged.set(record.ori, [...(purged.get(record.ori) ?? []), record]);
      return [];
    case 'inactivate':
      store.put({ ...record, state: 'inactive', inactiveFrom: today });
      return [];
    case 'ask-key-information':
      store.put({ ...record, noticed: [...(record.noticed ?? []), '$.K.'] });
      return [tellRecord({ store, tables, today }, 'keyInformation', record.ori, record)];
    case 'detainer-ends':
      store.put({ ...record, noticed: [...(record.noticed ?? []), '$.D.'] });
      return [tellRecord({ store, tables, today }, 'detainerEnds', record.ori, record)];
    case 'not-validated':
      store.remove(record);
      return [tellRecord({ store, tables, today }, 'notValidated', record.ori, record)];
  }
}

/** What an agency lost in this purge. @source ncic 5.6, 8 */
function purgeLists(
  { store, tables }: Clockwork,
  purged: ReadonlyMap<string, readonly StoredRecord[]>,
  today: string,
): readonly Said[] {
  return [...purged].map(([ori, records]) =>
    tell(
      { store, tables, today },
      'purge',
      ori,
      records.flatMap((record) => shortLines(record, { store, tables, today })),
    ),
  );
}
