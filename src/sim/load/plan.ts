// What a load is asked to be, checked: how much, of what, for how long. Each number has its bounds; what
// breaks one is a SIM-USAGE with a sentence. The defaults stand in `src/sim/program.ts`.

import { SimFault } from '../fault.ts';
import { kindNames } from './kinds.ts';
import type { KindName } from './kinds.ts';

export interface LoadPlan {
  readonly perSecond: number;
  readonly forMs: number;
  readonly mix: readonly Share[];
  readonly bursts: readonly Burst[];
  readonly arrivals: 'poisson' | 'even';
  readonly seed: number;
  /** Whatever has no answer so long after it was due is lost, or late. */
  readonly timeoutMs: number;
}

export interface Share {
  readonly kind: KindName;
  readonly weight: number;
}

/** So many at one moment, besides the rate, again and again. */
export interface Burst {
  readonly count: number;
  readonly everyMs: number;
}

export interface PlanWords {
  readonly rate: string;
  readonly mix: string;
  readonly for: string;
  readonly burst?: readonly string[];
  readonly arrivals: 'poisson' | 'even';
  readonly seed: number;
  readonly timeout: number;
}

export const perSecondMax = 10_000;
/** Of one run: each is remembered, so that a second answer is known for one. */
export const offersMax = 10_000_000;
const forMsMax = 24 * 3_600_000;
const burstMax = 10_000;

/** @throws SimFault SIM-USAGE */
export function parsePlan(words: PlanWords): LoadPlan {
  const plan = {
    perSecond: parseRate(words.rate),
    forMs: parseDuration('--for', words.for, { leastMs: 1_000, mostMs: forMsMax }),
    mix: parseMix(words.mix),
    bursts: (words.burst ?? []).map(parseBurst),
    ...{ arrivals: words.arrivals, seed: words.seed, timeoutMs: words.timeout * 1_000 },
  };
  const expected = plan.bursts.reduce(
    (sum, { count, everyMs }) => sum + (count * plan.forMs) / everyMs,
    (plan.perSecond * plan.forMs) / 1_000,
  );
  // Chance may bring some more than expected.
  if (expected * 1.1 > offersMax)
    throw usage(`that is about ${Math.round(expected)} messages; a run has at most 9 million`);
  return plan;
}

function parseRate(text: string): number {
  const perSecond = /^\d{1,5}(?:\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  if (perSecond > 0 && perSecond <= perSecondMax) return perSecond;
  throw usage(`--rate ${text} is not a rate; it is above 0, at most ${perSecondMax} a second`);
}

/** `query=8,admin=1`: how often each kind comes, against the others. */
function parseMix(text: string): Share[] {
  const shares = text.split(',').map((part) => {
    const [, name, digits] = /^([a-z]+)=(\d{1,3})$/.exec(part) ?? [];
    const kind = kindNames.find((known) => known === name);
    if (kind === undefined || digits === undefined)
      throw usage(`--mix ${part} is not KIND=WEIGHT; kinds are ${kindNames.join(', ')}`);
    return { kind, weight: Number(digits) };
  });
  if (new Set(shares.map(({ kind }) => kind)).size < shares.length)
    throw usage('--mix names a kind twice');
  if (shares.every(({ weight }) => weight === 0)) throw usage('--mix is of nothing');
  return shares.filter(({ weight }) => weight > 0);
}

/** `500/10s`: 500 at once, every ten seconds. */
function parseBurst(text: string): Burst {
  const [, digits, every = ''] = /^(\d{1,5})\/(.+)$/.exec(text) ?? [];
  const count = Number(digits);
  if (!(count >= 1 && count <= burstMax))
    throw usage(`--burst ${text} is not COUNT/TIME, with 1 to ${burstMax} at once`);
  return {
    count,
    everyMs: parseDuration('--burst', every, { leastMs: 1_000, mostMs: forMsMax }),
  };
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function parseDuration(
  flag: string,
  text: string,
  { leastMs, mostMs }: { readonly leastMs: number; readonly mostMs: number },
): number {
  const [, digits, unit = ''] = /^(\d{1,8})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(digits) * (unitMs[unit] ?? NaN);
  if (ms >= leastMs && ms <= mostMs) return ms;
  throw usage(
    `${flag} ${text} is not a time such as 30s, 10m or 1h, from ${leastMs / 1_000} s to 24 h`,
  );
}

const usage = (sentence: string): SimFault => new SimFault('SIM-USAGE', sentence);
