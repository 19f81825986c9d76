// PostgreSQL as a side: the same entries in one table, with B-trees and a GIN index over the words, asked by psql,
// which says the time of each question as its client sees it.

import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { answersAt, freePort, ServerProcess } from '../peers/ground.ts';
import { findPostgres, postgresAccount } from '../peers/postgres.ts';
import { dropCaches } from './ground.ts';
import { columns } from './lines.ts';
import { type Asked, wordsSql } from './questions.ts';
import type { Answered, Side } from './sides.ts';

const indexes = {
  'primary key': 'ALTER TABLE entries ADD PRIMARY KEY (entry)',
  'person, time': 'CREATE INDEX ON entries (person, time)',
  'mnemonic, key, time': 'CREATE INDEX ON entries (mnemonic, mke, time)',
  plate: 'CREATE INDEX ON entries (lic)',
  name: 'CREATE INDEX ON entries (nam)',
  'words (GIN)': `CREATE INDEX ON entries USING gin (${wordsSql})`,
};

export class Postgres implements Side {
  readonly name = 'PostgreSQL';
  readonly #folder: string;
  readonly #port: number;
  #server: ServerProcess | undefined;
  #psql: Psql | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  /** @throws Skip where it is not installed */
  static async open(folder: string): Promise<Postgres> {
    findPostgres('postgres');
    mkdirSync(folder);
    const account = postgresAccount();
    if (account !== undefined) chownSync(folder, account.uid, account.gid);
    const as = { ...account, cwd: folder, stdio: 'ignore' } as const;
    const words = ['-D', join(folder, 'data'), '-A', 'trust', '-U', 'bench', '--no-sync'];
    execFileSync(findPostgres('initdb'), [...words, '-E', 'UTF8', '--locale=C'], as);
    const side = new Postgres(folder, await freePort());
    await side.#start();
    return side;
  }

  /** @returns Seconds of each step. */
  async load(lines: string, rows: number): Promise<readonly (readonly [string, number])[]> {
    const psql = this.#asked();
    const steps: (readonly [string, number])[] = [];
    const step = async (name: string, sql: string): Promise<void> => {
      steps.push([name, (await psql.run(sql)).tookMs / 1000]);
    };
    await psql.run(`CREATE TABLE entries (${columns})`);
    await step('COPY', `\\copy entries FROM PROGRAM 'head -n ${rows} ${lines}'`);
    for (const [name, sql] of Object.entries(indexes)) await step(name, sql);
    await psql.run('VACUUM ANALYZE entries');
    return steps;
  }

  /** Octets of the table, and of all its indexes. */
  async weigh(): Promise<readonly [table: number, indexes: number]> {
    const sql = `SELECT pg_table_size('entries') || ' ' || pg_indexes_size('entries')`;
    const [table = NaN, all = NaN] = ((await this.#asked().run(sql)).rows[0] ?? '')
      .split(' ')
      .map(Number);
    return [table, all];
  }

  async askWarm({ sql }: Asked): Promise<Answered> {
    await this.#asked().run(sql);
    return this.#ask(sql);
  }

  /** Started anew on an empty page cache; connected before it is asked. */
  async askCold({ sql }: Asked): Promise<Answered> {
    await this.#stop();
    dropCaches();
    await this.#start();
    await this.#asked().run('SELECT 1');
    return this.#ask(sql);
  }

  async close(): Promise<void> {
    await this.#stop();
  }

  async #ask(sql: string): Promise<Answered> {
    const { tookMs, rows } = await this.#asked().run(sql);
    const counted = /^SELECT count\(/.test(sql);
    return { tookMs, found: counted ? Number(rows[0]) : rows.length };
  }

  #asked(): Psql {
    if (this.#psql === undefined) throw new Error('PostgreSQL is not started');
    return this.#psql;
  }

  async #start(): Promise<void> {
    const settings = {
      ...{ listen_addresses: '127.0.0.1', port: String(this.#port), unix_socket_directories: '' },
      ...{
        shared_buffers: '512MB',
        maintenance_work_mem: '512MB',
        max_wal_size: '4GB',
        jit: 'off',
      },
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const as = { ...postgresAccount(), cwd: this.#folder };
    const words = ['-D', join(this.#folder, 'data'), ...flags];
    const server = new ServerProcess(findPostgres('postgres'), words, as);
    this.#server = server;
    await server.up(
      async () => server.said.includes('ready to accept') && (await answersAt(this.#port)),
    );
    this.#psql = new Psql(this.#port);
  }

  async #stop(): Promise<void> {
    this.#psql?.close();
    await this.#server?.end('SIGINT', 60_000);
  }
}

/** One psql that stays: a question goes in, its rows and its time come out. */
class Psql {
  readonly #child: ChildProcessWithoutNullStreams;
  #said = '';
  #waiting: (() => void) | undefined;

  constructor(port: number) {
    const words = ['-h', '127.0.0.1', '-p', String(port), '-U', 'bench', '-d', 'postgres'];
    const quiet = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'];
    this.#child = spawn(findPostgres('psql'), [...words, ...quiet]);
    const hear = (chunk: Buffer): void => {
      this.#said += chunk.toString('latin1');
      if (this.#said.includes(`\n${end}\n`)) this.#waiting?.();
    };
    this.#child.stdout.on('data', hear);
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#said += chunk.toString('latin1')));
    this.#child.on('close', () => this.#waiting?.());
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdin.write('\\timing on\n');
  }

  async run(sql: string): Promise<{ readonly tookMs: number; readonly rows: readonly string[] }> {
    this.#said = '\n';
    const answered = new Promise<void>((resolve) => (this.#waiting = resolve));
    this.#child.stdin.write(`${sql}${sql.startsWith('\\') ? '' : ';'}\n\\echo ${end}\n`);
    await answered;
    const lines = this.#said.split('\n').filter((line) => line !== '' && line !== end);
    const times = lines.flatMap((line) => /^Time: ([\d.]+) ms/.exec(line)?.[1] ?? []);
    if (!this.#said.includes(`\n${end}\n`) || times.length === 0)
      throw new Error(`psql: ${lines.slice(-3).join(' ')}`);
    const rows = lines.filter((line) => !line.startsWith('Time: '));
    return { tookMs: Number(times.at(-1)), rows };
  }

  close(): void {
    this.#child.kill();
  }
}

const end = 'so far';
