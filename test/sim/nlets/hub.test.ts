// nlets.md 3.3 and 9: complaints, the state of destinations, help records, the directory, the traffic log.

import { describe, expect, it } from 'vitest';
import { after, ask, asker, from, minute, network, plate, rap, who } from './network.ts';

describe('complaints (9.1)', () => {
  it('come from NL0000000, with the number between periods and the first 100 characters', () => {
    const raw = ask('DQ', 'NV', `DOB/19700101.SEX/F.${'X'.repeat(200)}`);
    const [error] = network().send(raw);
    expect(error).toMatchObject({
      key: 'ER',
      sender: 'NL0000000',
      destination: asker,
      final: true,
    });
    expect(error?.text).toMatch(/^\.\d\d\. [A-Z]/);
    expect(error?.text.split('ORIGINAL MESSAGE\r\n')[1]).toBe(raw.slice(0, 100));
  });

  it('by setting carry the control field', () => {
    const net = network({ settings: { errorCarriesControl: true } });
    expect(net.send(ask('DQ', 'NV', 'SEX/F'))[0]?.control).toBe('A7K0000412');
  });

  it('go to the state where the sender cannot be told', () => {
    expect(network().send('GARBAGE')[0]).toMatchObject({ key: 'ER', destination: 'CA' });
  });

  it.each([
    ['ER', '02'],
    ['QV', '01'],
  ])('%s is not a state’s to send: %s', (key, number) => {
    expect(
      network()
        .send(ask(key, 'NV', 'X'))[0]
        ?.text.slice(1, 3),
    ).toBe(number);
  });
});

describe('status (9.2)', () => {
  it.each([
    ['01', 'never', false],
    ['02', 'hold', true],
    ['04', 'remove', false],
  ] as const)('%s: %s', (number, state, kept) => {
    const net = network();
    net.host.setService('NV', 'RQ', state, net.now());
    const [status] = net.send(ask('RQ', 'NV', plate));
    expect(status).toMatchObject({
      key: 'SM',
      sender: 'NL0000000',
      control: 'A7K0000412',
      final: !kept,
    });
    expect(status?.text).toMatch(new RegExp(`^\\.${number}\\. NV .*RQ`));
    expect(net.turn(minute)).toEqual([]);
    net.host.setService('NV', '*', 'up', net.now());
    expect(net.turn(minute)).toHaveLength(kept ? 1 : 0);
  });

  it('is per destination and key: another key and another state are up', () => {
    const net = network();
    net.host.setService('NV', 'RQ', 'hold', net.now());
    expect(net.send(ask('DQ', 'NV', who))).toEqual([]);
    expect(net.send(ask('RQ', 'OR', plate))).toEqual([]);
    expect(net.send(ask('SQ', 'OR', 'REG/SN0099'))[0]?.text).toMatch(/^\.01\./);
  });

  it('what is held goes out in order on recovery, the higher priority first', () => {
    const net = network();
    net.host.setService('CA', '*', 'hold', net.now());
    for (const n of [1, 2, 3]) net.send(ask('AM', 'CA0990200', `TEXT ${n}`));
    net.send(ask('RR', 'CA0990200', 'AN ANSWER'));
    expect(net.host.counters().held).toBe(4);
    net.turn(minute);
    const said = net.host.setService('CA', '*', 'up', net.now());
    expect(said.map(({ text }) => text.split('TXT\r\n')[1])).toEqual([
      'AN ANSWER',
      'TEXT 1',
      'TEXT 2',
      'TEXT 3',
    ]);
    // Received before the minute, sent after it.
    expect(said[0]?.text).toMatch(/09:14 03\/02\/2031 \d{5}\r\n09:15 03\/02\/2031/);
    expect(net.host.counters().held).toBe(0);
  });

  it('13.5 the same order towards another state: an inquiry before a text that came first', () => {
    const net = network();
    net.host.setService('NV', '*', 'hold', net.now());
    net.send(ask('AM', 'NV', 'TEXT 1'));
    net.send(ask('AM', 'NV', 'TEXT 2'));
    net.send(ask('RQ', 'NV', plate));
    net.host.setService('NV', '*', 'up', net.now());
    const period = 'BEG/20310302.END/20310302';
    const [log] = net.send(`NLQ.${asker}.NL.TXT\r\nTYP/AM,RQ.${period}`);
    const oldestFirst = log?.text.match(/ (?:AM|RQ) CA0990100 NV/g)?.toReversed();
    expect(oldestFirst?.map((line) => line.slice(1, 3))).toEqual(['RQ', 'AM', 'AM']);
  });

  it('a region query that is held is held as the key a state knows', () => {
    const net = network({ settings: { regionMs: 0 } });
    net.host.setService('UT', 'RQ', 'hold', net.now());
    net.host.setService('ID', 'RQ', 'hold', net.now());
    expect(net.send(ask('RQ', 'F1', plate))).toHaveLength(2);
    net.host.setService('ID', 'RQ', 'up', net.now());
    expect(from(net.turn(2 * minute))).toEqual(['RR ID0990800']);
  });

  it('Highest priority in the whole system: SM goes before what is said with it', () => {
    const net = network();
    net.host.setService('NV', 'AM', 'remove', net.now());
    const said = net.send(ask('AM', 'CA0990200.NV.CA0990150', 'X'));
    expect(said.map(({ key }) => key)).toEqual(['SM', 'AM', 'AM']);
  });

  it('Operator-made: an announcement goes to the control terminal', () => {
    const net = network();
    const [said] = net.host.announce('NLETS OUT OF SERVICE UNTIL 1000 MST', net.now());
    expect(said?.text).toMatch(/^SM\.NL0000000\r\n[^]* CA0990000\r\nTXT\r\nNLETS OUT/);
  });
});

describe('help, directory, log (9.3, 3.3, 9.4)', () => {
  it('9.3 HELP, UPDT, APND, CNCL; from the nine-character name', () => {
    const net = network();
    const help = (address: string, text = 'X', sender = asker) =>
      net.send(`AM.${sender}.${address}.TXT\r\n${text}`)[0];
    expect(help('NVLICHELP')).toMatchObject({ key: 'AM', sender: 'NVLICHELP', destination: asker });
    expect(help('CAGUNHELP')?.text).toContain('NO HELP AVAILABLE');
    help('CAGUNUPDT', 'FIRST');
    help('CAGUNAPND', 'SECOND\x03NOT KEPT');
    expect(help('CAGUNHELP')?.text).toBe('FIRST\r\nSECOND');
    expect(help('NVLICUPDT', 'NOT OURS')?.text).toContain('NOT CHANGED');
    expect(help('NVLICHELP')?.text).not.toContain('NOT OURS');
    help('CAGUNCNCL');
    expect(help('CAGUNHELP')?.text).toContain('NO HELP AVAILABLE');
  });

  it('3.3 TQ, and TA TU TD by a state for its own alone', () => {
    const net = network();
    const tell = (key: string, text: string, to = 'OD') =>
      net.send(`${key}.${asker}.${to}.TXT\r\n${text}`)[0];
    expect(tell('TQ', 'ORI/NV0990200')).toMatchObject({ key: 'TR', sender: 'NL0000000' });
    expect(tell('TQ', 'ORI/NV0990200')?.text).toContain('SIMVILLE PD');
    expect(tell('TQ', 'ORI/NV0990200', 'OR')?.text).toBe('NO AGENCY ON FILE');
    expect(tell('TQ', 'ATY/JJ')?.text).toContain('CA099013J');
    const added = 'ORI/CA0991100.AGN/NEWTOWN PD.ATY/PD.AUT/A.SVC/A.LOC/NEWTOWN';
    expect(tell('TA', added)?.text).toContain('ENTERED');
    expect(tell('TA', added)?.text).toContain('ALREADY ON FILE');
    expect(tell('TA', added.replace('CA099', 'NV099'))?.text).toContain('OF ANOTHER STATE');
    expect(net.send('AM.CA0991100.CA0990200.TXT\r\nX')[0]?.key).toBe('AM');
    expect(tell('TU', 'ORI/CA0991100.AUT/C')?.text).toContain('CHANGED');
    expect(net.send('AM.CA0991100.CA0990200.TXT\r\nX')[0]?.text).toMatch(/^\.02\./);
    expect(tell('TD', 'ORI/CA0991100')?.text).toContain('CANCELED');
    expect(net.send('AM.CA0991100.CA0990200.TXT\r\nX')[0]?.text).toMatch(/^\.01\./);
  });

  it('9.4 NLQ, NFQ: what left, found by key, place, time and words; a rap sheet without its content', () => {
    const net = network();
    net.send(ask('AM', 'CA0990200', 'ABOUT A GIRAFFE'));
    after(net, ask('FQ', 'NV', `${rap}SID/NV99000070`));
    const search = (text: string) =>
      net.send(`NLQ.${asker}.NL.TXT\r\n${text}.BEG/20310302.END/20310302@2359`)[0]?.text ?? '';
    expect(search('TYP/AM.FND/GIRAFFE')).toMatch(/^1 MESSAGES FOUND\r\nNUM\/1 /);
    expect(search('TYP/AM.FND/ZEBRA')).toMatch(/^0 /);
    expect(search('TYP/ALL.SRC/NV')).toMatch(/FR NV0990700 CA0990100/);
    const number = /NUM\/(\d+) \S+ FR/.exec(search('TYP/FR'))?.[1] ?? '';
    const fetched = net.send(`NFQ.${asker}.NL.TXT\r\nNUM/${number}`)[0]?.text;
    expect(fetched).toContain('NOT KEPT');
    expect(fetched).not.toContain('DISMISSED');
  });
});
