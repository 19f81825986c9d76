// `npm run bench`: the shipped daemon, its state simulator and fifty terminals as real processes over
// TLS. Prints medians of interleaved runs, and what machine they ran on. Never a test: it judges nothing.

import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { restartWith } from '#support/crowd/crowd';
import { openWorld, type World } from '#support/world';
import { closeTerminals, openTerminals, type Terminal } from './terminals.ts';
import { measureConnections } from './connections.ts';
import { measureHeavy } from './heavy.ts';
import { measureOffered, measureThroughput } from './inquiries.ts';
import { measureCounting, measureScrape } from './metrics.ts';
import { measureCommand, measureReady } from './starts.ts';

const runs = Number(process.env['BENCH_RUNS'] ?? 3);
const terminalsMax = 50;
/** Of idle terminals. */
const counts = (process.env['BENCH_COUNTS'] ?? '2000 5000 10000').split(' ').map(Number);
/** `connections`, `heavy`, `metrics`, `ready` or `work`: that part alone. */
const only = process.env['BENCH_ONLY'];
const wants = (part: string): boolean => only === undefined || only === part;

async function main(): Promise<void> {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  say(
    `machine: ${availableParallelism()} x ${cpu?.model ?? 'unknown'}, ${memory} GiB, ${process.version}`,
  );
  if (wants('work') || wants('heavy')) await measureTerminals();
  if (wants('work'))
    report('ready with a million journal entries, ms', await measureReady(1_000_000, 0));
  if (wants('ready'))
    report('ready with ten million, 100,000 waiting, ms', await measureReady(10_000_000, 100_000));
  if (wants('connections')) await reportConnections();
  if (wants('metrics')) reportMetrics();
  say(`load of the machine at the end: ${loadavg().map(round).join(' ')}`);
}

async function measureTerminals(): Promise<void> {
  const world = await openWorld();
  try {
    if (wants('heavy')) await restartWith(world, ['connections_max = 1000']);
    const terminals = await openTerminals(world, terminalsMax);
    if (wants('work')) {
      await measureInquiries(terminals);
      for (const line of ['status', 'link ls', 'queue ls'])
        report(`msc ${line}, started directly, ms`, await measureCommand(world, line));
    }
    if (wants('heavy')) await reportHeavy(world, terminals);
    await closeTerminals(terminals);
  } finally {
    await world.close();
  }
}

async function reportHeavy(world: World, terminals: readonly Terminal[]): Promise<void> {
  const attacks = await measureHeavy(world, terminals, runs);
  const quiet = median(attacks[0]?.percentiles ?? []);
  for (const { name, percentiles, megabytes, descriptors } of attacks) {
    report(`99th percentile at 200 a second, ${name}, ms`, percentiles);
    const ratio = round(median(percentiles) / quiet);
    say(
      `  ${ratio} of quiet; afterwards ${round(megabytes)} MB and ${descriptors} descriptors more`,
    );
  }
}

function reportMetrics(): void {
  for (const [terminals, waiting] of [
    [10_000, 0],
    [10_000, 100_000],
    [50, 100_000],
  ] as const) {
    const { took, bytes } = measureScrape(terminals, waiting);
    report(`scrape with ${terminals} terminals, ${waiting} waiting, processor ms`, took);
    say(`  ${bytes} octets`);
  }
  report('counting one entry, processor ns', measureCounting(100_000));
}

async function reportConnections(): Promise<void> {
  for (const count of counts) {
    const measured = await measureConnections(count);
    const { terminals, welcomed, baseMegabytes, megabytes } = measured;
    const { back, medianMs, lastMs, slowestMs, switchCpuMs, crowdCpuMs } = measured;
    say(`${welcomed} of ${terminals} terminals connected and idle: ${round(megabytes)} MB`);
    say(`  ${round(baseMegabytes)} MB without them`);
    say(`  all lines broken at once: ${back} back and resumed, the last after ${round(lastMs)} ms`);
    say(
      `  half of them after ${round(medianMs)} ms; another terminal waited ${round(slowestMs)} ms at most`,
    );
    say(
      `  processor time: ${round(switchCpuMs)} ms of the switch, ${round(crowdCpuMs)} ms of the terminals`,
    );
    say(`  load of the machine: ${loadavg().map(round).join(' ')}`);
  }
}

async function measureInquiries(terminals: readonly Terminal[]): Promise<void> {
  const full: number[] = [];
  const late: number[] = [];
  await measureThroughput(terminals, { outstanding: 8, forMs: 2_000 });
  for (let run = 0; run < runs; run += 1) {
    full.push(await measureThroughput(terminals, { outstanding: 8, forMs: 8_000 }));
    late.push(await measureOffered(terminals, { perSecond: 1_000, forMs: 8_000 }));
  }
  report('full inquiries a second, 50 terminals, 8 outstanding each', full);
  report('99th percentile at 1,000 a second offered, ms', late);
}

function report(what: string, figures: readonly number[]): void {
  const sorted = figures.toSorted((one, other) => one - other);
  say(`${what}: median ${round(median(figures))} (${sorted.map(round).join(', ')})`);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? NaN;
}

function round(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toFixed(2);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
