// What a question is: the terms it is looked up by, and the full comparison of a record with it. Pure words,
// and the comparisons that several questions share.

import type { InquiryKey } from './inquiry-tables.ts';
import { valueOf } from './record.ts';
import type { NcicFile, NcicRecord, Pair } from './record.ts';
import type { NcicTables } from './tables.ts';

export interface Ask {
  /** The codes that are echoed where nothing was found. */
  readonly echo: readonly string[];
  /** A record that answers has one of these terms. */
  readonly terms: readonly string[];
  /** Or a term that begins so. */
  readonly beginnings?: readonly string[];
  /** Of those, which terms are worth a look at their record; it may let pass too much, never too little. */
  readonly termFits?: (term: string) => boolean;
  readonly fits: (record: NcicRecord, file: NcicFile) => boolean;
}

/** As much of a record as its looks are compared by. */
export type Described = Pick<NcicRecord, 'fields'>;

/** An inquiry of one set of fields. */
export interface Inquiry {
  readonly key: InquiryKey;
  /** The agency that asks. */
  readonly ori: string;
  readonly fields: readonly Pair[];
  /** YYYYMMDD of the day it is asked on. */
  readonly today: string;
  readonly tables: NcicTables;
}

export const fieldOf = ({ fields }: Pick<Inquiry, 'fields'>, code: string): string | undefined => {
  const value = fields.find((pair) => pair[0] === code)?.[1];
  return value === '' ? undefined : value;
};

/** Sex of that code, U matches all; race as the table has it. @source ncic 4.4 */
export function looksRight(record: Described, inquiry: Inquiry): boolean {
  const [sex, race] = [fieldOf(inquiry, 'SEX'), fieldOf(inquiry, 'RAC')];
  const heldSex = valueOf(record, 'SEX') ?? 'U';
  if (sex !== undefined && sex !== 'U' && heldSex !== 'U' && heldSex !== sex) return false;
  const unseen = inquiry.tables.inquiries.unseenRaces.get(race ?? '') ?? [];
  return !unseen.includes(valueOf(record, 'RAC') ?? 'U');
}
