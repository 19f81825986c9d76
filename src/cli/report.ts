// How an error is told: one line `msc: CODE: sentence (next: ...)` on stderr, or one JSON object, and the
// exit code. A bug of ours leaves a report file, which is named. No message text or secret is in either.

import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faults, MscFault } from '#src/errors';
import { version } from './package.ts';
import { askedCommand } from './program.ts';
import { commands } from './table.ts';

/** @returns The exit code. */
export function report(error: unknown, argv: readonly string[]): number {
  const fault = error instanceof MscFault ? error : bugFault(error);
  const { code, message } = fault;
  const hint = hintOf(fault, argv);
  const lines = wantsJson(argv)
    ? JSON.stringify({ code, message, hint })
    : `msc: ${code}: ${oneLine(message)} (next: ${hint})`;
  process.stderr.write(`${lines}\n`);
  if (wantsCauses(argv)) for (const cause of causesOf(fault)) process.stderr.write(`  ${cause}\n`);
  return exitFor(argv) ?? fault.exit;
}

/** A caller that knows a few exit codes alone gets one of them, whatever is wrong. */
function exitFor(argv: readonly string[]): number | undefined {
  const name = askedCommand(argv).join(' ');
  return commands.find((command) => command.name === name)?.faultExit;
}

/** A wrong command line is put right by the help of its own command. */
function hintOf({ code, hint }: MscFault, argv: readonly string[]): string {
  if (code !== 'MSC-1001' || hint !== faults[code].next) return hint;
  return ['msc', ...askedCommand(argv), '--help'].join(' ');
}

/** A file with several problems lists them, one a line, under the one line that says so. */
function oneLine(message: string): string {
  const [first = '', ...more] = message.split('\n');
  return more.length === 0 ? first : [first, ...more].join('\n  ');
}

function wantsJson(argv: readonly string[]): boolean {
  const form = argv.findIndex((arg) => arg === '-o' || arg === '--output');
  const forms = [
    form === -1 ? '' : argv[form + 1],
    ...argv.map((arg) => /^(?:-o|--output=)(.*)$/.exec(arg)?.[1]),
  ];
  return argv.includes('--json') || forms.some((name) => name === 'json' || name === 'jsonl');
}

function wantsCauses(argv: readonly string[]): boolean {
  return argv.includes('-v') || argv.includes('--verbose');
}

function causesOf(error: Error): readonly string[] {
  const { cause } = error;
  if (!(cause instanceof Error)) return [];
  return [`because: ${cause.message.split('\n')[0] ?? ''}`, ...causesOf(cause)];
}

function bugFault(error: unknown): MscFault {
  const name = `msc-report-${randomBytes(6).toString('hex')}.txt`;
  const file = join(tmpdir(), name);
  const stack =
    error instanceof Error ? (error.stack ?? error.message) : 'something else was thrown';
  const text = `msc ${version}, node ${process.version}, ${process.platform} ${process.arch}\n${stack}\n`;
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    return new MscFault('MSC-9001', { detail: 'and the report could not be written', cause });
  }
  return new MscFault('MSC-9001', { detail: `the report is ${file}`, cause: error });
}
