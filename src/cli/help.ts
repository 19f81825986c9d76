// Help, made from the table of commands: `-h` is short, `--help` is full with examples first.
// Width 80; no pager, no colour.

import type { Call, CommandSpec, FlagSpec } from './command.ts';
import { shown } from './output.ts';
import { usage } from './flags.ts';
import { commandWords } from './program.ts';
import { aliases, commands } from './table.ts';
import { commonFlags } from './table/flags.ts';

export interface HelpWish {
  readonly words: readonly string[];
  readonly how: 'short' | 'full' | 'missing';
}

/** Exit 0, or 64 on stderr where a command is missing. */
export async function printHelp({ words, how }: HelpWish): Promise<number> {
  const text = helpText(words, how === 'full');
  const stream = how === 'missing' ? process.stderr : process.stdout;
  await new Promise<void>((resolve) => stream.write(text, () => resolve()));
  return how === 'missing' ? 64 : 0;
}

export async function runHelp({ args }: Call): Promise<number> {
  const words = commandWords(args);
  if (words.length < args.length) throw usage(`unknown command \`${shown(args.join(' '))}\``);
  return printHelp({ words, how: 'full' });
}

/** The help of a command, a noun, or the whole; ends with a line feed. */
export function helpText(words: readonly string[], full: boolean): string {
  const name = words.join(' ');
  const spec = commands.find((command) => command.name === name);
  const lines = spec === undefined ? overview(name, full) : commandHelp(spec, full);
  return `${lines.join('\n')}\n`;
}

function overview(noun: string, full: boolean): readonly string[] {
  const own = commands.filter(({ name }) => noun === '' || name.startsWith(`${noun} `));
  const alias = Object.keys(aliases).find((short) => aliases[short] === noun);
  return [
    noun === '' ? 'msc, a message-switching computer for law enforcement' : `msc ${noun}`,
    '',
    ...own.flatMap(({ name, text }) => pair(name, text, 18)),
    '',
    ...(alias === undefined ? [] : [`short: msc ${alias}`]),
    ...(full ? ['flags of every command:', ...flagLines(commonFlags), ''] : []),
    `next: msc ${noun === '' ? 'COMMAND' : `${noun} COMMAND`} --help`,
  ];
}

function commandHelp(spec: CommandSpec, full: boolean): readonly string[] {
  const flags = spec.flags.length === 0 ? [] : ['', 'flags:', ...flagLines(spec.flags)];
  const head = [`msc ${spec.name} ${spec.argument}`.trimEnd(), `  ${spec.text}`];
  if (!full) return [...head, ...flags, '', `more: msc ${spec.name} --help`];
  return [
    'examples:',
    ...spec.examples.flatMap(exampleLines),
    '',
    ...head,
    ...(spec.more === undefined
      ? []
      : ['', ...spec.more.split('\n').flatMap((line) => wrap(line, 2))]),
    ...flags,
    '',
    'flags of every command:',
    ...flagLines(commonFlagsOf(spec)),
  ];
}

/** `-o` names the forms of this command. */
export function commonFlagsOf({ forms }: CommandSpec): readonly FlagSpec[] {
  if (forms === undefined) return commonFlags;
  const text = `${forms.slice(0, -1).join(', ')} or ${forms.at(-1) ?? ''}`;
  return commonFlags.map((flag) => (flag.flags.startsWith('-o') ? { ...flag, text } : flag));
}

function flagLines(flags: readonly FlagSpec[]): readonly string[] {
  return flags.flatMap((flag) => pair(flag.flags, flag.text, 28));
}

function pair(left: string, right: string, width: number): readonly string[] {
  const [first = '', ...more] = wrap(right, width + 2);
  const label = `  ${left}`.padEnd(width + 2);
  return label.length > width + 2 ? [label, first, ...more] : [label + first.trimStart(), ...more];
}

/** Lines of at most 80 columns, indented. */
export function wrap(text: string, indent: number): readonly string[] {
  return fill(text.split(' '), columns - indent).map((line) => ' '.repeat(indent) + line);
}

/** As a shell takes it: what is too long goes on behind a backslash, where a flag begins. */
function exampleLines(example: string): readonly string[] {
  const line = `  msc ${example}`;
  if (line.length <= columns) return [line];
  const [first = '', ...more] = fill(line.trimStart().split(/ (?=-)/), columns - 8);
  return [`  ${first}`, ...more.map((rest) => `      ${rest}`)].map((each, at) =>
    at < more.length ? `${each} \\` : each,
  );
}

/** As many words in a line as fit; a word that is longer has a line of its own. */
function fill(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const columns = 80;
