// How far a row of a table can be trusted: each says where it was read.

import { isOneOf } from './shape.ts';

/** Source: S seen in a public text, K common knowledge, P our convention, R our reading. */
export type Mark = 'S' | 'K' | 'P' | 'R';

/** The mark of a row; `weak` where little stands behind it. */
export interface Marked {
  readonly mark: Mark;
  readonly weak?: boolean;
}

export function isMark(value: unknown): value is Mark {
  return isOneOf(value, 'S', 'K', 'P', 'R');
}

export function isWeak(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}
