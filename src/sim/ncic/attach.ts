// Small records that hang on another one: the detainer of a located want, the dental record of a person
// (ncic 2.5). Entered, changed and cancelled by the owner of what they hang on; they go with it.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import { checkFields } from './checks.ts';
import { planComparison } from './compare.ts';
import { showPairs } from './desk.ts';
import type { Desk, Done } from './desk.ts';
import { mayChange } from './identify.ts';
import type { Identified } from './identify.ts';
import { changedFields } from './modify.ts';
import type { Pair, StoredRecord } from './record.ts';
import { reject } from './reject.ts';
import type { Rejection } from './reject.ts';
import type { Attachment } from './rule-tables.ts';
import { fill } from './words.ts';

export type AttachAction = 'attach' | 'change-attached' | 'detach';

/** @param found What the message names, or why nothing is found. */
export function actOnAttached(
  desk: Desk,
  { action, attachment }: { readonly action: AttachAction; readonly attachment: Attachment },
  found: Result<Identified, Rejection>,
): Done {
  if (!found.ok) return fail(found.error.id === 'R10' ? reject(attachment.unlinked) : found.error);
  const { record, rest } = found.value;
  if (!mayChange(desk, record)) return fail(reject('R12'));
  const held = record.attached?.[attachment.name];
  const wrong = placeFlaw(record, { action, attachment, held }) ?? checkFields(desk, rest);
  if (wrong !== undefined) return fail(wrong);
  const pairs = action === 'detach' ? undefined : changedFields(held ?? [], rest);
  const flaw = pairs === undefined ? undefined : sentenceFlaw(pairs);
  if (flaw !== undefined) return fail(flaw);
  const changed = withAttached(desk, record, { attachment, pairs });
  desk.store.put(changed);
  planComparison(desk, changed);
  return done(desk, { action, attachment }, found.value);
}

/** One of each kind, and where it hangs it has to be able to hang. */
function placeFlaw(
  record: StoredRecord,
  {
    action,
    attachment,
    held,
  }: {
    readonly action: AttachAction;
    readonly attachment: Attachment;
    readonly held: readonly Pair[] | undefined;
  },
): Rejection | undefined {
  if (action !== 'attach') return held === undefined ? reject('R10') : undefined;
  if (attachment.located && record.state !== 'located') return reject(attachment.unlinked);
  return held === undefined ? undefined : { id: 'R11', along: [record] };
}

/** A sentence does not end before it begins. */
function sentenceFlaw(pairs: readonly Pair[]): Rejection | undefined {
  const [start, end] = ['DSS', 'DSE'].map((code) => pairs.find(([each]) => each === code)?.[1]);
  return start !== undefined && end !== undefined && end < start ? reject('R16', 'DSE') : undefined;
}

/** Where a detainer goes, the days of a located record are counted from then; of its end is told anew. */
function withAttached(
  desk: Desk,
  record: StoredRecord,
  {
    attachment,
    pairs,
  }: { readonly attachment: Attachment; readonly pairs: readonly Pair[] | undefined },
): StoredRecord {
  const held = Object.entries(record.attached ?? {}).filter(([name]) => name !== attachment.name);
  const attached = Object.fromEntries(held);
  return {
    ...record,
    attached: pairs === undefined ? attached : { ...attached, [attachment.name]: pairs },
    updatedMs: desk.atMs,
    ...(attachment.located
      ? { noticed: (record.noticed ?? []).filter((key) => key !== '$.D.') }
      : {}),
    ...(attachment.located && pairs === undefined ? { locatedFrom: desk.today } : {}),
  };
}

const texts = { attach: 'attach', 'change-attached': 'modify', detach: 'cancel' } as const;

function done(
  { tables }: Desk,
  { action, attachment }: { readonly action: AttachAction; readonly attachment: Attachment },
  { ids }: Identified,
): Done {
  const text = tables.layout.words.get(texts[action]) ?? '';
  return ok({ lines: [fill(text, { ids: showPairs(ids), title: attachment.title })] });
}
