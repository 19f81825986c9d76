// Alternatives: of the sets of a format exactly one stands, and nothing of another. What holds for any
// choice of fields, of every format that has alternatives, against the rule as one would say it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editFields } from '#protocol/edits';
import type { FieldFlaw } from '#protocol/edits';
import type { FieldSet } from '#protocol/format-row';
import { formatTable } from '#protocol/formats';
import type { Format } from '#protocol/formats';
import { keyTable } from '#protocol/keys';
import { edited, interstate, verdict } from './edit.ts';

/** Of which each field finds one that it takes. */
const values = [
  ...['1', '12', '31', '9', 'A', 'C', 'M', 'T', 'U', 'Y', 'CA', 'PD', 'SV', 'ACD', 'DOE, A'],
  ...['20310101', '000990042', 'NV1', 'NV0990200', 'OA-1', 'TOYT', 'ALL', '100'],
];
const bad = '?'.repeat(15_000);

const keyOf = new Map(keyTable.all.map((key) => [key.edits?.format, key]));
/** A format, and the values of the field that chooses its sets: none where nothing chooses. */
const cases = formatTable.all.flatMap((format) => {
  const { alternatives, row } = format;
  if (alternatives === undefined || !keyOf.has(format.name)) return [];
  const chosen = row.choice?.cases.flatMap((one) => one.values) ?? [''];
  return chosen.map((by) => ({ format, by, sets: alternatives.of(by) ?? [] }));
});

interface Case {
  readonly format: Format;
  readonly by: string;
  readonly sets: readonly FieldSet[];
}

const valueOf = ({ format, by }: Case, code: string): string =>
  code === format.alternatives?.field
    ? by
    : (values.find((one) => format.rules.get(code)?.fits(one)) ?? '');

const edit = (about: Case, codes: readonly string[], spoilt?: string) => {
  const key = keyOf.get(about.format.name) ?? expect.fail(about.format.name);
  const fields = codes.map((code, at) => ({
    code,
    value: code === spoilt ? bad : valueOf(about, code),
    at,
  }));
  return editFields(key, fields, codes.length);
};

const standsWith = ({ format, sets }: Case, given: ReadonlySet<string>): boolean => {
  const always = new Set([...format.mandatory, ...(format.row.fields ?? [])]);
  const ofSets = [...given].filter((code) => !always.has(code));
  return sets.some(
    ({ required, optional = [] }) =>
      required.every((code) => given.has(code)) &&
      ofSets.every((code) => required.includes(code) || optional.includes(code)),
  );
};

/** Some fields of a format, in any order. */
const some = fc.constantFrom(...cases).chain((about) => {
  const codes = [...about.format.rules.keys()];
  const likely = about.sets.flatMap(({ required, optional = [] }) => [...required, ...optional]);
  const must = about.format.mandatory;
  return fc.record({
    about: fc.constant(about),
    codes: fc
      .tuple(
        fc.oneof(fc.constant(must), fc.subarray([...must])),
        fc.subarray([...new Set(likely)]),
        fc.oneof(fc.constant([]), fc.subarray(codes, { maxLength: 2 })),
      )
      .map((parts) => [...new Set(parts.flat())])
      .chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
  });
});

describe('alternatives', () => {
  it('are of many formats, and each of their fields has a value that it takes', () => {
    expect(cases.length).toBeGreaterThan(20);
    for (const about of cases)
      for (const code of about.format.rules.keys())
        expect(valueOf(about, code), `${about.format.name} ${code}`).not.toBe('');
  });

  it('a text is taken where one set stands whole, with nothing of another, and what must be there', () => {
    let taken = 0;
    fc.assert(
      fc.property(some, ({ about, codes }) => {
        const given = new Set(codes);
        const { field } = about.format.alternatives ?? {};
        // Without the field that chooses there is nothing to choose from.
        if (field !== undefined && !given.has(field)) return;
        const whole = about.format.mandatory.every((code) => given.has(code));
        const wanted = whole && standsWith(about, given);
        if (wanted) taken++;
        expect(edit(about, codes).ok).toBe(wanted);
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it('what a field holds is judged last: the flaw of a set stays the same whatever is wrong in it', () => {
    const flawOf = (result: ReturnType<typeof edit>): FieldFlaw | undefined =>
      result.ok ? undefined : result.error;
    let told = 0;
    fc.assert(
      fc.property(some, fc.nat(), ({ about, codes }, at) => {
        const { field } = about.format.alternatives ?? {};
        const spoilt = codes[at % Math.max(1, codes.length)];
        if (spoilt === undefined || spoilt === field) return;
        const before = flawOf(edit(about, codes));
        const after = flawOf(edit(about, codes, spoilt));
        if (before === undefined) {
          told++;
          expect(after).toMatchObject({ kind: 'data', field: spoilt });
        } else expect(after).toEqual(before);
      }),
      { numRuns: 3000 },
    );
    expect(told).toBeGreaterThan(100);
  });

  it('each whole text is taken, and refused with any of its mandatory fields away', () => {
    for (const [mke, text] of Object.entries(interstate)) {
      expect(verdict(edited(mke, text)), mke).toBe('ok');
      const key = keyTable.get(mke) ?? expect.fail(mke);
      const format = formatTable.get(key.edits?.format ?? '') ?? expect.fail(mke);
      for (const code of format.mandatory) {
        const left = text.split('.').filter((part) => !part.startsWith(`${code}/`));
        expect(verdict(edited(mke, left.join('.'))), mke).toBe(`missing ${code}`);
      }
    }
  });
});
