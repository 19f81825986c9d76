// Files of tables that a simulator is made of: words, shares, rows and literals, each with the mark of
// its source. They are read whole: a table that is not as it must be is said by its name and path.

import { fileURLToPath } from 'node:url';
import { SimFault } from './fault.ts';
import { isObject, listOf, readJsonObject, textIn } from './json-file.ts';
import type { JsonObject } from './json-file.ts';

/** S seen in a public source, K unverified, P policy of this simulator. */
const marks = ['S', 'K', 'P'];

/** The tables of one file. Every getter throws SIM-INPUT where the table is not of that kind. */
export class DataTables {
  readonly #path: string;
  readonly #tables = new Map<string, JsonObject>();

  /**
   * @param path Of a file; one of the project as `config/sim/...`.
   * @throws SimFault SIM-FILE, SIM-INPUT
   */
  constructor(path: string) {
    this.#path = path.startsWith('config/')
      ? fileURLToPath(new URL(`../../${path}`, import.meta.url))
      : path;
    const tables = readJsonObject(this.#path)['tables'];
    if (!isObject(tables)) throw this.#fault('has no object "tables"');
    for (const [name, table] of Object.entries(tables)) {
      if (!isObject(table) || !marks.includes(textIn(table, 'mark') ?? ''))
        throw this.#fault(`gives the table "${name}" no mark S, K or P`);
      this.#tables.set(name, table);
    }
  }

  /** A list of words; `_` in a word is a blank. */
  words(name: string): readonly string[] {
    const words = textIn(this.#table(name), 'words');
    if (words === undefined || words.trim() === '') throw this.#lacks(name, 'words');
    return words.split(' ').map((word) => word.replaceAll('_', ' '));
  }

  /** One word. */
  word(name: string): string {
    return this.words(name)[0] ?? '';
  }

  /** Names with a whole number each. */
  shares(name: string): ReadonlyMap<string, number> {
    const shares = this.#table(name)['shares'];
    if (!isObject(shares)) throw this.#lacks(name, 'shares');
    return new Map(
      Object.entries(shares).map(([key, share]) => {
        if (typeof share !== 'number' || !Number.isSafeInteger(share) || share < 0)
          throw this.#fault(`gives "${name}" a share for ${key} that is no whole number`);
        return [key, share];
      }),
    );
  }

  /** Rows with these texts each, and nothing else asked of them. */
  rows<Name extends string>(
    name: string,
    members: readonly Name[],
  ): readonly Readonly<Record<Name, string>>[] {
    const rows = listOf(this.#table(name)['rows']);
    if (rows.length === 0) throw this.#lacks(name, 'rows');
    return rows.map((row) => {
      const texts = members.map((member) => {
        const value = row[member];
        if (typeof value === 'string') return [member, value] as const;
        if (typeof value === 'number' || typeof value === 'boolean')
          return [member, String(value)] as const;
        throw this.#fault(`has a row in "${name}" without "${member}"`);
      });
      // Every name of `members` was given a value above.
      return Object.fromEntries(texts) as Record<Name, string>;
    });
  }

  /** Lines of a layout. */
  lines(name: string): readonly string[] {
    const lines: unknown = this.#table(name)['lines'];
    if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string'))
      throw this.#lacks(name, 'lines');
    return lines;
  }

  /** One sentence or literal. */
  literal(name: string): string {
    const value = textIn(this.#table(name), 'text');
    if (value === undefined) throw this.#lacks(name, 'text');
    return value;
  }

  #table(name: string): JsonObject {
    const table = this.#tables.get(name);
    if (table === undefined) throw this.#fault(`has no table "${name}"`);
    return table;
  }

  #lacks(name: string, member: string): SimFault {
    return this.#fault(`gives the table "${name}" no "${member}"`);
  }

  #fault(sentence: string): SimFault {
    return new SimFault('SIM-INPUT', `${this.#path} ${sentence}`);
  }
}
