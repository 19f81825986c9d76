// How the journals of test/fixtures/journals were made: node test/support/kept-journals/make.ts, at the version
// that wrote that format. What is there is never written over: a new format is made under a new name.

import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import type { JournalEntry, StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { listSegments } from '#journal/sqlite/segment-files';
import { openRegisterStore } from '#journal/sqlite/register-store';
import { wordsOf } from '#journal/words';
import { keyTable } from '#protocol/keys';
import { digestOf as digestOfText } from '#src/runtime/digest';
import { makeEntries } from '#support/make-journal';
import { personChanges, personOf } from '#support/make-journal/county';
import { madeSalts } from '#support/make-journal/salts';
import { landmarks } from '#support/make-journal/words';
import { freeze } from '#switch/snapshot';
import { createState } from '#switch/state';
import { replay } from '#switch/step';
import { settings } from '../../switch/county.ts';
import { digestOf, type Kept, type KeptField, keptJournals } from './kept.ts';

const seed = 41;
/** More than one block of the index. */
const made = 1030;
const snapshotAt = 1000;
/** After the first landmark. */
const killedAt = 160;
const secret = {
  change: 'invented-change-1',
  user: personOf(0).user,
  hash: {
    algorithm: 'pbkdf2-sha256',
    rounds: 1000,
    salt: 'aW52ZW50ZWQ=',
    hash: 'bm90IGEgcGFzc3dvcmQ=',
  },
} as const;

/** The whole folder, closed in order. */
async function makeWhole(dir: string): Promise<Kept> {
  const entries = wholeStory();
  const journal = await openJournal(dir, { random: madeSalts(seed) });
  const state = createState(settings, keyTable, digestOfText);
  for (const stored of entries) {
    await journal.append([stored]);
    replay(state, stored);
    if (stored.entry.entry === snapshotAt)
      await journal.saveSnapshot(snapshotAt, Buffer.from(freeze(state)));
  }
  await indexed(dir);
  const kept = await keptOf(journal, entries);
  await journal.close();
  const store = openRegisterStore(dir);
  store.putSecret(secret.change, secret.user, secret.hash);
  for (const { entry } of entries)
    if (entry.kind === 'event' && entry.changes) store.project(entry.entry, entry.changes);
  store.close();
  return { ...kept, snapshot: snapshotAt, secret };
}

/** Some segments, each but the last one sealed, closed in order. */
async function makeSegments(dir: string): Promise<Kept> {
  const entries = [...makeEntries({ count: 400, seed, days: 3, waiting: 3 })];
  const at = 210;
  const limits = { entries: 110, octets: 1 << 30 };
  const journal = await openJournal(dir, { random: madeSalts(seed), segments: limits });
  const state = createState(settings, keyTable, digestOfText);
  for (const stored of entries) {
    await journal.append([stored]);
    replay(state, stored);
    if (stored.entry.entry === at) await journal.saveSnapshot(at, Buffer.from(freeze(state)));
  }
  while (listSegments(dir).filter(({ last }) => last === undefined).length > 1) await pause(100);
  const kept = await keptOf(journal, entries);
  await journal.close();
  const plates = (fits: (plate: string) => boolean): readonly number[] =>
    entries
      .filter(({ entry }) => entry.fields?.['LIC']?.some(fits))
      .map(({ entry }) => entry.entry);
  const { plate } = landmarks;
  const [beginning, ending] = [plate.slice(0, 3), plate.slice(-3)];
  const said = entries.find(({ entry }) => entry.fields?.['LIC']?.includes(plate));
  const [word = ''] = wordsOf(said?.body ?? new Uint8Array());
  const having = entries.filter(({ body }) => body && [...wordsOf(body)].includes(word));
  return {
    ...kept,
    word: { value: word, entries: having.map(({ entry }) => entry.entry) },
    beginning: {
      field: 'LIC',
      value: beginning,
      entries: plates((one) => one.startsWith(beginning)),
    },
    ending: { field: 'LIC', value: ending, entries: plates((one) => one.endsWith(ending)) },
    segments: listSegments(dir).map(({ first }) => first),
    snapshot: at,
  };
}

/** As a process that was killed leaves it: the last entries are in the WAL file alone. */
async function makeKilled(dir: string): Promise<Kept> {
  const entries = wholeStory().slice(0, killedAt);
  const open = mkdtempSync(join(tmpdir(), 'msc-fixture-'));
  try {
    const journal = await openJournal(open, { random: madeSalts(seed) });
    await journal.append(entries);
    cpSync(open, dir, { recursive: true });
    const kept = await keptOf(journal, entries);
    await journal.close();
    return kept;
  } finally {
    rmSync(open, { recursive: true, force: true });
  }
}

function wholeStory(): readonly StoredEntry[] {
  const entries = [...makeEntries({ count: made, seed, days: 30, waiting: 3 })];
  const [change] = personChanges(personOf(0));
  assert(change?.op === 'put' && change.table === 'person');
  const record = { ...change.record, credential: secret.change };
  const time = (entries.at(-1)?.entry.time ?? 0) + 1_000_000;
  const more: readonly JournalEntry[] = [
    {
      ...{ entry: made + 1, time, person: 'admin1', reason: 'a password is set' },
      ...{
        kind: 'event',
        event: 'register',
        changes: [{ ...change, record }],
        changeId: secret.change,
      },
    },
    { entry: made + 2, time: time + 1, kind: 'event', event: 'stop', direction: 'local' },
  ];
  return [...entries, ...more.map((entry) => ({ entry }))];
}

async function keptOf(journal: Journal, entries: readonly StoredEntry[]): Promise<Kept> {
  const numbers = (fits: (entry: JournalEntry) => boolean): readonly number[] =>
    entries.filter(({ entry }) => fits(entry)).map(({ entry }) => entry.entry);
  const { plate } = landmarks;
  // With a letter that is folded.
  const name = entries
    .flatMap(({ entry }) => entry.fields?.['NAM'] ?? [])
    .find((each) => each.includes('O'));
  const having = (field: string, value: string): KeptField => ({
    ...{ field, value },
    entries: numbers((entry) => entry.fields?.[field]?.includes(value) === true),
  });
  const user = entries.find(({ entry }) => entry.kind === 'received')?.entry.user ?? '';
  return {
    ...(await journal.head()),
    digest: await digestOf(journal),
    fields: [having('LIC', plate), ...(name === undefined ? [] : [having('NAM', name)])],
    user: { value: user, entries: numbers((entry) => entry.user === user) },
  };
}

async function indexed(dir: string): Promise<void> {
  for (;;) {
    await pause(100);
    const db = new Database(join(dir, 'index.db'), { readonly: true });
    const stands: unknown = db.prepare('SELECT entry FROM stands').pluck().get();
    db.close();
    if (stands === 1024) return;
  }
}

/** Files are packed: most of a database is text, and empty pages. */
function pack(from: string, to: string, kept: Kept): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name.startsWith('lock') || name.endsWith('-shm')) continue;
    writeFileSync(join(to, `${name}.br`), brotliCompressSync(readFileSync(join(from, name))));
  }
  writeFileSync(join(to, 'kept.json'), `${JSON.stringify(kept, undefined, 2)}\n`);
}

async function make(name: string, fill: (dir: string) => Promise<Kept>): Promise<void> {
  const to = join(keptJournals, name);
  if (existsSync(to)) return;
  const dir = join(mkdtempSync(join(tmpdir(), 'msc-fixture-')), 'journal');
  try {
    pack(dir, to, await fill(dir));
  } finally {
    rmSync(join(dir, '..'), { recursive: true, force: true });
  }
}

if (import.meta.main) {
  await make('1-one-file', makeWhole);
  await make('1-one-file-killed', makeKilled);
  await make('2-segments', makeSegments);
}
