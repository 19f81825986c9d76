// Checks that the documents made from the sources equal them; with --write, makes them so.
// Each is made by the code that owns it and then formatted as the house formats everything.
// Exit 0 when all are in step, 1 with the names of those that are not.

import { readFileSync, writeFileSync } from 'node:fs';
import { format, getFileInfo, resolveConfig } from 'prettier';
import type { Config } from '#src/config/load';

interface MadeDocument {
  readonly file: string;
  /** Imports its source only when asked, so that one broken room does not hide the others. */
  readonly produce: () => Promise<string>;
}

const documents: readonly MadeDocument[] = [
  {
    file: 'docs/errors.md',
    produce: async () => (await import('#support/errors-page')).errorsPage(),
  },
  {
    file: 'docs/configuration.md',
    produce: async () => (await import('#src/config/page')).configurationPage(),
  },
  {
    file: 'config/msc.schema.json',
    produce: async () => (await import('#src/config/page')).schemaFile(),
  },
  {
    file: 'config/msc.service',
    produce: async () => (await import('#src/config/unit')).serviceUnit(await installed()),
  },
  {
    file: 'config/msc.sysusers',
    produce: async () => (await import('#src/config/unit-files')).sysusersFile(await installed()),
  },
  {
    file: 'config/msc.tmpfiles',
    produce: async () => (await import('#src/config/unit-files')).tmpfilesFile(await installed()),
  },
];

/** The example, as it lies on a machine. */
async function installed(): Promise<Config> {
  const toml = readFileSync('config/msc.example.toml', 'utf8');
  return (await import('#src/config/load')).configOf(toml, '/etc/msc/msc.toml');
}

const write = process.argv.includes('--write');
let behind = 0;
for (const { file, produce } of documents) {
  const wanted = await formatted(file, await produce());
  if (wanted === contentOf(file)) continue;
  if (write) writeFileSync(file, wanted);
  else behind += 1;
  process.stdout.write(`${file} ${write ? 'was written anew' : 'is not in step'}\n`);
}
if (behind > 0) process.stdout.write('npm run docs -- --write puts them in step\n');
process.exitCode = behind === 0 ? 0 : 1;

/** What the house has no format for stays as it was made. */
async function formatted(file: string, text: string): Promise<string> {
  const { inferredParser } = await getFileInfo(file);
  if (inferredParser === null) return text;
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // A document that is missing is one that is not in step.
    return undefined;
  }
}
