// What a message key asks for: the action, and the kinds of records it may touch. Which keys there are
// is data (kinds.json, inquiries.json); their edits are those of the protocol's key table.

import { keyTable } from '#protocol/keys';
import type { KeyEntry } from '#protocol/keys';
import type { AttachAction } from './attach.ts';
import type { InquiryKey } from './inquiry-tables.ts';
import type { Attachment } from './rule-tables.ts';
import type { Kind, NcicTables } from './tables.ts';

export type ChangeAction =
  | 'modify'
  | 'cancel'
  | 'clear'
  | 'locate'
  | 'supplement'
  | 'drop'
  | 'supplement-stolen'
  | 'drop-stolen';

export type KeyMeaning =
  | {
      readonly action: 'enter';
      readonly kind: Kind;
      readonly suffix?: string;
      readonly key: Edited;
    }
  | { readonly action: ChangeAction; readonly kinds: readonly Kind[]; readonly key: Edited }
  | {
      readonly action: AttachAction;
      readonly attachment: Attachment;
      readonly kinds: readonly Kind[];
      readonly key: Edited;
    }
  | { readonly action: 'inquire'; readonly inquiry: InquiryKey; readonly key: Edited };

/** The part of a key's entry that its edits are found by. */
export type Edited = Pick<KeyEntry, 'edits'>;

export type KeyBook = (text: string) => KeyMeaning | undefined;

/** `EW-C` and `EWC` are one. @source ncic 2.3 [P] */
export function createKeyBook(tables: NcicTables): KeyBook {
  const changes = changesOf([...tables.kinds.values()]);
  const attachments = attachmentsOf(tables);
  return (text) => {
    const inquiry = tables.inquiries.keys.get(text);
    if (inquiry !== undefined) return { action: 'inquire', inquiry, key: editsOf(text) };
    const change = changes.get(text);
    if (change !== undefined) return { ...change, key: editsOf(text) };
    const attached = attachments.get(text);
    if (attached !== undefined) return { ...attached, key: editsOf(text) };
    const kind = tables.kinds.get(text);
    if (kind !== undefined) return { action: 'enter', kind, key: editsOf(text) };
    const suffix = text.slice(-1);
    const entry = text.slice(0, text.at(-2) === '-' ? -2 : -1);
    const suffixed = tables.kinds.get(entry);
    if (suffixed?.suffixes.includes(suffix) !== true) return undefined;
    return { action: 'enter', kind: suffixed, suffix, key: editsOf(`${entry}-${suffix}`, entry) };
  };
}

/** The edits of the entry key of a record, by which a changed record is looked at as a whole. */
export const entryEdits = (kind: string, suffix: string | undefined): Edited =>
  suffix === undefined ? editsOf(kind) : editsOf(`${kind}-${suffix}`, kind);

interface Change {
  readonly action: ChangeAction;
  readonly kinds: readonly Kind[];
}

function changesOf(kinds: readonly Kind[]): ReadonlyMap<string, Change> {
  const changes = new Map<string, Change>();
  const add = (key: string | undefined, action: ChangeAction, kind: Kind): void => {
    if (key === undefined) return;
    changes.set(key, { action, kinds: [...(changes.get(key)?.kinds ?? []), kind] });
  };
  for (const kind of kinds) {
    for (const action of ['modify', 'cancel', 'clear', 'supplement', 'drop'] as const)
      add(kind[action], action, kind);
    add(kind.supplementStolen, 'supplement-stolen', kind);
    add(kind.dropStolen, 'drop-stolen', kind);
    for (const key of kind.locate) add(key, 'locate', kind);
  }
  return changes;
}

function attachmentsOf({ attachments, kinds }: NcicTables) {
  return new Map(
    attachments.flatMap((attachment) => {
      const { enter, modify, cancel, files } = attachment;
      const hung = [...kinds.values()].filter(({ file }) => files.includes(file));
      const meant = (action: AttachAction) => ({ action, attachment, kinds: hung });
      return [
        [enter, meant('attach')],
        [modify, meant('change-attached')],
        [cancel, meant('detach')],
      ] as const;
    }),
  );
}

function editsOf(text: string, otherwise?: string): Edited {
  const entry =
    keyTable.get(text) ?? (otherwise === undefined ? undefined : keyTable.get(otherwise));
  return entry?.edits === undefined ? {} : { edits: entry.edits };
}
