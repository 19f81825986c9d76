// What one setting means, from the schema: purpose and reason, form and limits, default, and whether a change of
// it needs a restart. Pure. Names as a person types them; the name of an upstream stands where NAME does.

import type { Node } from '#src/toml/nodes';
import { schema } from './schema.ts';

export interface Explanation {
  /** `upstreams.NAME.address` for every upstream. */
  readonly key: string;
  /** Meaning, and why it has its limits. */
  readonly text: string;
  /** Its form and its limits, in words. */
  readonly form: string;
  /** As it is written in a file; absent where there is none. */
  readonly default?: string | undefined;
  readonly needed: boolean;
  /** What must be done for a change to take hold. */
  readonly change: 'restart' | 'reload';
  /** Of a table: the settings in it. */
  readonly settings?: readonly string[] | undefined;
}

/** Undefined for what is no setting. */
export function explainSetting(key: string): Explanation | undefined {
  const names = key.split('.');
  const path: string[] = [];
  let node: Node | undefined = schema;
  let needed = false;
  for (const name of names) {
    const child = childOf(node, name);
    if (child === undefined) return undefined;
    needed = child.needed;
    path.push(child.name);
    node = child.node;
  }
  return explained(path.join('.'), node, needed);
}

/** Every key that can be explained, tables and settings. */
export function settingKeys(): readonly string[] {
  return keysIn(schema, []);
}

interface Child {
  readonly name: string;
  readonly node: Node;
  readonly needed: boolean;
}

function childOf(
  { properties, additionalProperties, propertyNames, required }: Node,
  name: string,
): Child | undefined {
  const own = Object.hasOwn(properties ?? {}, name) ? properties?.[name] : undefined;
  if (own !== undefined) return { name, node: own, needed: required?.includes(name) === true };
  if (typeof additionalProperties !== 'object') return undefined;
  if (!new RegExp(propertyNames?.pattern ?? '').test(name)) return undefined;
  return { name: 'NAME', node: additionalProperties, needed: false };
}

function explained(key: string, node: Node, needed: boolean): Explanation {
  const isTable = node.type === 'object';
  const inner = isTable ? keysIn(node, [key]).filter((each) => each !== key) : [];
  const standard = isTable || node.default === undefined ? undefined : JSON.stringify(node.default);
  return {
    key,
    text: node.description,
    form: node['x-form'] ?? node.type,
    ...(standard === undefined ? {} : { default: standard }),
    needed,
    change: node['x-restart'] === true ? 'restart' : 'reload',
    ...(inner.length === 0 ? {} : { settings: inner }),
  };
}

function keysIn(node: Node, path: readonly string[]): readonly string[] {
  const own = path.length === 0 ? [] : [path.join('.')];
  const { properties = {}, additionalProperties } = node;
  const named = typeof additionalProperties === 'object' ? { NAME: additionalProperties } : {};
  const children = Object.entries({ ...properties, ...named });
  return [...own, ...children.flatMap(([name, child]) => keysIn(child, [...path, name]))];
}
