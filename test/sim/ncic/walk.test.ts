// The life of a record in each file: entered, changed, supplemented, located, cleared or cancelled, and
// gone at the end of its time, with a clock that the test turns.

import { describe, expect, it } from 'vitest';
import { ncicFiles } from '#src/sim/ncic/record';
import { entries, entry, groupEntry } from './entries.ts';
import { lives } from './lives.ts';
import { hitsIn, nicIn, openRoom, tables } from './room.ts';

const owner = 'NV0990200';
const other = 'CA0990100';

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

    it('walks from its entry to its purge in one life', () => {
      const { room, ids } = started();
      expect(room.ask(`${life.modify}.${owner}.${ids}.${life.change[0]}`)[0]).toMatch(/^MODIFY /);
      expect(room.ask(life.ask).join(' ')).toContain(life.change[1]);
      if (life.supplement !== undefined)
        expect(room.ask(`${life.supplement[0]}.${owner}.${ids}${name}.AKA/ZEBULON, OZ`)[0]).toMatch(
          /^SUPPLEMENTAL /,
        );
      const purged: string[] = [];
      if (life.locate !== undefined) {
        const want = ['EW', 'EWJ', 'ET'].includes(key) ? '.DIS/EXTR' : '';
        expect(room.ask(`${life.locate}.${other}.${ids}.DOR/20300307${want}`)[0]).toMatch(
          /^LOCATE /,
        );
        purged.push(...room.turn(11));
      } else if (life.daysKept !== undefined) {
        purged.push(...room.turn(life.daysKept + (life.daysInactive ?? 0)));
      } else {
        expect(room.ask(`${life.clear ?? ''}.${owner}.${ids}.DCL/20300307`)[0]).toMatch(/^CLEAR /);
      }
      // The missing are gone with their locate, and what its owner cleared needs no list.
      const byTime = !key.startsWith('EM') && !key.startsWith('EU');
      expect(purged.filter((text) => text.startsWith(`$.R.\r\n${owner}`))).toHaveLength(
        byTime ? 1 : 0,
      );
      expect(room.store.size).toBe(0);
      expect(room.ask(`${life.modify}.${owner}.${ids}.${life.change[0]}`)).toEqual([
        'REJ - NOT ON FILE',
      ]);
    });

    it(
      life.daysKept === undefined
        ? 'stays until somebody acts'
        : `goes after ${life.daysKept + (life.daysInactive ?? 0)} days`,
      () => {
        const { room, nic } = started();
        const { daysKept, daysInactive = 0 } = life;
        // By its number, with the key that sees the inactive too: whoever is looked for by age grows older.
        const still = () => hitsIn(room.ask(`${all(life.ask)}.CA0990100.NIC/${nic}`));
        room.turn((daysKept ?? 40_000) - 1);
        if (daysInactive > 0) {
          expect(hitsIn(room.ask(life.ask))).toBe(1);
          room.turn(daysInactive);
          expect(hitsIn(room.ask(life.ask))).toBe(0);
        }
        expect([still(), room.store.size]).toEqual([1, 1]);
        if (daysKept === undefined) return;
        expect(room.turn(1).map((text) => text.slice(0, 15))).toContain(`$.R.\r\n${owner}`);
        expect([still(), room.store.size]).toEqual([0, 0]);
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

/** The key of an inquiry; of orders the one that sees those that have ended. */
const all = (ask: string): string =>
  ask.startsWith('QW.CA0990100.NAM/GROVELL') ? 'QPO' : (ask.split('.', 1)[0] ?? '');

it('every file walks', () => {
  const walked = lives.map(({ key }) => tables.kinds.get(key)?.file);
  expect(new Set(walked)).toEqual(new Set(ncicFiles));
});
