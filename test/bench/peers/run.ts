// `npm run bench:peers`: ours, the bare limit and other servers on the same work, run after run in turn on
// the same machine. Prints medians with their spread, and ratios. Never a test: it judges nothing.

import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bare, bareExchange } from './bare.ts';
import { cpuMsOf, familyOf, makePems, megabytesOf } from './ground.ts';
import { nats } from './nats.ts';
import { ourInquiry, ours } from './ours.ts';
import { type Peer, type Running, Skip } from './peer.ts';
import { postgres } from './postgres.ts';
import { rabbitClassic, rabbitQuorum } from './rabbitmq.ts';
import { redis } from './redis.ts';

const runs = Number(process.env['BENCH_RUNS'] ?? 5);
const forMs = Number(process.env['BENCH_MS'] ?? 3_000);
/** Parts of names, with commas between; all without it. */
const only = process.env['BENCH_ONLY']?.toLowerCase().split(',');
const windows = [1, 8] as const;
const warmMs = 700;
const settleMs = 10_000;

/** One-way work, then the exchange: each against the first of its table. */
const tables: readonly { readonly title: string; readonly peers: readonly Peer[] }[] = [
  {
    title: 'accept, make durable, acknowledge, deliver to another client',
    peers: [ours, bare, redis, postgres, rabbitQuorum, rabbitClassic, nats],
  },
  {
    title: 'a question there and its answer back, both durable on the way',
    peers: [ourInquiry, bareExchange],
  },
];

interface Side {
  readonly peer: Peer;
  readonly running: Running;
  readonly figures: Map<number, Figure[]>;
}

interface Figure {
  readonly perSecond: number;
  /** Processor milliseconds of the server for a thousand messages, and of the clients. */
  readonly serverMs: number;
  readonly clientMs: number;
  readonly megabytes: number;
}

async function main(): Promise<void> {
  const memory = Math.round(totalmem() / 2 ** 30);
  say(
    `machine: ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, ${memory} GiB, ${process.version}`,
  );
  say(`50 producers, one consumer, all on this machine; ${runs} runs of ${forMs} ms, in turn`);
  const folder = mkdtempSync(join(tmpdir(), 'msc-peers-'));
  // A server that runs as another user must be able to enter.
  chmodSync(folder, 0o755);
  try {
    await compare(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = ({ name }: Peer): boolean =>
  only === undefined || only.some((part) => name.toLowerCase().includes(part));

/** All of both tables in turn, so that what else the machine does meets each alike. */
async function compare(folder: string): Promise<void> {
  const sides: Side[] = [];
  try {
    for (const peer of tables.flatMap(({ peers }) => peers).filter(wanted)) {
      if (interrupted) break;
      const running = await begin(peer, folder);
      if (running !== undefined) sides.push({ peer, running, figures: new Map() });
    }
    for (let run = 0; run < runs; run += 1)
      for (const window of windows)
        for (const { running, figures } of interrupted ? [] : sides)
          figures.set(window, [...(figures.get(window) ?? []), await measure(running, window)]);
    const loads = loadavg().map((load) => load.toFixed(1));
    say(`load of the machine at the end: ${loads.join(' ')}`);
    for (const { title, peers } of tables)
      report(
        title,
        sides.filter(({ peer }) => peers.includes(peer)),
      );
  } finally {
    for (const { running } of sides) await running.close();
  }
}

/** Undefined where it cannot run here; it is named with the reason. */
async function begin(peer: Peer, folder: string): Promise<Running | undefined> {
  const own = join(folder, String((grounds += 1)));
  mkdirSync(own, { mode: 0o755 });
  try {
    return await peer.start({ folder: own, tls: await makePems(own) });
  } catch (fault) {
    if (!(fault instanceof Skip)) throw fault;
    say(`skipped: ${peer.name}: ${fault.message}`);
    return undefined;
  }
}

let grounds = 0;

/** Ctrl-C: what was measured so far is reported, and every server ends. */
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => (interrupted = true));

/** Closed loop: each producer keeps so many on their way. */
async function measure(running: Running, window: number): Promise<Figure> {
  let going = true;
  let open = 0;
  let delivered = 0;
  let sent = 0;
  running.onDelivered = (count) => (delivered += count);
  for (const producer of running.producers) {
    const send = (): void => {
      open += 1;
      sent += 1;
      producer.send(done);
    };
    const done = (): void => {
      open -= 1;
      if (going) send();
    };
    for (let count = 0; count < window; count += 1) send();
  }
  await pause(warmMs);
  const family = familyOf(running.pids);
  const before = { delivered, cpuMs: cpuMsOf(family), client: process.cpuUsage() };
  const began = performance.now();
  await pause(forMs);
  const tookMs = performance.now() - began;
  const count = delivered - before.delivered;
  const client = process.cpuUsage(before.client);
  const figure = {
    perSecond: (count / tookMs) * 1_000,
    serverMs: (cpuMsOf(family) - before.cpuMs) / (count / 1_000),
    clientMs: (client.user + client.system) / count,
    megabytes: megabytesOf(family),
  };
  going = false;
  const until = performance.now() + settleMs;
  while ((open > 0 || delivered < sent) && performance.now() < until) await pause(20);
  return figure;
}

function report(title: string, sides: readonly Side[]): void {
  const first = sides[0];
  if (first === undefined) return;
  say(`\n## ${title}`);
  for (const window of windows) {
    say(
      `\nwindow ${window} | a second (lowest to highest) | ${first.peer.name} against it | server CPU ms for 1,000 | client CPU ms | MB`,
    );
    for (const { peer, figures } of sides) {
      const all = figures.get(window) ?? [];
      const rates = all.map(({ perSecond }) => perSecond);
      // Pairs of the same turn, so that what else the machine did met both.
      const ratios = rates.map(
        (rate, run) => (first.figures.get(window)?.[run]?.perSecond ?? NaN) / rate,
      );
      const cells = [
        peer.name,
        `${round(median(rates))} (${round(Math.min(...rates))} to ${round(Math.max(...rates))})`,
        `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
        round(median(all.map(({ serverMs }) => serverMs))),
        round(median(all.map(({ clientMs }) => clientMs))),
        round(median(all.map(({ megabytes }) => megabytes))),
      ];
      say(cells.join(' | '));
    }
  }
  say('\nwhat is durable:');
  for (const { peer, running } of sides)
    say(`${peer.name} (${running.version}): ${peer.durability}`);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? NaN;
}

function round(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
process.exit(0);
