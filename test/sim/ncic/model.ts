// A simple model of NCIC beside the real one: it knows no index, no SQL and no table of retention. What
// both are told is a list of steps; what both find is compared after each turn of the clock.

import { expect } from 'vitest';
import { entries } from './entries.ts';
import { openRoom, text } from './room.ts';
import type { Room } from './room.ts';

const day = 86_400_000;
const owners = ['NV0990200', 'CA0990100', 'OR0990300'] as const;
const cars = ['7SIM001', '7SIMOO1', '7SIM002', '7SIM003'] as const;
const tails = ['KN200417', 'KN2OO417', 'LN200417'] as const;
const people = [
  ['QUILLBRAND, OSRIC', '19910307'],
  ['QUILBRAND, O', '19910307'],
  ['QUILLBRAND, ADA', '19920307'],
  ['MARROWBY, TESSA', '19910307'],
] as const;

/** One record as the model sees it: only what inquiries of this test look at. */
interface Known {
  readonly kind: 'EV' | 'EW' | 'EG';
  readonly ori: string;
  readonly oca: string;
  nic: string;
  lic: string;
  vin: string;
  names: string[];
  dob: string;
  sex: string;
  ser: string;
  /** The first moment it is no longer on file. */
  gone: number;
  located: boolean;
}

export type Step =
  | {
      readonly do: 'car';
      readonly ori: number;
      readonly lic: number;
      readonly vin: number | undefined;
    }
  | { readonly do: 'want'; readonly ori: number; readonly who: number; readonly sex: string }
  | { readonly do: 'gun'; readonly ori: number; readonly ser: string }
  | {
      readonly do: 'change' | 'locate' | 'clear' | 'cancel';
      readonly which: number;
      readonly to: number;
    }
  | { readonly do: 'alias'; readonly which: number; readonly who: number }
  | { readonly do: 'turn'; readonly days: number }
  | { readonly do: 'reopen' };

/** The host and the model beside one another. */
export class Play {
  #room: Room;
  readonly #path: string;
  readonly #known: Known[] = [];
  #count = 0;

  constructor(path: string) {
    this.#path = path;
    this.#room = openRoom({ path });
  }

  close(): void {
    this.#room.host.close();
  }

  take(one: Step): void {
    switch (one.do) {
      case 'car':
        return this.#enterCar(
          one.ori,
          cars[one.lic] ?? '',
          one.vin === undefined ? '' : `9ZZTS7X41${tails[one.vin] ?? ''}`,
        );
      case 'want':
        return this.#enterWant(one.ori, people[one.who] ?? people[0], one.sex);
      case 'gun':
        return this.#enterGun(one.ori, one.ser);
      case 'alias':
        return this.#addAlias(one.which, people[one.who]?.[0] ?? '');
      case 'change':
        return this.#change(one.which, one.to);
      case 'locate':
        return this.#locate(one.which, one.to);
      case 'clear':
      case 'cancel':
        return this.#remove(one.which, one.do);
      case 'turn':
        this.#room.turn(one.days);
        return this.compare();
      case 'reopen': {
        const { atMs } = this.#room;
        this.#room.host.close();
        this.#room = openRoom({ path: this.#path });
        this.#room.atMs = atMs;
        return this.compare();
      }
    }
  }

  /** Every question of this small world, asked of both. */
  compare(): void {
    for (const lic of cars)
      this.#same(
        `QV.CA0990100.LIC/${lic}`,
        (known) => zero(known.lic) === zero(lic) && known.lic !== '',
      );
    for (const tail of tails)
      this.#same(
        `QV.CA0990100.VIN/1QQQQ11Q1${tail}`,
        (known) => known.vin !== '' && zero(known.vin).endsWith(zero(tail)),
      );
    for (const ser of ['A1234', 'A1X234', 'AX1234', '1034', '1A034'])
      this.#same(
        `QG.CA0990100.SER/${ser}`,
        (known) => known.kind === 'EG' && gunNumber(known.ser) === gunNumber(ser),
      );
    for (const [name, dob] of people)
      for (const sex of ['M', 'F', 'U'])
        for (const wide of ['', '.EBS/1'])
          this.#same(`QW.CA0990100.NAM/${name}.DOB/${dob}.SEX/${sex}${wide}`, (known) =>
            this.#isWanted(known, { name, dob, sex, wide: wide !== '' }),
          );
    for (const known of this.#known)
      this.#same(
        `QV.CA0990100.NIC/${known.nic}`,
        (each) => each.nic === known.nic && each.kind !== 'EG',
      );
  }

  #isWanted(
    known: Known,
    asked: { name: string; dob: string; sex: string; wide: boolean },
  ): boolean {
    if (known.kind !== 'EW') return false;
    if (asked.sex !== 'U' && known.sex !== 'U' && asked.sex !== known.sex) return false;
    const years = Math.abs(Number(known.dob.slice(0, 4)) - Number(asked.dob.slice(0, 4)));
    const sameDay = known.dob.slice(4) === asked.dob.slice(4);
    if (!sameDay || years > (asked.wide ? 1 : 0)) return false;
    return known.names.some((name) => alike(name, asked.name));
  }

  #same(question: string, fits: (known: Known) => boolean): void {
    const found = this.#room
      .ask(question)
      .flatMap((line) => /^NIC\/(\S+)/.exec(line)?.[1] ?? [])
      .toSorted();
    const expected = this.#live()
      .filter(fits)
      .map(({ nic }) => nic)
      .toSorted();
    expect([question, ...found]).toEqual([question, ...expected]);
  }

  #live(): readonly Known[] {
    return this.#known.filter(({ gone }) => this.#room.atMs < gone);
  }

  #enterCar(owner: number, lic: string, vin: string): void {
    const fields = {
      ...entries.EV,
      LIC: lic,
      OCA: this.#oca(),
      ...{ VIN: vin, VYR: vin === '' ? '' : entries.EV.VYR },
    };
    const twin = this.#live().find(
      (known) =>
        known.kind === 'EV' &&
        (vin === '' ? zero(known.lic) === zero(lic) : zero(known.vin) === zero(vin)),
    );
    const gone = vin === '' ? this.#afterDays(91) : this.#afterYears(4);
    this.#enter('EV', owner, fields, { lic, vin, gone }, twin);
  }

  #enterWant(owner: number, [name, dob]: (typeof people)[number], sex: string): void {
    const fields = {
      ...entries.EW,
      SOC: '',
      NAM: name,
      DOB: dob,
      SEX: sex,
      OCA: this.#oca(),
    };
    const twin = this.#live().find(
      (known) =>
        known.kind === 'EW' &&
        known.ori === owners[owner] &&
        known.names[0] === name &&
        known.dob === dob,
    );
    this.#enter('EW', owner, fields, { names: [name], dob, sex }, twin);
  }

  #enterGun(owner: number, ser: string): void {
    const twin = this.#live().find((known) => known.kind === 'EG' && zero(known.ser) === zero(ser));
    this.#enter('EG', owner, { ...entries.EG, SER: ser, OCA: this.#oca() }, { ser }, twin);
  }

  #enter(
    kind: Known['kind'],
    owner: number,
    fields: Readonly<Record<string, string>>,
    known: Partial<Known>,
    twin: Known | undefined,
  ): void {
    const ori = owners[owner] ?? owners[0];
    const given = Object.entries(fields).filter(([, value]) => value !== '');
    const said = this.#room.ask(`${kind}.${ori}.${text(Object.fromEntries(given))}`);
    if (twin !== undefined) return expect(said[0]).toBe('REJ - ON FILE');
    const nic = /^NIC\/(\S+)/.exec(said[0] ?? '')?.[1];
    expect(said[0]).toMatch(/^NIC\//);
    const nothing = {
      lic: '',
      vin: '',
      names: [],
      dob: '',
      sex: '',
      ser: '',
      gone: Infinity,
      located: false,
    };
    this.#known.push({ kind, ori, oca: fields['OCA'] ?? '', nic: nic ?? '', ...nothing, ...known });
  }

  #pick(which: number): Known | undefined {
    const live = this.#live();
    return live[which % Math.max(1, live.length)];
  }

  #ids = ({ nic, oca }: Known): string => `NIC/${nic}.OCA/${oca}`;

  #change(which: number, to: number): void {
    const known = this.#pick(which);
    if (known?.kind !== 'EV') return;
    const lic = cars[to] ?? '';
    const twin = this.#live().some(
      (each) =>
        each !== known && each.kind === 'EV' && known.vin === '' && zero(each.lic) === zero(lic),
    );
    const said = this.#room.ask(`MV.${known.ori}.${this.#ids(known)}.LIC/${lic}`);
    expect(said[0]).toMatch(twin ? /^REJ - ON FILE/ : /^MODIFY /);
    if (!twin) known.lic = lic;
  }

  #addAlias(which: number, name: string): void {
    const known = this.#pick(which);
    if (known?.kind !== 'EW') return;
    const said = this.#room.ask(
      `EN.${known.ori}.${this.#ids(known)}.NAM/${known.names[0] ?? ''}.AKA/${name}`,
    );
    expect(said[0]).toMatch(/^SUPPLEMENTAL/);
    if (!known.names.slice(1).includes(name)) known.names.push(name);
  }

  #locate(which: number, by: number): void {
    const known = this.#pick(which);
    if (known === undefined) return;
    const ori = owners[by % 3] ?? owners[0];
    const want = known.kind === 'EW';
    const key = { EV: 'LV', EW: 'LW', EG: 'LG' }[known.kind];
    const said = this.#room.ask(
      `${key}.${ori}.${this.#ids(known)}.DOR/${this.#today()}${want ? '.DIS/EXTR' : ''}`,
    );
    if (ori === known.ori) return expect(said[0]).toBe('REJ - OWN RECORD');
    if (known.located && !want) return expect(said[0]).toBe('REJ - ALREADY LOCATED');
    expect(said[0]).toMatch(/^LOCATE /);
    known.located = true;
    const end = this.#afterDays(want ? 6 : 11);
    known.gone = want ? end : Math.min(known.gone, end);
  }

  #remove(which: number, how: 'clear' | 'cancel'): void {
    const known = this.#pick(which);
    if (known === undefined) return;
    const key = `${how === 'clear' ? 'C' : 'X'}${known.kind.slice(1)}`;
    const date = `${how === 'clear' ? 'DCL' : 'DOC'}/${this.#today()}`;
    expect(this.#room.ask(`${key}.${known.ori}.${this.#ids(known)}.${date}`)[0]).toMatch(
      /^(CLEAR|CANCEL) /,
    );
    known.gone = this.#room.atMs;
  }

  #oca(): string {
    this.#count += 1;
    return `P-${String(1000 + this.#count)}`;
  }

  #today(): string {
    return local(this.#room.atMs);
  }

  /** The first moment of the day so many days after today, in the county. */
  #afterDays(days: number): number {
    const noon = this.#room.atMs + days * day;
    // A day of the county is entered between the noons: it is enough to say on which noon it is gone.
    return noon - (noon % day) + 8 * 3_600_000;
  }

  #afterYears(years: number): number {
    return Date.UTC(Number(this.#today().slice(0, 4)) + years + 1, 0, 1, 8);
  }
}

const zero = (number: string): string => number.replaceAll('O', '0');

/** Soundex is not asked for here: names of this test sound alike when they share four letters. */
const alike = (one: string, other: string): boolean => {
  const [oneLast = '', oneFirst = ''] = one.split(', ');
  const [otherLast = '', otherFirst = ''] = other.split(', ');
  if (oneLast.slice(0, 3) !== otherLast.slice(0, 3)) return false;
  return oneFirst.startsWith(otherFirst) || otherFirst.startsWith(oneFirst);
};

/** Prefix, digits, suffix: letters between the digits are dropped. */
function gunNumber(serial: string): string {
  const folded = zero(serial);
  const first = folded.search(/\d/);
  const last =
    folded.length -
    1 -
    Array.from(folded)
      .reverse()
      .findIndex((each) => /\d/.test(each));
  const middle = folded.slice(first, last + 1).replaceAll(/\D/g, '');
  return folded.slice(0, first) + middle + folded.slice(last + 1);
}

/** The county's date of a noon: the clock of this test always stands at noon. */
const local = (atMs: number): string =>
  new Date(atMs - 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
