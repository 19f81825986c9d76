// How each kind of record lives: its keys, how it is asked for, a change that shows, and how long it stays.

import type { EntryKey } from './entries.ts';

export interface Life {
  readonly key: EntryKey;
  readonly modify: string;
  readonly cancel: string;
  readonly clear?: string;
  readonly locate?: string;
  readonly supplement?: readonly [add: string, drop: string];
  /** How it is asked for. */
  readonly ask: string;
  /** A change, and what the hit then shows. */
  readonly change: readonly [change: string, shown: string];
  /** Days until the purge takes an untouched record; undefined: never by itself. */
  readonly daysKept?: number;
  /** Days it is inactive after those: orders are. */
  readonly daysInactive?: number;
}

const missing = { modify: 'MM', cancel: 'XM', clear: 'CM', locate: 'LM' } as const;
const person = 'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307';
const unidentified = 'QU.CA0990100.AGE/40.SEX/M.RAC/W.HGT/602.WGT/210.EYE/GRN.HAI/BRO';

/** Entered on 7 March 2030. */
export const lives: readonly Life[] = [
  {
    key: 'EV',
    modify: 'MV',
    cancel: 'XV',
    clear: 'CV',
    locate: 'LV',
    ask: 'QV.CA0990100.LIC/7SIM042',
    change: ['VCO/BLK', 'VCO/BLK'],
    daysKept: 1761,
  },
  {
    key: 'EF',
    modify: 'MF',
    cancel: 'XF',
    clear: 'CF',
    locate: 'LF',
    ask: 'QV.CA0990100.VIN/9ZZTS7X41KN300417',
    change: ['VCO/BLK', 'VCO/BLK'],
    daysKept: 91,
  },
  {
    key: 'EL',
    modify: 'ML',
    cancel: 'XL',
    clear: 'CL',
    locate: 'LL',
    ask: 'QV.CA0990100.LIC/3SIM111',
    change: ['LIT/TK', 'LIT/TK'],
    daysKept: 1031,
  },
  {
    key: 'EP',
    modify: 'MP',
    cancel: 'XP',
    clear: 'CP',
    locate: 'LP',
    ask: 'QV.CA0990100.SER/SIMP1001',
    change: ['BRA/YAMA', 'BRA/YAMA'],
    daysKept: 1761,
  },
  {
    key: 'EB',
    modify: 'MB',
    cancel: 'XB',
    clear: 'CB',
    locate: 'LB',
    ask: 'QB.CA0990100.BHN/ZZZ10000A30',
    change: ['BLE/18', 'BLE/18'],
    daysKept: 1761,
  },
  {
    key: 'EG',
    modify: 'MG',
    cancel: 'XG',
    clear: 'CG',
    locate: 'LG',
    ask: 'QG.CA0990100.SER/SIM77A4431',
    change: ['CAL/45', 'CAL/45'],
  },
  {
    key: 'ELG',
    modify: 'MLG',
    cancel: 'XLG',
    clear: 'CLG',
    locate: 'LLG',
    ask: 'QG.CA0990100.SER/SIM88A4431',
    change: ['CAL/45', 'CAL/45'],
  },
  {
    key: 'EFG',
    modify: 'MFG',
    cancel: 'XFG',
    clear: 'CFG',
    locate: 'LFG',
    ask: 'QG.CA0990100.SER/SIM99A4431',
    change: ['CAL/45', 'CAL/45'],
    daysKept: 91,
  },
  {
    key: 'ERG',
    modify: 'MRG',
    cancel: 'XRG',
    ask: 'QG.CA0990100.SER/SIM66A4431',
    change: ['CAL/45', 'CAL/45'],
    daysKept: 1031,
  },
  {
    key: 'EA',
    modify: 'MA',
    cancel: 'XA',
    clear: 'CA',
    locate: 'LA',
    ask: 'QA.CA0990100.TYP/DCOMPUT.SER/ZZA1001',
    change: ['MOD/LAP9', 'MOD/LAP9'],
    daysKept: 665,
  },
  {
    key: 'ELA',
    modify: 'MLA',
    cancel: 'XLA',
    clear: 'CLA',
    locate: 'LLA',
    ask: 'QA.CA0990100.TYP/CCAMERA.SER/ZZA2001',
    change: ['MOD/LAP9', 'MOD/LAP9'],
    daysKept: 665,
  },
  {
    key: 'ES',
    modify: 'MS',
    cancel: 'XS',
    clear: 'CS',
    locate: 'LS',
    ask: 'QS.CA0990100.TYP/FR.SER/B00990042C.DEN/100',
    change: ['RMI/B', 'RMI/B - BAIT MONEY'],
    daysKept: 1761,
  },
  {
    key: 'EW',
    modify: 'MW',
    cancel: 'XW',
    clear: 'CW',
    locate: 'LW',
    supplement: ['EN', 'XN'],
    ask: person,
    change: ['WGT/220', 'WGT/220'],
  },
  {
    key: 'EWJ',
    modify: 'MWJ',
    cancel: 'XWJ',
    clear: 'CWJ',
    locate: 'LWJ',
    supplement: ['EN', 'XN'],
    ask: person,
    change: ['WGT/220', 'WGT/220'],
  },
  {
    key: 'ET',
    modify: 'MT',
    cancel: 'XT',
    clear: 'CT',
    locate: 'LT',
    supplement: ['EN', 'XN'],
    ask: person,
    change: ['WGT/220', 'WGT/220'],
    daysKept: 2,
  },
  ...(['EMD', 'EME', 'EMI', 'EMV', 'EMO'] as const).map((key): Life => ({
    key,
    ...missing,
    supplement: ['EMN', 'XMN'],
    ask: person,
    change: ['WGT/220', 'WGT/220'],
  })),
  {
    key: 'EMJ',
    ...missing,
    supplement: ['EMN', 'XMN'],
    ask: 'QM.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/20150307',
    change: ['WGT/120', 'WGT/120'],
  },
  ...(['EUD', 'EUL', 'EUV'] as const).map((key): Life => ({
    key,
    modify: 'MU',
    cancel: 'XU',
    clear: 'CU',
    supplement: ['EUN', 'XUN'],
    ask: unidentified,
    change: ['WGT/205', 'WGT/205'],
  })),
  {
    key: 'EPO',
    modify: 'MPO',
    cancel: 'XPO',
    clear: 'CPO',
    supplement: ['ENPO', 'XNPO'],
    ask: 'QW.CA0990100.NAM/GROVELL, ENZO.DOB/19850530',
    change: ['WGT/220', 'WGT/220'],
    daysKept: 87,
    // To the end of the fifth year after that of its end.
    daysInactive: 2039,
  },
  {
    key: 'ETO',
    modify: 'MTO',
    cancel: 'XTO',
    clear: 'CTO',
    supplement: ['ENTO', 'XNTO'],
    ask: 'QW.CA0990100.NAM/GROVELL, ENZO.DOB/19850530',
    change: ['WGT/220', 'WGT/220'],
    daysKept: 26,
    daysInactive: 2100,
  },
  {
    key: 'EID',
    modify: 'MID',
    cancel: 'XID',
    supplement: ['EIDN', 'XIDN'],
    ask: 'QID.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307',
    change: ['WGT/220', 'WGT/220'],
    daysKept: 818,
  },
];
