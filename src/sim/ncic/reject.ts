// Every way a message to the simulated NCIC can be wrong. The texts are data (rejects.json): a reject is
// a value with the number of ncic 7, what it names and what is sent along.

import type { FieldFlaw } from '#protocol/edits';
import type { StoredRecord } from './record.ts';

export type RejectId =
  | `R0${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `R1${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | 'R20'
  | 'R21';

export interface Rejection {
  readonly id: RejectId | 'ambiguous';
  /** The field it names. */
  readonly field?: string;
  /** Records that are sent along: what is on file already. */
  readonly along?: readonly StoredRecord[];
}

export const reject = (id: RejectId, field?: string): Rejection =>
  field === undefined ? { id } : { id, field };

/** What the edits of a field say here. @source ncic 7 */
export function rejectFlaw({ kind, field }: FieldFlaw): Rejection {
  return kind === 'pair' || kind === 'extra' ? reject(flaws[kind]) : reject(flaws[kind], field);
}

const flaws: Readonly<Record<FieldFlaw['kind'], RejectId>> = {
  data: 'R07',
  missing: 'R06',
  'not-allowed': 'R08',
  repeated: 'R09',
  pair: 'R15',
  extra: 'R05',
};
