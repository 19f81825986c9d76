// The words of a message: what a search by text compares, and what its index holds.
// Pure and total: any octets give words. It knows nothing of fields, headers or names.

import { latin1 } from '#protocol/octets';

const run = /[\p{L}\p{Nd}]+/gu;

/** Runs of letters or digits of the Latin-1 text, in capitals, in their order, as often as they stand there. */
export function* wordsOf(body: Uint8Array): Generator<string> {
  for (const [word] of latin1(body).toUpperCase().matchAll(run)) yield word;
}
