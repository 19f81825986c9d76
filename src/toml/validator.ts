// Compiles a schema with ajv, and teaches it the limits that carry a unit.
// Fills in defaults. Reports all errors, each with its node, so that problems can be worded from it.

import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { amountOf, type Range } from './nodes.ts';

// A start waits for it: that a schema is one, a test says, and the code is run too seldom to be polished.
const ajv = new Ajv2020({
  ...{ allErrors: true, verbose: true, useDefaults: true },
  ...{ validateSchema: false, meta: false, code: { optimize: false } },
});
ajv.addKeyword('x-form');
ajv.addKeyword('x-restart');
ajv.addKeyword({ keyword: 'x-range', type: 'string', validate: isWithin });

/** A check of tables by the schema, which promises a `T`. It adds the defaults to what it checks. */
export function compileSchema<T>(schema: object): ValidateFunction<T> {
  return ajv.compile<T>(schema);
}

function isWithin(range: Range, value: string): boolean {
  const amount = amountOf(value, range.unit);
  const lowest = amountOf(range.lowest, range.unit);
  const highest = amountOf(range.highest, range.unit);
  if (amount === undefined || lowest === undefined || highest === undefined) return false;
  return amount >= lowest && amount <= highest;
}
