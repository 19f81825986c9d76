// The flags of one command line, read with their types. A value of the wrong form is a usage fault
// (exit 64) that names the flag; it never guesses.

import { MscFault } from '#src/errors';
import { nearest } from './nearest.ts';

export class Flags {
  readonly #values: Readonly<Record<string, unknown>>;

  /** @param values As commander gives them: camel case names; text, true, or a list of text. */
  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  on(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** The flags that were given, of these names. */
  given(names: readonly string[]): Readonly<Record<string, string | true | readonly string[]>> {
    const all = names.map((name) => [name, this.#values[name]] as const);
    return Object.fromEntries(
      all.flatMap(([name, value]): [string, string | true | readonly string[]][] => {
        if (Array.isArray(value)) return [[name, value.map(String)]];
        return value === true || typeof value === 'string' ? [[name, value]] : [];
      }),
    );
  }

  /** These flags over others: what is given here wins, and lists are put together. */
  over(others: Readonly<Record<string, unknown>>): Flags {
    const values: Record<string, unknown> = { ...others };
    for (const [name, value] of Object.entries(this.#values)) {
      const before = others[name];
      const both = Array.isArray(before) && Array.isArray(value);
      if (value !== undefined)
        values[name] = both ? [...before.map(String), ...value.map(String)] : value;
    }
    return new Flags(values);
  }

  need(name: string, why: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw usage(`${dashed(name)} is needed: ${why}`);
    return value;
  }

  /** Every value of a flag that may be repeated; values may also stand together, with commas. */
  list(name: string): readonly string[] {
    const value = this.#values[name];
    const all = Array.isArray(value) ? value : value === undefined ? [] : [value];
    return all.flatMap((item) => String(item).split(',')).filter((item) => item !== '');
  }

  /** Every value of a flag that may be repeated, commas kept. */
  all(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** The same flags, some of them under the name of another: `{ case: 'ofCase' }` gives `case` what `ofCase` has. */
  under(names: Readonly<Record<string, string>>): Flags {
    const values: Record<string, unknown> = { ...this.#values };
    for (const [name, from] of Object.entries(names)) values[name] = this.#values[from];
    return new Flags(values);
  }

  integer(
    name: string,
    bounds: { readonly least: number; readonly most: number },
  ): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= bounds.least && value <= bounds.most) return value;
    throw usage(`${dashed(name)} is a whole number, ${bounds.least} to ${bounds.most}`);
  }

  /** A duration such as `10s`, `2m`, `500ms`, in milliseconds. */
  durationMs(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const match = /^(\d{1,6})(ms|s|m|h)?$/.exec(text);
    if (match === null) throw usage(`${dashed(name)} is a duration such as 10s or 2m`);
    const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 1000;
    return Number(match[1]) * unitMs;
  }

  /** One of a closed list of words. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : oneOf(dashed(name), text, choices);
  }
}

/** The member of `choices` that `text` is, or a usage fault that lists them and names the nearest. */
export function oneOf<T extends string>(what: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined)
    throw usage(
      `${what} is one of ${choices.join(', ')}; did you mean \`${nearest(text, choices)}\`?`,
    );
  return found;
}

export function usage(detail: string, hint?: string): MscFault {
  return new MscFault('MSC-1001', { detail, hint });
}

function dashed(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
