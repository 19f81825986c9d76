import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asciiBytes,
  concatBytes,
  latin1,
  parseUtf8,
  utf8Bytes,
  utf8Length,
} from '#protocol/octets';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const platform = (octets: Uint8Array): string | undefined => {
  try {
    return strict.decode(octets);
  } catch {
    // Not UTF-8: that is the answer.
    return undefined;
  }
};

describe('octets and text', () => {
  it('latin-1 takes every octet there and back, however many', () => {
    for (const length of [0, 1, 9, 10, 4096, 4097, 20_000]) {
      const octets = Uint8Array.from({ length }, (_, i) => i % 256);
      expect(latin1(octets)).toBe(Buffer.from(octets).toString('latin1'));
      expect(asciiBytes(latin1(octets))).toEqual(octets);
      expect(latin1(octets, 1, 3)).toBe(Buffer.from(octets).toString('latin1', 1, 3));
    }
  });

  it('joins octets in their order', () => {
    const joined = concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3));
    expect(joined).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('UTF-8 is written and measured as the platform does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const octets = utf8Bytes(text);
        expect(octets).toEqual(new TextEncoder().encode(text));
        expect(utf8Length(text)).toBe(octets.length);
        expect(parseUtf8(octets)).toBe(text);
      }),
    );
    expect(utf8Bytes('\ud800')).toEqual(new TextEncoder().encode('\ud800'));
  });

  it('any octets are UTF-8 exactly where the platform says so', () => {
    const octet = fc.oneof(
      fc.nat(255),
      fc.constantFrom(0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0x80, 0x90, 0xa0, 0xbf),
    );
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 6 }), (list) => {
        const octets = Uint8Array.from(list);
        expect(parseUtf8(octets)).toBe(platform(octets));
      }),
      { numRuns: 3000 },
    );
  });
});
