// The life of a record in each file: entered, changed, supplemented, located, cleared or cancelled, and
// gone at the end of its time, with a clock that the test turns.

import { describe, expect, it } from 'vitest';
import { entries, entry, groupEntry } from './entries.ts';
import type { EntryKey } from './entries.ts';
import { hitsIn, nicIn, openRoom } from './room.ts';

const owner = 'NV0990200';
const other = 'CA0990100';

interface Life {
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
}

const missing = { modify: 'MM', cancel: 'XM', clear: 'CM', locate: 'LM' } as const;
const person = 'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307';
const unidentified = 'QU.CA0990100.AGE/40.SEX/M.RAC/W.HGT/602.WGT/210.EYE/GRN.HAI/BRO';

/** Entered on 7 March 2030. */
const lives: readonly Life[] = [
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

/** A test for the kinds alone that have it. */
const where = (having: unknown): ((title: string, test: () => void) => void) =>
  having === undefined
    ? () => undefined
    : (title, test) => {
        it(title, test);
      };

describe.each(lives.map((life) => [life.key, life] as const))(
  'a record entered by %s',
  (key, life) => {
    const oca = entries[key].OCA;
    const fields: Readonly<Record<string, string>> = entries[key];
    const name = fields['NAM'] === undefined ? '' : `.NAM/${fields['NAM']}`;
    const started = () => {
      const room = openRoom();
      expect(hitsIn(room.ask(life.ask))).toBe(0);
      const nic = nicIn(room.ask(entry(key)));
      return { room, nic, ids: `NIC/${nic}.OCA/${oca}` };
    };

    it('is found, and shows a change', () => {
      const { room, ids } = started();
      expect(hitsIn(room.ask(life.ask))).toBe(1);
      expect(room.ask(`${life.modify}.${owner}.${ids}.${life.change[0]}`)).toEqual([
        `MODIFY ${ids.replace('.', ' ')}`,
      ]);
      expect(room.ask(life.ask).join(' ')).toContain(life.change[1]);
      expect(room.ask(`${life.modify}.${other}.${ids}.${life.change[0]}`)).toEqual([
        'REJ - NOT RECORD OWNER',
      ]);
    });

    it('is gone when it was cancelled or cleared by its owner', () => {
      const first = started();
      expect(first.room.ask(`${life.cancel}.${other}.${first.ids}.DOC/20300307`)).toEqual([
        'REJ - NOT RECORD OWNER',
      ]);
      expect(first.room.ask(`${life.cancel}.${owner}.${first.ids}.DOC/20300307`)).toEqual([
        `CANCEL ${first.ids.replace('.', ' ')}`,
      ]);
      expect(hitsIn(first.room.ask(life.ask))).toBe(0);
      if (life.clear === undefined) return;
      const second = started();
      expect(second.room.ask(`${life.clear}.${owner}.${second.ids}.DCL/20300307`)).toEqual([
        `CLEAR ${second.ids.replace('.', ' ')}`,
      ]);
      expect(hitsIn(second.room.ask(life.ask))).toBe(0);
      expect(second.room.ask(`${life.clear}.${owner}.${second.ids}.DCL/20300307`)).toEqual([
        'REJ - NOT ON FILE',
      ]);
    });

    where(life.locate)('is located by another agency, and its owner is told', () => {
      const { room, ids } = started();
      const locate = `${life.locate ?? ''}.${other}.${ids}.DOR/20300307.RCA/CA30-0091${key.startsWith('EW') || key === 'ET' ? '.DIS/EXTR' : ''}`;
      expect(room.ask(locate.replace(other, owner))).toEqual(['REJ - OWN RECORD']);
      expect(room.ask(locate)).toEqual([`LOCATE ${ids.replace('.', ' ')}`]);
      expect(room.notices).toHaveLength(1);
      expect(room.notices[0]).toMatch(/^\$\.L\.\r\nNV0990200\r\n\r\nLOCATE NOTICE\r\n/);
      const found = room.ask(life.ask);
      if (key.startsWith('EM')) {
        expect(hitsIn(found)).toBe(0);
        return;
      }
      expect(found).toContain('LOCATED/20300307 CA0990100 CA30-0091');
      const purge = room.turn(11);
      expect(hitsIn(room.ask(life.ask))).toBe(0);
      expect(purge.some((text) => text.startsWith('$.R.\r\nNV0990200'))).toBe(true);
    });

    where(life.supplement)('is found by a supplemental alias, until that is taken away', () => {
      const { room, ids } = started();
      const [add = '', drop = ''] = life.supplement ?? [];
      const alias = life.ask.replace(/NAM\/[A-Z]+, [A-Z]+/, 'NAM/ZEBULON, OZ');
      expect(room.ask(`${add}.${owner}.${ids}${name}.AKA/ZEBULON, OZ`)[0]).toMatch(
        /^SUPPLEMENTAL RECORD ADDED/,
      );
      if (name !== '') expect(hitsIn(room.ask(alias))).toBe(1);
      expect(room.ask(life.ask)).toContain('AKA/ZEBULON, OZ');
      expect(room.ask(`${drop}.${owner}.${ids}${name}.AKA/ZEBULON, OZ`)[0]).toMatch(
        /^SUPPLEMENTAL RECORD CANCELED/,
      );
      if (name !== '') expect(hitsIn(room.ask(alias))).toBe(0);
    });

    it(
      life.daysKept === undefined
        ? 'stays until somebody acts'
        : `goes after ${life.daysKept} days`,
      () => {
        const { room } = started();
        const { daysKept } = life;
        room.turn((daysKept ?? 40_000) - 1);
        expect(hitsIn(room.ask(life.ask.replace('AGE/40', 'AGE/99')))).toBe(
          key.startsWith('EU') ? 0 : 1,
        );
        if (daysKept === undefined) return;
        room.turn(1);
        expect(hitsIn(room.ask(life.ask))).toBe(0);
      },
    );
  },
);

describe.each([
  ['EAA', 'XAA', 'CAA', 'LAA', 'QA.CA0990100.TYP/DCOMPUT', '30-006100'],
  ['ELAA', 'XLAA', 'CLAA', 'LLAA', 'QA.CA0990100.TYP/DCOMPUT', '30-006100'],
  ['ESS', 'XSS', 'CSS', 'LSS', 'QS.CA0990100.TYP/FR.DEN/100', '30-003001'],
] as const)('a group entered by %s', (key, cancel, clear, locate, ask, oca) => {
  const started = () => {
    const room = openRoom();
    const nic = nicIn(room.ask(groupEntry(key, { low: 'ZZA100', high: 'ZZA109' })));
    const hits = (serial: string) => hitsIn(room.ask(`${ask}.SER/${serial}`));
    return { room, nic, hits };
  };

  it('holds every serial between the two, and no other', () => {
    const { hits } = started();
    expect(['ZZA099', 'ZZA100', 'ZZA105', 'ZZA109', 'ZZA110', 'ZZB105'].map(hits)).toEqual([
      0, 1, 1, 1, 0, 0,
    ]);
  });

  it('loses a part, and then all', () => {
    const { room, nic, hits } = started();
    expect(room.ask(`${cancel}.${owner}.NIC/${nic}.SER/ZZA103.SER/ZZA104.DOC/20300307`)[0]).toMatch(
      /^CANCEL/,
    );
    expect(['ZZA102', 'ZZA103', 'ZZA104', 'ZZA105'].map(hits)).toEqual([1, 0, 0, 1]);
    expect(room.ask(`${clear}.${owner}.NIC/${nic}.SER/ZZA102.SER/ZZA106.DCL/20300307`)).toEqual([
      'REJ - SERIAL RANGE',
    ]);
    expect(room.ask(`${locate}.${other}.NIC/${nic}.SER/ZZA109.SER/ZZA109.DOR/20300307`)[0]).toMatch(
      /^LOCATE/,
    );
    expect(room.ask(`${ask}.SER/ZZA109`).join('|')).toContain('LOCATED/20300307');
    expect(room.ask(`${ask}.SER/ZZA108`).join('|')).not.toContain('LOCATED/');
    expect(room.ask(`${clear}.${owner}.NIC/${nic}.OCA/${oca}.DCL/20300307`)[0]).toMatch(/^CLEAR/);
    expect(['ZZA100', 'ZZA105', 'ZZA108'].map(hits)).toEqual([0, 0, 0]);
  });
});
