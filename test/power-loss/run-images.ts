// Checks many images of a recording, in as many processes as there are processors. What is wrong is said with
// the seed and the command that lays that image out again; the recording is then kept.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Findings } from './checker.ts';

const child = fileURLToPath(new URL('checker-child.ts', import.meta.url));

export interface Seeds {
  readonly first: number;
  readonly count: number;
}

export async function runImages(home: string, { first, count }: Seeds): Promise<Findings> {
  const folder = join(home, 'images');
  mkdirSync(folder, { recursive: true });
  const processes = Math.min(count, availableParallelism());
  const all = await Promise.all(
    Array.from({ length: processes }, (_, place) =>
      runChild([home, folder, first + place, processes, first + count]),
    ),
  );
  return {
    images: sum(all.map(({ images }) => images)),
    bad: all.flatMap(({ bad }) => bad).sort((a, b) => a.seed - b.seed),
    withSnapshot: sum(all.map(({ withSnapshot }) => withSnapshot)),
    shorter: sum(all.map(({ shorter }) => shorter)),
  };
}

/** For the report of a test: nothing where nothing is wrong. */
export function tellBad(home: string, { bad }: Findings): readonly string[] {
  return bad.map(({ seed, at, wrong }) => {
    const again = `node test/power-loss/checker.ts ${home} ${seed} NEWFOLDER`;
    return `seed ${seed}, before edge ${at}: ${wrong.join('; ')} (again: ${again})`;
  });
}

/** A home for one recording, made by whoever first writes in it; `done` removes it where all went well, and leaves it to be looked at where not. */
export function newHome(): { readonly home: string; readonly done: (good: boolean) => void } {
  // A short name: a socket's path has at most 107 octets.
  const home = join(tmpdir(), `msc-power-${randomBytes(4).toString('hex')}`);
  return {
    home,
    done: (good) => {
      if (good) rmSync(home, { recursive: true, force: true });
    },
  };
}

function runChild(words: readonly (string | number)[]): Promise<Findings> {
  return new Promise((resolve, reject) => {
    const [home] = words;
    // Each start of a journal starts threads; what they load is compiled once.
    const environment = { ...process.env, NODE_COMPILE_CACHE: join(String(home), 'compiled') };
    const started = spawn(process.execPath, [child, ...words.map(String)], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let complaint = '';
    started.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    started.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    started.on('close', (code) => {
      // The one line of the child, in this shape.
      if (code === 0) resolve(JSON.parse(said) as Findings);
      else reject(new Error(`the checker ended with ${code}: ${complaint}`));
    });
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
