// A clock that can be turned: days pass in a moment, so that a record is purged before the eyes of a class.
// A clock that belongs to another one follows it, and may be wrong by itself (skew).

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';

export interface Clock {
  /** Milliseconds since 1970, as this clock has it. */
  now(): number;
  /** Told after each turn. */
  onTurn(listener: () => void): void;
}

/** The computer's own. */
export const systemClock: Clock = { now: () => Date.now(), onTurn: () => undefined };

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** 1900 to 2199: what the dates of the files can say. */
const earliestMs = Date.UTC(1900, 0, 1);
const latestMs = Date.UTC(2199, 11, 31);

/** `+3d`, `-90m`: signed, one unit, at most six digits; in milliseconds. */
export function parseDuration(text: string): number | undefined {
  const [, sign, digits, unit = ''] = /^([+-])(\d{1,6})(ms|s|m|h|d|w)$/.exec(text) ?? [];
  const factor = unitMs[unit];
  if (sign === undefined || factor === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * Number(digits) * factor;
}

export class TurnedClock implements Clock {
  readonly #base: Clock;
  readonly #listeners: (() => void)[] = [];
  #turnMs = 0;
  #skewMs = 0;

  constructor(base: Clock = systemClock) {
    this.#base = base;
    base.onTurn(() => this.#tell());
  }

  now(): number {
    return this.#base.now() + this.#turnMs + this.#skewMs;
  }

  onTurn(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** `+3d`, `-2h`, a time as RFC 3339, or `now` for the computer's own; empty leaves it as it is. */
  turn(text: string): Result<void, string> {
    const turnMs = this.#turned(text);
    if (turnMs === undefined) return fail('a time is +3d, -2h, now, or as 2031-03-02T09:14:00Z');
    const at = this.#base.now() + turnMs;
    if (at < earliestMs || at > latestMs) return fail('the clock goes from 1900 to 2199');
    this.#turnMs = turnMs;
    if (text !== '') this.#tell();
    return ok(undefined);
  }

  /** Wrong by so much, besides being turned. */
  skew(byMs: number): void {
    this.#skewMs = byMs;
    this.#tell();
  }

  #turned(text: string): number | undefined {
    if (text === '') return this.#turnMs;
    if (text === 'now') return 0;
    const by = parseDuration(text);
    if (by !== undefined) return this.#turnMs + by;
    const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
    return Number.isNaN(at) ? undefined : at - this.#base.now();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
