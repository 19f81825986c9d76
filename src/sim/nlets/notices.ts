// What the hub itself says about a message it has not passed on: complaints (ER) and the state of a destination
// (SM). The number stands between periods, then plain words, then what was sent, as far as a hundred characters.
//
// @source nlets 9.1, 9.2

import type { Complaint } from './check-fields.ts';
import { lines } from './message.ts';
import { literal } from './tables.ts';
import type { NletsTables } from './tables.ts';

/** The switch as a sender. @source nlets 3.1 */
export const hubOri = 'NL0000000';
/** Characters of the message that are repeated. @source nlets 9.1 */
const echoMax = 100;

export function complaintText(
  tables: NletsTables,
  about: { readonly complaint: Complaint; readonly key: string; readonly raw: string },
): string {
  const { number, detail, legal } = about.complaint;
  const words = tables.errors.get(number) ?? '';
  return lines(
    `.${number}. ${words}${detail === '' ? '' : ` - ${detail}`}`,
    ...(legal === undefined ? [] : [literal(tables, 'legal', { KEY: about.key }), ...legal]),
    literal(tables, 'echo'),
    about.raw.slice(0, echoMax),
  );
}

/** 01 never takes it, 02 will be forwarded, 04 is to be sent again. */
export type StatusNumber = '01' | '02' | '04';

export function statusText(
  tables: NletsTables,
  number: StatusNumber,
  about: { readonly destination: string; readonly key: string },
): string {
  return literal(tables, `status${number}`, { DESTINATION: about.destination, KEY: about.key });
}
