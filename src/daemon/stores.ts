// What the switch stands on: its journal, the state that the journal gives, register and configurations.
// Opened in this order and closed in the opposite one. It fails with the coded fault of the part that fails.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { openRegisterStore } from '#journal/sqlite/register-store';
import { keyTable } from '#protocol/keys';
import { parseBannedPasswords } from '#src/access/password';
import { Jobs } from '#src/control/jobs';
import { continueClock, wallUs } from '#src/runtime/clock';
import { die } from '#src/runtime/die';
import { digestOf } from '#src/runtime/digest';
import type { Log } from '#src/runtime/log';
import { randomOctets } from '#src/runtime/random';
import { recover } from '#src/runtime/recover';
import { guardStore, type RegisterWrites } from '#src/runtime/register-guard';
import { thaw } from '#switch/snapshot';
import { createState, type State } from '#switch/state';
import { replay } from '#switch/step';
import { ConfigVersions } from './config-versions.ts';
import { settingsOf } from './effective.ts';
import type { Loaded } from './reload.ts';
import { journalFolder } from './status.ts';

export interface Stores {
  readonly journal: Journal;
  readonly store: RegisterWrites;
  readonly state: State;
  /** Of the journal, at the start. */
  readonly entries: number;
  readonly banned: ReadonlySet<string>;
  readonly versions: ConfigVersions;
  readonly jobs: Jobs;
}

export async function openStores(beginning: {
  readonly loaded: Loaded;
  readonly log: Log;
  readonly doors: AsyncDisposableStack;
}): Promise<Stores> {
  const { log, doors } = beginning;
  const { config } = beginning.loaded;
  const banned = parseBannedPasswords(await readFile(bannedFile, 'utf8'));
  const journal = await openJournal(journalFolder(config), {
    random: randomOctets,
    segments: config.journal,
  });
  doors.defer(() => journal.close());
  const whole = openRegisterStore(config.data.folder);
  doors.defer(() => whole.close());
  const { state, fromEntry, entries } = await recover(journal, {
    create: () => createState(settingsOf(config), keyTable, digestOf),
    thaw: (state, octets) => thaw(state, Buffer.from(octets).toString()),
    replay,
  });
  continueClock(state.ledger);
  whole.reconcile(entries, state.ledger.register);
  const store = guardStore(whole, { log, fail: (cause) => die(log, 70, cause) });
  log.write('info', 'recovered', { entries, fromEntry });
  const versions = await ConfigVersions.open(config.data.folder);
  const jobs = await Jobs.open(join(config.data.folder, 'jobs'), () => wallUs() / 1000);
  doors.defer(() => jobs.close());
  return { journal, store, state, entries, banned, versions, jobs };
}

const bannedFile = new URL('../../config/banned-passwords.txt', import.meta.url);
