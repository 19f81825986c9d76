// What the tests of this room share: octets from text and hex, and the ways to split them.

import fc from 'fast-check';
import { Framer } from '#protocol/framer';
import type { Frame, FrameReject, FrameRules } from '#protocol/frame';
import { stationFrames } from '#protocol/frame';
import type { Result } from '#protocol/result';

export const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
export const unhex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

export const hostRules: FrameRules = {
  from: 'station',
  bodyBytesMax: 32_768,
  allowed: stationFrames.host,
};

export function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

export function errorOf<E>(result: Result<unknown, E>): E {
  if (result.ok) throw new Error('accepted');
  return result.error;
}

/** Everything a framer makes of the chunks, drained after each. */
export function framesOf(
  chunks: readonly Uint8Array[],
  rules: FrameRules,
): readonly Result<Frame, FrameReject>[] {
  const framer = new Framer(rules);
  const results: Result<Frame, FrameReject>[] = [];
  for (const chunk of chunks) {
    framer.push(chunk);
    for (let result = framer.next(); result !== undefined; result = framer.next())
      results.push(result);
  }
  return results;
}

export const octetByOctet = (octets: Uint8Array): readonly Uint8Array[] =>
  Array.from(octets, (octet) => Uint8Array.of(octet));

/** Cuts at the given places, whatever they are. */
export function splitAt(octets: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const places = [...cuts.map((cut) => cut % (octets.length + 1)), 0, octets.length];
  places.sort((a, b) => a - b);
  return places.slice(1).map((to, i) => octets.subarray(places[i] ?? 0, to));
}

/** The same octets whole, octet by octet, and at ten places from a fixed seed. */
export function splitsOf(octets: Uint8Array): readonly (readonly Uint8Array[])[] {
  const cuts = fc.array(fc.nat(), { maxLength: 8 });
  const random = fc.sample(cuts, { numRuns: 10, seed: 4711 });
  return [[octets], octetByOctet(octets), ...random.map((places) => splitAt(octets, places))];
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.split('');
export const upperAlnum = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength });
