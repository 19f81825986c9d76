// A world comes from its seed alone, looks invented, and says one thing about one person everywhere.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editFields } from '#protocol/edits';
import { keyTable } from '#protocol/keys';
import { isNic } from '../../../src/sim/ncic/nic.ts';
import { isNcicFile } from './ncic-kinds.ts';
import { valueOf } from '../../../src/sim/ncic/record.ts';
import type { NewRecord } from '../../../src/sim/ncic/record.ts';
import { yearsBetween } from '../../../src/sim/world/calendar.ts';
import { Chance, scattered } from '../../../src/sim/world/chance.ts';
import { inventHousehold } from '../../../src/sim/world/household.ts';
import { peopleMax } from '../../../src/sim/world/person.ts';
import { vinCheck, withWrongCheck } from '../../../src/sim/world/vin.ts';
import { recordsIn } from '../../../src/sim/world/words.ts';
import type { Household } from '../../../src/sim/world/words.ts';
import { digestOf, given, parts, peopleOf, worldOf } from './worlds.ts';

const seeds = fc.integer({ min: 0, max: 9_999_999 });
const ids = fc.integer({ min: 0, max: peopleMax - 1 });

describe('a seed', () => {
  it('gives the same world again, and another seed another one', () => {
    const first = digestOf(peopleOf(5, 3_000));
    expect(digestOf(peopleOf(5, 3_000))).toBe(first);
    expect(digestOf(peopleOf(6, 3_000))).not.toBe(first);
  });

  it('keeps its first people when the world grows', () => {
    const [small, large] = [peopleOf(9, 1_000), peopleOf(9, 4_000)];
    expect(large.length).toBeGreaterThan(small.length);
    expect(large.slice(0, small.length)).toEqual(small);
  });

  it('gives a person without any of those before', () => {
    const world = worldOf(11, 2_000);
    const all = [...world.households()].slice(world.founders.length);
    const realm = { parts, directory: world.directory, seed: 11 };
    for (const id of [all.length - 1, 0, 77]) expect(inventHousehold(realm, id)).toEqual(all[id]);
  });

  it('has as many records as asked for, up to one person more', () => {
    const people = peopleOf(2, 2_500);
    const counts = people.map(recordsIn);
    const sum = counts.reduce((total, each) => total + each, given.length);
    expect(sum).toBeGreaterThanOrEqual(2_500);
    expect(sum - (counts.at(-1) ?? 0)).toBeLessThan(2_500);
  });

  it('scatters every domain without a number that comes twice', () => {
    const gcd = (one: number, other: number): number =>
      other === 0 ? one : gcd(other, one % other);
    for (const domain of [2_980_000, 989_999, 4_000_000, 9_899_999]) {
      const apart = (at: number): number =>
        (scattered(at + 1, domain, 42) - scattered(at, domain, 42) + domain) % domain;
      // Steps of one size that shares no divisor with the domain come everywhere once.
      expect(gcd(apart(0), domain)).toBe(1);
      fc.assert(
        fc.property(fc.nat(domain - 2), (at) => {
          expect(apart(at)).toBe(apart(0));
        }),
      );
    }
  });

  it('chooses evenly', () => {
    const chance = new Chance(1, 2);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const at = chance.below(10);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    for (const each of counts) expect(Math.abs(each - 2_000)).toBeLessThan(250);
  });
});

describe('what looks invented', () => {
  it('is so for every person of every seed', () => {
    const { directory } = worldOf(1, 1);
    fc.assert(
      fc.property(seeds, ids, (seed, id) => {
        looksInvented(inventHousehold({ parts, directory, seed }, id));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is so for the people behind the contract, their vehicles, and for the agencies', () => {
    const world = worldOf(1, 1);
    for (const { vehicles } of world.founders)
      for (const { vin } of vehicles) expect([vin, vin[8]]).not.toEqual([vin, vinCheck(vin)]);
    expect(world.founders.length).toBeGreaterThan(30);
    for (const { person, licence } of world.founders) {
      expect(person.soc).toMatch(/^000\d{6}$/);
      expect(licence.oln).toMatch(/^[A-Z]99\d{5}$/);
    }
    for (const { ori, phone, state } of world.directory.all) {
      expect(ori).toMatch(new RegExp(`^${state}099[0-9]{2}[0-9]{1,2}[0-9J]?$`));
      expect(ori).toHaveLength(9);
      expect(phone).toMatch(/^\d{3} 555-01\d\d$/);
    }
    const oris = world.directory.all.map(({ ori }) => ori);
    expect(new Set(oris).size).toBe(oris.length);
  });

  it('knows the check digit that it does not use', () => {
    // A number that is printed in every text about the matter.
    expect(vinCheck('1M8GDM9AXKP042788')).toBe('X');
    fc.assert(
      fc.property(fc.stringMatching(/^[A-HJ-NPR-Z0-9]{17}$/), (vin) => {
        const wrong = withWrongCheck(vin);
        expect(wrong[8]).not.toBe(vinCheck(wrong));
        expect(wrong).toHaveLength(17);
      }),
    );
  });

  function looksInvented({ person, licence, vehicles, records, history }: Household): void {
    expect(person.soc).toMatch(/^000\d{6}$/);
    expect(person.soc < '000990000').toBe(true);
    expect(licence.oln < 'Z9900000').toBe(true);
    expect(person.zip).toMatch(/^0000\d$/);
    for (const { vin, lic } of vehicles) {
      expect(vin).toMatch(/^9ZZ[A-Z0-9]{14}$/);
      expect(vin[8]).not.toBe(vinCheck(vin));
      expect(lic.slice(1, 4)).not.toMatch(/^(SIM|ZZZ)$/);
    }
    for (const record of records) {
      expect(record.ori.slice(2, 5)).toBe('099');
      expect(valueOf(record, 'CTI')?.slice(2, 5) ?? '099').toBe('099');
    }
    for (const { ori, charges } of history)
      for (const each of [ori, ...charges.map(({ court }) => court)])
        expect(each.slice(2, 5)).toBe('099');
  }
});

describe('one person', () => {
  const { directory, founders } = worldOf(1, 1);

  it('of the contract has a licence, a vehicle and a history where wanted, an owner where stolen', () => {
    for (const record of given) {
      const said = (code: string): string | undefined => valueOf(record, code);
      const wanted = founders.find(
        ({ person }) => person.nam === said('NAM') && person.dob === said('DOB'),
      );
      if (record.kind === 'EW') {
        expect([undefined, wanted?.licence.oln]).toContain(said('OLN'));
        expect(wanted?.vehicles.length).toBe(1);
        expect(wanted?.history.length).toBeGreaterThan(0);
      }
      const owner = founders.find(({ vehicles }) =>
        vehicles.some(({ lic, lis }) => lic === said('LIC') && lis === said('LIS')),
      );
      if (said('LIC') !== undefined) expect(owner?.licence.oln).toMatch(/^[A-Z]99/);
    }
  });

  it('is the same in every file, whatever the seed', () => {
    fc.assert(
      fc.property(seeds, ids, (seed, id) => {
        agrees(inventHousehold({ parts, directory, seed }, id));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has numbers that nobody else of the world has', () => {
    const people = peopleOf(3, 60_000);
    const unique = (values: readonly (string | undefined)[]): void => {
      const there = values.filter((value) => value !== undefined);
      expect(new Set(there).size).toBe(there.length);
    };
    unique(people.map(({ person }) => person.id.toString()));
    unique(people.map(({ licence }) => licence.oln));
    unique(people.map(({ person }) => person.soc));
    unique(people.map(({ person }) => person.fbi));
    unique(people.map(({ person }) => person.sid));
    unique(people.flatMap(({ vehicles }) => vehicles.map(({ vin }) => vin)));
    // What NCIC compares of them.
    unique(people.slice(60).flatMap(({ vehicles }) => vehicles.map(({ vin }) => vin.slice(-8))));
    unique(people.slice(60).flatMap(({ vehicles }) => vehicles.map(({ lic }) => lic)));
    unique(people.flatMap(({ boats }) => boats.map(({ reg }) => reg)));
    unique(people.flatMap(({ records }) => records.map(({ nic }) => nic)));
  });

  it('may have a namesake of the same birth and sex', () => {
    const seen = new Map<string, number>();
    for (const { person } of peopleOf(4, 20_000)) {
      const key = `${person.nam} ${person.dob} ${person.sex}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect([...seen.values()].filter((count) => count > 1).length).toBeGreaterThan(10);
  });

  function agrees({ person, licence, vehicles, boats, records, history }: Household): void {
    expect(licence.ols).toBe(person.state);
    const young = yearsBetween(person.dob, parts.today) < 16;
    expect(licence.cls).toBe(young ? 'ID' : 'C');
    if (young) expect([...vehicles, ...boats]).toEqual([]);
    expect(history.length > 0).toBe(person.fbi !== undefined && person.sid !== undefined);
    for (const cycle of history)
      expect(yearsBetween(person.dob, cycle.date)).toBeGreaterThanOrEqual(18);
    for (const record of records) sayTheSame(record, { person, licence, vehicles, boats });
  }

  /** What a record says of a person, a vehicle or a boat is what the departments say. */
  function sayTheSame(
    record: NewRecord,
    { person, licence, vehicles, boats }: Omit<Household, 'records' | 'history'>,
  ): void {
    const said = (code: string): string | undefined => valueOf(record, code);
    if (said('NAM') !== undefined) {
      const { nam, dob, sex, rac, hgt, eye, fbi, soc } = person;
      expect(['NAM', 'DOB', 'SEX', 'RAC', 'HGT', 'EYE', 'FBI', 'SOC'].map(said)).toEqual([
        ...[nam, dob, sex, rac, hgt, eye, fbi, soc],
      ]);
      expect([undefined, licence.oln]).toContain(said('OLN'));
      expect([undefined, licence.oly]).toContain(said('OLY'));
    }
    if (said('LIC') !== undefined) {
      const owned = vehicles.find(({ lic }) => lic === said('LIC'));
      expect([owned?.lis, owned?.lit]).toEqual([said('LIS'), said('LIT')]);
      expect([undefined, owned?.vin]).toContain(said('VIN'));
    }
    if (said('BHN') !== undefined)
      expect(boats.map(({ bhn, reg }) => [bhn, reg])).toContainEqual([said('BHN'), said('REG')]);
  }
});

describe('a record of NCIC', () => {
  it('passes the edits of its entry key, and its number fits its file', () => {
    let seen = 0;
    for (const { records } of peopleOf(8, 20_000))
      for (const record of records) {
        const key = keyTable.get(record.kind);
        const fields = record.fields.map(([code, value]) => ({ code, value, at: 0 }));
        const edited = key === undefined ? undefined : editFields(key, fields, 0);
        expect(edited, `${record.kind} ${record.nic}`).toMatchObject({ ok: true });
        expect(isNic(record.nic, 'luhn')).toBe(true);
        expect(isNcicFile(record)).toBe(true);
        expect(record.updatedMs).toBeGreaterThanOrEqual(record.enteredMs);
        seen++;
      }
    expect(seen).toBeGreaterThan(4_000);
  });
});
