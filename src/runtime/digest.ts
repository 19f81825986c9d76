// Tells octets apart for the pure switch, which has no cryptography of its own.

import { hash } from 'node:crypto';
import type { Digest } from '#switch/stored';

/** Of SHA-256 so much: 132 bits. */
const letters = 22;

export const digestOf: Digest = (octets) => hash('sha256', octets, 'base64url').slice(0, letters);
