import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blobOf,
  decodeEntry,
  encodeBatch,
  encodeEntry,
  packParts,
  partsOf,
  saltOf,
} from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import { event, seededRandom } from './folders.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const anyStored = fc
  .record({
    entry: fc.integer({ min: 1 }),
    requester: fc.string({ unit: 'binary' }),
    bodyOctets: fc.option(fc.uint8Array({ maxLength: 3000 }), { nil: undefined }),
  })
  .map(({ entry, requester, bodyOctets }): StoredEntry => {
    const stored = event(entry, { requester });
    return bodyOctets ? { ...stored, body: bodyOctets } : stored;
  });

describe('the encoding of an entry', () => {
  it('is JSON with the version first, then a line feed and the body as it is', () => {
    const blob = encodeEntry({ ...event(7), body: Uint8Array.of(0x41, 0x0a, 0xff) });
    expect(Buffer.from(blob).toString('latin1')).toBe(
      '{"v":1,"entry":7,"time":7000000,"kind":"event","event":"heartbeat"}\nA\n\xff',
    );
    expect(Buffer.from(encodeEntry(event(7))).includes(0x0a)).toBe(false);
  });

  it('has length and digest in place of octets that are withheld', () => {
    const body = utf8('invented secret 42');
    const blob = encodeEntry({ ...event(7), body, withheld: true });
    expect(Buffer.from(blob).toString('latin1')).not.toContain('secret');
    const digest = createHash('sha256').update(body).digest('hex');
    const columns = { bytes: 18, digest };
    expect(decodeEntry(blob)).toEqual(event(7, columns));
    const [record] = partsOf(encodeBatch([{ ...event(7), body, withheld: true }], seededRandom(1)));
    expect(record && blobOf(record)).toEqual(blob);
  });

  it('gives back any entry, alone and in a batch, with a salt for each', () => {
    fc.assert(
      fc.property(fc.array(anyStored, { maxLength: 20 }), (entries) => {
        expect(entries.map((stored) => decodeEntry(encodeEntry(stored)))).toEqual(entries);
        const records = partsOf(encodeBatch(entries, seededRandom(5)));
        expect(records.map((record) => decodeEntry(blobOf(record)))).toEqual(entries);
        const salts = Buffer.from(seededRandom(5)(32 * entries.length));
        expect(Buffer.concat(records.map(saltOf))).toEqual(salts);
        expect(records.map(blobOf)).toEqual(entries.map(encodeEntry));
      }),
    );
  });

  it('carries a batch that is larger than any before it', () => {
    const body = new Uint8Array(3 << 20).fill(7);
    const [record] = partsOf(encodeBatch([{ ...event(1), body }], seededRandom(1)));
    expect(record && decodeEntry(blobOf(record)).body?.length).toBe(body.length);
  });

  it('lays parts end to end and finds them again, empty ones too', () => {
    const parts = [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)];
    expect(partsOf(packParts(parts))).toEqual(parts);
  });

  it('stops on what is no entry, before it is written and after it is read', () => {
    expect(() => encodeEntry(event(0))).toThrow('a number from 1 on');
    expect(() => encodeEntry(event(1, { time: 1.5 }))).toThrow('whole microseconds');
    expect(() => decodeEntry(utf8('{"v":2,"entry":1}'))).toThrow('is of version 2, not 1');
    expect(() => decodeEntry(utf8('{"v":0,"entry":1}'))).toThrow('the version');
    expect(() => decodeEntry(utf8('{"v":1,"entry":1,"time":1}'))).toThrow('a kind');
    expect(() => decodeEntry(utf8('{"v":1,"entry":'))).toThrow();
    expect(() => decodeEntry(Uint8Array.of(0x7b, 0xff))).toThrow();
  });
});
