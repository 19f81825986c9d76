import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsMax } from '#protocol/field';
import type { Mke, Ori } from '#protocol/ids';
import { keyTable } from '#protocol/keys';
import {
  destinationsMax,
  formatSwitchMessage,
  formatText,
  parseAnswer,
  parseSwitchMessage,
  parseText,
} from '#protocol/message';
import type { MessageText } from '#protocol/message';
import { latin1 } from '#protocol/octets';
import { bytes, upperAlnum, valueOf } from './help.ts';

const textOf = (text: string, at = 0): MessageText => valueOf(parseText(bytes(text), at, keyTable));
const verdict = (text: string, at = 0): string => {
  const result = parseText(bytes(text), at, keyTable);
  return result.ok ? 'ok' : `${result.error.code} ${result.error.at}`;
};
const ori = 'CA0990100' as Ori;

describe('X02, X03, X04, in this order', () => {
  it.each([
    ['QV.CA0990100.LIC/2ZZZ999', 'ok'],
    ['QV.CA0990100', 'ok'],
    ['QV.CA0990100.', 'ok'],
    ['QV.CA0990100.A\tB\r\nC', 'ok'],
    ['QV.CA0990100.A\x00', 'X02 14'],
    ['QV.CA0990100.A\x7f', 'X02 14'],
    ['QV.CA0990100.A\x80', 'X02 14'],
    ['zz.nothing\x1b', 'X02 10'],
    ['zz.nothing', 'X03 0'],
    ['', 'X03 0'],
    ['.CA0990100', 'X03 0'],
    ['QV', 'X04 2'],
    ['QV.', 'X04 3'],
    ['qv.CA0990100', 'X03 0'],
    ['QVQVQV.CA0990100', 'X03 0'],
    ['ZZZ.CA0990100', 'X03 0'],
    ['$.A.CA0990100', 'X03 0'],
    ['$.A', 'X03 0'],
    ['$', 'X03 0'],
    ['QV.CA099010', 'X04 3'],
    ['QV.CA09901000.LIC/1', 'X04 3'],
    ['QV.ca0990100.LIC/1', 'X04 3'],
    ['QV.9A0990100.LIC/1', 'X04 3'],
    ['QV.CA0990100\r\n', 'X04 3'],
    ['QV. CA0990100', 'X04 3'],
  ])('%j: %s', (text, outcome) => {
    expect(verdict(text)).toBe(outcome);
  });

  it('a key that only the switch sends is unknown from a station', () => {
    expect(verdict('SM.CA0990100.02.STATE OUT OF SERVICE')).toBe('X03 0');
    expect(verdict('ER.CA0990100.04.AGAIN')).toBe('X03 0');
  });

  it('offsets count from the beginning of the body', () => {
    expect(verdict('AB12.qv', 5)).toBe('X03 5');
    expect(verdict('AB12.QV.CA', 5)).toBe('X04 8');
    const { keyAt, oriAt, restAt, fields } = textOf('AB12.QV.CA0990100.LIC/2ZZZ999.LIS/CA', 5);
    expect([keyAt, oriAt, restAt, fields.map(({ at }) => at)]).toEqual([5, 8, 18, [18, 30]]);
  });
});

describe('fields', () => {
  const fieldsOf = (rest: string): unknown =>
    textOf(`QV.CA0990100.${rest}`).fields.map(({ code, value }) =>
      code === undefined ? value : [code, value],
    );

  it('are pairs, split at the first slash', () => {
    expect(fieldsOf('LIC/2ZZZ999.VCO/BLU/WHI.MIS/')).toEqual([
      ['LIC', '2ZZZ999'],
      ['VCO', 'BLU/WHI'],
      ['MIS', ''],
    ]);
  });

  it('may be positional, with empty places between', () => {
    expect(fieldsOf('7SIM042.CA..PC')).toEqual(['7SIM042', 'CA', '', 'PC']);
    expect(fieldsOf('NIC/V400118732.20300306')).toEqual([['NIC', 'V400118732'], '20300306']);
  });

  it('leave out a closing period and the line ends around a field, and trim nothing else', () => {
    expect(fieldsOf('NAM/DOE, JO .\r\nDOB/19700101.\r\n')).toEqual([
      ['NAM', 'DOE, JO '],
      ['DOB', '19700101'],
    ]);
    expect(fieldsOf('')).toEqual([]);
    expect(fieldsOf('Li/x.LICX/1.LI/2./')).toEqual(['Li/x', 'LICX/1', 'LI/2', '/']);
  });

  it('are bounded', () => {
    expect(textOf(`QV.CA0990100.${'A.'.repeat(5000)}`).fields).toHaveLength(fieldsMax);
  });
});

describe('the requester line, X4', () => {
  const line = '\r\nRQR/DET ROE.SEC/DA OFFICE.RSN/C 24-0001';

  it('names who asks, for whom and why, and is no field', () => {
    const { requester, fields } = textOf(`QW.CA0990100.NAM/DOE, JO${line}`);
    expect(requester).toEqual({
      ...{ who: 'DET ROE', recipient: 'DA OFFICE', reason: 'C 24-0001' },
      ...{ purpose: 'C', case: '24-0001', at: 26 },
    });
    expect(fields).toEqual([{ code: 'NAM', value: 'DOE, JO', at: 13 }]);
  });

  it('may leave out recipient and reason', () => {
    const { requester } = textOf('QW.CA0990100.NAM/DOE, JO\r\nRQR/DET ROE');
    expect(requester).toEqual({ who: 'DET ROE', at: 26 });
    expect(textOf('QW.CA0990100.A\r\nRQR/X.RSN/C').requester).toEqual({
      ...{ who: 'X', reason: 'C', purpose: 'C', at: 16 },
    });
  });

  it.each(['RQR/', 'RQR/A.', 'SEC/B', 'RQR/A.RSN/C.SEC/B', 'RQR/A.B', 'rqr/A', 'RQR/A\r\nmore'])(
    'is not %j',
    (last) => {
      expect(textOf(`QW.CA0990100.NAM/DOE, JO\r\n${last}`).requester).toBeUndefined();
    },
  );

  it('ends an administrative text too', () => {
    expect(textOf(`AM.CA0990100.QZ02.TXT\r\nHELLO${line}`).requester?.who).toBe('DET ROE');
  });
});

describe('destinations, X5', () => {
  const destinationsOf = (text: string): readonly [unknown, number | undefined] => {
    const { destinations, contentAt } = textOf(text);
    return [destinations?.map(({ kind, value, at }) => [kind, value, at]), contentAt];
  };

  it('are mnemonics, ORIs, states and groups, separated by commas', () => {
    expect(destinationsOf('AM.CA0990100.QZ02,CA0990200,NV,ALLCARS.TXT\r\nHELLO.')).toEqual([
      [
        ['mnemonic', 'QZ02', 13],
        ['ori', 'CA0990200', 18],
        ['state', 'NV', 28],
        ['group', 'ALLCARS', 31],
      ],
      44,
    ]);
  });

  it('whatever is none of them can only be unknown, at its own offset', () => {
    expect(destinationsOf('AM.CA0990100.QZ02,,qz03.TXT\r\nX')).toEqual([
      [
        ['mnemonic', 'QZ02', 13],
        ['group', '', 18],
        ['group', 'qz03', 19],
      ],
      29,
    ]);
    expect(destinationsOf('AM.CA0990100')).toEqual([[['group', '', 12]], undefined]);
  });

  it('without TXT have no content', () => {
    expect(destinationsOf('AM.CA0990100.QZ02.HELLO')[1]).toBeUndefined();
    expect(destinationsOf('AM.CA0990100.QZ02.TXTHELLO')[1]).toBeUndefined();
    expect(destinationsOf('AM.CA0990100.QZ02.TXT')).toEqual([[['mnemonic', 'QZ02', 13]], 21]);
  });

  it('are read up to one more than are allowed', () => {
    const list = Array.from({ length: 5000 }, () => 'QZ02').join(',');
    const { destinations } = textOf(`AM.CA0990100.${list}.TXT\r\nHELLO`);
    expect(destinations).toHaveLength(destinationsMax + 1);
  });

  it('the text behind them is free: no fields', () => {
    expect(textOf('AM.CA0990100.QZ02.TXT\r\nLIC/2ZZZ999 SEEN. CALL').fields).toEqual([]);
  });

  it('a hit confirmation has destinations and fields', () => {
    const { destinations, fields } = textOf(
      'YQ.CA0990100.NV0990200.TXT\r\nRTY/SV.RNO/1.PRI/U.\r\nLIC/7SIM042',
    );
    expect(destinations).toEqual([{ kind: 'ori', value: 'NV0990200', at: 13 }]);
    expect(fields.map(({ code }) => code)).toEqual(['RTY', 'RNO', 'PRI', 'LIC']);
  });

  it('an addressed key may be sent with fields alone', () => {
    const { destinations, fields } = textOf('RQ.CA0990100.LIC/2ZZZ999.LIS/CA');
    expect([destinations, fields.length]).toEqual([[], 2]);
  });
});

describe('properties of texts', () => {
  const value = fc.stringMatching(/^[A-Z0-9 ,/-]{1,12}$/);
  const code = fc.stringMatching(/^[A-Z]{3}$/);
  const requester = fc.record({ who: value, recipient: value, reason: value });

  it('parse after format is the identity', () => {
    const fields = fc.array(fc.record({ code, value }), { maxLength: 6 });
    fc.assert(
      fc.property(fields, fc.option(requester, { nil: undefined }), (pairs, asker) => {
        const draft = { mke: 'QV' as Mke, ori, fields: pairs };
        const octets = formatText(asker === undefined ? draft : { ...draft, requester: asker });
        const text = valueOf(parseText(octets, 0, keyTable));
        expect([text.mke, text.ori]).toEqual(['QV', ori]);
        expect(text.fields.map((field) => ({ code: field.code, value: field.value }))).toEqual(
          pairs,
        );
        expect(text.requester).toEqual(asker && expect.objectContaining(asker));
        for (const field of text.fields)
          expect(latin1(octets, field.at).startsWith(`${field.code}/${field.value}`)).toBe(true);
      }),
    );
  });

  it('destinations come back as they were sent', () => {
    const lists = fc.array(upperAlnum(2, 9), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(lists, (destinations) => {
        const octets = formatText({ mke: 'AM' as Mke, ori, destinations, text: 'HELLO. AGAIN' });
        const text = valueOf(parseText(octets, 0, keyTable));
        expect(text.destinations?.map((one) => one.value)).toEqual(destinations);
        expect(latin1(octets, text.contentAt)).toBe('HELLO. AGAIN');
      }),
    );
  });

  it('any octets give a result, never a throw, and offsets within the body', () => {
    const unit = fc.constantFrom(...'QVAM$.,/CA0990100\r\nTXTRQR-'.split(''));
    const begun = fc.constantFrom('', 'QV.', 'AM.CA0990100.', 'YQ.CA0990100.QZ01.TXT', '$.');
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.tuple(begun, fc.string({ unit, maxLength: 50 })).map((parts) => bytes(parts.join(''))),
    );
    fc.assert(
      fc.property(body, fc.nat(5), (octets, from) => {
        const at = Math.min(from, octets.length);
        const result = parseText(octets, at, keyTable);
        const places = result.ok
          ? [
              result.value.restAt,
              result.value.contentAt ?? at,
              ...result.value.fields.map((f) => f.at),
            ]
          : [result.error.at];
        for (const place of places) expect(place).toBeLessThanOrEqual(octets.length);
        for (const place of places) expect(place).toBeGreaterThanOrEqual(at);
        expect(parseAnswer(octets, at).fields.length).toBeLessThanOrEqual(octets.length);
        parseSwitchMessage(octets, at);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what an upstream sends, X6', () => {
  const answer = (...lines: readonly string[]): ReturnType<typeof parseAnswer> =>
    parseAnswer(bytes(['QV.CA0990100.', ...lines].join('\r\n')), 0);

  it('a hit has a line that begins MKE/, and its items', () => {
    const { mke, outcome, fields, notice, ...rest } = answer(
      'MKE/STOLEN VEHICLE',
      'ORI/NV0990200 LIC/7SIM042 LIS/CA',
      'NAM/QUILLBRAND, OSRIC T SEX/M',
      'MIS/SEEN WITH BOAT LIC/NOT ONE',
      'ORI IS SIMVILLE PD NV 775 555-0142',
    );
    expect([mke, rest.ori, outcome, notice]).toEqual(['QV', ori, 'hit', false]);
    expect(fields.map(({ code, value }) => `${code}=${value}`)).toEqual([
      'MKE=STOLEN VEHICLE',
      'ORI=NV0990200',
      'LIC=7SIM042',
      'LIS=CA',
      'NAM=QUILLBRAND, OSRIC T',
      'SEX=M',
      'MIS=SEEN WITH BOAT LIC/NOT ONE',
    ]);
    expect(fields[0]?.at).toBe(15);
  });

  it.each([
    [['NO RECORD LIC/7SIM043 LIS/CA'], 'no-hit'],
    [['NO NCIC WANT NAM/PELLUCID,ADA'], 'no-hit'],
    [['NO RECORD VIN/1', 'MKE/STOLEN VEHICLE'], 'hit'],
    [['REJ - INVALID MKE'], 'rejected'],
    [['REJ - ON FILE', 'MKE/STOLEN VEHICLE'], 'rejected'],
    [['THE MKE/ IS NOT FIRST'], undefined],
    [['NIC/V400118732 OCA/30-004417'], undefined],
    [[], undefined],
  ] as const)('%j: %s', (lines, outcome) => {
    expect(answer(...lines).outcome).toBe(outcome);
  });

  it('a notice is known by its key', () => {
    const text = parseAnswer(bytes('AB12.$.L.NV0990200.\r\nLOCATE NOTICE'), 5);
    expect(text).toMatchObject({ mke: '$.L', ori: 'NV0990200', notice: true });
  });

  it('what cannot be read is left out, and nothing is refused', () => {
    expect(parseAnswer(bytes('\xff\x00'), 0)).toEqual({ fields: [], notice: false });
    expect(parseAnswer(bytes(''), 0)).toEqual({ fields: [], notice: false });
  });
});

describe('what the switch itself says, X3', () => {
  it('is written as the example shows, and read back', () => {
    const message = { kind: 'SM', ori, code: '02', text: 'STATE OUT OF SERVICE' } as const;
    const octets = formatSwitchMessage(message);
    expect(latin1(octets)).toBe('SM.CA0990100.02.STATE OUT OF SERVICE');
    expect(parseSwitchMessage(octets, 0)).toEqual(message);
  });

  it.each(['QV.CA0990100.02.X', 'SM.CA099010.02.X', 'SM.990990100.02.X', 'SM.CA0990100.2.X', 'SM'])(
    'is not %j',
    (text) => {
      expect(parseSwitchMessage(bytes(text), 0)).toBeUndefined();
    },
  );
});
