// Salts of a made journal: they repeat, so that its root is known. A real journal's come from the system.

import { xorshift } from './dice.ts';

const words = 2 ** 32;

export function madeSalts(seed: number): (octets: number) => Uint8Array {
  const next = xorshift(seed ^ 0x5a17);
  return (octets) => {
    const salts = new Uint32Array(Math.ceil(octets / 4));
    for (let at = 0; at < salts.length; at += 1) salts[at] = next(words);
    return new Uint8Array(salts.buffer, 0, octets);
  };
}
