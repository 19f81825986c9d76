// What a record of the simulated NCIC is: an entry key, an owner, its fields as they were sent, what was added later,
// and where it stands in its life. Pure words: it knows no table, no search and no store.

export const ncicFiles = [
  'vehicle',
  'plate',
  'part',
  'boat',
  'gun',
  'article',
  'security',
  'wanted',
  'missing',
  'unidentified',
  'protection',
  'identity',
] as const;

export type NcicFile = (typeof ncicFiles)[number];

/** A field with its code; a code may stand more than once. */
export type Pair = readonly [code: string, value: string];

/** `active` on file; `located` by another agency; `inactive` seen by QPO alone. @source ncic 4.1, 5.11 */
export type RecordState = 'active' | 'located' | 'inactive';

/** One locate of a record; persons may have several. @source ncic 4.1 */
export interface Locate {
  /** YYYYMMDD. */
  readonly date: string;
  readonly ori: string;
  readonly rca?: string;
  readonly dis?: string;
}

/** A record as it is given to the store; its NIC number is issued where it has none. */
export interface NewRecord {
  readonly nic?: string;
  /** The entry key without its suffix: EV, EW, EAA. */
  readonly kind: string;
  /** Suffix of the entry key: caution C, latents P, armed A, both F. @source ncic 2.3 */
  readonly suffix?: string;
  /** The entering agency. */
  readonly ori: string;
  /** Milliseconds since 1970: what DTE and DLU print. */
  readonly enteredMs: number;
  readonly updatedMs: number;
  /** In the order of the entry, OCA among them, ORI and key not. */
  readonly fields: readonly Pair[];
  /** Supplemental data; the parts of a set (OLN OLS OLY) follow one another. @source ncic 4.3 */
  readonly supplements?: readonly Pair[];
  /** Identifiers that a wanted person has stolen or made up, in the same form. @source ncic 2.5 ENS */
  readonly stolen?: readonly Pair[];
  readonly locates?: readonly Locate[];
  /** Small records that hang on this one, by their kind: a detainer, a dental record. @source ncic 2.5 */
  readonly attached?: Readonly<Record<string, readonly Pair[]>>;
  readonly state?: RecordState;
  /** YYYYMMDD: from when the days of a located record count, where that is later than its locates. */
  readonly locatedFrom?: string;
  /** YYYYMMDD: since when it is inactive. */
  readonly inactiveFrom?: string;
  /** When the record was last validated, by a change with VLN. @source ncic 10.3 */
  readonly validatedMs?: number;
  /** Notices about it that were sent and are not sent again: `$.K.`, `$.D.`. */
  readonly noticed?: readonly string[];
}

export interface NcicRecord extends NewRecord {
  readonly nic: string;
}

/** A record with its place in the store. */
export interface StoredRecord extends NcicRecord {
  readonly id: number;
}

/** The first value of a field. */
export function valueOf(record: Pick<NewRecord, 'fields'>, code: string): string | undefined {
  return record.fields.find((pair) => pair[0] === code)?.[1];
}

/** Every value of a field, supplemental ones after those of the entry, then what hangs on the record. */
export function valuesOf(record: NewRecord, code: string): readonly string[] {
  const { fields, supplements = [], stolen = [], attached = {} } = record;
  const values: string[] = [];
  for (const pairs of [fields, supplements, stolen, ...Object.values(attached)])
    for (const pair of pairs) if (pair[0] === code) values.push(pair[1]);
  return values;
}

/** Records that were found in several ways, each once, in the order of the first. */
export const eachOnce = (records: readonly StoredRecord[]): readonly StoredRecord[] => [
  ...new Map(records.map((record) => [record.id, record])).values(),
];
