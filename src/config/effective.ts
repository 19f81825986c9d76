// The effective settings, flat, as `msc config show` prints them: each as it is written in a file.
// Says of each whether the file or the default gave it. Holds no secret: keys are paths.

import { resolve } from 'node:path';
import { parseToml } from '#src/toml/read';
import { loadConfig, readText } from './load.ts';
import { validateWritten } from './schema.ts';

export interface EffectiveSetting {
  /** Dotted name, such as `links.keep_alive`. */
  readonly key: string;
  readonly value: string | number | boolean | readonly string[];
  readonly origin: 'file' | 'default';
}

/**
 * All settings of a file that is right; those of the file stand first in their section.
 *
 * @throws MscFault as `loadConfig` does.
 */
export async function effectiveSettings(file: string): Promise<readonly EffectiveSetting[]> {
  await loadConfig(file);
  const toml = await readText(resolve(file));
  const given = parseToml(toml, { syntax: '' });
  const whole = parseToml(toml, { syntax: '' });
  if (!given.ok || !whole.ok) return [];
  validateWritten(whole.value);
  const written = new Set(flatten(given.value, []).map(({ key }) => key));
  return flatten(whole.value, []).map(({ key, value }) => ({
    key,
    value,
    origin: written.has(key) ? 'file' : 'default',
  }));
}

/** The settings of a file that is right, defaults too, by their dotted names. Pure. */
export function settingsOf(toml: string): ReadonlyMap<string, EffectiveSetting['value']> {
  const whole = parseToml(toml, { syntax: '' });
  if (!whole.ok) return new Map();
  validateWritten(whole.value);
  return new Map(flatten(whole.value, []).map(({ key, value }) => [key, value]));
}

type Leaf = Pick<EffectiveSetting, 'key' | 'value'>;

function flatten(table: object, path: readonly string[]): readonly Leaf[] {
  return Object.entries(table).flatMap(([name, value]: [string, unknown]): readonly Leaf[] => {
    const key = [...path, name];
    if (isLeaf(value)) return [{ key: key.join('.'), value }];
    return typeof value === 'object' && value !== null ? flatten(value, key) : [];
  });
}

function isLeaf(value: unknown): value is EffectiveSetting['value'] {
  return typeof value !== 'object' || Array.isArray(value);
}
