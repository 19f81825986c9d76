// `msc journal saved ls | save | rm`: searches under a name of one's own; `msc journal search @name` runs them.

import type { Call } from './command.ts';
import { Flags, oneOf, usage } from './flags.ts';
import { printRows } from './rows.ts';
import { readSaved, removeSaved, saveSearch, savedSearch } from './saved.ts';
import type { SavedSearch } from './saved.ts';
import { askedWords, recordWords, searchQuery, timeContext } from './search-query.ts';
import { savedActs } from './table/search-flags.ts';

export async function runSaved(call: Call): Promise<number> {
  const [act = 'ls', name = '', ...words] = call.args;
  switch (oneOf('saved', act, savedActs)) {
    case 'ls':
      return listSaved(call);
    case 'save':
      return save(call, name, words);
    case 'rm':
      if (name === '') throw usage('msc journal saved rm NAME');
      removeSaved(name);
      call.output.tell(`@${name} is gone`);
      return 0;
  }
}

/** Exit 1 where there is none. */
async function listSaved({ output }: Call): Promise<number> {
  const rows = [...readSaved()].map(([name, saved]) => ({
    name: `@${name}`,
    search: wordsOf(saved),
  }));
  const columns = [{ name: 'name' }, { name: 'search', least: 20 }];
  await printRows(output, { schema: 'msc.journal-saved/1', member: 'searches', columns }, rows);
  return rows.length === 0 ? 1 : 0;
}

/** Only what can be run is saved. */
async function save(
  { flags, output }: Call,
  name: string,
  args: readonly string[],
): Promise<number> {
  searchQuery(args, flags, await timeContext(flags, output.zone));
  if (recordWords(args, flags) === '')
    throw usage('there is nothing to save: name what is searched');
  saveSearch(name, { args, flags });
  output.tell(`saved: ${wordsOf(savedSearch(name))}; next: msc journal search @${name}`);
  return 0;
}

function wordsOf({ words, flags }: SavedSearch): string {
  const given = new Flags(flags);
  const others = Object.entries(flags).flatMap(([name, value]) => {
    const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === true) return [`--${flag}`];
    return typeof value === 'string' ? [`--${flag} ${value}`] : [];
  });
  return [askedWords(words, given), ...others.filter((each) => !each.startsWith('--entry '))].join(
    ' ',
  );
}
