import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyRegisterChanges, emptyRegister, type Register } from '#journal/register';
import { describeChanges, diffRegister } from '#src/access/register-diff';
import { exampleToml, mnemonic, ori, person, registerOf } from './register-help.ts';

const agency = fc.record({
  ori: fc.constantFrom(ori('CA0990100'), ori('CA0990200'), ori('CA0990300')),
  name: fc.string({ minLength: 1, maxLength: 3 }),
  state: fc.constantFrom('active' as const, 'suspended' as const),
  mayUse: fc.subarray([ori('CA0990200'), ori('CA0990300')]),
  mnemonic: fc.option(fc.constantFrom(mnemonic('QZ01'), mnemonic('QZ02')), { nil: undefined }),
});
const pool = fc.record({
  name: fc.constantFrom('MDT', 'CAR', 'BIKE'),
  mnemonics: fc.shuffledSubarray([mnemonic('QM01'), mnemonic('QM02'), mnemonic('QM03')]),
  sharing: fc.constantFrom('exclusive' as const, 'shared' as const),
});
const operator = fc.record({
  login: fc.constantFrom('root', 'ann'),
  roles: fc.subarray(['operator', 'supervisor', 'auditor', 'admin'] as const),
});
const register: fc.Arbitrary<Register> = fc
  .record({
    agencies: fc.array(agency, { maxLength: 3 }),
    pools: fc.array(pool, { maxLength: 3 }),
    operators: fc.array(operator, { maxLength: 2 }),
    people: fc.subarray([person('jdoe', 'J10442'), person('mroe', 'M20817')]),
  })
  .map(({ agencies, pools, operators, people }) => ({
    ...emptyRegister(),
    agency: new Map(agencies.map((record) => [record.ori, record])),
    pool: new Map(pools.map((record) => [record.name, record])),
    operator: new Map(operators.map((record) => [record.login, record])),
    person: new Map(people.map((record) => [record.user, record])),
  }));

/** Without members that are undefined, which a journal does not keep. */
const plain = (one: Register): unknown =>
  Object.entries(one).map(([table, records]) => [
    table,
    JSON.parse(JSON.stringify([...records].sort(([a], [b]) => (a < b ? -1 : 1)))) as unknown,
  ]);

describe('the difference of two registers', () => {
  it('leads from the one to the other', () => {
    fc.assert(
      fc.property(register, register, (current, wanted) => {
        const moved = structuredClone(current);
        const changes = diffRegister(current, wanted);
        applyRegisterChanges(moved, changes);
        expect(plain(moved)).toEqual(plain(wanted));
        expect(describeChanges(changes, current)).toHaveLength(changes.length);
      }),
    );
  });

  it('is nothing between equals, also after a turn through the journal', () => {
    fc.assert(
      fc.property(register, (one) => {
        const changes = diffRegister(emptyRegister(), one);
        const replayed = emptyRegister();
        applyRegisterChanges(replayed, JSON.parse(JSON.stringify(changes)) as typeof changes);
        expect(diffRegister(replayed, one)).toEqual([]);
        expect(diffRegister(one, structuredClone(one))).toEqual([]);
      }),
    );
  });

  it('puts what is referred to before what refers, and removes it after', () => {
    const tables = (changes: ReturnType<typeof diffRegister>) => [
      ...new Set(changes.map(({ op, table }) => `${op} ${table}`)),
    ];
    const full = registerOf(exampleToml);
    expect(tables(diffRegister(emptyRegister(), full))).toEqual(
      ['agency', 'mnemonic', 'pool', 'station', 'operator'].map((table) => `put ${table}`),
    );
    expect(tables(diffRegister(full, emptyRegister()))).toEqual(
      ['operator', 'station', 'pool', 'mnemonic', 'agency'].map((table) => `remove ${table}`),
    );
  });

  it('is told member by member', () => {
    const current = registerOf(exampleToml);
    const toml = exampleToml
      .replace('place = "Dispatch, west desk"', 'place = "Dispatch, east desk"\nstate = "disabled"')
      .replace('QP01 = { agency = "CA0990100", takes = ["AM"] }', 'QP01 = { agency = "CA0990100" }')
      .replace('[operators.root]', '[operators.ann]');
    const wanted = registerOf(toml);
    expect(describeChanges(diffRegister(current, wanted), current)).toEqual([
      { op: 'change', table: 'mnemonic', key: 'QP01', text: 'takes AM → none' },
      {
        op: 'change',
        table: 'station',
        key: 'DEMO-DISP-01',
        text: 'state enabled → disabled; place Dispatch, west desk → Dispatch, east desk',
      },
      {
        op: 'add',
        table: 'operator',
        key: 'ann',
        text: 'login ann; roles operator supervisor auditor admin',
      },
      { op: 'remove', table: 'operator', key: 'root', text: '' },
    ]);
  });
});
