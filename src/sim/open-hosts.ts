// The hosts behind the hub as a process starts them: from the folder of a world, or with the small invented set.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDmv } from './dmv/open.ts';
import { openHistory } from './history/open.ts';
import type { SimHost } from './host.ts';
import { chosenClock } from './host-options.ts';
import type { HostOptions } from './host-options.ts';
import { createCalendar, homeZone } from './ncic/calendar.ts';
import { createNcic } from './ncic/ncic.ts';
import { readRecordFile } from './ncic/record-file.ts';
import { openNcicStore } from './ncic/store.ts';
import { readNcicTables } from './ncic/tables.ts';
import { withNcicWords } from './ncic-words.ts';
import { openNlets } from './nlets/open.ts';
import { withNletsWords } from './nlets-words.ts';
import { openAnswerer } from './world/answerer.ts';
import { worldFiles } from './world/files.ts';
import { readWorldFolder } from './world/folder.ts';

const configFile = (name: string): string =>
  fileURLToPath(new URL(`../../config/sim/${name}`, import.meta.url));

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function openNcicHost(options: HostOptions): SimHost {
  const tables = readNcicTables();
  const { path, fresh } = ncicPlace(options);
  const store = openNcicStore(path, { tables });
  if (fresh) {
    const file = options.records ?? configFile('records.json');
    const today = createCalendar(homeZone).dateOf(chosenClock(options).now());
    const given = readRecordFile(file, tables, today);
    store.putAgencies(given.agencies);
    store.insertMany(given.records);
  }
  return withNcicWords(createNcic({ store, tables }));
}

/** Where the records are, and whether nobody has put any there yet. */
function ncicPlace({ world, data }: HostOptions): {
  readonly path: string;
  readonly fresh: boolean;
} {
  if (world !== undefined) return { path: readWorldFolder(world).ncic, fresh: false };
  if (data === undefined) return { path: ':memory:', fresh: true };
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const path = join(data, worldFiles.ncic);
  return { path, fresh: !existsSync(path) };
}

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function openNletsHost({ world, chatter = false }: HostOptions): SimHost {
  const files = world === undefined ? undefined : readWorldFolder(world);
  // Other states answer from the same world as our own.
  const settings = { enrolHome: true, ownTraffic: chatter, answerer: openAnswerer(files) };
  const directory = files === undefined ? {} : { world: files.directory };
  return withNletsWords(openNlets({ folder: configFile('nlets'), ...directory, settings }));
}

/** @throws SimFault SIM-FILE, SIM-INPUT */
export const openDmvHost = ({ world }: HostOptions): SimHost =>
  openDmv(world && readWorldFolder(world).dmv);

/** @throws SimFault SIM-FILE, SIM-INPUT */
export const openHistoryHost = ({ world }: HostOptions): SimHost =>
  openHistory(world && readWorldFolder(world).history);
