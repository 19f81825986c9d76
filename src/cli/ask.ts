// Asking a person: a password without echo, a yes or no, a reason. Only where stdin is a terminal;
// else it refuses with MSC-1002 (exit 64) and says which flag answers. Passwords never come as arguments.

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { MscFault } from '#src/errors';
import type { Flags } from './flags.ts';

/** Octets of a password file that are read; a password has at most 256. @source link F5 */
const passwordFileOctetsMax = 4096;

/** A new password: from `--password-file`, else typed twice. */
export async function askNewPassword(flags: Flags, user: string): Promise<string> {
  const file = flags.text('passwordFile');
  if (file !== undefined)
    return firstLine(file === '-' ? await readStdin() : await readSecret(file));
  mustBeTerminal('--password-file FILE, or - for stdin');
  const password = await askHidden(`new password for ${user}: `);
  const again = await askHidden('again: ');
  if (password !== again)
    throw new MscFault('MSC-1004', { detail: 'the two passwords are not the same' });
  return password;
}

/** `--yes`, or the person's own. */
export async function confirm(flags: Flags, question: string): Promise<boolean> {
  if (flags.on('yes')) return true;
  mustBeTerminal('--yes');
  const answer = await askLine(`${question} [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

/** `--reason`, or asked for; message text is never shown without one. @source contracts 2 */
export async function needReason(
  flags: Flags,
  question = 'reason for reading message text: ',
): Promise<string> {
  const reason = flags.text('reason');
  if (reason !== undefined && reason.trim() !== '') return reason;
  mustBeTerminal('--reason TEXT');
  const typed = await askLine(question);
  if (typed.trim() === '') throw new MscFault('MSC-1002', { hint: 'give --reason TEXT' });
  return typed.trim();
}

function mustBeTerminal(flag: string): void {
  // `isTTY` is undefined where stdin is no terminal, whatever its type says.
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new MscFault('MSC-1002', { hint: `give ${flag}` });
}

async function askLine(
  question: string,
  output: NodeJS.WritableStream = process.stderr,
): Promise<string> {
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  reader.on('SIGINT', () => process.exit(130));
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await askLine('', nowhere);
  } finally {
    process.stderr.write('\n');
  }
}

async function readSecret(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new MscFault('MSC-1005', { detail: file, cause });
  }
}

async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.includes('\n') || text.length > passwordFileOctetsMax) break;
  }
  return text;
}

function firstLine(text: string): string {
  const line = text.split(/\r?\n/)[0] ?? '';
  if (line === '') throw new MscFault('MSC-1004', { detail: 'there is no password in the input' });
  return line;
}
