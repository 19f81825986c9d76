// What the state answers from the invented records that come with the project, in the form of the link.

import { afterAll, describe, expect, it } from 'vitest';
import { parseAnswer } from '#protocol/message';
import { asciiBytes } from '#protocol/octets';
import type { HostOptions } from '#src/sim/host-options';
import { openNcicHost } from '#src/sim/open-hosts';

// None of the flags of a line matters to a host without one.
const ncic = openNcicHost({} as HostOptions);
afterAll(() => ncic.close());

const atMs = Date.UTC(2031, 2, 2);
const answer = (text: string): string =>
  ncic
    .take({ text }, atMs)
    .map((said) => said.text)
    .join('');
const lines = (text: string): string[] => answer(text).split('\r\n');
const hits = (text: string): number => lines(text).filter((line) => line.startsWith('MKE/')).length;

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
    expect(lines(text)).toContain(line);
  });
});

describe('matching', () => {
  it('finds a plate of every state without LIS, and of one with it', () => {
    expect(hits('QV.CA0990100.LIC/8SIM001')).toBe(2);
    expect(hits('QV.CA0990100.LIC/8SIM001.LIS/NV')).toBe(1);
    expect(hits('QV.CA0990100.LIC/8SIM001.LIS/OR')).toBe(0);
  });

  it('searches the letter O as zero', () => {
    expect(hits('QV.CA0990100.LIC/8SIMOO1.LIS/CA')).toBe(1);
  });

  it('compares the last eight of a vehicle number', () => {
    expect(hits('QV.CA0990100.VIN/1AAAA11A0KN200999')).toBe(1);
    expect(hits('QV.CA0990100.VIN/9ZZTS7X41KN200998')).toBe(0);
  });

  it('prints a record once that plate and vehicle number both name', () => {
    expect(hits('QV.CA0990100.LIC/2ZZZ999.LIS/CA.VIN/9ZZTS7X41KN200999')).toBe(1);
  });

  it('says for each identifier that it has no record', () => {
    const answer = lines('QV.CA0990100.LIC/2ZZZ998.LIS/CA.VIN/9ZZTS7X41KN200999');
    expect(answer).toContain('NO RECORD LIC/2ZZZ998 LIS/CA');
    expect(answer).toContain('MKE/STOLEN VEHICLE');
  });

  it.each([
    ['surname folded, date exact', 'QW.CA0990100.NAM/OSAMPLE, FINN.DOB/19970319', 1],
    ['another date', 'QW.CA0990100.NAM/DOE, TESTMAN.DOB/19700102', 0],
    ['an initial', 'QW.CA0990100.NAM/DOE, T.DOB/19700101', 1],
    ['another given name', 'QW.CA0990100.NAM/DOE, OTHER.DOB/19700101', 0],
    ['an alias', 'QW.CA0990100.NAM/QUILL, OZ.DOB/19910307', 1],
    ['a number alone', 'QW.CA0990100.NAM/NOBODY, AT ALL.SOC/000990001', 1],
    ['two of one name', 'QW.CA0990100.NAM/SIMMERS, CASPIAN.DOB/19890521', 2],
    ['the missing too', 'QW.CA0990100.NAM/MARROWBY, TESSA.DOB/20150622', 1],
  ])('finds a person by %s', (_what, text, count) => {
    expect(hits(text)).toBe(count);
  });

  it('does not search the line of the requester', () => {
    const text = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA\r\nRQR/SMITH.RSN/CASE 12';
    expect(hits(text)).toBe(1);
  });
});

it('what it answers reads as a hit, a miss or a refusal (link X6)', () => {
  const outcome = (text: string): string | undefined =>
    parseAnswer(asciiBytes(answer(text)), 0).outcome;
  expect(outcome('QV.CA0990100.LIC/2ZZZ999.LIS/CA')).toBe('hit');
  expect(outcome('QV.CA0990100.LIC/2ZZZ998.LIS/CA')).toBe('no-hit');
  expect(outcome('QW.CA0990100.NAM/NULL, NO.DOB/19700101')).toBe('no-hit');
  expect(outcome('QV.CA0990100')).toBe('rejected');
});
