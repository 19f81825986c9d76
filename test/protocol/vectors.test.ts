import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseControl } from '#protocol/control';
import { helloOnly, messageFrame } from '#protocol/frame';
import type { Frame, FrameRules } from '#protocol/frame';
import { formatHeader, parseHeader } from '#protocol/header';
import type { Mnemonic } from '#protocol/ids';
import { concatBytes, latin1 } from '#protocol/octets';
import { framesOf, hostRules, splitsOf, unhex, valueOf } from './help.ts';

interface FrameVector {
  readonly note: string;
  readonly hex: string;
  readonly outcome: string;
  readonly first?: boolean;
  readonly type?: string;
  readonly number?: number;
  readonly mnemonic?: string;
  readonly flags?: number;
}

interface HeaderVector {
  readonly note: string;
  readonly role: 'terminal' | 'host';
  readonly hex: string;
  readonly outcome: string;
  readonly at?: number;
  readonly parsed?: { suphdr: string; oif?: string; taf?: string; text: string };
}

// The files are the protocol's own, in the shapes above.
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/vectors/${name}.json`, import.meta.url), 'utf8'));
const frameVectors = read('frames') as readonly FrameVector[];
const headerVectors = read('headers') as readonly HeaderVector[];

const firstRules: FrameRules = { from: 'station', bodyBytesMax: 4096, allowed: helloOnly };

/** F1, F2 and F6 by the framer, then F5. */
function outcomeOf(vector: FrameVector, chunks: readonly Uint8Array[]): [string, Frame?] {
  const [result, ...more] = framesOf(chunks, vector.first === true ? firstRules : hostRules);
  expect(more).toEqual([]);
  if (result === undefined) return ['nothing'];
  if (!result.ok) return [result.error.code];
  const frame = result.value;
  if (frame.type === 'MESSAGE' || frame.type === 'ACK') return ['ok', frame];
  if (frame.type === 'PING' || frame.type === 'PONG') return ['ok', frame];
  const body = parseControl(frame.type, frame.body);
  return body.ok ? ['ok', frame] : [body.error.code];
}

describe('the frame vectors, whole, octet by octet and split at random', () => {
  it.each(frameVectors)('$note: $outcome', (vector) => {
    for (const chunks of splitsOf(unhex(vector.hex))) {
      const [outcome, frame] = outcomeOf(vector, chunks);
      expect(outcome).toBe(vector.outcome);
      for (const name of ['type', 'number', 'mnemonic', 'flags'] as const)
        if (vector[name] !== undefined) expect(frame?.[name]).toBe(vector[name]);
    }
  });
});

describe('the header vectors, whole, octet by octet and split at random', () => {
  it.each(headerVectors)('$role, $note: $outcome', (vector) => {
    const sent = messageFrame({
      flags: 0,
      class: 0,
      number: 1,
      mnemonic: 'KSD1' as Mnemonic,
      body: unhex(vector.hex),
    });
    for (const chunks of splitsOf(sent)) {
      const [frame] = framesOf(chunks, hostRules).map(valueOf);
      const body = frame?.body ?? new Uint8Array();
      const header = parseHeader(body, vector.role);
      if (header.ok) {
        const { suphdr, oif, taf, textAt } = header.value;
        const text = latin1(body, textAt);
        expect({ suphdr, oif, taf, text }).toEqual({ ...vector.parsed });
        expect(vector.outcome).toBe('ok');
        const again = concatBytes(formatHeader(header.value), body.subarray(textAt));
        expect(again).toEqual(body);
      } else {
        expect(header.error).toEqual({ code: vector.outcome, at: vector.at });
      }
    }
  });
});
