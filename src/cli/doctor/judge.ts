// Small words for judgements, shared by the checks.

import type { MscFault } from '#src/errors';
import type { Judgement } from './checks.ts';
import type { Known } from './facts.ts';

export const ok = (evidence: string): Judgement => ({ level: 'ok', evidence });
export const warn = (evidence: string, fix: string): Judgement => ({
  level: 'warn',
  evidence,
  fix,
});
export const fail = (evidence: string, fix: string): Judgement => ({
  level: 'fail',
  evidence,
  fix,
});
export const skip = (evidence: string): Judgement => ({ level: 'skip', evidence });

/** Judges what is known; what is not is judged by another check, and skipped here. */
export function ifKnown<T>(fact: Known<T>, judge: (value: T) => Judgement): Judgement {
  return 'value' in fact ? judge(fact.value) : skip(`not known (${fact.fault.code})`);
}

/** Judges what is known; what is not is the finding itself. */
export function mustBeKnown<T>(fact: Known<T>, judge: (value: T) => Judgement): Judgement {
  if ('value' in fact) return judge(fact.value);
  return fail(faultWords(fact.fault), fact.fault.hint);
}

/** Code and first line; further problems are counted. */
export function faultWords({ code, message }: MscFault): string {
  const [first = '', ...more] = message.split('\n');
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `${code} ${first}${rest}`;
}

const dayMs = 86_400_000;

/** Whole days; below 0 it is over. */
export function daysUntil(endsMs: number, nowMs: number): number {
  return Math.floor((endsMs - nowMs) / dayMs);
}

export function soonest<T extends { readonly endsMs: number }>(ends: readonly T[]): T | undefined {
  return [...ends].sort((a, b) => a.endsMs - b.endsMs)[0];
}
