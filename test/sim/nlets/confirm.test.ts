// nlets.md 5 and ncic.md 9: hit confirmation. Sets, clocks, escalation, and what the played owners answer.

import { describe, expect, it } from 'vitest';
import { asker, network, rule } from './network.ts';
import type { Network } from './network.ts';

const head = 'OCA/30-004417.NIC/V400118732';
const tail = 'RNA/D OKAPI.RAG/TESTBURG PD';
const person = 'NAM/DOE,TESTMAN.DOB/19700101';
const text = (set: string, more = 'RNO/1.PRI/U'): string =>
  `RTY/${set.slice(0, 2)}.${more}.${head}.${set.slice(3)}.${tail}`;
const yq = (body: string, to = 'NV0990210', control = 'HC00000019'): string =>
  `YQ.${asker}.${to}.*${control}.TXT\r\n${body}`;
const yr = (body: string): string => `YR.${asker}.NV0990210.TXT\r\n${body}`;

const minute = 60_000;
const hour = 60 * minute;

describe('field sets of YQ (5.1)', () => {
  it.each([
    ['`WP`', `WP ${person}`],
    ['`WP`: optional SEX', `WP ${person}.SEX/M`],
    ['`MP`', `MP ${person}`],
    ['`PO`', `PO ${person}`],
    ['`SV`', 'SV LIC/2ZZZ999'],
    ['`SV`', 'SV VIN/9ZZTS7X41KN200999.VYR/2019.VMA/TOYT'],
    ['`SL`', 'SL LIC/2ZZZ999.LIS/CA'],
    ['`SL`: optional LIY, LIT', 'SL LIC/2ZZZ999.LIS/CA.LIY/2031.LIT/PC'],
    ['`SG`', 'SG SER/ZZ0042.CAL/38.MAK/XYZ'],
    ['`SA`', 'SA TYP/BBICYCL.SER/A123'],
    ['`SS`', 'SS TYP/SB.SER/A123.DEN/100'],
    ['`SB`', 'SB REG/NV0990ZZ'],
    ['`SB`', 'SB BHN/ZZZ09900A131'],
    ['`SP`', 'SP SER/A123.BRA/EV'],
  ])('%s: %s goes on', (_, set) => {
    expect(network().send(yq(text(set)))).toEqual([]);
  });

  it.each([
    ['a plate in a wanted-person request', text(`WP ${person}.LIC/2ZZZ999`)],
    ['LIS LIY LIT legal only for a plate', text('SV LIC/2ZZZ999.LIS/CA')],
    ['plate and VIN: exactly one set', text('SV LIC/2ZZZ999.VIN/9ZZTS7X41KN200999')],
    ['no set', `RTY/SV.RNO/1.PRI/U.${head}.${tail}`],
    ['`RTY/`: none', text('SV LIC/2ZZZ999').slice(7)],
    ['`RTY/`: unknown', text('XX LIC/2ZZZ999')],
    ['`RNO/`: none', text('SV LIC/2ZZZ999', 'PRI/U')],
    ['`PRI/`: none', text('SV LIC/2ZZZ999', 'RNO/1')],
    ['`OCA/`: none', text('SV LIC/2ZZZ999').replace('OCA/30-004417.', '')],
    ['`NIC/`: none', text('SV LIC/2ZZZ999').replace('.NIC/V400118732', '')],
    ['`RNA/`: none', text('SV LIC/2ZZZ999').replace('.RNA/D OKAPI', '')],
    ['`RAG/`: none', text('SV LIC/2ZZZ999').replace('.RAG/TESTBURG PD', '')],
  ])('%s is refused with 22 and the legal sets', (_, body) => {
    const [error, ...others] = network().send(yq(body));
    expect(others).toEqual([]);
    expect(error).toMatchObject({ key: 'ER', sender: 'NL0000000', destination: asker });
    expect(error?.text).toMatch(/^\.22\. [^]*LEGAL FIELDS FOR YQ:/);
    expect(error?.text).toContain('RTY/SL: RTY RNO PRI OCA NIC LIC LIS (LIY) (LIT) RNA RAG');
  });

  it('`RNO/` and `PRI/` have their own values', () => {
    for (const more of ['RNO/4.PRI/U', 'RNO/1.PRI/X'])
      expect(network().send(yq(text('SV LIC/2ZZZ999', more)))[0]?.key).toBe('ER');
  });

  it('`REM/` is free, with its periods, and `NIC/` is NONE when Canada is asked', () => {
    const body = text('SV LIC/2ZZZ999').replace('V400118732', 'NONE');
    expect(network().send(yq(`${body}.REM/HELD AT MILE 9. CALL 555-0100.`, 'CN0990000'))).toEqual(
      [],
    );
  });

  it('YR is edited too (ncic 9, YQ)', () => {
    const good = `RTY/SV.CON/Y.${head}.LIC/2ZZZ999.CNA/P LEMUR.CAG/TESTBURG PD`;
    expect(network().send(yr(good))).toEqual([]);
    for (const bad of [
      good.replace('CON/Y', 'CON/Q'),
      good.replace('CON/Y.', ''),
      good.replace('LIC/2ZZZ999', person),
    ])
      expect(network().send(yr(bad))[0]?.key, bad).toBe('ER');
  });
});

/** When and what the asker is warned. */
const warnings = (net: Network, ms: number) => net.turn(ms).filter(({ key }) => key === 'AM');
const silent = rule('NV0990210', 'YQ', []);
const answer = (con: string, hours?: string) =>
  rule('NV0990210', 'YQ', [
    {
      say: {
        kind: 'confirm',
        fields: new Map([
          ['CON', con],
          ...(hours === undefined ? [] : [['HRS', hours] as const]),
          ['CNA', 'A'],
          ['CAG', 'B'],
        ]),
      },
    },
  ]);

describe('the clock (5.2)', () => {
  it.each([
    ['Urgent: 10 minutes', 'U', 10],
    ['Routine: 1 hour', 'R', 60],
  ])('%s: the asker is warned, once, with the control field of the request', (_, pri, minutes) => {
    const net = network({ rules: [silent] });
    net.send(yq(text('SV LIC/2ZZZ999', `RNO/1.PRI/${pri}`)));
    expect(net.turn(minutes * minute - 1)).toEqual([]);
    const [warning] = net.turn(1);
    expect(warning).toMatchObject({
      key: 'AM',
      sender: 'NL0000000',
      destination: asker,
      control: 'HC00000019',
    });
    expect(warning?.text).toMatch(minutes === 60 ? /IN 1 HOUR/ : /IN 10 MINUTES/);
    expect(warning?.text).toContain('SEND REQUEST NUMBER 2');
    expect(warning?.text).toContain('NV0990210');
    expect(net.turn(24 * hour)).toEqual([]);
  });

  it.each([['Y'], ['N'], ['E']])('an answer %s stops it', (con) => {
    const net = network({ rules: [answer(con)] });
    net.send(yq(text('SV LIC/2ZZZ999')));
    expect(net.turn(2_000)[0]?.text).toContain(`CON/${con}.`);
    expect(net.turn(24 * hour)).toEqual([]);
  });

  it('in process without a time does not count', () => {
    const net = network({ rules: [answer('I')] });
    net.send(yq(text('SV LIC/2ZZZ999')));
    expect(warnings(net, 10 * minute).map(({ atMs }) => atMs)).toEqual([10 * minute]);
  });

  it('F58: in process with a time starts the clock anew', () => {
    const net = network({ rules: [answer('I', '002')] });
    net.send(yq(text('SV LIC/2ZZZ999')));
    expect(net.turn(2 * hour).map(({ key }) => key)).toEqual(['YR']);
    expect(warnings(net, 2_000)[0]?.text).toMatch(/IN 2 HOURS[^]*PROMISED/);
  });

  it('one request in the place of the one before: the clock of the first is over', () => {
    const net = network({ rules: [silent] });
    net.send(yq(text('SV LIC/2ZZZ999')));
    net.turn(9 * minute);
    net.send(yq(text('SV LIC/2ZZZ999', 'RNO/2.PRI/U'), 'NV0990210', 'HC00000020'));
    const [second, ...others] = warnings(net, 10 * minute).filter(
      ({ sender }) => sender === 'NL0000000',
    );
    expect(others).toEqual([]);
    expect(second).toMatchObject({ control: 'HC00000020' });
    expect(second?.text).toContain('SEND REQUEST NUMBER 3');
  });

  it('clocks are kept by sender, NIC and type', () => {
    const net = network({ rules: [silent] });
    net.send(yq(text('SV LIC/2ZZZ999')));
    net.send(yq(text(`WP ${person}`)));
    net.send(yq(text('SV LIC/2ZZZ999').replace('V400118732', 'V400118733')));
    expect(net.host.counters().openConfirmations).toBe(3);
    expect(warnings(net, 10 * minute)).toHaveLength(3);
  });

  it('a request that nobody got has no clock', () => {
    const net = network();
    net.host.setService('NV', 'YQ', 'remove', net.now());
    expect(net.send(yq(text('SV LIC/2ZZZ999'))).map(({ key }) => key)).toEqual(['SM']);
    expect(net.host.counters().openConfirmations).toBe(0);
  });
});

describe('escalation (5.2)', () => {
  const heard = (net: Network): string[] => {
    const [log] = net.send(`NLQ.${asker}.NL.TXT\r\nTYP/YQ.BEG/20310101.END/20310401`);
    return [...(log?.text.matchAll(/YQ CA0990100 (\w+)$/gm) ?? [])]
      .map(([, to = '']) => to)
      .toSorted();
  };

  it.each([
    ['1', ['NV0990210']],
    ['2', ['CA0990000', 'NV0990000', 'NV0990210']],
    ['3', ['CA0990000', 'DC0990100', 'NV0990000', 'NV0990210']],
  ])('RNO %s is heard by %s', (rno, wanted) => {
    const net = network({ rules: [silent] });
    net.send(yq(text('SV LIC/2ZZZ999', `RNO/${rno}.PRI/U`)));
    expect(heard(net)).toEqual(wanted);
  });

  it('whom the asker has named gets no second one; our own control terminal gets its copy on our line', () => {
    const net = network({ rules: [silent] });
    const said = net.send(yq(text('SV LIC/2ZZZ999', 'RNO/2.PRI/U'), 'NV0990210.NV0990000'));
    expect(said.map(({ key, destination }) => [key, destination])).toEqual([['YQ', 'CA0990000']]);
    expect(heard(net)).toEqual(['CA0990000', 'NV0990000', 'NV0990210']);
  });

  it('the control terminal says that it calls; after the third the asker is told to call', () => {
    const net = network({ rules: [silent] });
    net.send(yq(text('SV LIC/2ZZZ999', 'RNO/3.PRI/U')));
    const texts = warnings(net, 10 * minute);
    expect(texts.filter(({ sender }) => sender === 'NV0990000')).toHaveLength(1);
    expect(texts.at(-1)?.text).toContain('CALL THE AGENCY');
  });
});

describe('what played owners answer (5.3)', () => {
  const asks = (to: string) => {
    const net = network();
    net.send(yq(text('SV LIC/2ZZZ999'), to));
    return net.turn(25 * minute).filter(({ key }) => key === 'YR');
  };

  it.each([
    ['after N seconds with Y', 'NV0990200', ['Y'], 'NV0990200'],
    ['I then Y', 'OR0990300', ['I', 'Y'], 'OR0990300'],
    ['valid with a limit', 'AZ0990400', ['E'], 'AZ0990400'],
    ['N', 'ID0990600', ['N'], 'ID0990600'],
    ['from a different ORI', 'WA0990500', ['Y'], 'WA0990510'],
    ['never', 'UT0990500', [], ''],
  ])('%s: %s answers %s', (_, to, cons, from) => {
    const said = asks(to);
    expect(said.map((one) => /CON\/(.)/.exec(one.text)?.[1])).toEqual(cons);
    for (const one of said) expect(one.sender).toBe(from);
    expect(said.map(({ final }) => final)).toEqual(cons.map((_, i) => i === cons.length - 1));
  });

  it('one that is asked by another state is asked on our line, and our YR goes out', () => {
    const net = network({
      settings: { ownTraffic: true },
      states: {
        own: [
          {
            from: 'NV0990200',
            key: 'YQ',
            to: ['CA0990200'],
            firstMs: 1_000,
            everyMs: 7 * 24 * hour,
            lines: [text('SV LIC/2ZZZ998')],
          },
        ],
      },
    });
    net.host.due(net.now());
    const [request] = net.turn(2_000);
    expect(request).toMatchObject({ key: 'YQ', sender: 'NV0990200', destination: 'CA0990200' });
    expect(net.host.counters().openConfirmations).toBe(1);
    const reply = `RTY/SV.CON/Y.${head}.LIC/2ZZZ998.CNA/X.CAG/MOCKFORD PD`;
    expect(net.send(`YR.CA0990200.NV0990200.TXT\r\n${reply}`)).toEqual([]);
    expect(net.host.counters()).toMatchObject({ openConfirmations: 0, refused: 0 });
  });
});
