// `msc-sim load`: messages at a rate that nothing slows down, over many links, and what became of each. It
// goes to this computer alone unless told otherwise. Ctrl-C ends it in order, with the report so far.

import { SimFault } from './fault.ts';
import { ownAddress } from './load/own-network.ts';
import { Line } from './load/line.ts';
import type { Seat } from './load/line.ts';
import { demoPlaces, filePlaces } from './load/places.ts';
import type { LoadPlace } from './load/places.ts';
import { parsePlan } from './load/plan.ts';
import type { PlanWords } from './load/plan.ts';
import { exitOf, makeReport, reportJson, reportLines } from './load/report.ts';
import { LoadRun } from './load/run.ts';

export interface LoadCommandOptions extends PlanWords {
  readonly demo?: string;
  readonly stations?: string;
  readonly links?: number;
  readonly json?: boolean;
  readonly iOwnThisNetwork?: boolean;
}

/**
 * @returns The exit code: 0; 1 where a message was lost or came out of order; 130 when interrupted.
 * @throws SimFault
 */
export async function runLoad(options: LoadCommandOptions): Promise<number> {
  const plan = parsePlan(options);
  const places = await placesOf(options);
  const run = new LoadRun(plan);
  const stop = onInterrupt(() => run.interrupt());
  const opened = await openAll(places, run, stop.signal);
  try {
    const wanted = options.links ?? places.length;
    const links = { wanted, used: opened.lines.length };
    const progress = showProgress(run, plan.forMs);
    const ending = await run.go(opened.seats);
    clearInterval(progress);
    const { nowMs: tookMs } = run;
    const notes = [...fewerLinks(wanted, places.length), ...opened.notes];
    const report = makeReport({ plan, links, ending, tookMs, run }, notes);
    const lines = options.json === true ? [reportJson(report)] : reportLines(report);
    process.stdout.write(`${lines.join('\n')}\n`);
    return exitOf(report);
  } finally {
    stop.done();
    await Promise.all(opened.lines.map((line) => line.leave()));
  }
}

/** Sign-ons under way at the same time: each costs a switch a tenth of a second. */
const openingMax = 8;
const progressMs = 1_000;

async function placesOf(options: LoadCommandOptions): Promise<readonly LoadPlace[]> {
  const { demo, stations, links } = options;
  if ((demo === undefined) === (stations === undefined))
    throw new SimFault('SIM-USAGE', 'give either --demo FILE or --stations FILE');
  const all = demo === undefined ? filePlaces(stations ?? '') : demoPlaces(demo);
  const places = all.slice(0, links);
  const [first] = places;
  if (first === undefined)
    throw new SimFault('SIM-INPUT', 'the file has no work place that a load could come from');
  if (options.iOwnThisNetwork === true) return places;
  const { host, serverName = host } = first.address;
  // All of them go to one switch. The very address that was looked at is dialled.
  const own = await ownAddress(host);
  return places.map((place) => ({
    ...place,
    address: {
      ...place.address,
      host: own,
      serverName: own === host ? place.address.serverName : serverName,
    },
  }));
}

interface Opened {
  readonly lines: readonly Line[];
  readonly seats: readonly Seat[];
  /** Who was not let in. */
  readonly notes: readonly string[];
}

/** @throws SimFault The first one, where nobody was let in. */
async function openAll(
  places: readonly LoadPlace[],
  run: LoadRun,
  stopped: AbortSignal,
): Promise<Opened> {
  const seats = new Map<Line, readonly Seat[]>();
  const faults: SimFault[] = [];
  const left = places.map((place) => new Line(place, run));
  const openSome = async (): Promise<void> => {
    for (let line = left.shift(); line !== undefined && !stopped.aborted; line = left.shift())
      try {
        seats.set(line, await line.open());
      } catch (fault) {
        if (!(fault instanceof SimFault)) throw fault;
        faults.push(fault);
      }
  };
  await Promise.all(Array.from({ length: openingMax }, openSome));
  const [fault] = faults;
  if (seats.size === 0 && fault !== undefined) throw fault;
  if (seats.size === 0) throw new SimFault('SIM-AGAIN', 'interrupted before anybody was signed on');
  return {
    lines: [...seats.keys()],
    seats: [...seats.values()].flat(),
    notes: faults.map(({ code, message }) => `one link less: ${code}: ${message}`),
  };
}

function fewerLinks(wanted: number, there: number): string[] {
  return there >= wanted ? [] : [`${wanted} links were asked for, and the file has ${there}`];
}

/** The first Ctrl-C ends it in order, the second at once. */
function onInterrupt(interrupt: () => void): { readonly signal: AbortSignal; done(): void } {
  const stop = new AbortController();
  const first = (): void => {
    stop.abort();
    interrupt();
    process.once('SIGINT', () => process.exit(130));
  };
  process.once('SIGINT', first);
  process.once('SIGTERM', first);
  return {
    signal: stop.signal,
    done: () => {
      process.off('SIGINT', first);
      process.off('SIGTERM', first);
    },
  };
}

function showProgress(run: LoadRun, forMs: number): NodeJS.Timeout | undefined {
  if (!process.stderr.isTTY) return undefined;
  return setInterval(() => {
    const left = Math.max(0, (forMs - run.nowMs) / 1_000).toFixed(0);
    process.stderr.write(`\r${run.offers.open} open, ${left} s to go   `);
  }, progressMs);
}
