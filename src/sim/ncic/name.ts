// Names: the surname as it sounds, the given name, and whether two names may be of one person.
// How a surname sounds is Soundex with the letters of names.json [P]; ncic 4.4 only says "phonetic".

import { foldName } from './fold.ts';

/** How a surname is made to a code. */
export interface Phonetic {
  /** Letter to digit; a letter without one parts two of a digit. */
  readonly codes: Readonly<Record<string, string>>;
  /** Letters that do not part two of a digit. */
  readonly silent: string;
  readonly length: number;
}

export interface PersonName {
  readonly surname: string;
  /** The first given name or an initial; empty for none. */
  readonly given: string;
}

/** `LAST, FIRST MIDDLE SUFFIX` with letters alone. @source ncic 3.6 NAM */
export function splitName(name: string): PersonName {
  const comma = name.indexOf(',');
  if (comma === -1) return { surname: foldName(name), given: '' };
  const first =
    name
      .slice(comma + 1)
      .trim()
      .split(' ', 1)[0] ?? '';
  return { surname: foldName(name.slice(0, comma)), given: foldName(first) };
}

/** @param surname Letters alone, as `splitName` gives it. */
export function soundOf(surname: string, { codes, silent, length }: Phonetic): string {
  let sound = surname.slice(0, 1);
  let last = codes[sound] ?? '';
  for (let at = 1; at < surname.length && sound.length < length; at += 1) {
    const letter = surname[at] ?? '';
    const code = codes[letter] ?? '';
    if (code !== '' && code !== last) sound += code;
    if (code !== '' || !silent.includes(letter)) last = code;
  }
  return sound.padEnd(length, '0');
}

/** Initial or full agreement; a missing given name matches all. @source ncic 4.4 */
export function givenNamesAgree(asked: string, held: string): boolean {
  const length = Math.min(asked.length, held.length);
  if (length === 0) return true;
  return length === 1 ? asked.slice(0, 1) === held.slice(0, 1) : asked === held;
}

/**
 * A name and, where asked for, every order of its parts (ENS/Y): each part once as the surname, each
 * other part once as the given name.
 * @source ncic 3.1 ENS
 */
export function namesToSearch(name: string, expanded: boolean): readonly PersonName[] {
  if (!expanded) return [splitName(name)];
  const parts = name
    .split(/[, ]+/, partsMax)
    .map(foldName)
    .filter((part) => part !== '');
  return [
    splitName(name),
    ...parts.flatMap((surname, at) =>
      parts.filter((_, other) => other !== at).map((given) => ({ surname, given })),
    ),
  ];
}

const partsMax = 6;
