// The only place with randomness: from the system's generator, through node:crypto.

import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '#src/net/ports';

/** Octets of a session's name: 192 bits, above the 128 of link S4. */
const tokenBytes = 24;
const fractionSteps = 2 ** 32;

export const randomOctets = (octets: number): Uint8Array => randomBytes(octets);

export const systemRandom: Random = {
  fraction: () => randomInt(fractionSteps) / fractionSteps,
  token: () => randomBytes(tokenBytes).toString('base64url'),
};
