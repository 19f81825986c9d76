// Faults in the middle of what a small program does to a journal: a kill before a line of the code it runs, and a
// call on the files it makes that fails. What must hold afterwards, says whoever tests.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { copyProgram, editFile, ownProgram } from '../power-loss/variant.ts';
import { sample } from './fault-run.ts';
import {
  callsIn,
  failWords,
  placesIn,
  straceIsThere,
  straceMissing,
  watchWords,
  type Kind,
  type Place,
} from './system-calls.ts';

const folderPrefix = join(tmpdir(), 'msc-fault-');
/** Entries of the journal it works on. */
export const entriesMost = 45;

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
}

/** @param child Below `test/`: it is given the folder of a journal and a number of entries. */
export function killBefore(
  child: string,
  { file, line }: { readonly file: string; readonly line: string },
): { readonly dir: string; readonly ended: Ended } {
  const die = "    process.kill(process.pid, 'SIGKILL');\n    for (;;);\n";
  const program = theCopy();
  const path = join(program, file);
  const whole = readFileSync(path);
  editFile(program, { file, from: line, to: die + line });
  const dir = join(temporary(), 'journal');
  const ended = run(program, child, dir);
  writeFileSync(path, whole);
  expect([ended.status, ended.signal]).toEqual([null, 'SIGKILL']);
  return { dir, ended };
}

/** One copy of the program for the tests of a file: what was altered in it is put back. */
function theCopy(): string {
  if (copied === undefined) {
    copied = copyProgram(mkdtempSync(folderPrefix), []);
    cpSync(join(ownProgram, 'test'), join(copied, 'test'), { recursive: true });
  }
  return copied;
}
let copied: string | undefined;
afterAll(() => {
  if (copied !== undefined) rmSync(copied, { recursive: true, force: true });
});

/** One call that failed. */
export interface Failed {
  readonly error: string;
  readonly place: Place;
  /** For the report of a test. */
  readonly where: string;
  /** What the call was on, and the journal. */
  readonly path: string;
  readonly dir: string;
  readonly ended: Ended;
}

export interface CallsWanted {
  /** Some of them, chosen by the seed; all without it. */
  readonly places?: number;
  readonly seed: number;
  readonly timeoutMs: number;
}

interface Calls extends CallsWanted {
  /** `a cut`. */
  readonly what: string;
  readonly child: string;
  /** Files in the folder of the journal; '' is the folder. */
  readonly names: readonly string[];
  readonly callsLeast: number;
  /** Those by which something is written, unless told. */
  readonly kinds?: readonly Kind[];
  readonly title: string;
  readonly check: (failed: Failed) => Promise<void>;
}

/** Registers a test for a full and for a failing disk. */
export function testCalls({ what, places: count, seed, ...calls }: Calls): void {
  const which = count === undefined ? 'each' : `${count} (seed ${seed})`;
  describe.skipIf(!straceIsThere)(`${what}, ${which} of its calls${straceMissing}`, () => {
    it.each(['ENOSPC', 'EIO'])(
      calls.title,
      async (error) => {
        const all = placesOf(calls);
        expect(all.length).toBeGreaterThan(calls.callsLeast);
        for (const place of count === undefined ? all : sample(all, count, seed)) {
          const folder = temporary();
          const dir = join(folder, 'journal');
          // The place was seen in a folder of another name.
          const path = place.path.replace(placeholder, dir);
          const ended = run(ownProgram, calls.child, dir, failWords({ ...place, path }, error));
          const where = `${error} at ${place.kind} ${place.nth} of ${place.path}`;
          await calls.check({ error, place, where, path, dir, ended });
          rmSync(folder, { recursive: true });
        }
      },
      calls.timeoutMs,
    );
  });
}

/** Every entry of a journal, oldest first. */
export async function allOf(journal: Pick<Journal, 'scan'>): Promise<readonly StoredEntry[]> {
  const found: StoredEntry[] = [];
  for await (const batch of journal.scan(1)) found.push(...batch);
  return found;
}

const placeholder = '/JOURNAL';

function placesOf({
  child,
  names,
  kinds,
}: Pick<Calls, 'child' | 'names' | 'kinds'>): readonly Place[] {
  const dir = join(temporary(), 'journal');
  const paths = names.map((name) => join(dir, name));
  const { status } = run(ownProgram, child, dir, watchWords(paths, kinds));
  expect(status).toBe(0);
  const trace = readFileSync(traceOf(dir), 'utf8');
  return placesIn(callsIn(trace, paths)).map((place) => ({
    ...place,
    path: place.path.replace(dir, placeholder),
  }));
}

const traceOf = (dir: string): string => `${dir}.trace`;

/** @param words Of strace, under which it runs. */
function run(program: string, child: string, dir: string, words?: readonly string[]): Ended {
  mkdirSync(dir);
  const command = [process.execPath, join(program, 'test', child), dir, String(entriesMost)];
  const [file = '', ...args] =
    words === undefined
      ? command
      : ['strace', '--seccomp-bpf', ...words, '-o', traceOf(dir), ...command];
  const { status, signal, stdout } = spawnSync(file, args, { encoding: 'utf8', timeout: 60_000 });
  return { status, signal, stdout };
}

function temporary(): string {
  const folder = mkdtempSync(folderPrefix);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
