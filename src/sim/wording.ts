// What the switch says in codes, in the words of a dispatcher.

import type { Refused, Status } from '#protocol/control';
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
