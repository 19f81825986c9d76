import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationPage } from '#src/config/page';
import { schema } from '#src/config/schema';
import { amountOf, type Node } from '#src/toml/nodes';
import { placeOf } from '#src/toml/place';
import { nearest } from '#src/toml/read';
import { parseDurationMs, parseSizeBytes } from '#src/toml/units';

function leaves(node: Node, path: readonly string[]): readonly [string, Node][] {
  const inner = typeof node.additionalProperties === 'object' ? node.additionalProperties : node;
  const properties = Object.entries(inner.properties ?? {});
  if (properties.length === 0) return [[path.join('.'), node]];
  return properties.flatMap(([name, child]) => leaves(child, [...path, name]));
}

describe('the schema', () => {
  const settings = leaves(schema, []);

  it.each(settings)('%s says why, what it must be, and keeps its own limits', (_, node) => {
    expect(node.description).not.toBe('');
    expect(node['x-form']).toBeTruthy();
    const { default: standard, 'x-range': range, minimum, maximum } = node;
    if (range !== undefined && typeof standard === 'string') {
      const [low, at, high] = [range.lowest, standard, range.highest].map((text) =>
        amountOf(text, range.unit),
      );
      expect(low).toBeLessThanOrEqual(at ?? NaN);
      expect(at).toBeLessThanOrEqual(high ?? NaN);
    }
    if (typeof standard === 'number') {
      expect(standard).toBeGreaterThanOrEqual(minimum ?? NaN);
      expect(standard).toBeLessThanOrEqual(maximum ?? NaN);
    }
  });

  it('gives every setting a line on the page', () => {
    const page = configurationPage();
    for (const [path] of settings)
      expect(page).toContain(`**\`${path.split('.').at(-1) ?? ''}\`**`);
  });
});

describe('units', () => {
  it('are read with their factor', () => {
    const read = ['500ms', '90s', '10m', '12h', '7d'].map(parseDurationMs);
    expect(read).toEqual([500, 90_000, 600_000, 43_200_000, 604_800_000]);
    expect(['1B', '32KiB', '1MiB', '2GiB'].map(parseSizeBytes)).toEqual([
      1, 32_768, 1_048_576, 2_147_483_648,
    ]);
  });

  it.each(['', '5', 's', '-5s', '5 s', '5S', '1h30m', '1e3s', '5constructor', '1234567890s'])(
    'are never guessed: %j',
    (text) => {
      expect(parseDurationMs(text)).toBeUndefined();
      expect(parseSizeBytes(text)).toBeUndefined();
    },
  );
});

describe('the place of a key', () => {
  it('is found below its table, quoted or dotted, and else that of the nearest above', () => {
    const toml = 'a.b = 1\n[stations."X.1"]\n  role = "host"\n[x]\n"y z" = 2\n';
    expect(placeOf(toml, ['a', 'b'])).toEqual({ line: 1, column: 1 });
    expect(placeOf(toml, ['stations', 'X.1', 'role'])).toEqual({ line: 3, column: 3 });
    expect(placeOf(toml, ['stations', 'X.1', 'agency'])).toEqual({ line: 2, column: 1 });
    expect(placeOf(toml, ['x', 'y z'])).toEqual({ line: 5, column: 1 });
    expect(placeOf(toml, ['gone'])).toBeUndefined();
  });

  it('is looked for in any text without a throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (toml, path) => {
        placeOf(toml, path);
      }),
    );
  });
});

describe('a suggestion', () => {
  it('is made for a slip, and not for another word', () => {
    expect(nearest('idel_lock', ['idle_lock', 'window'])).toBe('idle_lock');
    expect(nearest('windw', ['idle_lock', 'window'])).toBe('window');
    expect(nearest('colour', ['idle_lock', 'window'])).toBeUndefined();
  });
});
