// The journal as a side: searched through its port, with queries that the shipped command makes of its words;
// and the shipped command itself, against a switch that runs on this journal.

import { randomBytes } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Journal } from '#journal/journal';
import type { Query } from '#journal/query';
import { openJournal } from '#journal/sqlite/journal';
import { Flags } from '#src/cli/flags';
import { searchQuery } from '#src/cli/search-query';
import { openWorld, type World } from '#support/world';
import { dropCaches } from './ground.ts';
import type { Asked } from './questions.ts';
import type { Answered, Side } from './sides.ts';

/** The words that this version takes, and what it makes of them; undefined where it takes none of them. */
export function understood(
  asked: Asked,
):
  | { readonly words: readonly string[]; readonly query: Query; readonly whole: boolean }
  | undefined {
  for (const [place, words] of asked.words.entries()) {
    try {
      return { words, query: queryOf(words), whole: place === 0 };
    } catch {
      // A usage fault: the language of this version does not have it.
    }
  }
  return undefined;
}

/** What is asked before the question that counts, so often: the program that searches has been at work. */
const askedBefore = 20;
/** Of plates that nobody has: of what lies on the disk for the question that counts, it reads nothing. */
const otherQuestions = Array.from({ length: askedBefore }, (_, at) =>
  queryOf([`LIC:0NONE${at}`, '--since', '1970-01-01', '-n', '0']),
);

/**
 * Through the port. Cold: the page cache is empty, but the journal is open and its reader has answered other
 * questions, as in a switch that nobody asked for long. Warm: it has answered the same.
 */
export function oursAt(folder: string): Side {
  return {
    name: 'msc',
    remark: (asked) => {
      const known = understood(asked);
      if (known === undefined) return 'not in the language of this version';
      return known.whole ? undefined : 'asked without the words of the text';
    },
    askCold: (asked) => opened(folder, asked, () => otherQuestions, dropCaches),
    askWarm: (asked) => opened(folder, asked, sameAgain, () => undefined),
  };
}

const sameAgain = (query: Query): readonly Query[] =>
  Array.from({ length: askedBefore }, () => query);

/** Other questions first, then what has to be done before the one that counts. */
async function opened(
  folder: string,
  asked: Asked,
  first: (query: Query) => readonly Query[],
  then: () => unknown,
): Promise<Answered | undefined> {
  const query = understood(asked)?.query;
  if (query === undefined) return undefined;
  const journal = await openJournal(folder, { random: randomBytes });
  try {
    for (const before of first(query)) await ask(journal, before);
    then();
    const isCount = understood(asked)?.words.includes('--count') === true;
    return await (isCount ? count(journal, query) : ask(journal, query));
  } finally {
    await journal.close();
  }
}

async function ask(journal: Journal, query: Query): Promise<Answered> {
  const began = performance.now();
  let found = 0;
  for await (const batch of journal.search(query)) found += batch.length;
  return { tookMs: performance.now() - began, found };
}

/** As `--count` does. */
async function count(journal: Journal, query: Query): Promise<Answered> {
  const began = performance.now();
  let found = 0;
  for await (const step of journal.tally(query, { by: [], zone: 'UTC', beyond: 'counts' }))
    found = step.count;
  return { tookMs: performance.now() - began, found };
}

function queryOf(words: readonly string[]): Query {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      since: { type: 'string' },
      until: { type: 'string' },
      entry: { type: 'string' },
      limit: { type: 'string', short: 'n' },
      user: { type: 'string', multiple: true },
      count: { type: 'boolean' },
    },
  });
  return searchQuery(positionals, new Flags(values), { now: Temporal.Now.instant(), zone: 'UTC' });
}

/** A switch that stands on a copy of this journal; `readyMs` is of a start that replays all of it. */
export async function startSwitch(
  folder: string,
  withinMs: number,
): Promise<{ readonly world: World; readonly readyMs: number }> {
  const world = await openWorld();
  try {
    await world.stop();
    rmSync(world.demo.journal, { recursive: true, force: true });
    cpSync(folder, world.demo.journal, { recursive: true });
    const began = performance.now();
    const outcome = await world.launch({ readyMs: withinMs }).outcome;
    if (outcome !== 'ready')
      throw new Error(`the switch ended with ${String(outcome)}\n${world.log}`);
    return { world, readyMs: performance.now() - began };
  } catch (fault) {
    await world.close();
    throw fault;
  }
}

/** The whole command, from its start to its end. */
export async function askCommand(world: World, words: readonly string[]): Promise<number> {
  const began = performance.now();
  const { code, stderr } = await world.msc('journal', 'search', ...words, '-o', 'jsonl');
  if (code > 1) throw new Error(`msc journal search: exit ${code}: ${stderr}`);
  return performance.now() - began;
}
