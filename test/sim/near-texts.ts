// Texts for properties: any octets, and such as begin like what a host reads.

import fc from 'fast-check';

/** @param parts What a text of the host is made of. */
export function anyTexts(...parts: readonly string[]): fc.Arbitrary<string> {
  const near = fc.constantFrom(...parts);
  return fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(near, fc.string())).map((some) => some.join('')),
  );
}
