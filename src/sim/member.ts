// What an answering computer of a state hears from Nlets and says to it: the fields of an inquiry to one
// or more states, and an answer in input form with the control field of the inquiry. Pure and total.
// @source nlets 2.1 to 2.3

import { readFields } from './nlets/fields.ts';
import { parseInput } from './nlets/input.ts';

export interface MemberQuestion {
  readonly key: string;
  readonly sender: string;
  /** State codes; of a nine-character address its first two. Each once. */
  readonly states: readonly string[];
  readonly control?: string | undefined;
  readonly values: ReadonlyMap<string, string>;
}

/** Undefined: no text that could be answered to anybody. */
export function readQuestion(text: string): MemberQuestion | undefined {
  const input = parseInput(text);
  if (!input.ok || input.value.sender === '') return undefined;
  const { key, sender, destinations, control, text: content } = input.value;
  const states = new Set(destinations.map((place) => place.slice(0, 2)).filter(isState));
  if (states.size === 0) return undefined;
  return { key, sender, states: [...states], control, values: readFields(content).values };
}

/** A region is a letter and a digit. */
const isState = (code: string): boolean => /^[A-Z]{2}$/.test(code);

/** @param key Of the answer. */
export function formatAnswer(
  { sender, control }: MemberQuestion,
  answer: { readonly key: string; readonly from: string; readonly lines: readonly string[] },
): string {
  const handle = control === undefined ? '' : `*${control}.`;
  return `${answer.key}.${answer.from}.${sender}.${handle}TXT\r\n${answer.lines.join('\r\n')}`;
}

/** The legal sets of fields for an inquiry: `OLN;NAM DOB SEX`. */
export type FieldSets = readonly (readonly string[])[];

export const parseSets = (text: string): FieldSets => text.split(';').map((set) => set.split(' '));

/** The first set that is there whole. */
export const setIn = (
  sets: FieldSets,
  values: ReadonlyMap<string, string>,
): readonly string[] | undefined =>
  sets.find((set) => set.every((code) => (values.get(code) ?? '') !== ''));

/** `CODE/value` of every field of the inquiry, for an answer that found nothing. */
export const echoOf = (values: ReadonlyMap<string, string>, codes: readonly string[]): string =>
  codes
    .filter((code) => values.has(code))
    .map((code) => `${code}/${values.get(code) ?? ''}`)
    .join(' ');
