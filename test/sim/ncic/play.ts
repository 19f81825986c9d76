// The host and the model beside one another: each step is told to both, and what both find is compared.

import { expect } from 'vitest';
import { entries } from './entries.ts';
import { dateOf, locate, Model, remove } from './model.ts';
import type { Entered, Fields, Kind, Known, Question } from './model.ts';
import { openRoom, text } from './room.ts';
import type { Room } from './room.ts';

export const kinds = Object.keys({
  ...{ EV: 1, EL: 1, EP: 1, EB: 1, EG: 1, EA: 1 },
  ...{ ES: 1, EW: 1, EMO: 1, EUD: 1, EPO: 1, EID: 1 },
} satisfies Record<Kind, 1>) as readonly Kind[]; // The keys of a record of kinds are kinds.

/** What happens; the numbers choose among a few values, so that records meet. */
export type Step =
  | { readonly do: 'enter'; readonly kind: Kind; readonly ori: number; readonly picks: Picks }
  | { readonly do: 'change' | 'locate'; readonly which: number; readonly to: number }
  | { readonly do: 'clear' | 'cancel'; readonly which: number }
  | { readonly do: 'alias' | 'drop-alias'; readonly which: number; readonly to: number }
  | { readonly do: 'turn'; readonly days: number }
  | { readonly do: 'reopen' };

/** Which value a field of a new record gets; the number is taken round the list. */
export type Picks = readonly [number, number, number];

const owners = ['NV0990200', 'CA0990100', 'OR0990300'] as const;
const plates = ['7SIM001', '7SIMOO1', '7SIM002'];
const vins = [
  '',
  '9ZZTS7X41KN200417',
  '9ZZTS7X41KN2OO417',
  '1QQTS7X41LN200417',
  '2AATS7X41KN200417',
];
const serials = ['ZZ1001', 'ZZ10O1', 'ZZ1002'];
const guns = ['A12B34', 'A1234', 'AX1234', '1O34', '1034'];
const sexes = ['M', 'F', 'U'];
const people = [
  ['QUILLBRAND, OSRIC', '19910307'],
  ['QUILBRAND, O', '19910307'],
  ['QUILLBRAND, ADA', '19920307'],
  ['MARROWBY, TESSA', '19910307'],
] as const;
const numbers = ['', '000990041', '000990042'];
const heights = ['600', '605', '606'];
const pick = (values: readonly string[], at: number): string => values[at % values.length] ?? '';

/** The keys of each kind: locate, clear, cancel, add and drop an alias, inquiry. */
const keys: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  EV: { change: 'MV', locate: 'LV', clear: 'CV', cancel: 'XV', ask: 'QV' },
  EL: { change: 'ML', locate: 'LL', clear: 'CL', cancel: 'XL', ask: 'QV' },
  EP: { change: 'MP', locate: 'LP', clear: 'CP', cancel: 'XP', ask: 'QV' },
  EB: { change: 'MB', locate: 'LB', clear: 'CB', cancel: 'XB', ask: 'QB' },
  EG: { change: 'MG', locate: 'LG', clear: 'CG', cancel: 'XG', ask: 'QG' },
  EA: { change: 'MA', locate: 'LA', clear: 'CA', cancel: 'XA', ask: 'QA' },
  ES: { change: 'MS', locate: 'LS', clear: 'CS', cancel: 'XS', ask: 'QS' },
  EW: { change: 'MW', locate: 'LW', clear: 'CW', cancel: 'XW', ask: 'QW', add: 'EN', drop: 'XN' },
  EMO: {
    change: 'MM',
    locate: 'LM',
    clear: 'CM',
    cancel: 'XM',
    ask: 'QM',
    add: 'EMN',
    drop: 'XMN',
  },
  EUD: { change: 'MU', clear: 'CU', cancel: 'XU', ask: 'QU' },
  EPO: { change: 'MPO', clear: 'CPO', cancel: 'XPO', ask: 'QPO', add: 'ENPO', drop: 'XNPO' },
  EID: { change: 'MID', cancel: 'XID', ask: 'QID', add: 'EIDN', drop: 'XIDN' },
};

/** What a change gives a record of a kind. */
const changed: Readonly<Record<Kind, readonly [code: string, values: readonly string[]]>> = {
  EV: ['LIC', plates],
  EL: ['LIC', plates],
  EP: ['SER', serials],
  EB: ['REG', serials],
  EG: ['SER', guns],
  EA: ['TYP', ['DCOMPUT', 'CCAMERA', 'YTOOLBX']],
  ES: ['DEN', ['100', '50']],
  EW: ['SEX', sexes],
  EMO: ['SEX', sexes],
  EUD: ['HGT', heights],
  EPO: ['SEX', sexes],
  EID: ['SEX', sexes],
};

export class Play {
  #room: Room;
  readonly #path: string;
  readonly #model = new Model();
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
      case 'enter':
        return this.#enter(one.kind, owners[one.ori % 3] ?? owners[0], one.picks);
      case 'change':
        return this.#change(one.which, one.to);
      case 'locate':
        return this.#locate(one.which, one.to);
      case 'clear':
      case 'cancel':
        return this.#remove(one.which, one.do);
      case 'alias':
      case 'drop-alias':
        return this.#alias(one.which, one.to, one.do === 'alias');
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
    const { atMs } = this.#room;
    for (const question of [...questions, ...this.#model.known.map(byNic)]) {
      const asked = `${question.key}.CA0990100.${text(question.fields)}`;
      const found = this.#room.ask(asked).flatMap((line) => /^NIC\/(\S+)/.exec(line)?.[1] ?? []);
      const expected = this.#model.find(question, atMs);
      // Asked a hundred times for each step: the words of a difference are made where there is one.
      if (found.toSorted().join() !== expected.join())
        expect([asked, ...found.toSorted()]).toEqual([asked, ...expected]);
    }
  }

  #enter(kind: Kind, ori: string, picks: Picks): void {
    const { atMs } = this.#room;
    this.#count += 1;
    const OCA = `P-${String(1000 + this.#count)}`;
    const fields: Fields = { ...entries[kind], ...fresh(kind, picks, atMs), OCA };
    const given = Object.entries(fields).filter(([, value]) => value !== '');
    const entered: Entered = { kind, ori, fields: Object.fromEntries(given) };
    const [line = ''] = this.#room.ask(`${kind}.${ori}.${text(entered.fields)}`);
    if (this.#model.isOnFile(entered, atMs)) return this.#expect(entered, line, /^REJ - ON FILE$/);
    this.#expect(entered, line, /^NIC\/[A-Z]\d{9} /);
    this.#model.enter(entered, line.slice(4, 14), atMs);
  }

  #change(which: number, to: number): void {
    const known = this.#pick(which);
    if (known === undefined) return;
    const [code, values] = changed[known.kind];
    const fields: Fields = { ...known.fields, [code]: pick(values, to) };
    const line = this.#say(known, 'change', `.${code}/${pick(values, to)}`);
    const onFile = this.#model.isOnFile({ ...known, fields }, this.#room.atMs, known);
    this.#expect(known, line, onFile ? /^REJ - ON FILE$/ : /^MODIFY /);
    if (!onFile) known.fields = fields;
  }

  #locate(which: number, to: number): void {
    const known = this.#pick(which, ({ kind }) => keys[kind]['locate'] !== undefined);
    if (known === undefined) return;
    const [ori, stays] = [owners[to % 3] ?? owners[0], to >= 3];
    const want = known.kind === 'EW' ? `.DIS/${stays ? 'DETN' : 'EXTR'}` : '';
    const line = this.#say({ ...known, ori }, 'locate', `.DOR/${this.#today()}${want}`);
    if (ori === known.ori) return this.#expect(known, line, /^REJ - OWN RECORD$/);
    if (known.located && known.kind !== 'EW')
      return this.#expect(known, line, /^REJ - ALREADY LOCATED$/);
    this.#expect(known, line, /^LOCATE /);
    locate(known, this.#room.atMs, stays);
  }

  #remove(which: number, how: 'clear' | 'cancel'): void {
    const known = this.#pick(which, ({ kind }) => keys[kind][how] !== undefined);
    if (known === undefined) return;
    const code = how === 'clear' ? 'DCL' : 'DOC';
    const line = this.#say(known, how, `.${code}/${this.#today()}`);
    this.#expect(known, line, how === 'clear' ? /^CLEAR / : /^CANCEL /);
    remove(known, this.#room.atMs, how);
  }

  #alias(which: number, to: number, adds: boolean): void {
    const known = this.#pick(which, ({ kind, aliases }) =>
      adds ? keys[kind]['add'] !== undefined : aliases.length > 0,
    );
    if (known === undefined) return;
    const name = pick(adds ? people.map(([each]) => each) : known.aliases, to);
    const items = `.NAM/${known.fields['NAM'] ?? ''}.AKA/${name}`;
    this.#expect(known, this.#say(known, adds ? 'add' : 'drop', items), /^SUPPLEMENTAL /);
    const others = known.aliases.filter((each) => each !== name);
    known.aliases = adds ? [...others, name] : others;
  }

  #pick(which: number, may: (known: Known) => boolean = () => true): Known | undefined {
    const active = this.#model.active(this.#room.atMs).filter(may);
    return active[which % Math.max(1, active.length)];
  }

  /** The first line of what is said to a message about a record. */
  #say({ kind, ori, nic, fields }: Known, action: string, rest: string): string {
    const key = keys[kind][action] ?? '';
    return this.#room.ask(`${key}.${ori}.NIC/${nic}.OCA/${fields['OCA'] ?? ''}${rest}`)[0] ?? '';
  }

  #expect(about: Entered, line: string, like: RegExp): void {
    expect(line, JSON.stringify(about)).toMatch(like);
  }

  #today = (): string => dateOf(this.#room.atMs);
}

/** What a new record has of its own. */
function fresh(kind: Kind, [a, b, c]: Picks, atMs: number): Fields {
  const [NAM, DOB] = people[a % people.length] ?? people[0];
  const person = { NAM, DOB, SEX: pick(sexes, b), SOC: pick(numbers, c) };
  const inDays = (days: number): string => dateOf(atMs + days * 86_400_000);
  switch (kind) {
    case 'EV': {
      const VIN = pick(vins, b);
      return { LIC: pick(plates, a), VIN, VYR: VIN === '' ? '' : '2019' };
    }
    case 'EL':
      return { LIC: pick(plates, a), LIY: pick(['NX', inDays(0).slice(0, 4)], b) };
    case 'EP':
      return { SER: pick(serials, a) };
    case 'EB':
      return { REG: pick(serials, a), BHN: pick(['', ...serials], b) };
    case 'EG':
      return { SER: pick(guns, a) };
    case 'EA': {
      const number = pick(serials, b);
      const TYP = pick(['DCOMPUT', 'CCAMERA', 'YTOOLBX'], a);
      return c % 2 === 0 ? { TYP, SER: number } : { TYP, SER: '', OAN: number };
    }
    case 'ES':
      return { TYP: pick(['FR', 'TC'], a), SER: pick(serials, b), DEN: pick(['100', '50'], c) };
    case 'EW':
      return { ...person, ...(b % 2 === 0 ? {} : { EXL: 'D', MIS: 'IN STATE' }) };
    case 'EMO':
      return person;
    case 'EUD':
      return { SEX: pick(sexes, b), HGT: pick(heights, a), BPS: pick(['ALL', 'SKL'], c) };
    case 'EPO':
      return {
        ...{ ...person, PNO: pick(['PO1', 'PO2'], c), ISD: inDays(b % 2 === 0 ? 0 : 10) },
        EXP: c % 3 === 0 ? 'NONEXP' : inDays(30),
      };
    case 'EID':
      return { ...person, DOP: inDays(c % 2 === 0 ? 100 : 1500) };
  }
}

const byNic = ({ kind, nic }: Known): Question => ({
  key: keys[kind]['ask'] ?? '',
  fields: { NIC: nic },
});

const each = (key: string, code: string, values: readonly string[]): readonly Question[] =>
  values.filter((value) => value !== '').map((value) => ({ key, fields: { [code]: value } }));

const named: readonly Fields[] = people.flatMap(([NAM, DOB]) => [
  ...sexes.map((SEX) => ({ NAM, DOB, SEX })),
  { NAM, DOB, SEX: 'M', EBS: '1' },
]);
const body = { RAC: 'W', WGT: '210', EYE: 'GRN', HAI: 'BRO' };

const questions: readonly Question[] = [
  ...each('QV', 'LIC', plates),
  { key: 'QV', fields: { LIC: plates[0] ?? '', LIS: 'CA' } },
  ...each('QV', 'VIN', vins),
  ...each('QV', 'SER', serials),
  ...['BHN', 'REG', 'SER'].flatMap((code) => each('QB', code, serials)),
  ...each('QG', 'SER', [...guns, 'A1X234', '1A034']),
  ...['DRADIOX', 'CLENSES', 'RTELEVI'].flatMap((TYP) =>
    serials.flatMap((number) => [
      { key: 'QA', fields: { TYP, SER: number } },
      { key: 'QA', fields: { TYP, OAN: number } },
    ]),
  ),
  ...['FR', 'TC'].flatMap((TYP) => [
    ...serials.flatMap((SER) =>
      ['100', '50'].map((DEN) => ({ key: 'QS', fields: { TYP, SER, DEN } })),
    ),
    { key: 'QS', fields: { TYP, OWN: 'TESTBURG BANK' } },
  ]),
  ...['QW', 'QWA', 'QM', 'QPO', 'QID'].flatMap((key) => [
    ...named.map((fields) => ({ key, fields })),
    ...each(key, 'SOC', numbers),
  ]),
  ...each('QPO', 'PNO', ['PO1', 'PO2']),
  ...each('QU', 'BPS', ['ALL', 'SKL']),
  ...sexes.flatMap((SEX) => [
    { key: 'QU', fields: { SEX, HGT: '602', ...body } },
    ...['39', '41'].map((AGE) => ({ key: 'QM', fields: { AGE, SEX, HGT: '602', ...body } })),
  ]),
];
