// What is generated from the schema and checked in: the editor's schema file and the reference page.
// Pure. The same schema gives the same octets, so that CI can require no difference.

import type { Node } from '#src/toml/nodes';
import { schema } from './schema.ts';

/** Content of config/msc.schema.json. */
export function schemaFile(): string {
  return JSON.stringify(schema, null, 2);
}

/** Content of docs/configuration.md. */
export function configurationPage(): string {
  const sections = Object.entries(schema.properties ?? {}).flatMap(([name, node]) =>
    sectionLines(name, node),
  );
  return [...opening, ...sections].join('\n');
}

const opening = [
  '# Configuration',
  '',
  '<!-- Generated from src/config/schema.ts; `npm run docs` says when it is not in step. -->',
  '',
  'One TOML file, read at start, by `msc config reload` (or SIGHUP) and by `msc config check FILE`, all by',
  'the same code. A reload takes every change but that of a setting marked "A change needs a restart": then',
  'it takes none, and says which. An unknown key is an error, and all problems are listed, not just the',
  'first. Durations (`"90s"`, `"10m"`,',
  '`"12h"`, `"7d"`) and sizes (`"32KiB"`) carry their unit. Relative paths start at the folder of the',
  'file. Keys and passwords are paths to files, never values.',
  '',
  'Agencies, stations, mnemonics and pools are not here: they are in the register, which',
  '`msc registry apply FILE` changes (form: `config/registry.example.toml`). People are added by',
  '`msc user add` alone. A commented example is `config/msc.example.toml`; editors that know TOML',
  'schemas take `#:schema ./msc.schema.json` as its first line.',
  '',
];

function sectionLines(name: string, node: Node): readonly string[] {
  const named = typeof node.additionalProperties === 'object' ? node.additionalProperties : node;
  const title = named === node ? `[${name}]` : `[${name}.NAME]`;
  const required = named.required ?? [];
  const settings = Object.entries(named.properties ?? {}).map(([key, setting]) =>
    settingLine(key, setting, required.includes(key)),
  );
  const text = named === node ? node.description : `${node.description} ${named.description}`;
  return [`## \`${title}\``, '', text, '', ...settings, ''];
}

function settingLine(key: string, node: Node, required: boolean): string {
  const standard =
    node.default === undefined ? 'may be left out' : `default \`${JSON.stringify(node.default)}\``;
  const form = node['x-form'] ?? node.type;
  const restart = node['x-restart'] === true ? ' A change needs a restart.' : '';
  return `- **\`${key}\`**: ${form}; ${required ? 'needed' : standard}. ${node.description}${restart}`;
}
