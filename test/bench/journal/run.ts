// `npm run bench:journal`: a journal of three years is made through the port, weighed and searched, beside
// PostgreSQL on the same rows and grep over the same text, run after run in turn on the same machine. Prints
// medians with their spread. Never a test: it judges nothing.
// BENCH_ENTRIES, BENCH_PG_ENTRIES, BENCH_RUNS, BENCH_ONLY=append,search,command,many,beside,pace, BENCH_DIR.
// BENCH_JOURNAL=folder: the journal and its lines stay there, and are taken from there the next time.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '#journal/sqlite/journal';
import { makeJournal, type Wanted } from '#support/make-journal';
import { madeSalts } from '#support/make-journal/salts';
import type { World } from '#support/world';
import { Skip } from '../peers/peer.ts';
import { measureRate, measureWaits, someEntries } from './append.ts';
import { measureBeside } from './beside.ts';
import { partsOf, settled } from './folder.ts';
import { dropCaches, round, say, spread } from './ground.ts';
import { measureKeepingUp } from './keeping-up.ts';
import { writeLines } from './lines.ts';
import { makeMany } from './many.ts';
import { askCommand, oursAt, startSwitch, understood } from './ours.ts';
import { Postgres } from './postgres.ts';
import { type Asked, questionsOf, type Somebody } from './questions.ts';
import { compare, grepOver } from './sides.ts';

const count = Number(process.env['BENCH_ENTRIES'] ?? 300_000);
const postgresCount = Math.min(count, Number(process.env['BENCH_PG_ENTRIES'] ?? 5_000_000));
const runs = Number(process.env['BENCH_RUNS'] ?? 3);
const only = process.env['BENCH_ONLY']?.split(',');
const wants = (part: string): boolean => only === undefined || only.includes(part);
const appended = 200_000;
const perSecond = 10_000;
const waitedFor = 50_000;
const steadyPace = { perSecond: 15_000, forMs: 120_000 };
/** A journal of 20 million needs so long until its background work is over, at most. */
const settleMsMost = 3_600_000;
const wanted: Wanted = { count, seed: 7, days: 1096 };
const kept = process.env['BENCH_JOURNAL'];

/** What has to be closed, whatever ends the bench. */
const doors = new AsyncDisposableStack();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void doors.disposeAsync().finally(() => process.exit(130)));

async function main(): Promise<void> {
  const memory = Math.round(totalmem() / 2 ** 30);
  const [cpu] = cpus();
  say(
    `machine: ${availableParallelism()} x ${cpu?.model ?? 'unknown'}, ${memory} GiB, ${process.version}`,
  );
  say(`${count} entries over three years, ${postgresCount} of them in PostgreSQL; ${runs} runs`);
  const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'msc-journal-bench-'));
  // A server that runs as another user must be able to enter.
  chmodSync(folder, 0o755);
  doors.defer(() => rmSync(folder, { recursive: true, force: true }));
  if (wants('append')) await measureAppends(folder);
  if (wants('search') || wants('command')) await measureSearches(folder);
  if (wants('many')) for (const segments of [300, 1000]) await measureMany(folder, segments);
  if (wants('beside')) await reportBeside();
  if (wants('pace')) await reportKeepingUp(join(folder, 'pace'));
  say(`load of the machine at the end: ${loadavg().map(round).join(' ')}`);
}

async function measureAppends(folder: string): Promise<void> {
  const entries = someEntries(appended);
  const rates: number[] = [];
  const [p50, p99]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    const own = mkdtempSync(join(folder, 'append-'));
    rates.push(await measureRate(own, entries));
    const waits = await measureWaits(own, entries.slice(0, waitedFor), perSecond);
    p50.push(waits.p50);
    p99.push(waits.p99);
    rmSync(own, { recursive: true, force: true });
  }
  say(`\n## append through the port, with the tree`);
  say(`entries a second, as fast as they go: ${spread(rates)}`);
  say(`wait at ${perSecond} a second, ms: median ${spread(p50)}, 99th percentile ${spread(p99)}`);
}

async function measureSearches(folder: string): Promise<void> {
  const { dir, lines, busiest } = await journalIn(kept ?? folder);
  weigh(dir);
  const questions = questionsOf(busiest);
  if (wants('search')) {
    const postgres = await beginPostgres(join(folder, 'postgres'), lines);
    const sides = [oursAt(dir), ...(postgres ? [postgres] : []), grepOver(lines)];
    await compare(questions, sides, runs);
  }
  if (wants('command')) await measureCommands(dir, questions);
}

/** Made where it is not there yet: 20 million entries are the work of a quarter of an hour. */
async function journalIn(folder: string): Promise<Made> {
  const note = join(folder, 'made.json');
  if (existsSync(note)) {
    // What is written below.
    const made = JSON.parse(readFileSync(note, 'utf8')) as Made & { readonly wanted: Wanted };
    assert.deepEqual(made.wanted, wanted, `the journal in ${folder} is another one`);
    return made;
  }
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const [dir, lines] = [join(folder, 'journal'), join(folder, 'lines')];
  await make(dir);
  const made = { dir, lines, busiest: await writeLines(lines, wanted) };
  writeFileSync(note, JSON.stringify({ ...made, wanted }));
  return made;
}

interface Made {
  readonly dir: string;
  readonly lines: string;
  readonly busiest: Somebody;
}

/** Its filters are those of as many segments of a million entries. */
async function measureMany(folder: string, segments: number): Promise<void> {
  const dir = join(folder, `many-${segments}`);
  await makeMany(dir, segments, settleMsMost);
  const began = performance.now();
  const journal = await openJournal(dir, { random: randomBytes });
  const openMs = performance.now() - began;
  await journal.close();
  say(`\n## ${segments} segments with filters of a million entries each`);
  say(`opened in ${round(openMs)} ms`);
  const [rare] = questionsOf({ user: '', fromUs: 0, toUs: 0 });
  if (rare !== undefined) await compare([rare], [oursAt(dir)], runs);
  rmSync(dir, { recursive: true, force: true });
}

async function reportBeside(): Promise<void> {
  const { whole, sealing, sealed } = await measureBeside(runs);
  say(`\n## 1,000 inquiries a second, 99th percentile in ms`);
  say(`nothing sealed: ${spread(whole)}`);
  say(`beside sealing (${spread(sealed)} segments a run): ${spread(sealing)}`);
}

async function reportKeepingUp(dir: string): Promise<void> {
  const { lags, restMs } = await measureKeepingUp(dir, steadyPace);
  const told = lags.map(({ entries, segments }) => `${entries} and ${segments}`).join(', ');
  const { perSecond: pace, forMs } = steadyPace;
  say(`\n## index and seals at ${pace} entries a second, ${forMs / 1000} s`);
  say(`entries not indexed and segments not sealed, at each tenth: ${told}`);
  say(`all done ${round(restMs / 1000)} s after the last entry`);
}

async function make(dir: string): Promise<void> {
  const journal = await openJournal(dir, { random: madeSalts(wanted.seed) });
  const began = performance.now();
  await makeJournal(journal, wanted);
  const madeMs = performance.now() - began;
  const restMs = await settled(dir, settleMsMost);
  await journal.close();
  const rate = (ms: number): string =>
    `${round(ms / 1000)} s, ${round((count / ms) * 1000)} a second`;
  say(`\n## made through the port`);
  say(`durable: ${rate(madeMs)}`);
  say(`with all that is done behind it: ${rate(madeMs + restMs)}`);
}

/** A thousandth of an octet an entry is not. */
function isWorthALine({ octets }: { readonly octets: number }): boolean {
  return octets > count / 1000;
}

function weigh(dir: string): void {
  const each = (octets: number): string => `${round(octets / count)} octets an entry`;
  const parts = partsOf(dir);
  say(`\n## size`);
  for (const { name, files, octets, tables } of parts.filter(isWorthALine)) {
    say(`${name} (${files}): ${round(octets / 2 ** 20)} MiB, ${each(octets)}`);
    for (const table of tables.filter(isWorthALine))
      say(`  ${table.name}: ${round(table.octets / 2 ** 20)} MiB of its largest`);
  }
  say(`in all: ${each(parts.reduce((sum, { octets }) => sum + octets, 0))}`);
}

/** Undefined where it cannot run here; it is named with the reason. */
async function beginPostgres(folder: string, lines: string): Promise<Postgres | undefined> {
  try {
    const postgres = await Postgres.open(folder);
    doors.defer(() => postgres.close());
    const steps = await postgres.load(lines, postgresCount);
    const [table, indexes] = await postgres.weigh();
    const each = (octets: number): string => `${round(octets / postgresCount)} octets a row`;
    say(`\n## PostgreSQL on ${postgresCount} rows`);
    say(steps.map(([name, seconds]) => `${name} ${round(seconds)} s`).join(', '));
    say(`table ${each(table)}, indexes ${each(indexes)}`);
    return postgres;
  } catch (fault) {
    if (!(fault instanceof Skip)) throw fault;
    say(`skipped: PostgreSQL: ${fault.message}`);
    return undefined;
  }
}

/** As a person waits: a whole command against a switch that stands on this journal. */
async function measureCommands(dir: string, questions: readonly Asked[]): Promise<void> {
  const { world, readyMs } = await startSwitch(dir, settleMsMost);
  doors.defer(() => world.close());
  say(`\n## msc journal search against a switch on this journal, whole command, ms`);
  say(`the first start, which replays all of it: ${round(readyMs / 1000)} s`);
  for (const asked of questions) await measureCommand(world, asked);
}

async function measureCommand(world: World, asked: Asked): Promise<void> {
  const words = understood(asked)?.words;
  if (words === undefined) return;
  const [cold, warm]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    if (dropCaches()) cold.push(await askCommand(world, words));
    warm.push(await askCommand(world, words));
  }
  say(`${asked.name} | cold ${spread(cold)} | warm ${spread(warm)}`);
}

try {
  await main();
} finally {
  await doors.disposeAsync();
}
process.exit(0);
