// The records of config/sim/records.json as the simulated NCIC holds them.

import { fileURLToPath } from 'node:url';
import type { NewRecord } from '../ncic/record.ts';
import { readRecordFile } from '../ncic/record-file.ts';
import { readNcicTables } from '../ncic/tables.ts';

const path = fileURLToPath(new URL('../../../config/sim/records.json', import.meta.url));

/** @throws SimFault SIM-FILE, SIM-INPUT */
export const readGiven = (): readonly NewRecord[] => readRecordFile(path, readNcicTables()).records;
