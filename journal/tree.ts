// The Merkle tree over all entries, as RFC 6962 builds it, kept as its frontier: the roots of the
// full subtrees, at most 53 hashes. Promises the same root for the same leaves in the same order.
// Fails by assertion on a frontier that is none. Proofs and signed checkpoints are not here.

import assert from 'node:assert/strict';
import { hash } from 'node:crypto';

const hashOctets = 32;

/** Grown in place by its one owner. */
export interface Frontier {
  size: number;
  /** Roots of the full subtrees, largest first: one for each bit of `size`. */
  readonly hashes: Uint8Array[];
}

export function emptyFrontier(): Frontier {
  return { size: 0, hashes: [] };
}

export function copyFrontier(frontier: Frontier): Frontier {
  return { size: frontier.size, hashes: [...frontier.hashes] };
}

/**
 * The leaf of a record, which begins with `0x00` and the salt.
 *
 * @source RFC 6962 2.1, security 7.2(2)
 */
export function leafOf(record: Uint8Array): Uint8Array {
  assert(record[0] === 0x00, 'the octet 0 stops a node from posing as a leaf');
  return digestOf(record);
}

/** Appends one leaf. */
export function grow(frontier: Frontier, leaf: Uint8Array): void {
  let node = leaf;
  // Each low bit set is a full subtree as large as `node`: together they make one of the next size.
  for (let rest = frontier.size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = frontier.hashes.pop();
    assert(left, 'a frontier has one hash for each bit of its size');
    node = nodeOf(left, node);
  }
  frontier.hashes.push(node);
  frontier.size += 1;
}

/** The root, lower-case hex; of the empty tree the hash of nothing. */
export function rootOf(frontier: Frontier): string {
  const [last, ...lefts] = frontier.hashes.toReversed();
  if (last === undefined) return hash('sha256', '');
  return Buffer.from(lefts.reduce((right, left) => nodeOf(left, right), last)).toString('hex');
}

export function encodeFrontier(frontier: Frontier): Uint8Array {
  return Buffer.concat(frontier.hashes);
}

export function decodeFrontier(size: number, octets: Uint8Array): Frontier {
  const count = size.toString(2).replaceAll('0', '').length;
  assert(octets.length === count * hashOctets, 'a frontier has one hash for each bit of its size');
  const hashes = Array.from({ length: count }, (_, index) =>
    octets.slice(index * hashOctets, (index + 1) * hashOctets),
  );
  return { size, hashes };
}

const pair = new Uint8Array(1 + 2 * hashOctets).fill(0x01, 0, 1);

function nodeOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1);
  pair.set(right, 1 + hashOctets);
  return digestOf(pair);
}

/** By way of hex: a digest asked for as octets has memory of its own, which costs more than the hash of a node. */
function digestOf(octets: Uint8Array): Uint8Array {
  return Buffer.from(hash('sha256', octets), 'hex');
}
