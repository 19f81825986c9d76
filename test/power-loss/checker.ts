// Starts recovery on what a power cut left, with the code the switch starts with, and says what is wrong.
// Promises every promise of the switch looked at: nothing acknowledged lost or altered, a journal that
// proves itself, the same state from snapshot and tail as from all entries, each secret that is named.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { openRegisterStore } from '#journal/sqlite/register-store';
import { lookForJournal, verifyJournal } from '#journal/verify';
import { keyTable } from '#protocol/keys';
import type { Config } from '#src/config/load';
import { loadConfig, switchSettings } from '#src/config/load';
import { digestOf } from '#src/runtime/digest';
import { recover } from '#src/runtime/recover';
import { freeze, thaw } from '#switch/snapshot';
import { createState } from '#switch/state';
import type { State } from '#switch/state';
import { replay } from '#switch/step';
import { diceOf, writeImage } from './image.ts';
import { configOf } from './recorder.ts';
import { cuts, everyEntry } from './recording.ts';
import type { Cut, Recording } from './recording.ts';
import { openStill } from './still-journal.ts';
import type { Still } from './still-journal.ts';

export interface Finding {
  readonly seed: number;
  /** Before which edge of the recording. */
  readonly at: number;
  readonly wrong: readonly string[];
}

export interface Findings {
  readonly images: number;
  readonly bad: readonly Finding[];
  /** Images from which a snapshot was loaded, and images that had lost entries nobody was told of. */
  readonly withSnapshot: number;
  readonly shorter: number;
}

/** Starts wait for threads and the disk: several at a time use the processors. */
const atOnce = 4;

/** Checks one image for each seed. @param folder Where images are laid out while they are looked at. */
export async function checkImages(
  recording: Recording,
  { seeds, folder }: { readonly seeds: readonly number[]; readonly folder: string },
): Promise<Findings> {
  const config = await loadConfig(configOf(recording.home));
  const waiting = cuts(recording, seeds);
  const bad: Finding[] = [];
  let withSnapshot = 0;
  let shorter = 0;
  const work = async (): Promise<void> => {
    for (const cut of waiting) {
      const { wrong, fromEntry, entries } = await layOutAndCheck(folder, {
        cut,
        recording,
        config,
      });
      if (wrong.length > 0) bad.push({ seed: cut.seed, at: cut.at, wrong });
      if (fromEntry > 0) withSnapshot += 1;
      if (entries < recording.stored.length) shorter += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { images: seeds.length, bad, withSnapshot, shorter };
}

async function layOutAndCheck(folder: string, about: Case): Promise<Outcome> {
  const home = mkdtempSync(join(folder, 'image-'));
  try {
    writeImage(about.cut.image, home);
    return await checkImage(home, about);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

interface Case {
  readonly cut: Cut;
  readonly recording: Recording;
  readonly config: Config;
}

interface Outcome {
  readonly wrong: readonly string[];
  /** What the start stood on. */
  readonly fromEntry: number;
  readonly entries: number;
}

export async function checkImage(home: string, about: Case): Promise<Outcome> {
  const { cut } = about;
  const data = join(home, 'data');
  const wrong: string[] = [];
  // Before a start has put anything right; not always, because looking makes files too.
  if (cut.entries > 0 && diceOf(cut.seed)(2) === 0)
    wrong.push(...unproved(data, cut, 'before the start'));
  let outcome: Outcome = { wrong: [], fromEntry: 0, entries: 0 };
  try {
    outcome = await start(data, about);
    wrong.push(...outcome.wrong, ...unproved(data, cut, 'after the start'));
  } catch (error) {
    wrong.push(`it does not start: ${error instanceof Error ? error.message : String(error)}`);
  }
  // Also where it does not start: what else a person could do, the entries are not there.
  wrong.push(...lost(data, about));
  return { ...outcome, wrong };
}

const journalOf = (data: string): string => join(data, 'journal');

function unproved(data: string, cut: Cut, when: string): string[] {
  if (lookForJournal(journalOf(data)).kind !== 'journal') return [`${when} there is no journal`];
  const verdict = verifyJournal(journalOf(data));
  if ('reason' in verdict) return [`${when} entry ${verdict.firstBad}: ${verdict.reason}`];
  return verdict.entries < cut.entries
    ? [`${when} it has ${verdict.entries} entries, ${cut.entries} were acknowledged`]
    : [];
}

/** As `src/daemon.ts` does; of eight images one through the port with its threads, where a search is tried too. */
async function start(data: string, about: Case): Promise<Outcome> {
  if (diceOf(about.cut.seed)(8) > 0) return startOn(openStill(journalOf(data)), data, about);
  const journal = await openJournal(journalOf(data), { random: randomBytes });
  return startOn(journal, data, about, () => searchFlaw(journal));
}

async function startOn(
  journal: Still,
  data: string,
  { cut, config }: Case,
  further: () => Promise<readonly string[]> = () => Promise.resolve([]),
): Promise<Outcome> {
  const settings = switchSettings(config, 'msc power-loss');
  const create = (): State => createState(settings, keyTable, digestOf);
  try {
    const { state, fromEntry, entries } = await recover(journal, {
      create,
      thaw: (fresh, octets) => thaw(fresh, Buffer.from(octets).toString()),
      replay,
    });
    const wrong: string[] = [];
    if (entries < cut.entries) wrong.push(`${entries} entries, ${cut.entries} were acknowledged`);
    if (fromEntry < cut.snapshot)
      wrong.push(`the snapshot of entry ${cut.snapshot} is lost, it stands on ${fromEntry}`);
    // Without a snapshot the state is what all entries gave, just now.
    if (fromEntry > 0) wrong.push(...(await replayFlaw(journal, { state, create })));
    wrong.push(...(await further()));
    wrong.push(...namelessSecrets(data, state, entries));
    return { wrong, fromEntry, entries };
  } finally {
    await journal.close();
  }
}

/** Entries that are not the ones the switch wrote, or not there though it had acknowledged them. */
function lost(data: string, { cut, recording: { leaves } }: Case): readonly string[] {
  const found = leavesOf(data);
  const altered = found.findIndex((leaf, place) => leaves[place]?.equals(leaf) !== true);
  if (altered >= 0) return [`entry ${altered + 1} is not the one that was written`];
  return found.length < cut.entries
    ? [`entry ${found.length + 1} is lost, though acknowledged`]
    : [];
}

/** None where the file is not one, or not there: then all is lost. */
function leavesOf(data: string): readonly Buffer[] {
  try {
    return everyEntry(journalOf(data)).map(({ leaf }) => leaf);
  } catch {
    return [];
  }
}

async function allEntries(journal: Still): Promise<readonly StoredEntry[]> {
  const all: StoredEntry[] = [];
  for await (const batch of journal.scan(1)) all.push(...batch);
  return all;
}

async function replayFlaw(
  journal: Still,
  { state, create }: { readonly state: State; readonly create: () => State },
): Promise<readonly string[]> {
  const replayed = create();
  for (const stored of await allEntries(journal)) replay(replayed, stored);
  const flaw = 'the state is not the one that all entries give';
  return sameLedger(freeze(state), freeze(replayed)) ? [] : [flaw];
}

/** The index of before the cut may be torn or behind; a search finds everything all the same. */
async function searchFlaw(journal: Journal): Promise<readonly string[]> {
  const where = [
    { on: 'column', column: 'kind', any: [{ kind: 'is', value: 'delivered' }] },
  ] as const;
  const found: number[] = [];
  for await (const batch of journal.search({ where, reverse: true, limit: 0 }))
    found.push(...batch.map(({ entry }) => entry.entry));
  const all = await allEntries(journal);
  const wanted = all.map(({ entry }) => entry).filter(({ kind }) => kind === 'delivered');
  const same =
    wanted.length === found.length && wanted.every(({ entry }, place) => entry === found[place]);
  return same ? [] : [`a search finds ${found.length} of ${wanted.length} entries`];
}

/** The register's tables are those of the journal, and every secret that a person's record names is there. */
function namelessSecrets(data: string, state: State, entries: number): readonly string[] {
  const { register } = state.ledger;
  const store = openRegisterStore(data);
  try {
    store.reconcile(entries, register);
    const wrong = [...register.person.values()]
      .filter(({ credential }) => credential && store.secret(credential) === undefined)
      .map(({ user }) => `the secret of ${user} is lost`);
    const { person } = store.load();
    if (person.size !== register.person.size) wrong.push('the register is not that of the journal');
    return wrong;
  } finally {
    store.close();
  }
}

/** Instants of a snapshot are of the steady clock, those of a replay of the entries' stamps. */
const clocksApartMs = 500;
const year2020Ms = 1_577_836_800_000;

/** Two frozen ledgers that are the same but for that. */
function sameLedger(a: string, b: string): boolean {
  return same(JSON.parse(a), JSON.parse(b));
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number' && a > year2020Ms && b > year2020Ms)
    return Math.abs(a - b) <= clocksApartMs;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    left.length === right.length &&
    left.every(([key, value], place) => {
      const [otherKey, otherValue] = right[place] ?? [];
      return key === otherKey && same(value, otherValue);
    })
  );
}

/** One image laid out to be looked at: node checker.ts HOME SEED FOLDER. */
if (import.meta.main) {
  const { readRecording } = await import('./recording.ts');
  const [home = '', seed = '', folder = ''] = process.argv.slice(2);
  const recording = readRecording(home);
  const [cut] = cuts(recording, [Number(seed)]);
  if (cut === undefined || existsSync(folder)) throw new Error('checker: HOME SEED NEWFOLDER');
  writeImage(cut.image, folder);
  console.log({
    ...cut,
    image: [...cut.image].map(([path, octets]) => `${path} ${octets.length}`),
  });
  console.log(
    await checkImage(folder, { cut, recording, config: await loadConfig(configOf(home)) }),
  );
}
