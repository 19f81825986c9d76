// nlets.md 2 and 3.2: what comes in and what goes out. Each title cites the section and the first cell of the
// row, or the sentence.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Counts } from '../../../src/sim/nlets/counts.ts';
import { parseInput } from '../../../src/sim/nlets/input.ts';
import {
  controlOf,
  formatOutput,
  formatStamp,
  parseOutput,
} from '../../../src/sim/nlets/output.ts';
import { asker, morning, network, rule } from './network.ts';

const plate = 'LIC/3FAKE77.LIY/2031.LIT/PC';
const plain = `RQ.${asker}.NV.*A7K0000412.TXT\r\n${plate}`;
const read = {
  key: 'RQ',
  sender: asker,
  destinations: ['NV'],
  control: 'A7K0000412',
  text: plate,
};

describe('an input header (2.1, 2.2)', () => {
  it.each([
    ['2.1 Input', plain, read],
    ['2.2 CR LF DEL: all three', plain.replace('\r\n', '\r\n\x7f'), read],
    ['2.2 CR LF DEL: none', plain.replace('\r\n', ''), read],
    ['2.2 CR LF DEL: behind TXT and a period', plain.replace('TXT\r\n', 'TXT.'), read],
    ['2.2 control characters in the header', plain.replace('.NV.', '.\r\nN\x7fV.\r\n'), read],
    ['2.2 control characters before the key', `\x02${plain}`, read],
    ['2.2 key of two or three characters', plain.replace('RQ', 'RPQ'), { ...read, key: 'RPQ' }],
    ['2.2 sender left empty', plain.replace(asker, ''), { ...read, sender: '' }],
    ['2.3 no control field', plain.replace('*A7K0000412.', ''), { ...read, control: undefined }],
    [
      '2.3 any printable text',
      plain.replace('A7K0000412', '(A& 7.K).9'),
      { ...read, control: '(A& 7.K).9' },
    ],
    [
      '2.3 padded with blanks',
      plain.replace('A7K0000412', 'A7K       '),
      { ...read, control: 'A7K       ' },
    ],
    [
      '3.2 several destinations',
      plain.replace('.NV.', '.NV.OR.H1.'),
      { ...read, destinations: ['NV', 'OR', 'H1'] },
    ],
    ['9.3 a text up to ETX', `${plain}\x03GARBAGE`, read],
    ['13.1 an extra period in the header', plain.replace('.NV.', '.NV..'), read],
  ])('%s is read', (_, raw, wanted) => {
    expect(parseInput(raw)).toEqual({ ok: true, value: wanted });
  });

  it.each([
    ['2.2 TXT not found', plain.replace('TXT', 'TEXT'), '03'],
    ['2.2 TXT not found: nothing at all', '', '03'],
    ['2.2 TXT behind an ETX', plain.replace('.NV', '\x03.NV'), '03'],
    ['9.1 01: no key', plain.replace('RQ', 'R'), '01'],
    ['9.1 01: a sender that is no address', plain.replace(asker, 'ca099'), '01'],
    ['9.1 01: no destination', plain.replace('.NV', ''), '01'],
    ['2.3 ten characters: eleven', plain.replace('A7K', 'AA7K'), '01'],
  ])('%s is complaint %s %s', (_, raw, number) => {
    expect(parseInput(raw)).toMatchObject({ ok: false, error: { number } });
  });

  it('any octets give a result', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('.', 'TXT', '*', '\r\n', 'RQ', asker, '\x03', '\x7f'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const parsed = parseInput(pieces.join(''));
        expect(parsed.ok || ['01', '03'].includes(parsed.error.number)).toBe(true);
      }),
    );
  });
});

describe('an output header (2.1, 2.3, 2.4)', () => {
  const stamps = {
    received: { atMs: morning, count: 731 },
    sent: { atMs: morning + 60_000, count: 2216 },
    zone: '-07:00',
  } as const;
  const output = {
    key: 'RR',
    sender: 'NV0990800',
    destination: asker,
    text: 'LIC/3FAKE77',
    control: 'A7K0000412',
  };

  it('2.1 Output: has the two clock lines, the control field on its line, and TXT', () => {
    expect(formatOutput(output, { ...stamps, controlPlace: 'line' })).toBe(
      [
        'RR.NV0990800',
        '09:14 03/02/2031 00731',
        '09:15 03/02/2031 02216 CA0990100',
        '*A7K0000412',
        'TXT',
        'LIC/3FAKE77',
      ].join('\r\n'),
    );
  });

  it('2.3 by setting the control field stands behind the destination', () => {
    expect(formatOutput(output, { ...stamps, controlPlace: 'header' })).toContain(
      '02216 CA0990100.*A7K0000412.TXT\r\nLIC',
    );
  });

  it('2.3 either place is read, and none: reading after writing gives the same', () => {
    const control = fc.option(fc.stringMatching(/^[\x21-\x7e][\x20-\x7e]{0,9}$/), {
      nil: undefined,
    });
    const place = fc.constantFrom('line', 'header');
    fc.assert(
      fc.property(
        control,
        place,
        fc.stringMatching(/^[A-Z][\x20-\x7e\r\n]{0,40}$/),
        (value, controlPlace, text) => {
          const said = { ...output, control: value, text };
          expect(parseOutput(formatOutput(said, { ...stamps, controlPlace }))).toMatchObject(said);
        },
      ),
    );
  });

  it('2.4 minutes only, in mountain standard time all year', () => {
    const summer = Date.UTC(2031, 6, 2, 5, 59, 59);
    expect(formatStamp({ atMs: summer, count: 7 }, '-07:00')).toBe('22:59 07/01/2031 00007');
  });

  it('9.1 the trap: the control field of a complaint is dug out of what it repeats', () => {
    const [error] = network().send(`DQ.${asker}.NV.*A7K0000413.TXT\r\nDOB/19700101.SEX/F`);
    expect(error?.control).toBeUndefined();
    expect(controlOf(error?.raw ?? '')).toBe('A7K0000413');
  });
});

describe('the counts of the clock lines (2.4, 3.2)', () => {
  it('3.2 one input with five destinations is five outputs, each with its own count and destination', () => {
    const net = network();
    const others = ['CA0990100', 'CA0990200', 'CA0990150', 'CA0990300', 'CA'];
    const said = net.send(`AM.${asker}.${others.join('.')}.TXT\r\nINVENTED`);
    expect(said.map(({ destination }) => destination)).toEqual(others);
    expect(said.map(({ sentCount }) => sentCount)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(said.map(({ receivedCount }) => receivedCount))).toEqual(new Set([1]));
  });

  it('2.4 what comes in from anywhere is counted, what goes out by the line it goes out on', () => {
    const net = network({
      rules: [rule('NV', 'RQ', [{}]), rule('OR', 'RQ', [{ after: { min: 2_000, max: 2_000 } }])],
    });
    net.send(plain.replace('.NV.', '.NV.OR.'));
    const counts = net
      .turn(5_000)
      .map(({ receivedCount, sentCount }) => [receivedCount, sentCount]);
    expect(counts).toEqual([
      [2, 1],
      [3, 2],
    ]);
  });

  it('2.4 roll over: after 99999 comes 00000', () => {
    const counts = new Counts({ zone: '-07:00', daily: false });
    counts.skip('CA', 99_998);
    expect([1, 2, 3].map(() => counts.next('CA', morning))).toEqual([99_999, 0, 1]);
  });

  it('2.4 a day begins at 1, and one that is over does not begin again', () => {
    const counts = new Counts({ zone: '-07:00', daily: true });
    counts.next('CA', morning);
    expect(counts.next('CA', morning)).toBe(2);
    expect(counts.next('CA', morning + 86_400_000)).toBe(1);
    expect(counts.next('CA', morning)).toBe(2);
  });

  it('13.10 a script leaves out a count', () => {
    const net = network({ rules: [rule('NV', 'RQ', [{}], [{ skipCounts: 3 }])] });
    net.send(plain);
    const [first] = net.turn(2_000);
    net.send(plain);
    const [second] = net.turn(2_000);
    expect([first?.sentCount, second?.sentCount]).toEqual([1, 5]);
  });

  it('2.2 Largest message: 14,400 characters are taken, one more is a complaint, and a script sends one', () => {
    const head = `AM.${asker}.CA0990200.TXT\r\n`;
    const net = network({ rules: [rule('NV', 'RQ', [{ padTo: 14_401 }])] });
    expect(net.send(head.padEnd(14_400, 'X'))[0]?.key).toBe('AM');
    expect(net.send(head.padEnd(14_401, 'X'))[0]?.text).toMatch(/^\.00\. /);
    net.send(plain);
    expect(net.turn(2_000)[0]?.raw.length).toBeGreaterThan(14_400);
  });

  it('2.3 the answering computer copies the control field back unchanged', () => {
    const net = network();
    net.send(plain.replace('A7K0000412', '(A& 7.K).9'));
    expect(net.turn(5_000)[0]).toMatchObject({
      key: 'RR',
      control: '(A& 7.K).9',
      destination: asker,
    });
  });

  it('2.2 sender left empty: the switch of the state fills it in', () => {
    const net = network();
    const [said] = net.send(`RR..${asker}.*A7K0000412.TXT\r\nLIC/3FAKE77`);
    expect(said).toMatchObject({ key: 'RR', sender: 'CA0990800', destination: asker });
  });
});
