import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrontier, emptyFrontier, encodeFrontier, grow, leafOf, rootOf } from '#journal/tree';
import { seededRandom } from './folders.ts';

/** The hash of a list of leaves, word for word as RFC 6962 2.1 defines it. */
function oracle(leaves: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  const [only] = leaves;
  if (!only) return hash.digest();
  if (leaves.length === 1) return Buffer.from(only);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const halves = [oracle(leaves.slice(0, split)), oracle(leaves.slice(split))];
  return hash.update(Buffer.concat([Buffer.of(0x01), ...halves])).digest();
}

const random = seededRandom(3);
const someLeaves = (count: number): Uint8Array[] => Array.from({ length: count }, () => random(32));

function grown(leaves: readonly Uint8Array[]) {
  const frontier = emptyFrontier();
  for (const leaf of leaves) grow(frontier, leaf);
  return frontier;
}

describe('the tree over all entries', () => {
  it('has the known roots of RFC 6962', () => {
    // Leaves of the certificate transparency reference tests: "", 00, 10, 2021, 3031, ...
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
    const leaves = [...inputs, '606162636465666768696a6b6c6d6e6f'].map((hex) =>
      leafOf(Buffer.from(`00${hex}`, 'hex')),
    );
    const roots: readonly (readonly [number, string])[] = [
      [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
      [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
      [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
      [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
      [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
      [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
    ];
    for (const [size, root] of roots) expect(rootOf(grown(leaves.slice(0, size)))).toBe(root);
  });

  it('has the root that the definition gives, at every size', () => {
    const leaves = someLeaves(130);
    for (let size = 0; size <= leaves.length; size += 1)
      expect(rootOf(grown(leaves.slice(0, size)))).toBe(
        oracle(leaves.slice(0, size)).toString('hex'),
      );
  });

  it('goes on from an encoded frontier as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.nat(70), fc.nat(70), (before, after) => {
        const leaves = someLeaves(before + after);
        const stopped = grown(leaves.slice(0, before));
        const again = decodeFrontier(before, encodeFrontier(stopped));
        for (const leaf of leaves.slice(before)) grow(again, leaf);
        expect(rootOf(again)).toBe(rootOf(grown(leaves)));
      }),
    );
  });

  it('refuses a frontier of another size, and a leaf that could be a node', () => {
    expect(() => decodeFrontier(3, Buffer.alloc(32))).toThrow('one hash for each bit');
    expect(() => leafOf(Buffer.of(0x01, 2, 3))).toThrow('posing as a leaf');
  });
});
