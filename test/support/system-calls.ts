// The system calls by which the switch changes a disk, as strace names, counts and fails them. A place is
// the nth call of a kind on one path: strace counts for each thread, and one path is written by one thread
// alone (with one thread in the pool), so a place means the same call in every run.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const kinds = {
  write: 'write,pwrite64,writev,pwritev',
  flush: 'fsync,fdatasync',
  truncate: 'ftruncate',
  rename: 'rename,renameat,renameat2',
  open: 'openat',
  remove: 'unlink,unlinkat',
} as const;
export type Kind = keyof typeof kinds;
/** By which something is written. */
const writing: readonly Kind[] = ['write', 'flush', 'truncate', 'rename', 'open'];

export interface Place {
  readonly kind: Kind;
  readonly path: string;
  /** From 1. */
  readonly nth: number;
}

export const straceIsThere = spawnSync('strace', ['-V']).status === 0;
/** For the title of a test. */
export const straceMissing = straceIsThere ? '' : ' (skipped: strace is not installed)';
/** With it the calls of the pool are counted by one thread too. */
export const onePoolThread = { UV_THREADPOOL_SIZE: '1' };

/** Every file the switch writes, by what it is to it. */
export function filesOf(data: string, run: string) {
  const journal = join(data, 'journal');
  const sqlite = (path: string): readonly string[] => [path, `${path}-wal`, `${path}-shm`];
  const lock = join(journal, 'lock');
  const snapshot = join(journal, 'snapshot');
  const pid = join(run, 'switch.pid');
  return {
    journal: [
      ...sqlite(join(journal, 'journal.db')),
      lock,
      `${lock}-journal`,
      join(journal, 'head'),
    ],
    folder: [journal, data],
    register: sqlite(join(data, 'register.db')),
    snapshot: [`${snapshot}.new`, snapshot, `${snapshot}.old`],
    index: sqlite(join(journal, 'index.db')),
    pid: [`${pid}.new`, pid],
  } as const;
}
export type FileGroup = keyof ReturnType<typeof filesOf>;

/** All calls of these kinds on these paths. */
export function watchWords(
  paths: readonly string[],
  some: readonly Kind[] = writing,
): readonly string[] {
  const names = some.map((kind) => kinds[kind]).join(',');
  return ['-f', '-y', '-e', `trace=${names}`, ...pathWords(paths)];
}

/** Fails one place, or with `+` all from there on; shows all writes and flushes of its path. */
export function failWords(
  { kind, path, nth }: Place,
  error = 'EIO',
  further: '' | '+' = '',
): readonly string[] {
  const shown = new Set([kinds[kind], kinds.write, kinds.flush]);
  const inject = `inject=${kinds[kind]}:error=${error}:when=${nth}${further}`;
  return ['-f', '-y', '-e', `trace=${[...shown].join(',')}`, '-e', inject, ...pathWords([path])];
}

function pathWords(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => ['-P', path]);
}

export interface Called {
  readonly kind: Kind;
  readonly path: string;
  readonly thread: string;
  readonly injected: boolean;
  /** It failed, injected or not. */
  readonly failed: boolean;
}

/** The calls in what strace said with -f and -y. */
export function callsIn(said: string, paths: readonly string[]): readonly Called[] {
  return said.split('\n').flatMap((line) => {
    const call = /^(?:\[pid +)?(\d+)\]? +(\w+)\(/.exec(line);
    const [, thread = '', name = ''] = call ?? [];
    const kind = kindOf(name);
    // Of a rename the new name counts; of two names that begin alike, the longer one.
    const named = paths.filter((path) => line.includes(`<${path}>`) || line.includes(`"${path}"`));
    const path = named.at(-1);
    if (kind === undefined || path === undefined) return [];
    const failed = / = -1 /.test(line);
    return [{ kind, path, thread, injected: line.includes('(INJECTED)'), failed }];
  });
}

function kindOf(name: string): Kind | undefined {
  for (const kind of Object.keys(kinds) as Kind[])
    if (kinds[kind].split(',').includes(name)) return kind;
  return undefined;
}

/** Each place that was seen: of several threads on one path, the most that one made. */
export function placesIn(calls: readonly Called[]): readonly Place[] {
  const counts = new Map<string, number>();
  for (const { kind, path, thread } of calls) {
    const key = `${kind} ${path} ${thread}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const most = new Map<string, number>();
  for (const [key, count] of counts) {
    const place = key.slice(0, key.lastIndexOf(' '));
    most.set(place, Math.max(count, most.get(place) ?? 0));
  }
  return [...most].flatMap(([key, count]) => {
    const [kind = '', path = ''] = key.split(' ');
    // Keys begin with the kind, as they were made above.
    return Array.from({ length: count }, (_, at) => ({ kind: kind as Kind, path, nth: at + 1 }));
  });
}

/** strace as the switch's parent's sibling: the switch stays our direct child, with its own exit code. */
export function underStrace(words: readonly string[], output: string): readonly string[] {
  return ['strace', '-D', '--seccomp-bpf', ...words, '-o', output];
}

export class Tracer {
  readonly ready: Promise<void>;
  readonly over: Promise<void>;
  readonly #child: ChildProcess;
  #said = '';

  /** On a process that runs. */
  constructor(pid: number, words: readonly string[]) {
    this.#child = spawn('strace', [...words, '-p', String(pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.over = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.ready = new Promise((resolve, reject) => {
      this.#child.stderr?.on('data', (chunk: Buffer) => {
        this.#said += chunk.toString();
        if (this.#said.includes('attached')) resolve();
      });
      this.#child.once('close', () => reject(new Error(`strace ended: ${this.#said}`)));
    });
  }

  get said(): string {
    return this.#said;
  }

  /** Lets the process go on without it, where it still runs. */
  async detach(): Promise<string> {
    if (this.#child.exitCode === null) this.#child.kill('SIGINT');
    await this.over;
    return this.#said;
  }
}

export function readTrace(file: string): string {
  return readFileSync(file, 'utf8');
}
