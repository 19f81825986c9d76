// What a simulated terminal shows: plain lines of at most 80 columns, over the line being typed where
// there is one. Octets that are no characters of a text are shown as `?` (link X6).

import { clearLine, cursorTo } from 'node:readline';
import type { Writable } from 'node:stream';

const columns = 80;
const indent = '    ';

export class Screen {
  readonly #out: Writable;
  /** Set while a person types in a real terminal. */
  prompting: { prompt(): void } | undefined;

  constructor(out: Writable) {
    this.#out = out;
  }

  /** One line of our own, cut to the width. */
  say(line: string): void {
    this.#print([shown(line).slice(0, columns)]);
  }

  /** What somebody typed, whole; of several lines the further ones stand below the first. */
  echo(text: string): void {
    this.#print(shownLines(text).map((line, at) => `${at === 0 ? '>' : ' '} ${line}`));
  }

  /** The lines of a text, indented, wrapped to the width. */
  text(lines: readonly string[]): void {
    this.#print(lines.flatMap(wrapped).map((line) => indent + line));
  }

  #print(lines: readonly string[]): void {
    if (this.prompting !== undefined) {
      clearLine(this.#out, 0);
      cursorTo(this.#out, 0);
    }
    this.#out.write(lines.map((line) => `${line}\n`).join(''));
    this.prompting?.prompt();
  }
}

/** The lines of a text as a person sees them. */
export function shownLines(text: string): string[] {
  const lines = text.split('\r\n').map(shown);
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

const shown = (text: string): string => text.replaceAll('\t', ' ').replaceAll(/[^\x20-\x7e]/g, '?');

function wrapped(line: string): string[] {
  const width = columns - indent.length;
  const lines: string[] = [];
  for (let rest = line; ;) {
    if (rest.length <= width) return [...lines, rest];
    const blank = rest.lastIndexOf(' ', width);
    const end = blank > 0 ? blank : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
}
