// From a command line to a row of the table and its flags, by commander. Fails with one usage fault
// (MSC-1001, exit 64) that makes one suggestion; prints nothing and runs nothing.

import { Command, CommanderError } from 'commander';
import type { CommandSpec, FlagSpec } from './command.ts';
import { Flags, usage } from './flags.ts';
import { aliases, commands } from './table.ts';
import { commonFlags } from './table/flags.ts';

export type CommandLine =
  | {
      readonly kind: 'run';
      readonly spec: CommandSpec;
      readonly args: readonly string[];
      readonly flags: Flags;
    }
  /** `-h` is short, `--help` is full; neither was asked for where a command is missing. */
  | {
      readonly kind: 'help';
      readonly words: readonly string[];
      readonly how: 'short' | 'full' | 'missing';
    };

/** @throws MscFault MSC-1001 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const asked = helpAsked(argv);
  if (asked !== undefined) return asked;
  const version = argv[0] === '--version' || argv[0] === '-V';
  const found: CommandLine[] = [];
  const program = buildProgram((line) => found.push(line));
  try {
    program.parse(version ? ['version', ...argv.slice(1)] : argv.map(asTerm), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // A noun alone, or nothing at all.
    if (error.code === 'commander.help')
      return { kind: 'help', words: commandWords(argv.filter(isWord)), how: 'missing' };
    throw usage(worded(error.message));
  }
  return found[0] ?? { kind: 'help', words: [], how: 'missing' };
}

/** The words of the command that a list of words begins with, aliases resolved. */
export function commandWords(words: readonly string[]): readonly string[] {
  const [first = '', second = ''] = words.map((word) => aliases[word] ?? word);
  const names = commands.map(({ name }) => name);
  if (names.includes(`${first} ${second}`)) return [first, second];
  return names.some((name) => name.split(' ')[0] === first) ? [first] : [];
}

/** The words of the command that a whole command line is about; none where it names none. */
export function askedCommand(argv: readonly string[]): readonly string[] {
  const words = argv.filter(isWord);
  const start = words.findIndex((_, index) => commandWords(words.slice(index)).length > 0);
  return start === -1 ? [] : commandWords(words.slice(start));
}

function helpAsked(argv: readonly string[]): CommandLine | undefined {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  const at = own.findIndex((arg) => arg === '-h' || arg === '--help');
  if (at === -1) return undefined;
  return { kind: 'help', words: askedCommand(own), how: own[at] === '--help' ? 'full' : 'short' };
}

/**
 * What a search leaves out looks like a flag: `-not`, `-LIC:1ZZZ999`, `-"two words"`, `-STOLEN`. No flag has
 * these forms; a blank before it makes it an argument, and means nothing in a search.
 */
function asTerm(arg: string): string {
  return /^-(?:not$|[A-Za-z]{2,4}:|"|[A-Z][A-Z0-9])/.test(arg) ? ` ${arg}` : arg;
}

function isWord(arg: string): boolean {
  return !arg.startsWith('-');
}

function buildProgram(found: (line: CommandLine) => void): Command {
  const program = new Command('msc');
  program
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    .helpOption(false)
    .helpCommand(false)
    .allowExcessArguments(false);
  for (const { flags, text } of commonFlags) program.option(flags, text);
  for (const spec of commands) addCommand(program, spec, found);
  return program;
}

function addCommand(program: Command, spec: CommandSpec, found: (line: CommandLine) => void): void {
  const [first = '', second] = spec.name.split(' ');
  const parent = second === undefined ? program : nounOf(program, first);
  const command = parent.command(`${second ?? first} ${spec.argument}`.trim());
  command.helpOption(false).allowExcessArguments(false);
  for (const flag of spec.flags) addFlag(command, flag);
  command.action(() => {
    found({ kind: 'run', spec, args: command.args, flags: new Flags(command.optsWithGlobals()) });
  });
}

/** A repeated flag takes one value each time, so that what follows it is an argument again. */
function addFlag(command: Command, { flags, text }: FlagSpec): void {
  const repeats = flags.endsWith('...>');
  if (!repeats) command.option(flags, text);
  else
    command.option(
      flags.replace('...>', '>'),
      text,
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    );
}

function nounOf(program: Command, noun: string): Command {
  const known = program.commands.find((command) => command.name() === noun);
  if (known !== undefined) return known;
  const command = program.command(noun).helpOption(false).helpCommand(false);
  for (const [alias, name] of Object.entries(aliases)) if (name === noun) command.alias(alias);
  return command;
}

/** commander's message in our words: one line, one suggestion. */
function worded(message: string): string {
  const [first = '', second = ''] = message.split('\n');
  const near = /^\(Did you mean (?:one of )?([^,?]+)/.exec(second)?.[1];
  const sentence = first.replace(/^error: /, '').replaceAll("'", '`');
  return near === undefined ? sentence : `${sentence}; did you mean \`${near}\`?`;
}
