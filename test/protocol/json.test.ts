import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonObject } from '#protocol/json';
import type { JsonValue } from '#protocol/json';
import { utf8Bytes } from '#protocol/octets';
import { bytes, errorOf, valueOf } from './help.ts';

const parse = (text: string): ReturnType<typeof parseJsonObject> =>
  parseJsonObject(utf8Bytes(text));

/** Maps back to plain objects, to compare with what JSON.parse makes. */
const plain = (value: JsonValue): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([name, item]: [string, JsonValue]) => [name, plain(item)]))
    : Array.isArray(value)
      ? (value as readonly JsonValue[]).map(plain)
      : value;

describe('a control body', () => {
  it.each([
    ['{}', {}],
    [' {\t"a" :\r\n1 } ', { a: 1 }],
    ['{"a":[],"b":{},"c":true,"d":false}', { a: [], b: {}, c: true, d: false }],
    ['{"a":"\\u00e9\\n\\/\\"\\\\\\ud83d\\ude00é😀"}', { a: 'é\n/"\\😀é😀' }],
    ['{"a":[[[1]]]}', { a: [[[1]]] }],
    ['{"":0,"__proto__":4294967295}', JSON.parse('{"":0,"__proto__":4294967295}')],
  ])('%s is taken', (text, value) => {
    expect(plain(valueOf(parse(text)))).toEqual(value);
  });

  it.each([
    ['', 'The body is not a JSON object.'],
    ['[]', 'The body is not a JSON object.'],
    ['"a"', 'The body is not a JSON object.'],
    ['\ufeff{}', 'The body is not a JSON object.'],
    ['{}{}', 'The body is not JSON.'],
    ['{} x', 'The body is not JSON.'],
    ['{', 'The body is not JSON.'],
    ['{"a"', 'The body is not JSON.'],
    ['{"a":', 'The body is not JSON.'],
    ['{"a":1', 'The body is not JSON.'],
    ['{"a":1,}', 'The body is not JSON.'],
    ['{,}', 'The body is not JSON.'],
    ['{a:1}', 'The body is not JSON.'],
    ["{'a':1}", 'The body is not JSON.'],
    ['{"a":01}', 'The body is not JSON.'],
    ['{"a":+1}', 'The body is not JSON.'],
    ['{"a":.5}', 'The body is not JSON.'],
    ['{"a":1.}', 'The body is not JSON.'],
    ['{"a":1e}', 'The body is not JSON.'],
    ['{"a":NaN}', 'The body is not JSON.'],
    ['{"a":"\n"}', 'The body is not JSON.'],
    ['{"a":"\\x"}', 'The body is not JSON.'],
    ['{"a":"\\u12g4"}', 'The body is not JSON.'],
    ['{"a":"\\u12', 'The body is not JSON.'],
    ['{"a":"', 'The body is not JSON.'],
    ['{"a":"\\', 'The body is not JSON.'],
    ['{"a":[1 2]}', 'The body is not JSON.'],
    ['{"a":tru}', 'The body is not JSON.'],
    ['{/**/}', 'The body is not JSON.'],
    ['{"a":null}', 'The body has a null.'],
    ['{"a":[{"b":null}]}', 'The body has a null.'],
    ['{"a":1,"a":1}', 'The body has a member twice.'],
    ['{"a":1,"\\u0061":1}', 'The body has a member twice.'],
    ['{"x":[{"a":1,"a":2}]}', 'The body has a member twice.'],
    ['{"a":[[[[1]]]]}', 'The body is nested too deep.'],
    ['{"a":{"b":{"c":{}}}}', undefined],
    ['{"a":{"b":{"c":{"d":{}}}}}', 'The body is nested too deep.'],
  ])('%j: %s', (text, flaw) => {
    const result = parse(text);
    expect(result.ok ? undefined : result.error).toBe(flaw);
  });

  it('is refused unless it is UTF-8', () => {
    for (const octets of [
      '{"a":"\xff"}',
      '{"a":"\xc0\xaf"}',
      '{"a":"\xed\xa0\x80"}',
      '{"a":"\xe2\x82"}',
    ])
      expect(errorOf(parseJsonObject(bytes(octets)))).toBe('The body is not UTF-8.');
  });

  it('keeps no number but a plain integer', () => {
    const value = valueOf(parse('{"a":[0,7,-1,-0,1.0,1e2,1E400,99999999999999999999]}'));
    expect(plain(value)).toEqual({ a: [0, 7, NaN, NaN, NaN, NaN, NaN, 1e20] });
  });

  it('a megabyte of brackets is refused at once, without depth of its own', () => {
    expect(errorOf(parse(`{"a":${'['.repeat(1_000_000)}`))).toBe('The body is nested too deep.');
  });
});

describe('properties of JSON', () => {
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2 },
      fc.string({ unit: 'grapheme' }),
      fc.nat(),
      fc.boolean(),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
    ),
  }));
  const object = fc.dictionary(fc.string(), tree, { maxKeys: 4, noNullPrototype: true });

  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(object, (value) => {
        const result = parse(JSON.stringify(value));
        if (result.ok) expect(plain(result.value)).toEqual(value);
        else expect(result.error).toBe('The body is nested too deep.');
      }),
    );
  });

  it('any octets give a result, and what is taken JSON.parse takes too', () => {
    const unit = fc.constantFrom(...'{}[]":,\\u0a1e-. nulltrue'.split(''));
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit, maxLength: 30 }).map((text) => bytes(`{"a":${text}}`)),
    );
    fc.assert(
      fc.property(body, (octets) => {
        const result = parseJsonObject(octets);
        if (result.ok) JSON.parse(Buffer.from(octets).toString('utf8'));
        else expect(result.error).toMatch(/^The body /);
      }),
      { numRuns: 1000 },
    );
  });
});
