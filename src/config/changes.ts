// What differs between two configurations, by the names a person knows, and what of it a running switch
// cannot take: the schema marks those. Pure; both texts are of files that are right.

import type { Node } from '#src/toml/nodes';
import { settingsOf, type EffectiveSetting } from './effective.ts';
import { schema } from './schema.ts';

export interface SettingChange {
  /** Dotted name, such as `links.window`. */
  readonly key: string;
  /** Absent: the setting is not there. */
  readonly before?: EffectiveSetting['value'] | undefined;
  readonly after?: EffectiveSetting['value'] | undefined;
  /** It needs a restart. */
  readonly restart: boolean;
}

/** Every setting that differs, in the order of the new file, those that went last. */
export function settingChanges(before: string, after: string): readonly SettingChange[] {
  const [old, wanted] = [settingsOf(before), settingsOf(after)];
  return [...new Set([...wanted.keys(), ...old.keys()])]
    .filter((key) => JSON.stringify(old.get(key)) !== JSON.stringify(wanted.get(key)))
    .map((key) => ({
      key,
      before: old.get(key),
      after: wanted.get(key),
      restart: needsRestart(key.split('.')),
    }));
}

function needsRestart(path: readonly string[]): boolean {
  let node: Node | undefined = schema;
  for (const name of path) node = node === undefined ? undefined : childOf(node, name);
  return node?.['x-restart'] === true;
}

function childOf({ properties, additionalProperties }: Node, name: string): Node | undefined {
  const named = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return properties?.[name] ?? named;
}
