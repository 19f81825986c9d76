// The records of config/sim/records.json as the simulated NCIC holds them.

import { fileURLToPath } from 'node:url';
import { listOf, readJsonObject, textIn, textsIn } from '../json-file.ts';
import { linePairs } from '../records.ts';
import type { NewRecord, Pair } from '../ncic/record.ts';

const path = fileURLToPath(new URL('../../../config/sim/records.json', import.meta.url));

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readGiven(): readonly NewRecord[] {
  return listOf(readJsonObject(path)['records']).map((row) => {
    const lines = textsIn(row, 'block');
    const pairs = lines.flatMap(linePairs);
    const of = (code: string): string => pairs.find(([each]) => each === code)?.[1] ?? '';
    const title = of('MKE');
    const kinds: Readonly<Record<string, string>> = {
      vehicle: 'EV',
      plate: 'EL',
      wanted: title.includes('JUVENILE') ? 'EWJ' : 'EW',
      missing: 'EMO',
      gun: 'EG',
      article: 'EA',
      boat: 'EB',
    };
    const fields = pairs
      .filter(([code]) => !['MKE', 'ORI', 'NIC', 'DTE', 'DLU', 'AKA'].includes(code))
      .map(([code, value]): Pair => [
        code,
        ['EXL', 'MPC'].includes(code) ? value.slice(0, 1) : value,
      ]);
    const at = of('DTE');
    const ms = Date.UTC(
      +at.slice(0, 4),
      +at.slice(4, 6) - 1,
      +at.slice(6, 8),
      +at.slice(9, 11) + 5,
      +at.slice(11, 13),
    );
    return {
      nic: of('NIC'),
      kind: kinds[textIn(row, 'file') ?? ''] ?? 'EV',
      ...(title.includes('CAUTION') ? { suffix: 'C' } : {}),
      ori: of('ORI'),
      enteredMs: ms,
      updatedMs: ms,
      fields,
      ...(of('AKA') === '' ? {} : { supplements: [['AKA', of('AKA')] as const] }),
    };
  });
}
