// Whatever is entered, changed, supplemented, located, cleared, cancelled, and however the clock turns: an
// inquiry finds what a simple model says, and whatever the text, it is answered.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Play } from './model.ts';
import type { Step } from './model.ts';
import { openRoom } from './room.ts';

const small = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('car' as const),
    ori: small,
    lic: fc.nat({ max: 3 }),
    vin: fc.option(small, { nil: undefined }),
  }),
  fc.record({
    do: fc.constant('want' as const),
    ori: small,
    who: fc.nat({ max: 3 }),
    sex: fc.constantFrom('M', 'F', 'U'),
  }),
  fc.record({
    do: fc.constant('gun' as const),
    ori: small,
    ser: fc.constantFrom('A12B34', 'A1234', 'AX1234', '1O34', '1034'),
  }),
  fc.record({
    do: fc.constantFrom('change' as const, 'locate' as const, 'clear' as const, 'cancel' as const),
    which: fc.nat({ max: 9 }),
    to: fc.nat({ max: 3 }),
  }),
  fc.record({
    do: fc.constant('alias' as const),
    which: fc.nat({ max: 9 }),
    who: fc.nat({ max: 3 }),
  }),
  fc.record({ do: fc.constant('turn' as const), days: fc.constantFrom(1, 5, 12, 40, 91, 400) }),
  fc.constant({ do: 'reopen' as const }),
);

describe('an inquiry', () => {
  it('finds exactly what a simple model says, and again after the file was opened anew', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const folder = mkdtempSync(join(tmpdir(), 'msc-ncic-'));
        const path = join(folder, 'ncic.db');
        const play = new Play(path);
        try {
          for (const each of steps) play.take(each);
          play.compare();
        } finally {
          play.close();
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns: 60 },
    );
  }, 300_000);
});

describe('any text', () => {
  const keys = [
    'QV',
    'QW',
    'QM',
    'QA',
    'EV',
    'MV',
    'XV',
    'LV',
    'EW-C',
    'EN',
    'QVB',
    'EAA',
    'XAA',
    'QO',
  ];
  it('gets an answer or a reject, and nothing is thrown', () => {
    const room = openRoom();
    const field = fc
      .tuple(
        fc.constantFrom(
          'LIC',
          'VIN',
          'NAM',
          'DOB',
          'NIC',
          'OCA',
          'SER',
          'TYP',
          'EBS',
          'AGE',
          'DOC',
          'ORI',
        ),
        fc.string({ maxLength: 12 }),
      )
      .map(([code, value]) => `${code}/${value}`);
    const shaped = fc
      .tuple(
        fc.constantFrom(...keys),
        fc.array(fc.oneof(field, fc.string({ maxLength: 9 })), { maxLength: 8 }),
      )
      .map(([key, fields]) => `1N01SIM000001.${key}.CA0990100.${fields.join('.')}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), shaped), (heard) => {
        const said = room.say(heard);
        expect(said.length).toBeGreaterThan(0);
        for (const each of said) expect(each.text).toMatch(/\r\n$/);
      }),
      { numRuns: 2_000 },
    );
  }, 120_000);
});
