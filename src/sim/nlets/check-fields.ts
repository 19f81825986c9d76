// Does a text have the fields its key takes? The edits are the protocol's; what is Nlets's own is the number
// of the complaint (nlets 9.1), and the legal sets in words where the set is what is wrong. Pure.

import { editFields } from '#protocol/edits';
import type { FieldFlaw } from '#protocol/edits';
import type { FieldSet } from '#protocol/format-row';
import { formatTable } from '#protocol/formats';
import type { Format } from '#protocol/formats';
import { keyTable } from '#protocol/keys';
import type { NletsFields } from './fields.ts';
import type { ComplaintNumbers } from './tables.ts';

/** Why the hub does not take a message. */
export interface Complaint {
  readonly number: string;
  readonly detail: string;
  /** The field sets that would be right. */
  readonly legal?: readonly string[];
}

/** The first rule that the fields break; nothing for a key without a format. */
export function checkFields(
  mke: string,
  fields: NletsFields,
  numbers: ComplaintNumbers,
): Complaint | undefined {
  const key = keyTable.get(mke);
  const format = key?.edits === undefined ? undefined : formatTable.get(key.edits.format);
  if (key === undefined || format === undefined) return undefined;
  const edited = editFields(key, fields.list, fields.end);
  if (edited.ok) return undefined;
  const complaint = complaintOf(format, fields, edited.error, numbers);
  return complaint.number === wrongSet ? { ...complaint, legal: legalSets(format) } : complaint;
}

const wrongSet = '22';

function complaintOf(
  format: Format,
  { list, values }: NletsFields,
  { kind, field }: FieldFlaw,
  numbers: ComplaintNumbers,
): Complaint {
  if (list.length === 0 || (kind === 'extra' && field === ''))
    return { number: wrongSet, detail: 'NO FIELDS' };
  switch (kind) {
    case 'not-allowed':
    case 'pair':
    case 'extra':
      return { number: wrongSet, detail: `NOT ALLOWED - ${field}` };
    case 'repeated':
      return { number: wrongSet, detail: `${field} TWICE` };
    case 'data':
      return { number: numbers.fields.get(field) ?? '00', detail: field };
    case 'missing':
      if (!isBegun(format, values)) return { number: wrongSet, detail: 'NO SET OF FIELDS' };
      return missing(format, field, numbers);
  }
}

function missing({ name }: Format, field: string, numbers: ComplaintNumbers): Complaint {
  const number = numbers.missing(name, field) ?? numbers.fields.get(field) ?? '14';
  return { number, detail: number === wrongSet ? `MISSING - ${field}` : field };
}

/** Is there a field of any of the sets of which one must stand? */
function isBegun({ alternatives }: Format, values: NletsFields['values']): boolean {
  const sets = alternatives?.of(valueOf(alternatives.field, values));
  return (
    sets?.some(
      ({ required }) => required.length === 0 || required.some((code) => values.has(code)),
    ) !== false
  );
}

const valueOf = (code: string | undefined, values: NletsFields['values']): string =>
  code === undefined ? '' : (values.get(code) ?? '');

/** The legal sets of a format in words: optional fields in parentheses. */
function legalSets({ mandatory, row }: Format): readonly string[] {
  const before = mandatory.filter((code) => !trailing.includes(code));
  const after = mandatory.filter((code) => trailing.includes(code));
  const words = ({ required, optional = [] }: FieldSet): string =>
    [...before, ...required, ...optional.map((code) => `(${code})`), ...after].join(' ');
  const { alternatives, choice } = row;
  if (choice === undefined) return (alternatives?.sets ?? [{ required: [] }]).map(words);
  return choice.cases.flatMap(({ values, sets }) =>
    values.flatMap((value) => sets.map((set) => `${choice.field}/${value}: ${words(set)}`)),
  );
}

/** Who asks stands behind the set. @source nlets 5.1 */
const trailing = ['RNA', 'RAG', 'CNA', 'CAG'];
