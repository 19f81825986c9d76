import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ackFrame, echoFrame, helloOnly, messageFrame, stationFrames } from '#protocol/frame';
import { Framer } from '#protocol/framer';
import type { Mnemonic } from '#protocol/ids';
import { concatBytes } from '#protocol/octets';
import { errorOf, framesOf, hostRules, octetByOctet, splitAt, unhex, valueOf } from './help.ts';

const ping = echoFrame('PING', Uint8Array.of(1, 2, 3));
const message = (length: number): Uint8Array =>
  messageFrame({
    flags: 0,
    class: 0,
    number: 1,
    mnemonic: 'KSD1' as Mnemonic,
    body: new Uint8Array(length).fill(0x41),
  });

describe('the framer', () => {
  it('gives one frame at a time, so that the rules may change between two', () => {
    const framer = new Framer({ ...hostRules, allowed: stationFrames.host });
    framer.push(concatBytes(ping, ackFrame(1), ping));
    expect(valueOf(framer.next() ?? expect.fail()).type).toBe('PING');
    framer.rules = { ...hostRules, allowed: helloOnly };
    expect(errorOf(framer.next() ?? expect.fail()).code).toBe('C04');
  });

  it('stays failed after a reject, and holds and takes nothing more', () => {
    const framer = new Framer(hostRules);
    framer.push(concatBytes(unhex('00'.repeat(20)), ping));
    expect(errorOf(framer.next() ?? expect.fail()).code).toBe('C01');
    framer.push(ping);
    expect(framer.next()).toBeUndefined();
    expect([framer.failed, framer.pendingBytes, framer.midFrame]).toEqual([true, 0, false]);
  });

  it('refuses a bad header as soon as its twenty octets are there', () => {
    const framer = new Framer(hostRules);
    framer.push(message(32_769).subarray(0, 20));
    expect(errorOf(framer.next() ?? expect.fail()).code).toBe('C03');
  });

  it('knows whether a frame has begun and is not complete', () => {
    const framer = new Framer(hostRules);
    const seen = octetByOctet(ping).map((octet) => {
      framer.push(octet);
      return [framer.next() !== undefined, framer.midFrame];
    });
    expect(framer.midFrame).toBe(false);
    expect(seen.at(-1)).toEqual([true, false]);
    expect(seen.slice(0, -1).every(([whole, mid]) => whole === false && mid === true)).toBe(true);
  });

  it('takes a frame without a body', () => {
    expect(framesOf([ackFrame(9)], hostRules).map(valueOf)).toMatchObject([{ number: 9 }]);
  });

  it('gives bodies that do not keep the chunk they came in', () => {
    const chunk = concatBytes(ping, new Uint8Array(65_536));
    const framer = new Framer(hostRules);
    framer.push(Buffer.from(chunk.buffer, 0, 30));
    const { body } = valueOf(framer.next() ?? expect.fail());
    chunk.fill(0xff);
    expect(body).toEqual(Uint8Array.of(1, 2, 3));
    expect(body.buffer.byteLength).toBe(3);
  });

  it('never holds more than a header and a body of the allowed length beyond the chunk', () => {
    const limit = 1000;
    const framer = new Framer({ ...hostRules, bodyBytesMax: limit });
    const stream = concatBytes(message(1000), message(999), message(1000));
    for (const chunk of splitAt(stream, [7, 19, 20, 21, 500, 1019, 1021, 2050])) {
      framer.push(chunk);
      while (framer.next() !== undefined)
        expect(framer.pendingBytes).toBeLessThanOrEqual(20 + limit + chunk.length);
      expect(framer.pendingBytes).toBeLessThan(20 + limit);
    }
    expect(framer.pendingBytes).toBe(0);
  });

  it('takes a long frame octet by octet in time that grows with its length alone', () => {
    const time = (length: number): number => {
      const octets = octetByOctet(message(length));
      const start = performance.now();
      expect(framesOf(octets, { ...hostRules, bodyBytesMax: length })).toHaveLength(1);
      return performance.now() - start;
    };
    time(20_000);
    const ratio = time(400_000) / Math.max(time(40_000), 1);
    // Ten times the octets; a framer that copied at every chunk would take a hundred times as long.
    expect(ratio).toBeLessThan(50);
  });

  it('gives the same results however any stream is split', () => {
    const piece = fc.oneof(
      fc.constant(ping),
      fc.constant(ackFrame(7)),
      fc.nat(300).map(message),
      fc.uint8Array({ maxLength: 25 }),
    );
    const stream = fc.array(piece, { maxLength: 6 }).map((pieces) => concatBytes(...pieces));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (octets, cuts) => {
        const whole = framesOf([octets], hostRules);
        expect(framesOf(splitAt(octets, cuts), hostRules)).toEqual(whole);
        expect(framesOf(octetByOctet(octets), hostRules)).toEqual(whole);
      }),
    );
  });
});
