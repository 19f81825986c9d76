import { describe, expect, test } from 'vitest';
import { editFields } from '#protocol/edits';
import { splitFields } from '#protocol/field';
import { flawWords } from '#protocol/flaw-words';
import { keyTable } from '#protocol/keys';
import { whole } from './edit.ts';

/** What is said of a text of one key. */
function words(mke: string, rest: string): string {
  const key = keyTable.get(mke) ?? expect.fail(mke);
  const fields = splitFields(rest, 0);
  const result = editFields(key, fields, rest.length);
  return result.ok ? 'ok' : flawWords(result.error, key, fields);
}

describe('what an edit says in words', () => {
  test.each([
    ['QV', 'LIS/CA', 'LIC is missing'],
    ['EV', withField('EV', 'VYR/20A9'), 'VYR (model year) must be 4 digits'],
    ['EV', withField('EV', 'VYR/19'), 'VYR (model year) must be 4 digits'],
    ['EV', withField('EV', 'OCA/'), 'OCA must have a value'],
    ['EW', withField('EW', 'SEX/X'), 'SEX (sex) must be one of M, F, U'],
    [
      'QW',
      withField('QW', 'DOB/19910231'),
      /^DOB \(date of birth\) must be 8 digits; a day of the/,
    ],
    ['EV', withField('EV', 'VMA/T'), 'VMA (vehicle make) must be 2 to 24 characters of free text'],
    ['EV', withField('EV', 'LIY/20X1'), 'LIY (plate year) must be four digits, or NX'],
    ['EV', withField('EV', 'VST/4DOOR'), 'VST (vehicle style) must be 2 letters or digits'],
    [
      'EB',
      withField('EB', 'BTY/QQQ'),
      /^BTY .* one of AIR, .* \.\.\. \(docs\/message-formats\.md\)$/,
    ],
    ['EA', `${whole['EA'] ?? ''}.OAN/ZX00412`, 'OAN does not go with another field of this text'],
    ['LV', 'NIC/V400118732.OCA/30-004417.DOR/20300306.ZZZ/1', 'ZZZ is not a field of this key'],
    ['QV', 'LIC/1.LIC/2', 'LIC stands too often'],
    ['QV', '2ZZZ999', 'a value stands where no field is'],
    ['LV', 'NIC/V400118732', 'OCA is missing; it helps to find the record'],
    ['LV', 'VYR/2019', 'VYR is not what this key is identified by here'],
  ])('%s.%s: %s', (mke, rest, expected) => {
    expect(words(mke, rest)).toMatch(expected);
    if (typeof expected === 'string') expect(words(mke, rest)).toBe(expected);
  });
});

function withField(mke: string, field: string): string {
  const parts = (whole[mke] ?? expect.fail(mke)).split('.');
  return parts.map((part) => (part.startsWith(field.slice(0, 4)) ? field : part)).join('.');
}
