// The manual pages, made from the table of commands: msc(1), and one page for each command. Written by
// `npm run docs -- --write` into man/, and proved equal to the table by `npm run docs`.

import type { CommandSpec, FlagSpec } from '../../src/cli/command.ts';
import { commonFlagsOf } from '../../src/cli/help.ts';
import { commands } from '../../src/cli/table.ts';
import { commonFlags } from '../../src/cli/table/flags.ts';

export interface ManPage {
  /** `man/msc-journal-search.1` */
  readonly file: string;
  readonly text: string;
}

export function manPages(): readonly ManPage[] {
  return [{ file: 'man/msc.1', text: overview() }, ...commands.map(page)];
}

function overview(): string {
  return lines(
    head('msc', 'a message-switching computer for law enforcement'),
    '.SH SYNOPSIS',
    '.B msc',
    '.I command',
    '[\\fIflags\\fR] [\\fIarguments\\fR]',
    '.SH DESCRIPTION',
    escaped('Runs the switch, and asks and commands a running one. Each command has its own page.'),
    '.SH COMMANDS',
    ...commands.flatMap(({ name, text }) => [
      '.TP',
      `\\fBmsc\\-${escaped(name.replaceAll(' ', '-'))}\\fR(1)`,
      escaped(sentence(text)),
    ]),
    '.SH OPTIONS',
    escaped('Every command takes these.'),
    ...commonFlags.flatMap(flag),
    '.SH EXIT STATUS',
    ...exits.flatMap(([code, text]) => ['.TP', `.B ${code}`, escaped(text)]),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([name, text]) => ['.TP', `.B ${name}`, escaped(text)]),
    '.SH FILES',
    '.TP',
    '.I /etc/msc/msc.toml',
    escaped('The configuration; --config and MSC_CONFIG name another.'),
  );
}

function page(spec: CommandSpec): ManPage {
  const { name, argument, text, more, flags, examples } = spec;
  const file = `msc-${name.replaceAll(' ', '-')}`;
  const extra =
    more === undefined ? [] : more.split('\n').flatMap((line) => ['.PP', escaped(line)]);
  const own = flags.length === 0 ? [] : ['.SH OPTIONS', ...flags.flatMap(flag)];
  const text_ = lines(
    head(file, text),
    '.SH SYNOPSIS',
    `.B msc ${escaped(name)}`,
    ...(argument === '' ? [] : [`\\fI${escaped(argument)}\\fR`]),
    '[\\fIflags\\fR]',
    '.SH DESCRIPTION',
    escaped(sentence(text)),
    ...extra,
    ...own,
    '.SH OPTIONS OF EVERY COMMAND',
    ...commonFlagsOf(spec).flatMap(flag),
    '.SH EXAMPLES',
    '.nf',
    ...examples.map((example) => `msc ${escaped(example)}`),
    '.fi',
    '.SH SEE ALSO',
    '.BR msc (1)',
  );
  return { file: `man/${file}.1`, text: text_ };
}

function head(name: string, text: string): string {
  return lines(
    '.\\" Made from src/cli/table/; npm run docs says when it is not in step.',
    `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1`,
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(text)}`,
  ).trimEnd();
}

function flag({ flags, text }: FlagSpec): readonly string[] {
  return ['.TP', `.B ${escaped(flags)}`, escaped(sentence(text))];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Nothing in it is a request or an escape of roff. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll("'", '\\(aq')
    .replaceAll('…', '...')
    .replace(/^\./, '\\&.');
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

/** @source operator-experience 3 */
const exits: readonly (readonly [string, string])[] = [
  ['0', 'Done, found, healthy.'],
  ['1', 'Nothing found, or the answer is no.'],
  ['64', 'The command line is wrong.'],
  ['65', 'The input is wrong.'],
  ['66', 'An input file is missing.'],
  ['69', 'The switch cannot be reached.'],
  ['70', 'A fault of msc itself; a report file is named.'],
  ['73, 74', 'An output cannot be made; reading or writing failed.'],
  ['75', 'Try again: busy, draining, timed out.'],
  ['76', 'The other side broke the protocol.'],
  ['77', 'Your role does not allow it.'],
  ['78', 'The configuration is wrong.'],
  ['0 to 3', 'Of msc check alone: ok, warning, critical, unknown.'],
  ['130, 141', 'Interrupted; the reader of a pipe went away.'],
];

const environment: readonly (readonly [string, string])[] = [
  ['MSC_CONFIG', 'The configuration file of the installation.'],
  ['MSC_SOCKET', 'Its control socket.'],
  ['NO_COLOR, FORCE_COLOR', 'No colour; colour also in a pipe.'],
  ['TZ', 'The time zone of what people read.'],
];
