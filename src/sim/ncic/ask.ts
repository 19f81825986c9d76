// What an inquiry asks: one or more questions, each with the terms it is looked up by and the full
// comparison. The same question is asked of the store now, and of a new record when it was asked
// before (delayed hits). Pure.

import { articleAsks, boatAsks, gunAsks, securityAsks, vehicleAsks } from './ask-property.ts';
import { personAsks } from './ask-person.ts';
import { fieldOf } from './question.ts';
import type { Ask, Inquiry } from './question.ts';
import { valueOf } from './record.ts';
import type { NcicFile, NcicRecord } from './record.ts';
import { term } from './terms.ts';

/** Every question of an inquiry; none where nothing in it can be searched. */
export function asksOf(inquiry: Inquiry): readonly Ask[] {
  const nic = fieldOf(inquiry, 'NIC');
  if (nic !== undefined) return [nicAsk(nic, inquiry)];
  return rawAsks(inquiry).map((ask) => ({
    ...ask,
    fits: (record, file) => isVisible(record, file, inquiry) && ask.fits(record, file),
  }));
}

/** NIC alone returns exactly that record. @source ncic 4.4 */
const nicAsk = (nic: string, inquiry: Inquiry): Ask => ({
  echo: ['NIC'],
  terms: [term.nic(nic)],
  fits: (record, file) =>
    record.nic === nic &&
    inquiry.key.files.has(file) &&
    (record.state !== 'inactive' || inquiry.key.inactive),
});

function rawAsks(inquiry: Inquiry): readonly Ask[] {
  switch (inquiry.key.asks) {
    case 'vehicle':
      return vehicleAsks(inquiry);
    case 'boat':
      return boatAsks(inquiry);
    case 'gun':
      return gunAsks(inquiry);
    case 'article':
      return articleAsks(inquiry);
    case 'security':
      return securityAsks(inquiry);
    case 'person':
      return personAsks(inquiry);
    case 'crime':
      return crimeAsks(inquiry);
    case 'agency':
      return [];
  }
}

/** All records of one crime: by the case, or by what links them. @source ncic 2.4 QI */
function crimeAsks(inquiry: Inquiry): readonly Ask[] {
  const [lki, lka, oca] = ['LKI', 'LKA', 'OCA'].map((code) => fieldOf(inquiry, code));
  if (lki !== undefined && lka !== undefined) return [caseAsk(lki, lka, ['LKI', 'LKA'])];
  return oca === undefined ? [] : [caseAsk(inquiry.ori, oca, ['OCA'])];
}

/** Records of a case of an agency, and those linked to it. */
export const caseAsk = (ori: string, oca: string, echo: readonly string[]): Ask => ({
  echo,
  terms: [term.case(oca), term.link(ori, oca)],
  fits: (record) =>
    (record.ori === ori && valueOf(record, 'OCA') === oca) ||
    (valueOf(record, 'LKI') === ori && valueOf(record, 'LKA') === oca),
});

/** Files, state of the record, and how far a want reaches. @source ncic 2.5, 5.11 */
function isVisible(record: NcicRecord, file: NcicFile, inquiry: Inquiry): boolean {
  const { key, today } = inquiry;
  if (!key.files.has(file)) return false;
  if (!key.inactive) {
    if (record.state === 'inactive') return false;
    if (file === 'protection' && (valueOf(record, 'ISD') ?? '') > today) return false;
  }
  return key.wants === 'all' || file !== 'wanted' || isExtraditable(record, inquiry);
}

/** A misdemeanour is seen where extradition to the place of the inquirer is possible. */
function isExtraditable(record: NcicRecord, { ori, tables }: Inquiry): boolean {
  const reach = tables.inquiries.extradition.get(valueOf(record, 'EXL') ?? '') ?? 'everywhere';
  const [there, here] = [record.ori.slice(0, 2), ori.slice(0, 2)];
  if (reach === 'everywhere' || there === here) return true;
  return reach === 'neighbours' && tables.inquiries.neighbours.get(there)?.includes(here) === true;
}
