// When each message is due, from the plan alone: open loop, so nothing that an answer does moves it. Pure;
// the same seed gives the same arrivals.

import { dice } from './dice.ts';
import type { KindName } from './kinds.ts';
import type { LoadPlan, Share } from './plan.ts';

export interface Arrival {
  /** Milliseconds from the beginning; never before the one before it. */
  readonly atMs: number;
  readonly kind: KindName;
}

/** Every arrival of a run, in the order of their times. */
export function* arrivals(plan: LoadPlan): Generator<Arrival, void> {
  const chance = dice(plan.seed);
  const streams = [steady(plan, chance), ...plan.bursts.map((each) => burst(each, plan.forMs))];
  const heads = streams.map((stream) => stream.next().value ?? Infinity);
  for (;;) {
    const atMs = Math.min(...heads);
    if (atMs >= plan.forMs) return;
    const at = heads.indexOf(atMs);
    heads[at] = streams[at]?.next().value ?? Infinity;
    yield { atMs, kind: pick(plan.mix, chance()) };
  }
}

type Times = Generator<number, void>;

function* steady({ perSecond, arrivals: how }: LoadPlan, chance: () => number): Times {
  const meanMs = 1_000 / perSecond;
  let atMs = 0;
  for (let nth = 1; ; nth += 1) {
    yield atMs;
    // Even ones are counted, not summed up, so that nothing drifts.
    atMs = how === 'even' ? nth * meanMs : atMs - Math.log(1 - chance()) * meanMs;
  }
}

function* burst(each: { readonly count: number; readonly everyMs: number }, forMs: number): Times {
  for (let atMs = each.everyMs; atMs < forMs; atMs += each.everyMs)
    for (let nth = 0; nth < each.count; nth += 1) yield atMs;
}

/** @param chance From 0 up to, not including, 1. */
function pick(mix: readonly Share[], chance: number): KindName {
  let left = chance * mix.reduce((sum, { weight }) => sum + weight, 0);
  for (const { kind, weight } of mix) {
    left -= weight;
    if (left < 0) return kind;
  }
  throw new Error('a mix has at least one kind');
}
