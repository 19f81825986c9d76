// No rule of ncic 4 to 8 is dropped without a word: each row of rules.json is cited by the title of a test,
// or says why it cannot be.

import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import list from './rules.json' with { type: 'json' };

interface Rule {
  readonly section: string;
  readonly row: string;
  readonly untested?: string;
}

const rules: readonly Rule[] = list.rules;
const files = readdirSync(import.meta.dirname).filter((name) =>
  /^section-.*\.test\.ts$/.test(name),
);
const tests = files
  .map((name) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8'))
  .join('\n')
  .replaceAll(/^ *\/\/.*$/gm, '');

/** A text between quotes that begins with the section and the row, and ends or goes on with a word of its own. */
const isCited = ({ section, row }: Rule): boolean =>
  ["'", '"', '`'].some((quote) =>
    [quote, ':', ' ', ','].some((next) => tests.includes(`${quote}${section} ${row}${next}`)),
  );

it.each(rules.filter(({ untested }) => untested === undefined))(
  '$section $row is cited by a test',
  (rule) => {
    expect(isCited(rule)).toBe(true);
  },
);

it.each(rules.filter(({ untested }) => untested !== undefined))(
  '$section $row has no test, and says why',
  (rule) => {
    expect(rule.untested).toMatch(/\w+ \w+ \w+/);
    expect(isCited(rule)).toBe(false);
  },
);

it('no rule stands twice', () => {
  const names = rules.map(({ section, row }) => `${section} ${row}`);
  expect(new Set(names).size).toBe(names.length);
});
