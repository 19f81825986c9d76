import { describe, expect, it } from 'vitest';
import { keyTable } from '#protocol/keys';
import { buildPerson, type PersonWish } from '#src/access/person';
import { registerProblems } from '#src/access/register-rules';
import { exampleToml, ori, person, registerOf } from './register-help.ts';

function problemsOf(
  toml: string,
  people: Parameters<typeof registerOf>[1] = [],
): readonly string[] {
  return registerProblems(registerOf(toml, people), keyTable).map(
    ({ code, table, key }) => `${code} ${table} ${key}`,
  );
}

/** The example with one place changed. */
function changed(from: string, to: string): string {
  expect(exampleToml).toContain(from);
  return exampleToml.replace(from, to);
}

const terminal = (name: string, more: string) =>
  `\n[stations.${name}]\nrole = "terminal"\n${more}\n`;
const printer = (name: string, more: string) => `\n[stations.${name}]\nrole = "printer"\n${more}\n`;
const host = (name: string, more: string) => `\n[stations.${name}]\nrole = "host"\n${more}\n`;

describe('the rules between records', () => {
  it('hold for the example', () => {
    expect(problemsOf(exampleToml)).toEqual([]);
  });

  it.each([
    [
      'an agency whose mnemonic nobody serves',
      changed('mnemonic = "QZ03"\n\n#', 'mnemonic = "QM01"\n\n#'),
      'REFERENCE agency CA0990200',
    ],
    [
      'a station of an unknown agency',
      exampleToml.replaceAll('agency = "CA0990200"', 'agency = "CA0990300"'),
      'REFERENCE station DEMO-DISP-03',
    ],
    [
      'a station with an unknown mnemonic',
      exampleToml + terminal('T', 'mnemonic = "QZ99"'),
      'REFERENCE station T',
    ],
    [
      'a station with an unknown pool',
      exampleToml + terminal('T', 'pools = ["NONE"]'),
      'REFERENCE station T',
    ],
    [
      'a mnemonic of an unknown agency',
      changed('QP01 = { agency = "CA0990100"', 'QP01 = { agency = "CA0990900"'),
      'REFERENCE mnemonic QP01',
    ],
    [
      'a pool with an unknown mnemonic',
      changed('["QM01", "QM02"]', '["QM01", "QM09"]'),
      'REFERENCE pool MDT',
    ],
    [
      'taf_required for what is not its own',
      changed('taf_required = ["QC02"]', 'taf_required = ["QZ01"]'),
      'REFERENCE station DEMO-CAD-01',
    ],
    [
      'two terminals at one mnemonic',
      exampleToml + terminal('T', 'mnemonic = "QZ01"'),
      'TAKEN station T',
    ],
    [
      'a terminal and a host at one mnemonic',
      exampleToml + host('H', 'mnemonics = ["QZ01"]'),
      'TAKEN station H',
    ],
    [
      'two printers at one mnemonic',
      exampleToml + printer('P', 'mnemonics = ["QP01"]'),
      'TAKEN station P',
    ],
    [
      'two stations with one TAF',
      exampleToml + host('H', 'mnemonics = ["QC01"]\ntafs = ["DISP03WEST"]'),
      'TAKEN station H',
    ],
    [
      'two stations with one certificate',
      exampleToml +
        host('A', `mnemonics = ["QZ09"]\nfingerprints = ["${'a'.repeat(64)}"]`) +
        host('B', `mnemonics = ["QZ08"]\nfingerprints = ["${'a'.repeat(64)}"]`),
      'TAKEN station B',
    ],
    [
      'a mnemonic in two pools',
      `${exampleToml}\n[pools.CAR]\nmnemonics = ["QM01"]\n`,
      'TAKEN pool CAR',
    ],
    [
      'a printer that borrows',
      exampleToml + printer('P', 'mnemonics = ["QP01"]\npools = ["MDT"]'),
      'ROLE station P',
    ],
    [
      'a printer with a TAF',
      exampleToml + printer('P', 'mnemonics = ["QP01"]\ntafs = ["ABCDEF"]'),
      'ROLE station P',
    ],
    ['a printer without a mnemonic', exampleToml + printer('P', ''), 'ROLE station P'],
    [
      'a terminal with several mnemonics',
      exampleToml + terminal('T', 'mnemonics = ["QZ01", "QZ02"]'),
      'ROLE station T',
    ],
    [
      'a terminal with neither mnemonic nor pool',
      exampleToml + terminal('T', ''),
      'ROLE station T',
    ],
    [
      'a terminal with both',
      exampleToml + terminal('T', 'mnemonic = "QZ01"\npools = ["MDT"]'),
      'ROLE station T',
    ],
    [
      'a terminal with taf_required',
      changed('mnemonic = "QZ02"', 'mnemonic = "QZ02"\ntaf_required = ["QZ02"]'),
      'ROLE station DEMO-DISP-02',
    ],
    [
      'a pooled terminal that takes unattended',
      changed('pools = ["MDT"]', 'pools = ["MDT"]\nunattended = true'),
      'ROLE station DEMO-MDT-01',
    ],
    [
      'a host that must send a TAF and has none',
      changed('tafs = ["113AB9", "223BC8"]\n', ''),
      'ROLE station DEMO-CAD-01',
    ],
    [
      'a mnemonic nobody serves',
      changed('QM01 = {}', 'QM01 = {}\nQZ77 = { agency = "CA0990100" }'),
      'MNEMONIC mnemonic QZ77',
    ],
    [
      'a static mnemonic without agency',
      changed('QZ02 = { agency = "CA0990100" }', 'QZ02 = {}'),
      'MNEMONIC mnemonic QZ02',
    ],
    [
      'a pooled mnemonic with an agency',
      changed('QM01 = {}', 'QM01 = { agency = "CA0990100" }'),
      'MNEMONIC mnemonic QM01',
    ],
    [
      'a pool that lends a static mnemonic',
      changed('["QM01", "QM02"]', '["QM01", "QM02", "QZ01"]'),
      'POOL pool MDT',
    ],
    [
      'a destination that a pool lends',
      changed('destination = "QP01"', 'destination = "QM02"'),
      'POOL pool MDT',
    ],
    [
      'a destination nobody serves',
      changed('destination = "QP01"', 'destination = "QP09"'),
      'POOL pool MDT',
    ],
    ['a reserved word', exampleToml.replaceAll('QP01', 'TEST'), 'RESERVED mnemonic TEST'],
    ['an unknown key', changed('takes = ["AM"]', 'takes = ["ZZZZZ"]'), 'KEY mnemonic QP01'],
    [
      'an unknown group',
      changed('takes = ["AM"]', 'takes = ["@no-such-group"]'),
      'KEY mnemonic QP01',
    ],
  ])('refuse %s', (_, toml, problem) => {
    expect(problemsOf(toml)).toContain(problem);
  });

  it('allow a printer beside a terminal, and one printer for several terminals', () => {
    const toml = changed('mnemonics = ["QP01"]', 'mnemonics = ["QP01", "QZ01", "QZ02"]');
    expect(problemsOf(toml)).toEqual([]);
  });

  it('refuse to take away what people stand on', () => {
    const jdoe = person('jdoe', 'J10442', { agency: ori('CA0990300') });
    const mroe = person('mroe', 'M20817', { pools: ['CAR'] });
    expect(problemsOf(exampleToml, [jdoe, mroe])).toEqual([
      'REFERENCE person jdoe',
      'REFERENCE person mroe',
    ]);
  });

  it('refuse two people with one OIF', () => {
    const people = [person('jdoe', 'J10442'), person('mroe', 'J10442', { state: 'disabled' })];
    expect(problemsOf(exampleToml, people)).toEqual(['TAKEN person mroe']);
  });
});

describe('a new person', () => {
  const wish: PersonWish = {
    user: 'mroe',
    name: 'ROE, MARY TEST',
    oif: 'M20817',
    agency: 'CA0990100',
    sends: ['QV', '@basic-inquiry', 'QV'],
    pools: ['MDT'],
    mustChange: true,
  };
  const register = registerOf(exampleToml, [person('jdoe', 'J10442')]);
  const build = (more: Partial<PersonWish>) =>
    buildPerson({ ...wish, ...more }, { register, keys: keyTable, credential: 'change-1' });

  it('becomes a record that names the change of the password', () => {
    expect(build({})).toEqual({
      ok: true,
      value: { ...wish, sends: ['QV', '@basic-inquiry'], state: 'enabled', credential: 'change-1' },
    });
  });

  it.each([
    [{ user: 'Mary' }],
    [{ user: '' }],
    [{ user: 'jdoe' }],
    [{ oif: 'M2081' }],
    [{ oif: 'm20817' }],
    [{ oif: 'J10442' }],
    [{ agency: 'CA0990900' }],
    [{ agency: 'CA' }],
    [{ pools: ['CAR'] }],
    [{ sends: ['NOKEY'] }],
    [{ name: '' }],
    [{ name: 'A\nB' }],
  ])('is refused for %j', (more) => {
    const built = build(more);
    expect(built.ok ? [] : built.error).toHaveLength(1);
  });

  it('is told everything at once', () => {
    const built = build({ user: 'jdoe', oif: 'J10442', pools: ['CAR'], sends: ['NOKEY'] });
    expect(built.ok ? [] : built.error).toHaveLength(4);
  });
});
