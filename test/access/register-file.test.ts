import { describe, expect, it } from 'vitest';
import { parseStationName } from '#protocol/ids';
import { emptyRegister } from '#journal/register';
import { parseRegisterFile, wantedRegister } from '#src/access/register-file';
import { exampleToml, person, registerOf } from './register-help.ts';

function problemsOf(toml: string): readonly string[] {
  const records = parseRegisterFile(toml);
  return records.ok ? [] : records.error.map(({ code, at }) => `${code} ${at}`);
}

describe('a register file', () => {
  it('gives records with composed TAFs and defaults', () => {
    const register = registerOf(exampleToml);
    expect(register.station.get('DEMO-DISP-01')).toEqual({
      name: 'DEMO-DISP-01',
      role: 'terminal',
      state: 'enabled',
      agency: 'CA0990100',
      fingerprints: [],
      mnemonics: ['QZ01'],
      pools: [],
      tafs: ['010020003045113AB7'],
      tafKind: 'ip12mac6',
      tafRequired: [],
      unattended: false,
      place: 'Dispatch, west desk',
    });
    expect(register.station.get('DEMO-CAD-01')?.tafs).toEqual(['113AB9', '223BC8']);
    expect(register.agency.get('CA0990100')?.mayUse).toEqual([]);
    expect(register.mnemonic.get('QM01')).toEqual({ mnemonic: 'QM01' });
    expect(register.pool.get('MDT')?.destination).toBe('QP01');
    expect(register.operator.get('root')?.roles).toContain('admin');
  });

  it('gives a station limits of its own for refusals (link S12)', () => {
    const own = 'refusals_stored_per_minute = 10\nrefusals_per_minute = 50';
    const parsed = parseRegisterFile(
      `[stations.X]\nrole = "printer"\nmnemonics = ["QP01"]\n${own}`,
    );
    expect(parsed.ok && parsed.value.station.get('X')).toMatchObject({
      refusalsStoredPerMinute: 10,
      refusalsPerMinute: 50,
    });
  });

  it.each([
    ['[agencies.CA0990100]', 'MSC-1301 agencies.CA0990100.name'],
    ['[agencies.CA099]\nname = "X"', 'MSC-1301 agencies.CA099'],
    ['[stations.A]\nrole = "phone"', 'MSC-1301 stations.A.role'],
    ['[stations.A]\nrole = "host"\nmnemonics = ["QZ1"]', 'MSC-1301 stations.A.mnemonics.0'],
    ['[stations.A]\nrole = "host"\nmnemonics = ["QZ01", "QZ01"]', 'MSC-1301 stations.A.mnemonics'],
    ['[stations.A]\nrole = "host"\nroles = "x"', 'MSC-1104 stations.A.roles'],
    [
      '[stations.A]\nrole = "host"\nmnemonic = "QZ01"\nmnemonics = ["QZ01"]',
      'MSC-1301 stations.A.mnemonic',
    ],
    ['[stations.A]\nrole = "terminal"\ntaf = { kind = "mac6" }', 'MSC-1301 stations.A.taf'],
    [
      '[stations.A]\nrole = "terminal"\ntaf = { kind = "ip8", ip = "1.2.3.999" }',
      'MSC-1301 stations.A.taf',
    ],
    [
      '[stations.A]\nrole = "terminal"\nfingerprints = ["AB"]',
      'MSC-1301 stations.A.fingerprints.0',
    ],
    ['[pools.P]\nmnemonics = []', 'MSC-1301 pools.P.mnemonics'],
    ['[mnemonics.QZ01]\nsends = ["qv"]', 'MSC-1301 mnemonics.QZ01.sends.0'],
    ['[operators.root]\nroles = []', 'MSC-1301 operators.root.roles'],
    ['[people.jdoe]\nname = "X"', 'MSC-1104 people'],
    ['[stations', 'MSC-1301 '],
  ])('is refused with the code and the record: %s', (toml, problem) => {
    expect(problemsOf(toml)).toContain(problem);
  });

  it('lists all that is wrong with it, with lines', () => {
    const toml = '[agencies.CA0990100]\n[stations.A]\nrole = "phone"\n[pool.X]\n';
    const records = parseRegisterFile(toml);
    const found = records.ok ? [] : records.error.map(({ line, sentence }) => [line, sentence]);
    expect(found).toEqual([
      [1, 'is missing; it must be 1 to 128 printable characters and blanks'],
      [3, 'must be one of "terminal", "printer", "host"'],
      [4, 'unknown key; did you mean pools?'],
    ]);
  });

  it('keeps people and the certificates of a station that stays', () => {
    const current = registerOf(exampleToml, [person('jdoe', 'J10442')]);
    const enrolled = { ...current, station: new Map(current.station) };
    const station = current.station.get('DEMO-DISP-01');
    if (station === undefined) throw new Error('the example has this station');
    const old = 'a'.repeat(64);
    enrolled.station.set('DEMO-DISP-01', { ...station, fingerprints: [old] });
    const gone = parseStationName('GONE-01');
    if (gone !== undefined) enrolled.station.set(gone, { ...station, name: gone });

    const added = 'b'.repeat(64);
    const toml = exampleToml.replace(
      'mnemonic = "QZ01"\ntaf',
      `mnemonic = "QZ01"\nfingerprints = ["${added}"]\ntaf`,
    );
    const records = parseRegisterFile(toml);
    if (!records.ok) throw new Error(JSON.stringify(records.error));
    const wanted = wantedRegister(enrolled, records.value);
    expect(wanted.station.get('DEMO-DISP-01')?.fingerprints).toEqual([old, added]);
    expect(wanted.station.has('GONE-01')).toBe(false);
    expect([...wanted.person.keys()]).toEqual(['jdoe']);
    expect(wantedRegister(emptyRegister(), records.value).person.size).toBe(0);
  });
});
