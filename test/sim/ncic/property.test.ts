// Whatever is entered, changed, supplemented, located, cleared, cancelled, and however the clock turns: an
// inquiry finds what a simple model says, and whatever the text, it is answered.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinds, Play } from './play.ts';
import type { Step } from './play.ts';
import { openRoom } from './room.ts';

const small = fc.nat({ max: 5 });
const some = fc.nat({ max: 30 });
const entered = fc.record({
  do: fc.constant('enter' as const),
  kind: fc.constantFrom(...kinds),
  ori: fc.nat({ max: 2 }),
  picks: fc.tuple(small, small, small),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  // As much is entered as is changed, and a file stays small enough for records to meet.
  { weight: 5, arbitrary: entered },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('change' as const, 'locate' as const),
      which: some,
      to: small,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('clear' as const, 'cancel' as const), which: some }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('alias' as const, 'drop-alias' as const),
      which: some,
      to: small,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('turn' as const),
      days: fc.constantFrom(1, 5, 12, 40, 91, 400, 2000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
);

describe('an inquiry', () => {
  it('finds exactly what a simple model says, and again after the file was opened anew', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 40 }), (steps) => {
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
      { numRuns: 30 },
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
