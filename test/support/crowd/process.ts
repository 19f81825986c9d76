// The process of a crowd: does what its parent tells it, one order after the other, and answers each.
// Of its own, so that neither its work nor its descriptors are those of who measures. It ends with its parent.

import { readFileSync } from 'node:fs';
import type { Answer, Crowded, Order, Welcomed } from './orders.ts';
import type { Badges } from './badges.ts';
import { Guesser } from './guesser.ts';
import { firstFlight, Strangers } from './strangers.ts';
import { CrowdTerminal } from './terminals.ts';

const hello = await firstFlight();
let terminals: readonly CrowdTerminal[] = [];
let strangers: Strangers | undefined;
let guesser: Guesser | undefined;

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  // The parent sends nothing else.
  const { id, order } = message as { readonly id: number; readonly order: Order };
  carryOut(order).then(
    (answer) => process.send?.({ id, answer }),
    (cause: unknown) => process.send?.({ id, error: String(cause) }),
  );
});

async function carryOut(order: Order): Promise<Answer> {
  switch (order.do) {
    case 'come':
      return come(order);
    case 'break':
      return comeBack(order.withinMs);
    case 'strangers':
      strangers?.stop();
      strangers = new Strangers(order.plan, hello);
      return count();
    case 'guess': {
      const { key, badges } = readBadges(order.badgesFile);
      const [badge] = badges;
      if (badge !== undefined) guesser = new Guesser(order.plan, { badge, key });
      return count();
    }
    case 'go':
      for (const terminal of terminals) terminal.stop();
      strangers?.stop();
      guesser?.stop();
      terminals = [];
      strangers = undefined;
      return count();
    case 'count':
      return count();
  }
}

function readBadges(file: string): Badges {
  // Written by makeBadges.
  return JSON.parse(readFileSync(file, 'utf8')) as Badges;
}

function count(): Crowded {
  const up = terminals.filter((terminal) => terminal.up).length;
  const resumed = terminals.reduce((sum, terminal) => sum + terminal.resumed, 0);
  const welcomed = terminals.reduce((sum, terminal) => sum + terminal.welcomed, 0);
  return { up, resumed, welcomed, strangers: strangers?.counts, guesses: guesser?.guesses ?? 0 };
}

/** Terminals one after the other, so many a second; answers when all are up, or at the time given. */
async function come(order: Extract<Order, { do: 'come' }>): Promise<Welcomed> {
  const { badgesFile, from, to, perSecond, withinMs, addresses, ...plan } = order.plan;
  const { key, badges } = readBadges(badgesFile);
  const own = badges.slice(from, to);
  const address = (nth: number): string => addresses[nth % addresses.length] ?? '127.0.0.1';
  const arrivals = new Arrivals(own.length);
  terminals = own.map(
    (badge, nth) =>
      new CrowdTerminal({ ...plan, key, from: address }, { badge, nth }, () => arrivals.arrived()),
  );
  let dialled = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - arrivals.beganMs) * (perSecond / 1_000));
    for (; dialled < Math.min(due, terminals.length); dialled += 1) terminals[dialled]?.dial();
    if (dialled === terminals.length) clearInterval(timer);
  }, 5);
  return arrivals.all(withinMs);
}

/** All lines break at once; each terminal comes back by link S10. */
async function comeBack(withinMs: number): Promise<Welcomed> {
  const before = terminals.map(({ resumed }) => resumed);
  const arrivals = new Arrivals(terminals.length);
  for (const terminal of terminals) terminal.break();
  await arrivals.watch(withinMs, () =>
    terminals.reduce((sum, { resumed }, nth) => sum + (resumed > (before[nth] ?? 0) ? 1 : 0), 0),
  );
  return arrivals.report();
}

/** When each came, from the beginning on. */
class Arrivals {
  readonly beganMs = performance.now();
  readonly #wanted: number;
  readonly #times: number[] = [];

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  arrived(): void {
    this.#times.push(performance.now() - this.beganMs);
  }

  async all(withinMs: number): Promise<Welcomed> {
    await this.watch(withinMs, () => this.#times.length);
    return this.report();
  }

  async watch(withinMs: number, present: () => number): Promise<void> {
    for (;;) {
      const now = present();
      while (this.#times.length < now) this.arrived();
      const over = performance.now() - this.beganMs >= withinMs;
      if (now >= this.#wanted || over) return;
      await new Promise((go) => setTimeout(go, 10));
    }
  }

  report(): Welcomed {
    const at = (part: number): number =>
      this.#times[Math.max(0, Math.ceil(this.#times.length * part) - 1)] ?? NaN;
    return {
      welcomed: this.#times.length,
      medianMs: at(0.5),
      lastMs: at(1),
      attempts: terminals.reduce((sum, { attempts }) => sum + attempts, 0),
    };
  }
}
