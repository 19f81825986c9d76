// What an observed number means against its limits, and limits as a person types them. Pure: nothing here
// asks, reads or prints.

import { parseLength } from '../time.ts';
import { usage } from '../flags.ts';

export const levels = ['ok', 'warning', 'critical', 'unknown'] as const;
export type Level = (typeof levels)[number];

/** The convention of monitoring plugins, and of `msc check` alone. @source operator-experience 3 */
export const exitOf: Readonly<Record<Level, number>> = {
  ok: 0,
  warning: 1,
  critical: 2,
  unknown: 3,
};

export type Unit = 'days' | 'seconds' | 'percent' | 'count';

export interface Limits {
  readonly warn?: number | undefined;
  readonly crit?: number | undefined;
}

/** `above`: it is bad to reach a limit. `below`: it is bad to fall under it. */
export type Worse = 'above' | 'below';

export function judge(observed: number, { warn, crit }: Limits, worse: Worse): Level {
  const passes = (limit: number | undefined): boolean =>
    limit !== undefined && (worse === 'above' ? observed >= limit : observed < limit);
  if (passes(crit)) return 'critical';
  return passes(warn) ? 'warning' : 'ok';
}

/** The worse of two; what is unknown hides nothing that is known to be bad. */
export function worst(one: Level, other: Level): Level {
  const order: readonly Level[] = ['ok', 'unknown', 'warning', 'critical'];
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}

/**
 * Limits as typed: `30d`, `90s`, `10%`, `3`. What is not typed keeps its standard.
 *
 * @throws MscFault MSC-1001
 */
export function parseLimits(
  typed: { readonly warn?: string | undefined; readonly crit?: string | undefined },
  standard: Limits,
  { unit, worse }: { readonly unit: Unit; readonly worse: Worse },
): Limits {
  const read = (flag: 'warn' | 'crit'): number | undefined =>
    typed[flag] === undefined ? standard[flag] : parseLimit(`--${flag}`, typed[flag], unit);
  const [warn, crit] = [read('warn'), read('crit')];
  if (warn === undefined || crit === undefined) return { warn, crit };
  const inOrder = worse === 'above' ? warn <= crit : warn >= crit;
  if (!inOrder) {
    const word = worse === 'above' ? 'above' : 'below';
    throw usage(`--warn must not be ${word} --crit, or it is never heard`);
  }
  return { warn, crit };
}

function parseLimit(flag: string, text: string, unit: Unit): number {
  switch (unit) {
    case 'days':
    case 'seconds': {
      const length = parseLength(text);
      if (!length.ok) throw usage(`${flag} is a length of time such as 30d, 12h or 90s`);
      return unit === 'days' ? length.value / 86_400 : length.value;
    }
    case 'percent':
      return plainNumber(flag, text.replace(/%$/, ''), 'a share such as 10%');
    case 'count':
      return plainNumber(flag, text, 'a number');
  }
}

function plainNumber(flag: string, text: string, form: string): number {
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text)) throw usage(`${flag} is ${form}`);
  return Number(text);
}
