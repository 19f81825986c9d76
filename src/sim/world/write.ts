// Writes a world into a folder, in batches, with the digest of everything in it: two worlds with the same
// digest hold the same. It fails with a SimFault and leaves the folder as empty as it found it.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openDmvStore } from '../dmv/store.ts';
import type { DmvStore } from '../dmv/store.ts';
import { SimFault } from '../fault.ts';
import { openHistoryStore } from '../history/store.ts';
import type { HistoryStore } from '../history/store.ts';
import { openNcicStore } from '../ncic/store.ts';
import type { NcicStore } from '../ncic/store.ts';
import type { NcicRecord } from '../ncic/record.ts';
import { readNcicTables } from '../ncic/tables.ts';
import { directoryFile } from './directory-file.ts';
import { claimFolder, clearFolder, worldFiles, writeJson } from './files.ts';
import type { Parts } from './parts.ts';
import { Sampler } from './samples.ts';
import type { Sample } from './samples.ts';
import { recordsIn } from './words.ts';
import type { Household } from './words.ts';
import type { World } from './world.ts';

export interface WorldReport {
  readonly seed: number;
  readonly size: number;
  /** SHA-256 over everything in it, hex. */
  readonly digest: string;
  readonly counts: {
    readonly records: number;
    readonly people: number;
    readonly vehicles: number;
    readonly boats: number;
    readonly histories: number;
    readonly ncic: number;
    readonly agencies: number;
  };
  readonly samples: Readonly<Record<string, Sample>>;
}

export interface WriteOptions {
  readonly world: World;
  readonly parts: Parts;
  readonly folder: string;
  readonly seed: number;
  readonly size: number;
  /** People and NCIC records in one transaction; what is written does not depend on it. */
  readonly batch?: number;
  /** Called after each batch with the records so far. */
  readonly progress?: (records: number) => void;
}

const batchDefault = 50_000;

/** @throws SimFault SIM-CREATE, SIM-FILE, SIM-INPUT */
export function writeWorld(options: WriteOptions): WorldReport {
  const { folder } = options;
  claimFolder(folder);
  try {
    return writeInto(options);
  } catch (cause) {
    clearFolder(folder);
    if (cause instanceof SimFault) throw cause;
    throw new SimFault(
      'SIM-CREATE',
      `the world cannot be written into ${folder}${why(cause)}`,
      cause,
    );
  }
}

function writeInto(options: WriteOptions): WorldReport {
  const { world, parts, folder, seed, size } = options;
  const stores = openStores(folder);
  try {
    stores.ncic.putAgencies(
      world.directory.all.map(({ ori, name, state, phone }) => ({ ori, name, state, phone })),
    );
    const { digest, counts, samples } = fill(stores, options);
    stores.dmv.ready();
    stores.history.ready();
    stores.close();
    writeJson(join(folder, worldFiles.directory), directoryFile(parts, world.directory));
    const report: WorldReport = { seed, size, digest, counts, samples };
    writeJson(join(folder, worldFiles.world), report);
    return report;
  } finally {
    stores.close();
  }
}

interface Stores {
  readonly ncic: NcicStore;
  readonly dmv: DmvStore;
  readonly history: HistoryStore;
  /** May be called again. */
  close(): void;
}

function openStores(folder: string): Stores {
  const ncic = openNcicStore(join(folder, worldFiles.ncic));
  const dmv = openDmvStore(join(folder, worldFiles.dmv));
  const history = openHistoryStore(join(folder, worldFiles.history), readNcicTables().phonetic);
  const close = (): void => {
    for (const store of [ncic, dmv, history]) store.close();
  };
  return { ncic, dmv, history, close };
}

/** Everything goes through here once: into the digest, the samples, the counts and a batch. */
function fill(stores: Stores, options: WriteOptions): Omit<WorldReport, 'seed' | 'size'> {
  const { world, batch = batchDefault, progress } = options;
  const hash = createHash('sha256');
  const sampler = new Sampler();
  const counts = { records: 0, people: 0, vehicles: 0, boats: 0, histories: 0, ncic: 0 };
  const take = (value: unknown): void => {
    hash.update(`${JSON.stringify(value)}\n`);
  };
  let people: Household[] = [];
  let records: NcicRecord[] = [];
  const store = (): void => {
    stores.dmv.insertMany(people);
    stores.history.insertMany(people);
    stores.ncic.insertMany(records);
    [people, records] = [[], []];
    progress?.(counts.records);
  };
  for (const agency of world.directory.all) take(agency);
  for (const record of world.given) take(record);
  stores.ncic.insertMany(world.given);
  counts.ncic = counts.records = world.given.length;
  for (const household of world.households()) {
    take(household);
    sampler.see(household);
    people.push(household);
    for (const record of household.records) records.push(record);
    count(counts, household);
    if (people.length >= batch || records.length >= batch) store();
  }
  store();
  return {
    digest: hash.digest('hex'),
    counts: { ...counts, agencies: world.directory.all.length },
    samples: sampler.samples,
  };
}

function count(
  counts: Record<'records' | 'people' | 'vehicles' | 'boats' | 'histories' | 'ncic', number>,
  household: Household,
): void {
  counts.records += recordsIn(household);
  counts.people += 1;
  counts.vehicles += household.vehicles.length;
  counts.boats += household.boats.length;
  counts.histories += household.history.length === 0 ? 0 : 1;
  counts.ncic += household.records.length;
}

/** SQLite and the file system name what happened by a code; a full disk is worth a sentence. */
function why(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return ': the disk is full';
  return code === '' ? '' : `: ${code}`;
}
