// Change of a record by its owner: `CODE/new value`, `CODE/` takes away (ncic 1.4). The changed record has
// to keep what its entry asks for; where it now answers an earlier inquiry, that asker is told.

import { editFields } from '#protocol/edits';
import { fail, ok } from '#protocol/result';
import { checkFields, checkSerials } from './checks.ts';
import { planComparison } from './compare.ts';
import { showPairs } from './desk.ts';
import type { Desk, Done } from './desk.ts';
import { findDuplicates } from './duplicates.ts';
import { mayChange } from './identify.ts';
import type { Identified } from './identify.ts';
import { entryEdits } from './key.ts';
import { delayedNotices } from './notices.ts';
import type { Pair, StoredRecord } from './record.ts';
import { reject, rejectFlaw } from './reject.ts';
import type { Rejection } from './reject.ts';
import { isGroup } from './terms.ts';
import { fill } from './words.ts';

export function modify(desk: Desk, { record, ids, rest }: Identified): Done {
  if (!mayChange(desk, record)) return fail(reject('R12'));
  const wrong = checkFields(desk, rest);
  if (wrong !== undefined) return fail(wrong);
  const validated = rest.some(([code, value]) => code === 'VLN' && value !== '');
  const changed: StoredRecord = {
    ...record,
    fields: changedFields(record.fields, rest),
    updatedMs: desk.atMs,
    ...(validated ? { validatedMs: desk.atMs } : {}),
  };
  const unfit = wholeFlaw(changed, rest) ?? serialFlaw(changed, rest);
  if (unfit !== undefined) return fail(unfit);
  const { onFile } = findDuplicates(desk, changed, record.id);
  if (onFile.length > 0) return fail({ id: 'R11', along: onFile });
  desk.store.put(changed);
  planComparison(desk, changed);
  const text = desk.tables.layout.words.get('modify') ?? '';
  return ok({
    lines: [fill(text, { ids: showPairs(ids) })],
    notices: delayedNotices(desk, changed, record),
  });
}

/** New values stand where the old ones stood, further ones at the end. */
export function changedFields(fields: readonly Pair[], changes: readonly Pair[]): readonly Pair[] {
  const codes = new Set(changes.map(([code]) => code));
  const valuesFor = (wanted: string): readonly Pair[] =>
    changes.filter(([code, value]) => code === wanted && value !== '');
  const placed = new Set<string>();
  const kept = fields.flatMap((pair): readonly Pair[] => {
    const [code] = pair;
    if (!codes.has(code)) return [pair];
    if (placed.has(code)) return [];
    placed.add(code);
    return valuesFor(code);
  });
  const added = [...codes].filter((code) => !placed.has(code)).flatMap(valuesFor);
  return [...kept, ...added];
}

/** What the entry of such a record would be refused for, as far as the change is the cause. */
function wholeFlaw(record: StoredRecord, changes: readonly Pair[]): Rejection | undefined {
  const touched = new Set(changes.map(([code]) => code));
  const fields = record.fields
    .filter(([code]) => code !== 'VLN')
    .map(([code, value]) => ({ code, value, at: 0 }));
  const edited = editFields(entryEdits(record.kind, record.suffix), fields, 0);
  if (edited.ok) return undefined;
  const { kind, field } = edited.error;
  const caused =
    kind === 'missing' ? changes.some(([, value]) => value === '') : touched.has(field);
  return caused ? rejectFlaw(edited.error) : undefined;
}

function serialFlaw(record: StoredRecord, changes: readonly Pair[]): Rejection | undefined {
  if (!isGroup(record.kind) || !changes.some(([code]) => code === 'SER')) return undefined;
  return checkSerials(record.kind, record.fields);
}
