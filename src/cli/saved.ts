// Saved searches: the words of a search under a name, in the person's own folder. Times stay as they were typed,
// so `-2d` is two days before it is run. What they ask for may name persons: the file is its owner's alone.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { usage } from './flags.ts';
import { shown } from './output.ts';
import { replaceFile } from './replace-file.ts';
import { savedFlags } from './search-query.ts';

export interface SavedSearch {
  readonly words: readonly string[];
  /** As commander gives them, under their camel case names. */
  readonly flags: Readonly<Record<string, string | true | readonly string[]>>;
}

const schema = 'msc.saved-searches/1';
const namesMax = 200;
const nameForm = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** A call whose first word is `@name` has the words and flags of that search; what is typed beside it wins or adds. */
export function withSaved(call: Call): Pick<Call, 'args' | 'flags'> {
  const [first = '', ...more] = call.args;
  if (!first.startsWith('@')) return call;
  const { words, flags } = savedSearch(first.slice(1));
  return { args: [...words, ...more], flags: call.flags.over(flags) };
}

/** @throws MscFault MSC-1708 for a name that there is not. */
export function savedSearch(name: string): SavedSearch {
  const found = readSaved().get(name);
  if (found === undefined) throw new MscFault('MSC-1708', { detail: shown(name).slice(0, 32) });
  return found;
}

export function saveSearch(name: string, { args, flags }: Pick<Call, 'args' | 'flags'>): void {
  if (!nameForm.test(name))
    throw usage('a saved search is named by 1 to 32 of a-z, 0-9 and hyphen');
  const all = new Map(readSaved()).set(name, { words: args, flags: flags.given(savedFlags) });
  if (all.size > namesMax) throw usage(`${namesMax} searches are saved already`);
  writeSaved(all);
}

export function removeSaved(name: string): void {
  savedSearch(name);
  const all = new Map(readSaved());
  all.delete(name);
  writeSaved(all);
}

/** @throws MscFault MSC-1005 when it cannot be read, MSC-1004 when it is not ours. */
export function readSaved(): ReadonlyMap<string, SavedSearch> {
  const file = savedFile();
  if (!existsSync(file)) return new Map();
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const code = cause instanceof SyntaxError ? 'MSC-1004' : 'MSC-1005';
    throw new MscFault(code, { detail: file, cause });
  }
  const searches = isRecord(value) && value['schema'] === schema ? value['searches'] : undefined;
  if (!isRecord(searches)) throw new MscFault('MSC-1004', { detail: file });
  const all = Object.entries(searches);
  if (!all.every((each): each is [string, SavedSearch] => isSaved(each[1])))
    throw new MscFault('MSC-1004', { detail: file });
  return new Map(all);
}

function savedFile(): string {
  const { XDG_CONFIG_HOME: folder } = process.env;
  const home = folder === undefined || folder === '' ? join(homedir(), '.config') : folder;
  return join(home, 'msc', 'searches.json');
}

function writeSaved(all: ReadonlyMap<string, SavedSearch>): void {
  const file = savedFile();
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const searches = Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
    replaceFile(file, `${JSON.stringify({ schema, searches }, null, 2)}\n`);
  } catch (cause) {
    throw new MscFault('MSC-1006', { detail: file, cause });
  }
}

function isSaved(value: unknown): value is SavedSearch {
  if (!isRecord(value) || !isTexts(value['words']) || !isRecord(value['flags'])) return false;
  return Object.entries(value['flags']).every(
    ([name, each]) =>
      savedFlags.includes(name) && (each === true || typeof each === 'string' || isTexts(each)),
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
