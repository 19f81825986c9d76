// Where a command's words go: data to stdout, talk to stderr; colour and width by what is there.
// It promises that a reader that goes away ends the command quietly, and that a slow one is waited for.

import type { CommandSpec } from './command.ts';
import type { Flags } from './flags.ts';
import { oneOf, usage } from './flags.ts';

export const formats = ['table', 'plain', 'json', 'jsonl', 'csv'] as const;
export type Format = (typeof formats)[number];

export interface Output {
  readonly format: Format;
  /** As it was asked for; differs from `format` where a command has forms of its own. */
  readonly form: string;
  /** Columns of the terminal; Infinity where there is none, so that nothing is cut. */
  readonly width: number;
  /** Time zone of what people read. */
  readonly zone: string;
  readonly header: boolean;
  /** `-q`: only data and errors. */
  readonly quiet: boolean;
  /** The columns asked for; absent means the command's own. */
  readonly columns: readonly string[] | undefined;
  /** One line of data; resolves when more may be written. */
  readonly print: (line: string) => Promise<void>;
  /** One line of talk, unless `-q`. */
  readonly tell: (line: string) => void;
  readonly bold: (text: string) => string;
}

/** What is asked of stdout and stderr; a pipe has neither `isTTY` nor `columns`, whatever their type says. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => boolean;
  readonly once: (event: 'drain', then: () => void) => unknown;
}

interface Streams {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/** @throws MscFault MSC-1001 for a form, colour or zone that does not exist or that the command has not. */
export function makeOutput(
  flags: Flags,
  spec: Pick<CommandSpec, 'name' | 'rows' | 'forms'>,
  streams: Streams = process,
): Output {
  const { env, stdout, stderr } = streams;
  const forms: readonly string[] = spec.forms ?? formats;
  const form = flags.on('json')
    ? 'json'
    : oneOf('--output', flags.text('output') ?? forms[0] ?? 'table', forms);
  // What no other command knows is lines of text.
  const format = formats.find((known) => known === form) ?? 'plain';
  const colour = wantsColour(flags, env, stdout.isTTY === true);
  const columns = flags.list('columns');
  if (spec.rows !== true && (format === 'csv' || columns.length > 0))
    throw usage(`msc ${spec.name} prints no columns`, `msc ${spec.name} --json`);
  return {
    format,
    form,
    width: widthOf(env, stdout),
    zone: zoneOf(flags),
    header: flags.on('header'),
    quiet: flags.on('quiet'),
    columns: columns.length === 0 ? undefined : columns,
    print: (line) => write(stdout, `${line}\n`),
    tell: (line) => {
      if (!flags.on('quiet')) stderr.write(`${line}\n`);
    },
    bold: (text) => (colour ? `\u001b[1m${text}\u001b[0m` : text),
  };
}

/** Text from outside as a terminal may show it: no octet of it can move the cursor. @source link X6 */
export function shown(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\u00a0-\uffff]/g, '?');
}

/** Message text as a terminal may show it: octets that are no characters of a text are `?`. @source link X6 */
export function shownText(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(/[^\x20-\x7e]/g, '?');
}

/** A program reads it: one object, of one line. */
export function wantsObject({ format }: Output): boolean {
  return format === 'json' || format === 'jsonl';
}

/** `1 entry`, `2 entries`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Joins parts on as many lines as the width needs; all but the first are indented. */
export function foldParts(
  parts: readonly string[],
  separator: string,
  { width, indent }: { readonly width: number; readonly indent: number },
): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = `${last ?? ''}${separator}${part}`;
    if (last === undefined) lines.push(part);
    else if (longer.length > width) lines.push(' '.repeat(indent) + part);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Ends the process quietly when the reader of a pipe has gone. @source operator-experience 3 */
export function endQuietlyWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      process.exit(error.code === 'EPIPE' ? 141 : 74);
    });
}

/** A flag wins over the environment; NO_COLOR over FORCE_COLOR; else colour is for terminals. */
function wantsColour(flags: Flags, env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const asked = flags.choice('color', ['auto', 'always', 'never']);
  if (asked === 'always' || asked === 'never') return asked === 'always';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0';
  return isTerminal;
}

function widthOf(env: NodeJS.ProcessEnv, { isTTY, columns }: Stream): number {
  if (isTTY !== true) return Infinity;
  const known = [columns ?? 0, Number(env['COLUMNS'])].filter((width) => width >= 40);
  return known.length === 0 ? 80 : Math.min(...known);
}

function zoneOf(flags: Flags): string {
  if (flags.on('utc')) return 'UTC';
  const zone = flags.text('tz');
  if (zone === undefined) return Temporal.Now.timeZoneId();
  try {
    return Temporal.Now.zonedDateTimeISO(zone).timeZoneId;
  } catch {
    throw usage(
      `there is no time zone ${shown(zone)}`,
      'msc journal search --tz America/Los_Angeles',
    );
  }
}

async function write(stream: Stream, text: string): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((resolve) => stream.once('drain', resolve));
}
