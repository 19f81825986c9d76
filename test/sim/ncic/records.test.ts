// The invented records that come with the project, as NCIC answers them.

import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAnswer } from '#protocol/message';
import { asciiBytes } from '#protocol/octets';
import { SimFault } from '#src/sim/fault';
import { readRecordFile } from '#src/sim/ncic/record-file';
import { openNcicStore } from '#src/sim/ncic/store';
import { hitsIn, openFilledRoom, recordsPath, tables } from './room.ts';

const room = openFilledRoom();

describe('the invented records', () => {
  it.each([
    ['QV.CA0990100.LIC/2ZZZ999.LIS/CA', 'MKE/STOLEN VEHICLE'],
    ['QV.CA0990100.LIC/2ZZZ998.LIS/CA', 'NO RECORD LIC/2ZZZ998 LIS/CA'],
    ['QW.CA0990100.NAM/DOE, TESTMAN.DOB/19700101', 'MKE/WANTED PERSON - CAUTION'],
    ['QW.CA0990100.NAM/PELLUCID,ADA.DOB/19880219', 'NO NCIC WANT NAM/PELLUCID,ADA DOB/19880219'],
    ['QG.CA0990100.SER/ZZ0042', 'MKE/STOLEN GUN'],
    ['QA.CA0990100.TYP/DCOMPUT.SER/ZZA1001', 'MKE/STOLEN ARTICLE'],
    ['QB.CA0990100.REG/CF9901ZZ.RES/CA', 'MKE/STOLEN BOAT'],
    ['QM.CA0990100.NAM/MARROWBY, TESSA.DOB/20150622', 'MKE/MISSING PERSON - ENDANGERED'],
  ])('%s is answered with a line %s', (text, line) => {
    expect(room.ask(text)).toContain(line);
  });

  it.each([
    ['QV.CA0990100.LIC/8SIM001', 2],
    ['QV.CA0990100.LIC/8SIM001.LIS/NV', 1],
    ['QV.CA0990100.LIC/8SIM001.LIS/OR', 0],
    ['QV.CA0990100.LIC/8SIMOO1.LIS/CA', 1],
    ['QV.CA0990100.VIN/1AAAA11A0KN200999', 1],
    ['QV.CA0990100.VIN/9ZZTS7X41KN200998', 0],
    ['QV.CA0990100.LIC/2ZZZ999.LIS/CA.VIN/9ZZTS7X41KN200999', 1],
    ['QV.CA0990100.LIC/2ZZZ999.LIS/CA\r\nRQR/SMITH.RSN/CASE 12', 1],
    ['QW.CA0990100.NAM/OSAMPLE, FINN.DOB/19970319', 1],
    ['QW.CA0990100.NAM/DOE, TESTMAN.DOB/19700102', 0],
    ['QW.CA0990100.NAM/DOE, T.DOB/19700101', 1],
    ['QW.CA0990100.NAM/DOE, OTHER.DOB/19700101', 0],
    ['QW.CA0990100.NAM/QUILL, OZ.DOB/19910307', 1],
    ['QW.CA0990100.NAM/NOBODY, AT ALL.SOC/000990001', 1],
    ['QW.CA0990100.NAM/SIMMERS, CASPIAN.DOB/19890521', 2],
    ['QW.CA0990100.NAM/MARROWBY, TESSA.DOB/20150622', 1],
  ])('%s finds %i', (text, count) => {
    expect(hitsIn(room.ask(text))).toBe(count);
  });

  it.each([
    ['QV.CA0990100'],
    ['QV.CA0990100.2ZZZ999'],
    ['QV.CA0990100.MIS/NO IDENTIFIER'],
    ['QW.CA0990100.NAM/DOE.DOB/19700101'],
    ['QW.CA0990100.NAM/DOE, TESTMAN.DOB/1970'],
    ['QH.CA0990100.NAM/DOE, TESTMAN.DOB/19700101'],
  ])('%s is answered with a line that begins REJ', (text) => {
    expect(room.ask(text)[0]).toMatch(/^REJ /);
  });

  it('are invented: no agency outside county 099, no social security number outside area 000', () => {
    const { records, agencies } = readRecordFile(recordsPath, tables);
    for (const { ori } of [...records, ...agencies]) expect(ori).toMatch(/^[A-Z]{2}099/);
    const numbers = records.flatMap(({ fields }) => fields.filter(([code]) => code === 'SOC'));
    for (const [, value] of numbers) expect(value).toMatch(/^000/);
  });

  it.each([
    ['QV.CA0990100.LIC/2ZZZ999.LIS/CA', 'hit'],
    ['QV.CA0990100.LIC/2ZZZ998.LIS/CA', 'no-hit'],
    ['QW.CA0990100.NAM/NULL, NO.DOB/19700101', 'no-hit'],
    ['QV.CA0990100', 'rejected'],
  ])('the answer to %s reads as %s (link X6)', (text, outcome) => {
    expect(parseAnswer(asciiBytes(room.say(text)[0]?.text ?? ''), 0).outcome).toBe(outcome);
  });
});

describe('a record file', () => {
  const broken = (change: (content: Record<string, unknown>) => void): unknown => {
    const folder = mkdtempSync(join(tmpdir(), 'msc-records-'));
    const path = join(folder, 'records.json');
    const content = JSON.parse(readFileSync(recordsPath, 'utf8')) as Record<string, unknown>;
    change(content);
    writeFileSync(path, JSON.stringify(content));
    try {
      return readRecordFile(path, tables);
    } catch (fault) {
      return fault;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it.each([
    ['no list', { records: undefined }, 'no list'],
    ['an unknown key', { records: [{ key: 'EQQ' }] }, 'a record at 0'],
    [
      'a stamp that is none',
      {
        records: [
          { key: 'EV', nic: 'V1', ori: 'CA0990100', entered: 'X', updated: 'X', fields: {} },
        ],
      },
      'a record at 0',
    ],
    ['an agency without a name', { agencies: [{ ori: 'CA0990100' }] }, 'an agency at 0'],
  ])('with %s is refused, and says where', (_, change, words) => {
    const fault = broken((content) => Object.assign(content, change));
    expect(fault).toBeInstanceOf(SimFault);
    expect((fault as SimFault).code).toBe('SIM-INPUT');
    expect((fault as SimFault).message).toContain(words);
  });
});

it('a store of another version, or something else, is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'msc-ncic-'));
  const path = join(folder, 'ncic.db');
  try {
    writeFileSync(
      path,
      'no database at all, and long enough to be looked at by SQLite '.repeat(20),
    );
    expect(() => openNcicStore(path, { tables })).toThrow(SimFault);
    expect(() => openNcicStore(join(folder, 'no', 'such.db'), { tables })).toThrow(SimFault);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
