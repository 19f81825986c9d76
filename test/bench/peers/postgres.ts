// PostgreSQL, a commit for each message: insert, pipelined as its documents say, each with a Sync of its
// own; a consumer that takes 500 at a time with DELETE ... RETURNING, and commits that too.

import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answersAt, dialTls, freePort, Gathered, program, ServerProcess } from './ground.ts';
import {
  type Ground,
  messageBytes,
  type Peer,
  type Producer,
  producersMax,
  type Running,
} from './peer.ts';

export const postgres: Peer = {
  name: 'PostgreSQL, commit per message',
  durability: 'its log is flushed before each commit answers (synchronous_commit and fsync on)',
  start,
};

const programs = '/usr/lib/postgresql';
const takeMost = 500;
const emptyMs = 1;

async function start({ folder, tls }: Ground): Promise<Running> {
  const command = findPostgres('postgres');
  const account = postgresAccount();
  const data = join(folder, 'data');
  const key = join(folder, 'server.key');
  copyFileSync(tls.server.key, key);
  chmodSync(key, 0o600);
  if (account !== undefined)
    for (const path of [folder, key]) chownSync(path, account.uid, account.gid);
  const as = { ...account, cwd: folder };
  execFileSync(findPostgres('initdb'), ['-D', data, '-A', 'trust', '-U', 'bench', '--no-sync'], {
    ...as,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = {
    ...{ listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' },
    ...{ ssl: 'on', ssl_cert_file: tls.server.cert, ssl_key_file: key },
    ...{ fsync: 'on', synchronous_commit: 'on', max_connections: '100' },
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = new ServerProcess(command, ['-D', data, ...flags], as);
  await server.up(async () => (await answersAt(port)) && server.said.includes('ready to accept'));
  const links: PgLink[] = [];
  const dial = async (): Promise<PgLink> => {
    const socket = await dialTls(port, tls, askForTls);
    const link = new PgLink(new Gathered(socket), () => socket.destroy());
    socket.on('data', (chunk: Buffer) => link.read(chunk));
    await link.startUp();
    links.push(link);
    return link;
  };
  const running: Running = {
    pids: [server.pid],
    version: /PostgreSQL ([\d.]+)/.exec(server.said)?.[1] ?? 'unknown',
    producers: [],
    onDelivered: () => undefined,
    close: async () => {
      for (const link of links) link.end();
      await server.end('SIGINT');
    },
  };
  const consumer = await dial();
  await consumer.run('CREATE TABLE work (id bigserial PRIMARY KEY, m text NOT NULL)');
  await consumer.prepare(
    `DELETE FROM work WHERE id IN (SELECT id FROM work ORDER BY id LIMIT ${takeMost}) RETURNING m`,
  );
  void consume(consumer, running);
  const body = Buffer.alloc(messageBytes, 'x');
  const producers: Producer[] = [];
  for (let nth = 0; nth < producersMax; nth += 1) {
    const link = await dial();
    await link.prepare('INSERT INTO work (m) VALUES ($1)');
    const insert = execute([body]);
    producers.push({ send: (done) => link.send(insert, done) });
  }
  return Object.assign(running, { producers });
}

async function consume(consumer: PgLink, running: Running): Promise<void> {
  const take = execute([]);
  while (!consumer.ended) {
    const rows = await new Promise<number>((resolve) => consumer.send(take, resolve));
    running.onDelivered(rows);
    if (rows === 0) await pause(emptyMs);
  }
}

/** The newest installed. @throws Skip */
export function findPostgres(name: string): string {
  let versions: readonly string[] = [];
  try {
    versions = readdirSync(programs).toSorted((one, other) => Number(other) - Number(one));
  } catch {
    // Not there: `program` says so.
  }
  return program(
    name,
    versions.map((version) => join(programs, version, 'bin')),
    'postgresql',
  );
}

/** It refuses to run as root: then it runs as its own user. */
export function postgresAccount(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, uid, gid] =
    /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

/** SSLRequest, and its one octet. */
function askForTls(socket: Socket): Promise<void> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(80_877_103, 4);
  socket.write(request);
  return new Promise((resolve, reject) => {
    socket.once('data', (chunk: Buffer) => {
      if (chunk.toString() === 'S') resolve();
      else reject(new Error('PostgreSQL does not speak TLS'));
    });
  });
}

function packet(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

function int16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeInt16BE(value);
  return octets;
}

function int32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeInt32BE(value);
  return octets;
}

/** Bind, Execute and Sync of the statement that was prepared: a transaction of its own. */
function execute(values: readonly Buffer[]): Buffer {
  const parameters = values.flatMap((value) => [int32(value.length), value]);
  return Buffer.concat([
    packet('B', text(''), text('s'), int16(0), int16(values.length), ...parameters, int16(0)),
    packet('E', text(''), int32(0)),
    packet('S'),
  ]);
}

/** As much of the protocol, version 3, as this needs. */
class PgLink {
  readonly #out: Gathered;
  readonly #close: () => void;
  /** One for each Sync; they are answered in order. */
  readonly #waiting: ((rows: number) => void)[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #rows = 0;
  ended = false;

  constructor(out: Gathered, close: () => void) {
    this.#out = out;
    this.#close = close;
  }

  async startUp(): Promise<void> {
    const parameters = text(`user\0bench\0database\0postgres\0`);
    const length = int32(8 + parameters.length);
    await this.#ask(Buffer.concat([length, int32(196_608), parameters]));
  }

  run(sql: string): Promise<number> {
    return this.#ask(packet('Q', text(sql)));
  }

  prepare(sql: string): Promise<number> {
    return this.#ask(Buffer.concat([packet('P', text('s'), text(sql), int16(0)), packet('S')]));
  }

  send(octets: Buffer, done: (rows: number) => void): void {
    this.#waiting.push(done);
    this.#out.write(octets);
  }

  end(): void {
    this.ended = true;
    this.#close();
  }

  read(chunk: Buffer): void {
    const octets = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (octets.length - at >= 5) {
      const end = at + 1 + octets.readInt32BE(at + 1);
      if (end > octets.length) break;
      this.#take(octets.toString('latin1', at, at + 1), octets.subarray(at + 5, end));
      at = end;
    }
    this.#rest = octets.subarray(at);
  }

  #take(type: string, body: Buffer): void {
    if (type === 'E')
      throw new Error(`PostgreSQL: ${body.toString('latin1').replaceAll('\0', ' ')}`);
    if (type === 'D') this.#rows += 1;
    if (type !== 'Z') return;
    const rows = this.#rows;
    this.#rows = 0;
    this.#waiting.shift()?.(rows);
  }

  #ask(octets: Buffer): Promise<number> {
    return new Promise((resolve) => this.send(octets, resolve));
  }
}
