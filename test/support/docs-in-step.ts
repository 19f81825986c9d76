// Checks that the documents made from the sources equal them; with --write, makes them so.
// Each is made by the code that owns it and then formatted as the house formats everything.
// Exit 0 when all are in step, 1 with the names of those that are not.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
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
    file: 'docs/message-formats.md',
    produce: async () => (await import('#support/formats-page')).formatsPage(),
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

const { manPages } = await import('#support/man-pages');
const pages = manPages();
const write = process.argv.includes('--write');
let behind = 0;
for (const { file, produce } of documents) {
  keepInStep(file, await formatted(file, await produce()));
}
for (const { file, text } of pages) keepInStep(file, text);
for (const name of existsSync('man') ? readdirSync('man') : [])
  if (!pages.some(({ file }) => file === `man/${name}`)) keepInStep(`man/${name}`, undefined);
if (behind > 0) process.stdout.write('npm run docs -- --write puts them in step\n');
process.exitCode = behind === 0 ? 0 : 1;

/** What the house has no format for stays as it was made. */
async function formatted(file: string, text: string): Promise<string> {
  const { inferredParser } = await getFileInfo(file);
  if (inferredParser === null) return text;
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

/** Undefined: of a command that there is no more. */
function keepInStep(file: string, wanted: string | undefined): void {
  if (wanted === contentOf(file)) return;
  if (!write) behind += 1;
  else if (wanted === undefined) rmSync(file);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
  }
  process.stdout.write(`${file} ${write ? 'was written anew' : 'is not in step'}\n`);
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // A document that is missing is one that is not in step.
    return undefined;
  }
}
