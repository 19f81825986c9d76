// What every action works with: one message at one moment, the store and the tables; and what an action
// gives back. Words alone.

import type { BoundField } from '#protocol/bind';
import type { Result } from '#protocol/result';
import type { Said } from '../host.ts';
import type { NicCheck } from './nic.ts';
import type { Agency, NcicStore } from './store.ts';
import type { NcicFile, NewRecord, Pair } from './record.ts';
import type { Rejection } from './reject.ts';
import type { NcicTables } from './tables.ts';

export interface NcicSettings {
  /** `file`: an agency has to be on the ORI file and not retired; `form`: nine characters are enough. */
  readonly oriCheck: 'file' | 'form';
  readonly nicCheck: NicCheck;
  /** Whether a vehicle number of 17 characters that fails its check digit is warned of. */
  readonly vinCheck: boolean;
  /** State to the ORI of its control terminal, which may act for its agencies and gets `$.8.`. */
  readonly stateControl: Readonly<Record<string, string>>;
}

/** Where one message is worked on. */
export interface Desk {
  readonly store: NcicStore;
  readonly tables: NcicTables;
  readonly settings: NcicSettings;
  /** The agency that sends. */
  readonly ori: string;
  /** By what the sender knows its message. */
  readonly reference: string;
  readonly atMs: number;
  /** YYYYMMDD. */
  readonly today: string;
}

/** The text of an answer, and what others are told. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly notices?: readonly Said[];
}

export type Done = Result<Outcome, Rejection>;

export const pairsOf = (fields: readonly BoundField[]): readonly Pair[] =>
  fields.map(({ code, value }) => [code, value]);

export const showPairs = (pairs: readonly Pair[]): string =>
  pairs.map(([code, value]) => `${code}/${value}`).join(' ');

export const fileOf = (record: NewRecord, { kinds }: NcicTables): NcicFile =>
  kinds.get(record.kind)?.file ?? 'vehicle';

/** The agency of the ORI file; retired ones are none. */
export function agencyOf({ store }: Pick<Desk, 'store'>, ori: string): Agency | undefined {
  const agency = store.agency(ori);
  return agency?.retired === true ? undefined : agency;
}
