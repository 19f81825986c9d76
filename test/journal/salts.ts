// Salts that repeat, so that roots can be compared.

import { xorshift } from '#support/make-journal';

export function seededRandom(seed: number): (octets: number) => Uint8Array {
  const next = xorshift(seed);
  return (octets) => Uint8Array.from({ length: octets }, () => next(256));
}
