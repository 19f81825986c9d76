// nlets.md 4, 6, 7, 8: answers of other states, multi-state queries, texts; and that any octets are borne.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKinds } from '../../../src/sim/nlets/tables.ts';
import {
  after,
  ask,
  asker,
  from,
  minute,
  network,
  plate,
  rap,
  rule,
  tables,
  who,
} from './network.ts';

describe('queries and answers (7, 8)', () => {
  it.each([
    ['RQ', 'NV', plate, 'RR', 'OWNER: EXAMPLE,JORDAN'],
    ['RQ', 'NV', 'VIN/9ZZTS7X10KN204273', 'RR', 'LIC/4ZZZ141'],
    ['RNQ', 'NV', 'NAM/EXAMPLE, JORDAN', 'RNR', '3FAKE77'],
    ['RPQ', 'NV', 'LIC/3FAKE77', 'RPR', 'SUBA'],
    ['DQ', 'NV', who, 'DR', 'STATUS: SUSPENDED'],
    ['DQ', 'NV', 'OLN/9900000070', 'DR', 'DOE,TESTMAN'],
    ['DQ', 'NV', 'NAM/DOE, TESTMAN.DOB/010170.SEX/M', 'DR', 'DOE,TESTMAN'],
    ['DNQ', 'NV', 'NAM/DOE,TESTMAN', 'DNR', 'OLN/9900000070'],
    ['KQ', 'NV', 'OLN/9900000070', 'KR', 'SPEED 20 OVER'],
    ['BQ', 'NV', 'REG/NV0990ZZ', 'BR', 'ZZZ09900A131'],
    ['BQ', 'CG', 'REG/990099', 'BR', 'FICTION,SAM'],
    ['SQ', 'WI', 'REG/SN0099', 'SR', 'NORTH,ROWAN'],
    ['GQ', 'FA', 'ATN/X.REG/N099ZZ', 'GR', 'PAPERPLANE'],
    ['IQ', 'NV', `${rap}${who}`, 'IR', 'SID/NV99000070'],
    ['FQ', 'NV', `${rap}SID/NV99000070`, 'FR', 'DISMISSED'],
    ['WQ', 'CN', 'NAM/DOE,TESTMAN', 'WR', 'NO RECORD ON FILE'],
    ['SOQ', 'NM', who, 'SOR', 'NO RECORD ON FILE'],
  ])('4 %s to %s with %s is answered by %s', (key, to, text, answer, words) => {
    const [said, ...others] = after(network(), ask(key, to, text));
    expect(others).toEqual([]);
    expect(said).toMatchObject({
      key: answer,
      destination: asker,
      control: 'A7K0000412',
      final: true,
    });
    expect(said?.text).toContain(words);
  });

  it('8 AQ is answered by a person, minutes later', () => {
    const net = network();
    expect(after(net, ask('AQ', 'NV', `${rap}REM/ANY OTHER NAMES?`), 4 * minute)).toEqual([]);
    expect(from(net.turn(30 * minute))).toEqual(['AR NV0990700']);
  });

  it('8 a state may answer an IQ with a full record FR', () => {
    expect(from(after(network(), ask('IQ', 'TX', `${rap}${who}`)))).toEqual(['FR TX0990700']);
  });

  it('8 several indices: several answers, the last one final', () => {
    const said = after(network(), ask('IQ', 'OR', `${rap}${who}`));
    expect(said.map(({ key, final }) => [key, final])).toEqual([
      ['IR', false],
      ['IR', true],
    ]);
  });

  it('13.6 duplicate, out of order, slow, never', () => {
    const twice = after(network(), ask('RQ', 'AZ', 'LIC/SIM0400.LIY/2032.LIT/PC'));
    expect(new Set(twice.map(({ text }) => text)).size).toBe(1);
    expect(twice.map(({ final }) => final)).toEqual([false, true]);
    const parts = after(network(), ask('RQ', 'WA', 'LIC/SIM0500.LIY/2031.LIT/TK'));
    expect(parts.map(({ text }) => text.split('\r\n')[0])).toEqual([
      'PART 2 OF 2',
      'LIC/SIM0500 LIY/2031 LIT/TK',
    ]);
    expect(after(network(), ask('RQ', 'WI', plate), 11_000)).toEqual([]);
    expect(after(network(), ask('RQ', 'UT', plate), 24 * 60 * minute)).toEqual([]);
  });

  it('one question to three states: the last answer to come is final', () => {
    const said = after(network(), ask('RQ', 'NV.OR.NM', plate));
    expect(said.map(({ final }) => final)).toEqual([false, false, true]);
    expect(new Set(said.map(({ sender }) => sender.slice(0, 2)))).toEqual(
      new Set(['NV', 'OR', 'NM']),
    );
  });

  it('a world that is asked first answers in the place of the states', () => {
    const asked: unknown[] = [];
    const net = network({
      settings: {
        answerer: (state, key, fields) => {
          asked.push([state, key, fields.get('LIC')]);
          return state === 'NV' ? ['FROM THE WORLD'] : state === 'OR' ? [] : undefined;
        },
      },
    });
    const said = after(net, ask('RQ', 'NV.OR.TX', plate));
    const textOf = (state: string) => said.find(({ sender }) => sender.startsWith(state))?.text;
    expect(textOf('NV')).toBe('FROM THE WORLD');
    expect(textOf('OR')).toMatch(/^NO RECORD ON FILE/);
    expect(textOf('TX')).toContain('FIGMENT,ALEX');
    expect(asked).toContainEqual(['NV', 'RQ', '3FAKE77']);
  });

  it('the same seed gives the same texts at the same times, another one other times', () => {
    const run = (seed: number) => {
      const net = network({ settings: { seed } });
      for (let i = 0; i < 20; i++) net.send(ask('RQ', 'NV.OR', plate, `C${i}`));
      return net.turn(minute).map(({ raw, atMs }) => `${atMs} ${raw}`);
    };
    expect(run(7)).toEqual(run(7));
    expect(run(8)).not.toEqual(run(7));
  });
});

describe('a multi-state query (7.6)', () => {
  const asked = ['NV', 'OR', 'AZ', 'WA', 'ID', 'UT', 'NM', 'TX', 'WI', 'NY', 'DC'];

  it('waits a minute for the silent, drops those that have nothing, sums up, and passes on what comes later', () => {
    const net = network();
    const said = after(net, ask('RQ', 'NL', plate), 10 * minute);
    expect(said.map(({ key, atMs }) => [key, atMs])).toEqual([
      ['RR', 60_000],
      ['RR', 75_000],
    ]);
    const [merged, straggler] = said;
    expect(merged).toMatchObject({ sender: 'NL0000000', control: 'A7K0000412', final: false });
    expect(merged?.text).toContain(`ASKED ${asked.length} HIT 3 NO HIT 6 SILENT 2`);
    expect(merged?.text).toContain('SILENT: ID UT');
    expect(merged?.text).toContain('** NV **\r\nLIC/3FAKE77');
    expect(merged?.text).not.toContain('** NM **');
    expect(straggler).toMatchObject({ sender: 'ID0990800', control: 'A7K0000412', final: true });
    expect(straggler?.text).toContain('NOBODY,PAT');
  });

  it('is sent as soon as all have answered', () => {
    const net = network({ rules: [rule('*', 'RQ', [{}])] });
    const said = after(net, ask('RQ', 'NL', plate), 10 * minute);
    expect(said.map(({ atMs, final }) => [atMs, final])).toEqual([[1_000, true]]);
    expect(said[0]?.text).toContain(`ASKED ${asked.length} HIT 0 NO HIT ${asked.length} SILENT 0`);
  });

  it('leaves out a state that never takes the key; one that is held is silent, and answers when it is back', () => {
    const net = network({ rules: [rule('*', 'RQ', [{}])] });
    net.host.setService('TX', 'RQ', 'never', net.now());
    net.host.setService('NV', 'RQ', 'hold', net.now());
    const [merged] = after(net, ask('RQ', 'NL', plate), 2 * minute);
    expect(merged?.text).toContain(
      `ASKED ${asked.length - 1} HIT 0 NO HIT ${asked.length - 2} SILENT 1`,
    );
    expect(merged?.final).toBe(false);
    expect(net.host.setService('NV', 'RQ', 'up', net.now())).toEqual([]);
    expect(from(net.turn(2_000))).toEqual(['RR NV0990800']);
  });

  it('has no room for all: the rest follows one by one', () => {
    const long = { say: { kind: 'text', lines: ['X'.repeat(4_000)] } } as const;
    const net = network({ rules: [rule('*', 'RQ', [long])] });
    const said = after(net, ask('RQ', 'NL', plate), 2 * minute);
    expect(said).toHaveLength(1 + asked.length - 3);
    expect(said[0]?.raw.length).toBeLessThanOrEqual(14_400);
    expect(said[0]?.text).toContain('FURTHER ANSWERS');
  });

  it.each([['RQ'], ['DQ'], ['IQ'], ['SOQ'], ['SWQ'], ['WLQ']])('takes %s', (key) => {
    expect(tables.keys.get(key)?.msq).toBe(true);
    expect(tables.keys.get(key)?.to.has('nl')).toBe(true);
  });
});

describe('texts (6)', () => {
  it('AML: the hub inserts its line; AM has none', () => {
    const net = network();
    const [marked] = net.send(ask('AML', 'CA0990200', 'INVENTED'));
    expect(marked?.text.split('\r\n')).toEqual([
      tables.literals.get('lawEnforcementOnly'),
      'INVENTED',
    ]);
    expect(net.send(ask('AM', 'CA0990200', 'ARMED - TEST ONLY\r\nINVENTED'))[0]?.text).toBe(
      'ARMED - TEST ONLY\r\nINVENTED',
    );
  });

  it('other states say something by themselves at times; a turned clock brings no flood', () => {
    const net = network({ settings: { ownTraffic: true } });
    expect(net.host.due(net.now())).toEqual([]);
    expect(from(net.turn(16 * minute))).toEqual(['AM NV0990200']);
    expect(net.host.due(net.now() + 72 * 60 * minute)).toHaveLength(2);
    expect(net.host.counters().refusedPlayed).toBe(0);
  });
});

describe('anything at all', () => {
  it('is said something to or goes on, and never throws; what is said has an output header', () => {
    const keys = [...tables.keys.keys()];
    const address = fc.constantFrom(
      'NV',
      'H1',
      'NL',
      'OD',
      'CN',
      'Z1',
      asker,
      'NV0990200',
      'NVLICHELP',
      'QQ',
      '',
    );
    const header = fc
      .tuple(
        fc.constantFrom(...keys),
        fc.constantFrom(asker, 'CA0990900', '', 'NV0990200'),
        fc.array(address, { maxLength: 6 }),
      )
      .map(([key, sender, to]) => `${key}.${sender}.${to.join('.')}.TXT`);
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(plate, who, `${rap}${who}`, 'RTY/SV', 'TYP/ALL.BEG/20310101.END/20310401'),
    );
    const raw = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(header, text).map(([a, b]) => `${a}\r\n${b}`),
    );
    fc.assert(
      fc.property(fc.array(raw, { maxLength: 8 }), (all) => {
        const net = network();
        for (const one of all) net.send(one);
        net.turn(2 * 60 * minute);
        const { taken, refusedPlayed, lost } = net.host.counters();
        expect([taken, refusedPlayed, lost]).toEqual([all.length, 0, 0]);
      }),
    );
  });

  it('4 every key has its row, and the answer of a query is the key with R in the place of Q', () => {
    for (const { mke, answer, to } of tables.keys.values()) {
      expect(addressKinds).toEqual(expect.arrayContaining([...to]));
      if (answer === undefined || mke.startsWith('T') || mke === 'RQG' || mke === 'DQG') continue;
      expect(answer).toBe(`${mke.slice(0, -1)}R`);
    }
  });
});
