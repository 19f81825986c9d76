// The records of config/sim/records.json as the simulated NCIC holds them: they belong to every world.

import { fileURLToPath } from 'node:url';
import { readRecordFile } from '../ncic/record-file.ts';
import type { NcicRecord } from '../ncic/record.ts';
import { readNcicTables } from '../ncic/tables.ts';

const path = fileURLToPath(new URL('../../../config/sim/records.json', import.meta.url));

/** @throws SimFault SIM-FILE, SIM-INPUT */
export const readGiven = (today?: string): readonly NcicRecord[] =>
  readRecordFile(path, readNcicTables(), today).records;
