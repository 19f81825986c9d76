import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHeader, parseHeader } from '#protocol/header';
import type { Oif, Suphdr, Taf } from '#protocol/ids';
import { concatBytes } from '#protocol/octets';
import { bytes, upperAlnum, valueOf } from './help.ts';

type From = Parameters<typeof parseHeader>[1];

const verdict = (body: string, from: From): string => {
  const header = parseHeader(bytes(body), from);
  return header.ok ? `ok ${header.value.textAt}` : `${header.error.code} ${header.error.at}`;
};

const A = (count: number): string => 'A'.repeat(count);

describe('every outcome that syntax decides, for a host', () => {
  it.each([
    ['', 'H01 0'],
    ['.QV', 'H01 0'],
    // 3, 4, 10, 11
    [`${A(3)}.*J10442.QV`, 'H02 3'],
    [`${A(4)}.*J10442.QV`, 'ok 13'],
    [`${A(10)}.*J10442.QV`, 'ok 19'],
    [`${A(11)}.*J10442.QV`, 'H03 10'],
    [A(10), 'H03 10'],
    ['AB', 'H03 2'],
    ['AB12', 'H03 4'],
    [`${A(10)}a.`, 'H03 10'],
    [`${A(10)}\x80`, 'H03 10'],
    [`${A(10)}\r`, 'H21 10'],
    ['aB12.', 'H04 0'],
    ['AB-2.', 'H04 2'],
    ['AB1\x80.', 'H04 3'],
    ['AB1\xff.', 'H04 3'],
    ['\x00B12.', 'H21 0'],
    ['AB\x7f2.', 'H21 2'],
    ['AB12.', 'H05 5'],
    ['AB12.QV', 'H05 5'],
    ['AB12.\x80', 'H05 5'],
    ['AB12.\r', 'H21 5'],
    ['AB12..', 'H15 5'],
    ['AB12.#113AB7.', 'H14 5'],
    // 5, 6, 7
    [`AB12.*${A(5)}.QV`, 'H06 11'],
    [`AB12.*${A(6)}.QV`, 'ok 13'],
    [`AB12.*${A(7)}.QV`, 'H07 12'],
    ['AB12.*', 'H07 6'],
    ['AB12.*J104', 'H07 10'],
    [`AB12.*${A(6)}`, 'H07 12'],
    [`AB12.*${A(6)}\n`, 'H21 12'],
    ['AB12.*.', 'H06 6'],
    ['AB12.*j10442.', 'H08 6'],
    ['AB12.*J1044\xc4.', 'H08 11'],
    ['AB12.*J10\t42.', 'H21 9'],
    ['AB12.*J10442.*', 'H09 13'],
    ['AB12.*J10442..', 'H15 13'],
    ['AB12.*J10442.', 'H20 13'],
    ['AB12.*J10442.\r', 'ok 13'],
    // 5, 6, 18, 19
    [`AB12.*J10442.#${A(5)}.QV`, 'H10 19'],
    [`AB12.*J10442.#${A(6)}.QV`, 'ok 21'],
    [`AB12.*J10442.#${A(18)}.QV`, 'ok 33'],
    [`AB12.*J10442.#${A(19)}.QV`, 'H11 32'],
    ['AB12.*J10442.#', 'H11 14'],
    [`AB12.*J10442.#${A(18)}`, 'H11 32'],
    [`AB12.*J10442.#${A(18)}\x1f`, 'H21 32'],
    ['AB12.*J10442.#.', 'H10 14'],
    ['AB12.*J10442.#113aB7.', 'H12 17'],
    ['AB12.*J10442.#113\x01B7.', 'H21 17'],
    ['AB12.*J10442.#113AB7.*', 'H09 21'],
    ['AB12.*J10442.#113AB7.#', 'H13 21'],
    ['AB12.*J10442.#113AB7..', 'H15 21'],
    ['AB12.*J10442.#113AB7.', 'H20 21'],
  ])('%j: %s', (body, outcome) => {
    expect(verdict(body, 'host')).toBe(outcome);
  });
});

describe('a terminal and an upstream may leave the operator field out', () => {
  it.each([
    ['AB12.QV', 'ok 5'],
    ['AB12.*J10442.QV', 'ok 13'],
    ['AB12.\r', 'ok 5'],
    ['AB12.\x80', 'ok 5'],
    ['AB12.', 'H20 5'],
    ['AB12..', 'H15 5'],
    ['AB12.#113AB7.QV', 'H14 5'],
    ['AB12.*J1', 'H07 8'],
  ])('%j: %s', (body, outcome) => {
    expect(verdict(body, 'terminal')).toBe(outcome);
    expect(verdict(body, 'upstream')).toBe(outcome);
  });
});

describe('properties of headers', () => {
  const field = (min: number, max: number): fc.Arbitrary<string> => upperAlnum(min, max);
  const header = fc.oneof(
    fc.record({ suphdr: field(4, 10), oif: field(6, 6) }),
    fc.record({ suphdr: field(4, 10), oif: field(6, 6), taf: field(6, 18) }),
    fc.record({ suphdr: field(4, 10) }),
  );

  it('parse after format is the identity, with the offset of every part', () => {
    fc.assert(
      fc.property(header, (parts) => {
        // The arbitraries above make nothing else.
        const sent = parts as { suphdr: Suphdr; oif?: Oif; taf?: Taf };
        const octets = formatHeader(sent);
        const { textAt, oifAt, tafAt, ...fields } = valueOf(
          parseHeader(concatBytes(octets, bytes('QV')), 'terminal'),
        );
        expect(fields).toEqual(sent);
        expect(textAt).toBe(octets.length);
        expect(oifAt).toBe('oif' in sent ? sent.suphdr.length + 1 : undefined);
        expect(tafAt).toBe('taf' in sent ? sent.suphdr.length + 9 : undefined);
      }),
    );
  });

  it('any octets give a result, never a throw, and an offset within the body', () => {
    const unit = fc.constantFrom(...'AB1.*#a\r\x80'.split(''));
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.string({ unit, maxLength: 50 }).map(bytes),
    );
    fc.assert(
      fc.property(body, fc.constantFrom<From>('host', 'terminal', 'upstream'), (octets, from) => {
        const result = parseHeader(octets, from);
        const at = result.ok ? result.value.textAt : result.error.at;
        expect(at).toBeLessThanOrEqual(octets.length);
      }),
      { numRuns: 500 },
    );
  });

  it('looks at forty octets at most, however long the body is', () => {
    const seen: string[] = [];
    const body = new Proxy(bytes(`${A(10)}.*${A(6)}.#${A(18)}.QV${A(1000)}`), {
      get: (target, name) => {
        if (typeof name === 'string' && /^\d+$/.test(name)) seen.push(name);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    expect(parseHeader(body, 'host').ok).toBe(true);
    expect(Math.max(...seen.map(Number))).toBe(39);
  });
});
