// The schemas we ship are schemas. No start checks that again.

import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { registerSchema } from '#src/access/register-schema';
import { schema } from '#src/config/schema';
import { forms } from '#src/control/forms';
import { compileSchema } from '#src/toml/validator';

const ajv = new Ajv2020();
const schemas: readonly (readonly [what: string, schema: object])[] = [
  ['the configuration', schema],
  ['the register file', registerSchema],
  ...Object.entries(forms).map(([command, args]) => [`the form of ${command}`, args] as const),
];

describe.each(schemas)('%s', (_, each) => {
  it('is a JSON Schema of its draft', () => {
    expect([ajv.validateSchema(each), ajv.errors ?? []]).toEqual([true, []]);
  });
});

it('a keyword nobody knows is no schema', () => {
  expect(() => compileSchema({ type: 'object', requird: ['a'] })).toThrow('requird');
});
