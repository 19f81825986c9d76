// What the switch says in codes, in the words of a dispatcher.

import type { Refused, Status } from '#protocol/control';
import { editFields } from '#protocol/edits';
import { flawWords } from '#protocol/flaw-words';
import { parseHeader } from '#protocol/header';
import { keyTable } from '#protocol/keys';
import { parseText } from '#protocol/message';
import { asciiBytes } from '#protocol/octets';
import { headerOctets } from './request.ts';

/** A refusal of what was typed; its position counts from the first character typed. */
export function refusalWords({ code, text, at = -1, field, ref }: Refused): string {
  const typedAt = at - headerOctets;
  const where = [
    ...(typedAt < 0 ? [] : [`at ${typedAt}`]),
    ...(field === undefined ? [] : [field]),
  ];
  const place = where.length === 0 ? '' : ` (${where.join(', ')})`;
  return `refused ${code}: ${text}${place}${ref === undefined ? '' : `, entry ${ref}`}`;
}

/**
 * What is wrong with the field that X08 names. The answer has its code and its place alone; the edits of what was
 * typed say the rest, where they come to the same field and place. At the end of the text a field is missing.
 */
export function flawOfTyped({ code, field, at }: Refused, typed: string): string | undefined {
  if (code !== 'X08' || at === undefined) return undefined;
  const body = asciiBytes(`${'A'.repeat(headerOctets - 1)}.${typed}`);
  const header = parseHeader(body, 'terminal');
  const text = header.ok ? parseText(body, header.value.textAt, keyTable) : header;
  if (!text.ok) return undefined;
  const { key, fields, fieldsEnd } = text.value;
  const edited = editFields(key, fields, fieldsEnd);
  if (!edited.ok && edited.error.at === at && edited.error.field === (field ?? ''))
    return flawWords(edited.error, key, fields);
  if (field === undefined) return undefined;
  return at === fieldsEnd ? `${field} is missing` : `${field} is wrong`;
}

/** @source link S11 */
export function statusWords({ service, state }: Status): string {
  switch (state) {
    case 'up':
      return `${service} is up again`;
    case 'held':
      return `${service} is down; questions are kept and forwarded`;
    case 'down':
      return `${service} is down; ask again later`;
  }
}
