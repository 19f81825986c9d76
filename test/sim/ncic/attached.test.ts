// What hangs on a record (ncic 2.5): the detainer of a located want (DW MDW XDW), the dental record of a person
// (ED MD XD); what they change in its life, and where there is nothing to hang on (ncic 7 R20).

import { describe, expect, it } from 'vitest';
import { entry } from './entries.ts';
import { hitsIn, nicIn, openRoom } from './room.ts';
import type { Room } from './room.ts';

const asked = 'QW.CA0990100.SOC/000990042';
const ids = 'NAM/QUILLBRAND, OSRIC T.OCA/29B-11806';
const sentence = 'DSS/20300310.DSE/20310310';

/** A want on file; located by another agency, where that is said. */
function wanted(located: boolean): Room {
  const room = openRoom();
  room.ask(entry('EW'));
  if (located) expect(room.ask(`LW.CA0990100.${ids}.DOR/20300307.DIS/EXTR`)[0]).toMatch(/^LOCATE /);
  return room;
}

describe('a detainer', () => {
  it('keeps a located want, and shows in its hits', () => {
    const room = wanted(true);
    expect(room.ask(`DW.NV0990200.${ids}.${sentence}.DIS/DETN.MIS/COUNTY JAIL`)).toEqual([
      `DETAINER ADDED ${ids.replace('.', ' ')}`,
    ]);
    room.turn(200);
    expect(room.ask(asked)).toContain(
      'DETAINER DSS/20300310 DSE/20310310 DIS/DETN MIS/COUNTY JAIL',
    );
    room.turn(20_000);
    expect(hitsIn(room.ask(asked))).toBe(1);
  });

  it('hangs on a located want alone, one on each, and belongs to its owner', () => {
    expect(wanted(false).ask(`DW.NV0990200.${ids}.${sentence}`)).toEqual(['REJ - NOT ON FILE']);
    const room = wanted(true);
    expect(room.ask(`DW.CA0990100.${ids}.${sentence}`)).toEqual(['REJ - NOT RECORD OWNER']);
    expect(room.ask(`MDW.NV0990200.${ids}.DSE/20320101`)).toEqual(['REJ - NOT ON FILE']);
    expect(room.ask(`DW.NV0990200.${ids}.${sentence}`)[0]).toMatch(/^DETAINER ADDED /);
    const again = room.ask(`DW.NV0990200.${ids}.${sentence}`);
    expect([again[0], hitsIn(again)]).toEqual(['REJ - ON FILE', 1]);
    expect(room.ask(`XDW.CA0990100.${ids}.DOC/20300307`)).toEqual(['REJ - NOT RECORD OWNER']);
  });

  it.each([
    ['DW', 'DSE/20310310', 'REJ - MISSING FIELD DSS'],
    ['DW', 'DSS/20300310.DSE/20300309', 'REJ - DATE DSE'],
    ['MDW', 'DSE/20300309', 'REJ - DATE DSE'],
    ['MDW', 'DSS/', 'REJ - INVALID DATA DSS'],
    ['MDW', 'WGT/220', 'REJ - FIELD NOT ALLOWED WGT'],
    ['XDW', 'DOC/20300306', 'REJ - DATE DOC'],
  ])('%s with %s is refused: %s', (key, rest, line) => {
    const room = wanted(true);
    if (key !== 'DW') room.ask(`DW.NV0990200.${ids}.${sentence}`);
    expect(room.ask(`${key}.NV0990200.${ids}.${rest}`)[0]).toBe(line);
  });

  it('$.D. tells its owner before the sentence ends, once, and anew after a change', () => {
    const room = wanted(true);
    room.ask(`DW.NV0990200.${ids}.DSS/20300310.DSE/20300501`);
    const told = (days: number) =>
      room.turn(days).filter((text) => text.startsWith('$.D.\r\nNV0990200\r\n')).length;
    expect([told(24), told(1), told(10)]).toEqual([0, 1, 0]);
    expect(room.ask(`MDW.NV0990200.${ids}.DSE/20300601`)[0]).toMatch(/^MODIFY /);
    expect(room.ask(asked)).toContain('DETAINER DSS/20300310 DSE/20300601');
    expect([told(20), told(1), told(100)]).toEqual([0, 1, 0]);
  });

  it('when it is cancelled, the days of the located want are counted from then', () => {
    const room = wanted(true);
    room.ask(`DW.NV0990200.${ids}.${sentence}`);
    room.turn(100);
    expect(room.ask(`XDW.NV0990200.${ids}.DOC/20300615`)[0]).toMatch(/^CANCEL /);
    room.turn(5);
    expect(room.ask(asked).some((line) => line.startsWith('DETAINER'))).toBe(false);
    expect(hitsIn(room.ask(asked))).toBe(1);
    room.turn(1);
    expect(hitsIn(room.ask(asked))).toBe(0);
  });
});

describe('a dental record', () => {
  it.each([
    ['EW', 'QW', '29B-11806'],
    ['EMO', 'QM', '30-125'],
    ['EUD', 'QU', '30-130'],
  ] as const)('hangs on a record of %s, is changed, cancelled, entered anew', (key, ask, oca) => {
    const room = openRoom();
    const nic = nicIn(room.ask(entry(key)));
    const [found, own] = [`${ask}.CA0990100.NIC/${nic}`, `NIC/${nic}.OCA/${oca}`];
    expect(room.ask(`ED.NV0990200.${own}.DXR/Y.DRE/GOLD TOOTH`)[0]).toMatch(/^DENTAL ADDED NIC/);
    expect(room.ask(found)).toContain('DENTAL DXR/Y DRE/GOLD TOOTH');
    expect(room.ask(`MD.NV0990200.${own}.DRE/SILVER TOOTH`)[0]).toMatch(/^MODIFY /);
    expect(room.ask(found)).toContain('DENTAL DXR/Y DRE/SILVER TOOTH');
    expect(room.ask(`ED.NV0990200.${own}.DXR/N`)[0]).toBe('REJ - ON FILE');
    expect(room.ask(`XD.NV0990200.${own}.DOC/20300307`)[0]).toMatch(/^CANCEL /);
    expect(room.ask(found).some((line) => line.startsWith('DENTAL'))).toBe(false);
    expect(room.ask(`MD.NV0990200.${own}.DXR/N`)[0]).toBe('REJ - NOT ON FILE');
    expect(room.ask(`ED.NV0990200.${own}.DXR/N`)[0]).toMatch(/^DENTAL ADDED NIC/);
  });

  it.each([
    ['no record', 'ED.NV0990200.NIC/M500000005.OCA/30-125.DXR/Y'],
    ['no record to change', 'MD.NV0990200.NIC/M500000005.OCA/30-125.DXR/Y'],
    ['no record to cancel at', 'XD.NV0990200.NIC/M500000005.OCA/30-125.DOC/20300307'],
  ])('R20: dental data and %s', (_, text) => {
    expect(openRoom().ask(text)).toEqual(['REJ - NO LINKED RECORD']);
  });

  it('R20: dental data and another case than that of the record', () => {
    const room = openRoom();
    const nic = nicIn(room.ask(entry('EMO')));
    expect(room.ask(`ED.NV0990200.NIC/${nic}.OCA/30-999.DXR/Y`)).toEqual([
      'REJ - NO LINKED RECORD',
    ]);
  });

  it('counts as key information, and goes with the record', () => {
    const room = openRoom();
    const complete = { BLT: 'ANEG', FPC: '12PICO'.padEnd(20, 'X'), JWT: 'RG', SMT: 'TAT L ARM' };
    const nic = nicIn(room.ask(entry('EMO', complete)));
    room.ask(`ED.NV0990200.NIC/${nic}.OCA/30-125.DCH/ALL`);
    expect(room.turn(40).filter((text) => text.startsWith('$.K.'))).toEqual([]);
    room.ask(`XM.NV0990200.NIC/${nic}.OCA/30-125.DOC/20300416`);
    expect(room.store.size).toBe(0);
  });
});

describe('identifiers that a wanted person has stolen or made up', () => {
  const want = (nic: string): string => `NIC/${nic}.OCA/29B-11806.NAM/QUILLBRAND, OSRIC T`;

  it('are searched, shown apart, taken away by name', () => {
    const room = openRoom();
    const nic = nicIn(room.ask(entry('EW')));
    const items = 'AKA/ZEBULON, OZ.SOC/000990077';
    expect(room.ask(`ENS.NV0990200.${want(nic)}.${items}`)[0]).toMatch(
      /^SUPPLEMENTAL RECORD ADDED /,
    );
    const byNumber = 'QW.CA0990100.SOC/000990077';
    const byName = 'QW.CA0990100.NAM/ZEBULON, OZ.DOB/19910307';
    expect([hitsIn(room.ask(byNumber)), hitsIn(room.ask(byName))]).toEqual([1, 1]);
    const lines = room.ask(byNumber);
    expect(lines).toContain('STOLEN OR FRAUDULENT AKA/ZEBULON, OZ SOC/000990077');
    expect(lines).not.toContain('AKA/ZEBULON, OZ');
    expect(room.ask(`XN.NV0990200.${want(nic)}.SOC/000990077`)[0]).toBe('REJ - INVALID DATA SOC');
    expect(room.ask(`XNS.NV0990200.${want(nic)}.SOC/000990077`)[0]).toMatch(/^SUPPLEMENTAL /);
    expect([hitsIn(room.ask(byNumber)), hitsIn(room.ask(byName))]).toEqual([0, 1]);
  });

  it('have limits of their own, and the owner alone adds to them', () => {
    const room = openRoom();
    const nic = nicIn(room.ask(entry('EW')));
    const add = (key: string, at: number, ori = 'NV0990200') =>
      room.ask(`${key}.${ori}.${want(nic)}.SOC/00099010${String(at)}`)[0];
    for (let at = 0; at < 9; at += 1) {
      expect(add('ENS', at)).toMatch(/^SUPPLEMENTAL /);
      expect(add('EN', at)).toMatch(/^SUPPLEMENTAL /);
    }
    expect(add('ENS', 9)).toBe('REJ - SUPPLEMENTAL LIMIT SOC');
    expect(add('ENS', 1, 'CA0990100')).toBe('REJ - NOT RECORD OWNER');
  });

  it('make nobody the same: whose number was stolen may be wanted too', () => {
    const room = openRoom();
    const nic = nicIn(room.ask(entry('EW')));
    room.ask(`ENS.NV0990200.${want(nic)}.SOC/000990077`);
    const other = { NAM: 'MARROWBY, JOB', DOB: '19700101', OCA: '30-999', SOC: '000990077' };
    expect(room.ask(entry('EW', other))[0]).toMatch(/^NIC\//);
    expect(hitsIn(room.ask('QW.CA0990100.SOC/000990077'))).toBe(2);
  });

  it('belong to wants alone', () => {
    const room = openRoom();
    const nic = nicIn(room.ask(entry('EMO')));
    expect(room.ask(`ENS.NV0990200.${want(nic)}.SOC/000990077`)).toEqual(['REJ - NIC CHECK']);
  });
});
