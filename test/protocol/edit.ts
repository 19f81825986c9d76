// Edits of a text as a station would send it: the codes and values that come out, or the flaw.

import { expect } from 'vitest';
import { editFields } from '#protocol/edits';
import { splitFields } from '#protocol/field';
import { keyTable } from '#protocol/keys';

/** `LIC/7SIM042.LIS/CA`, or `data LIC @4`. */
export function edited(mke: string, rest: string): string {
  const key = keyTable.get(mke) ?? expect.fail(mke);
  const result = editFields(key, splitFields(rest, 0), rest.length);
  if (result.ok) return result.value.map(({ code, value }) => `${code}/${value}`).join('.');
  const { kind, field, at } = result.error;
  return `${kind} ${field === '' ? '-' : field} @${at}`;
}

/** Whole texts by key, to which a test puts one field more, another value, or takes one away. */
export const whole: Readonly<Record<string, string>> = {
  EV: 'LIC/7SIM042.LIS/CA.LIY/2031.LIT/PC.VIN/9ZZTS7X41KN200417.VYR/2019.VMA/TOYT.VST/4D.DOT/20300214.OCA/30-004417',
  EL: 'LIC/7SIM042.LIS/CA.LIY/2031.LIT/PC.DOT/20300214.OCA/30-004417',
  EP: 'SER/ZP0042X.BRA/FORD.CAT/EN.DOT/20300214.OCA/30-004417.MIS/ENGINE',
  EB: 'BHN/SIMQ0417H930.BMA/SER.BTY/RUN.BYR/2019.DOT/20300214.OCA/30-004417',
  EG: 'SER/SIM77A4431.MAK/GLC.CAL/9.TYP/PI.DOT/20300301.OCA/30-005120',
  ERG: 'SER/SIM77A4431.MAK/GLC.CAL/9.TYP/PI.DOR/20300301.OCA/30-005120',
  EA: 'TYP/DCOMPUT.BRA/ACME.SER/ZX00412.DOT/20300301.OCA/30-005120',
  EAA: 'TYP/DCOMPUT.BRA/ACME.SER/ZX00412.SER/ZX00420.DOT/20300301.OCA/30-005120',
  ES: 'TYP/FR.SER/B00990042C.DEN/100.ISS/US.OWN/SIMVILLE BANK.SDT/2017A.DOT/20300301.OCA/30-005120',
  ESS: 'TYP/FR.SER/B00990042C.SER/B00990051C.DEN/100.ISS/US.OWN/SIMVILLE BANK.SDT/2017A.DOT/20300301.OCA/30-005120',
  EW: 'NAM/QUILLBRAND, OSRIC T.SEX/M.RAC/W.DOB/19910307.HGT/602.WGT/210.HAI/BRO.OFF/2299.DOW/20291130.OCA/29B-11806.EXL/1',
  EWJ: 'NAM/QUILLBRAND, OSRIC T.SEX/M.RAC/W.DOB/20140307.HGT/602.WGT/210.HAI/BRO.OFF/5015.OOC/2299.DOW/20291130.OCA/29B-11806.EXL/1',
  ET: 'NAM/QUILLBRAND, OSRIC T.SEX/M.RAC/W.DOB/19910307.HGT/602.WGT/210.HAI/BRO.OFF/2299.DOW/20291130.OCA/29B-11806',
  EME: 'NAM/MARROWBY, TESSA L.SEX/F.RAC/B.DOB/20150622.HGT/408.WGT/071.EYE/BRO.HAI/BLK.DLC/20300411.MNP/MP.OCA/30-118',
  EMJ: 'NAM/MARROWBY, TESSA L.SEX/F.RAC/B.DOB/20150622.HGT/408.WGT/071.EYE/BRO.HAI/BLK.DLC/20300411.MNP/MP.DOE/20330622.OCA/30-118',
  EUD: 'SEX/M.RAC/U.HGT/506600.WGT/150180.HAI/BAL.EYE/BRO.EYB/19601980.DBF/20300411.BPS/ALL.CDA/U UNKNOWN.OCA/30-119',
  EUL: 'SEX/M.RAC/U.HGT/506.WGT/150.HAI/BAL.EYE/BRO.EYB/1960.DBF/20300411.OCA/30-119',
  EPO: 'NAM/GROVELL, ENZO.SEX/M.RAC/W.DOB/19850530.PNO/30CV-118.ISD/20300101.EXP/NONEXP.PCO/07.CTI/NV099013J.BRD/Y.OCA/30-120',
  EID: 'NAM/GROVELL, ENZO.SEX/M.RAC/W.DOB/19850530.HGT/602.WGT/210.EYE/GRN.HAI/BRO.IDT/CFRD.DOT/20300101.DOP/20340101.PWD/OKAPI 7.OCA/30-121',
  EXS: 'OCA/30-122.ORD/20300101.ERD/NONEXP.CRR/1299.CON/20200101.NAM/GROVELL, ENZO.SEX/M.RAC/W.HGT/602.WGT/210.HAI/BRO.EYE/GRN.DOB/19850530.STA/NV',
  MV: 'NIC/V400118732.OCA/30-004417.VCO/BLK',
  MG: 'NIC/G400118732.OCA/30-004417',
  MW: 'NIC/W400220914.OCA/29B-11806',
  XV: 'NIC/V400118732.OCA/30-004417.DOC/20300306',
  CV: 'NIC/V400118732.OCA/30-004417.DCL/20300306',
  LV: 'NIC/V400118732.OCA/30-004417.DOR/20300306',
  XW: 'NIC/W400220914.OCA/29B-11806.DOC/20300306',
  CW: 'NIC/W400220914.OCA/29B-11806.DCL/20300306',
  LW: 'NIC/W400220914.OCA/29B-11806.DOR/20300306.DIS/DETN',
  EN: 'NIC/W400220914.OCA/29B-11806.NAM/QUILLBRAND, OSRIC T.AKA/QUILL, OZ',
  QV: 'LIC/7SIM042',
  QW: 'NAM/QUILLBRAND, OSRIC.DOB/19910307',
  QM: 'AGE/15.SEX/F.RAC/B.HGT/408.WGT/071.EYE/BRO.HAI/BLK',
  QA: 'TYP/D.SER/ZX00412',
  EMP: 'NIC/M400450277.OCA/30-118.NAM/MARROWBY, TESSA L.PIN/DOE, PAT',
  ED: 'NIC/M400450277.OCA/30-118.DRE/TWO FILLINGS',
  DW: 'NIC/W400220914.OCA/29B-11806.DSS/20300306',
};

/** Whole texts that Nlets edits. */
export const interstate: Readonly<Record<string, string>> = {
  RQ: 'RSN/T.LIC/3FAKE77.LIY/2031.LIT/PC',
  DQ: 'NAM/DOE, A.DOB/19700101.SEX/M',
  IQ: 'PUR/C.ATN/DET EXAMPLE.NAM/DOE, A.SOC/000990042',
  YQ: 'RTY/SL.RNO/1.PRI/U.OCA/30-1.NIC/V400118732.LIC/7SIM042.LIS/CA.LIY/31.RNA/A.RAG/B',
  YR: 'RTY/SV.CON/Y.OCA/30-1.NIC/V400118732.VIN/9ZZ1.VYR/2019.CNA/A.CAG/B',
  NLQ: 'TYP/ALL.BEG/20310101.END/20310102.FND/A.ORR/B',
};

/** The verdict on a whole text with one field given another value, or added; undefined takes it away. */
export function withField(mke: string, code: string, value: string | undefined): string {
  const text = whole[mke] ?? expect.fail(mke);
  const parts = text.split('.');
  const at = parts.findIndex((part) => part.startsWith(`${code}/`));
  const put = value === undefined ? [] : [`${code}/${value}`];
  const changed = at === -1 ? [...parts, ...put] : parts.toSpliced(at, 1, ...put);
  return edited(mke, changed.join('.'));
}

/** Just `ok`, or the flaw without its place. */
export const verdict = (outcome: string): string =>
  outcome.includes('/') || outcome === '' ? 'ok' : outcome.replace(/ @\d+$/, '');
