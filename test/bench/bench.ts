// `npm run bench`: the shipped daemon, its state simulator and fifty terminals as real processes over
// TLS. Prints medians of interleaved runs, and what machine they ran on. Never a test: it judges nothing.

import { availableParallelism, cpus, totalmem } from 'node:os';
import { openWorld } from '#support/world';
import { closeTerminals, openTerminals, type Terminal } from './terminals.ts';
import { measureOffered, measureThroughput } from './inquiries.ts';
import { measureReady, measureStatus } from './starts.ts';

const runs = Number(process.env['BENCH_RUNS'] ?? 3);
const terminalsMax = 50;

async function main(): Promise<void> {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  say(
    `machine: ${availableParallelism()} x ${cpu?.model ?? 'unknown'}, ${memory} GiB, ${process.version}`,
  );
  const world = await openWorld();
  try {
    const terminals = await openTerminals(world, terminalsMax);
    await measureInquiries(terminals);
    report('msc status, started directly, ms', await measureStatus(world));
    await closeTerminals(terminals);
  } finally {
    await world.close();
  }
  report('ready with a million journal entries, ms', await measureReady(1_000_000));
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
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  say(`${what}: median ${round(median)} (${sorted.map(round).join(', ')})`);
}

function round(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toFixed(2);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
