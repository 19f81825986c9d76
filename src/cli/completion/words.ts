// What a shell may offer, from the table of commands: words, flags, and the values of flags and arguments that
// are one of a few. Pure; the three shells print the same.

import type { CommandSpec, FlagSpec } from '../command.ts';
import { checkKinds } from '../check/kinds.ts';
import { cheatTopics } from '../cheat-sheet.ts';
import { commonFlagsOf } from '../help.ts';
import { formats } from '../output.ts';
import { aliases, commands } from '../table.ts';
import { jobActs, savedActs } from '../table/search-flags.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

export interface Offer {
  /** `journal search`, or `status`. */
  readonly words: readonly string[];
  readonly text: string;
  readonly flags: readonly OfferedFlag[];
  /** What its first argument is one of; empty: files, or whatever is typed. */
  readonly values: readonly string[];
  /** It takes an argument that may be a file. */
  readonly files: boolean;
}

export interface OfferedFlag {
  /** `-o`, `--output`. */
  readonly names: readonly string[];
  readonly text: string;
  readonly takesValue: boolean;
  readonly values: readonly string[];
}

/** In the order of the table. */
export function offers(): readonly Offer[] {
  return commands.map((spec) => ({
    words: spec.name.split(' '),
    text: spec.text,
    flags: [...spec.flags, ...commonFlagsOf(spec)].map((flag) => offeredFlag(flag, spec)),
    values: argumentValues[spec.name]?.() ?? [],
    files: /file|folder|certificates/.test(spec.argument),
  }));
}

/** First words with a text: nouns and commands of one word; short names of nouns too. */
export function firstWords(): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const { name, text } of commands) {
    const [first = '', second] = name.split(' ');
    if (!words.has(first)) words.set(first, second === undefined ? text : `${first} commands`);
  }
  return words;
}

/** Those of nouns that there are. */
export function knownAliases(): readonly (readonly [short: string, noun: string])[] {
  const nouns = firstWords();
  return Object.entries(aliases).filter(([, noun]) => nouns.has(noun));
}

const argumentValues: Readonly<Record<string, () => readonly string[]>> = {
  check: () => checkKinds.map(({ what }) => what),
  health: () => ['live', 'ready', 'deep'],
  completion: () => shells,
  'journal jobs': () => jobActs,
  'journal saved': () => savedActs,
  cheat: () => cheatTopics.map(({ name }) => name),
  help: () => [...firstWords().keys()],
};

/** `-o` and `--output`. */
export function flagNames({ flags }: Pick<FlagSpec, 'flags'>): readonly string[] {
  return flags.replace(/ <.*$/, '').split(', ');
}

function offeredFlag({ flags, text }: FlagSpec, { forms }: CommandSpec): OfferedFlag {
  const [value] = /<[^>]+>/.exec(flags) ?? [];
  const names = flagNames({ flags });
  const values = names.includes('--output')
    ? (forms ?? formats)
    : names.includes('--color')
      ? ['auto', 'always', 'never']
      : [];
  return { names, text, takesValue: value !== undefined, values };
}
