// Whether the number of a record begins with the letter of its file.

import { readNcicTables } from '../../../src/sim/ncic/tables.ts';
import type { NcicRecord } from '../../../src/sim/ncic/record.ts';

const { kinds, letters } = readNcicTables();

export function isNcicFile({ nic, kind }: NcicRecord): boolean {
  const found = kinds.get(kind);
  return found !== undefined && nic.startsWith(letters[found.file]);
}
