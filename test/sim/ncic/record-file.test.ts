// A file of invented records says of which day it is: its records are as old today as they were then.

import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { homeZone, parseStamp } from '#src/sim/ncic/calendar';
import { createNcic } from '#src/sim/ncic/ncic';
import { valueOf } from '#src/sim/ncic/record';
import { readRecordFile } from '#src/sim/ncic/record-file';
import { openNcicStore } from '#src/sim/ncic/store';
import { readNcicTables } from '#src/sim/ncic/tables';

const path = fileURLToPath(new URL('../../../config/sim/records.json', import.meta.url));
const tables = readNcicTables();

const stolenOn = (today?: string): readonly unknown[] => {
  const { records } = readRecordFile(path, tables, today);
  const stolen = records.find(({ nic }) => nic === 'V400120037');
  return [stolen && valueOf(stolen, 'DOT'), stolen?.enteredMs];
};

it.each([
  [undefined, '20300101', '20300101 0000 EST'],
  ['20301115', '20300101', '20300101 0000 EST'],
  ['20261127', '20260113', '20260113 0000 EST'],
])('on %s the vehicle was stolen on %s', (today, date, stamp) => {
  expect(stolenOn(today)).toEqual([date, parseStamp(stamp)]);
});

it('nothing of a later day is in it, and births and years of plates stay', () => {
  const { records } = readRecordFile(path, tables, '20261127');
  const then = readRecordFile(path, tables).records;
  for (const [at, record] of records.entries()) {
    for (const code of ['DOT', 'DOW', 'DLC'])
      expect(Number(valueOf(record, code) ?? 0)).toBeLessThan(20261127);
    expect(record.updatedMs).toBeLessThan(Date.UTC(2026, 10, 28));
    const was = then[at];
    for (const code of ['DOB', 'LIY', 'OLY', 'VYR'])
      expect(valueOf(record, code)).toBe(was && valueOf(was, code));
  }
});

it.each(['20261127', '20280229', '20291231'])(
  'on %s nothing of it is due: no record goes, and nobody is told what nobody asked for',
  (today) => {
    const store = openNcicStore(':memory:', { tables });
    const file = readRecordFile(path, tables, today);
    store.putAgencies(file.agencies);
    store.insertMany(file.records);
    const ncic = createNcic({ store, tables });
    const noon = Temporal.PlainDate.from(today).toZonedDateTime({
      timeZone: homeZone,
      plainTime: '12:00',
    });
    expect(ncic.due(noon.epochMilliseconds)).toEqual([]);
    ncic.close();
  },
);
