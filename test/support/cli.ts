// Runs msc as a person or a program does: a process of its own, with its output and its exit code.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const projectFolder = join(import.meta.dirname, '..', '..');
export const mscProgram = join(projectFolder, 'src/cli/msc.js');

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined where a signal ended it. */
  readonly code: number | undefined;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Another person, by number: who has no rights here, and no home. */
  readonly uid?: number;
}

/** One run; nothing of the caller's MSC_ variables or colours reaches it. */
export async function runMsc(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { uid } = options;
  const child = spawn(process.execPath, [mscProgram, ...args], {
    cwd: options.cwd ?? projectFolder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  // A command that reads nothing may end before it is given anything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  await once(child, 'close');
  return { stdout, stderr, code: child.exitCode ?? undefined };
}

/** One run by a stranger, from where everybody may be. */
export function runMscAs(uid: number, args: readonly string[]): Promise<Ran> {
  return runMsc(args, { uid, cwd: '/', env: { HOME: '/tmp', PATH: '/usr/bin:/bin' } });
}
