// Redis streams, synced: every turn of its loop is flushed before its replies leave. One stream, a group
// with one consumer that reads 500 at a time and acknowledges them together; the stream is trimmed.

import { answersAt, dialTls, freePort, Gathered, program, ServerProcess } from './ground.ts';
import {
  type Ground,
  messageBytes,
  type Peer,
  type Producer,
  producersMax,
  type Running,
} from './peer.ts';

export const redis: Peer = {
  name: 'Redis streams, appendfsync always',
  durability: 'its append-only file is flushed before it answers XADD, and for XACK likewise',
  start,
};

async function start({ folder, tls }: Ground): Promise<Running> {
  const command = program('redis-server', [], 'redis-server');
  const port = await freePort();
  const server = new ServerProcess(command, [
    ...['--port', '0', '--tls-port', String(port), '--bind', '127.0.0.1', '--dir', folder],
    ...['--tls-cert-file', tls.server.cert, '--tls-key-file', tls.server.key],
    ...['--tls-ca-cert-file', tls.ca, '--tls-protocols', 'TLSv1.3'],
    ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--daemonize', 'no'],
    // A rewrite of the file in the middle of a run is no part of the work.
    ...['--auto-aof-rewrite-percentage', '0'],
  ]);
  await server.up(() => answersAt(port));
  const connections: Resp[] = [];
  const dial = async (): Promise<Resp> => {
    const socket = await dialTls(port, tls);
    const resp = new Resp(new Gathered(socket), () => socket.destroy());
    socket.on('data', (chunk: Buffer) => resp.read(chunk));
    connections.push(resp);
    return resp;
  };
  const running: Running = {
    pids: [server.pid],
    version: /Redis version=([\d.]+)/.exec(server.said)?.[1] ?? 'unknown',
    producers: [],
    onDelivered: () => undefined,
    close: async () => {
      for (const connection of connections) connection.end();
      await server.end();
    },
  };
  const consumer = await dial();
  await consumer.call('XGROUP', 'CREATE', 'work', 'group', '$', 'MKSTREAM');
  void consume(consumer, running);
  const body = 'x'.repeat(messageBytes);
  const producers: Producer[] = [];
  for (let nth = 0; nth < producersMax; nth += 1) {
    const resp = await dial();
    const add = words('XADD', 'work', 'MAXLEN', '~', '100000', '*', 'm', body);
    producers.push({ send: (done) => resp.send(add, done) });
  }
  return Object.assign(running, { producers });
}

async function consume(consumer: Resp, running: Running): Promise<void> {
  const group = ['GROUP', 'group', 'one'];
  while (!consumer.ended) {
    const read = await consumer.call(
      ...['XREADGROUP', ...group, 'COUNT', '500', 'BLOCK', '0', 'STREAMS', 'work', '>'],
    );
    const ids = idsOf(read);
    running.onDelivered(ids.length);
    // Together with the next read; its reply is not waited for.
    if (ids.length > 0) consumer.send(words('XACK', 'work', 'group', ...ids), () => undefined);
  }
}

/** [[stream, [[id, [field, value]], ...]]] */
function idsOf(read: unknown): string[] {
  if (!Array.isArray(read)) return [];
  const [[, entries] = ['', []]] = read as [string, [string, unknown][]][];
  return entries.map(([id]) => id);
}

function words(...all: readonly string[]): Buffer {
  const parts = all.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${all.length}\r\n${parts.join('')}`);
}

/** As much of RESP as this needs. */
class Resp {
  readonly #out: Gathered;
  readonly #waiting: ((reply: unknown) => void)[] = [];
  readonly #close: () => void;
  #text = '';
  ended = false;

  constructor(out: Gathered, close: () => void) {
    this.#out = out;
    this.#close = close;
  }

  send(octets: Buffer, done: (reply: unknown) => void): void {
    this.#waiting.push(done);
    this.#out.write(octets);
  }

  call(...all: readonly string[]): Promise<unknown> {
    return new Promise((resolve) => this.send(words(...all), resolve));
  }

  read(chunk: Buffer): void {
    this.#text += chunk.toString('latin1');
    let from = 0;
    for (;;) {
      const reply = parse(this.#text, from);
      if (reply === undefined) break;
      from = reply.end;
      if (reply.value instanceof Error) throw reply.value;
      this.#waiting.shift()?.(reply.value);
    }
    this.#text = this.#text.slice(from);
  }

  end(): void {
    this.ended = true;
    this.#close();
  }
}

/** Undefined where it is not whole yet. */
function parse(
  text: string,
  from: number,
): { readonly value: unknown; readonly end: number } | undefined {
  const lineEnd = text.indexOf('\r\n', from);
  if (lineEnd < 0) return undefined;
  const line = text.slice(from + 1, lineEnd);
  const next = lineEnd + 2;
  switch (text[from]) {
    case '$': {
      const bytes = Number(line);
      if (bytes < 0) return { value: null, end: next };
      if (text.length < next + bytes + 2) return undefined;
      return { value: text.slice(next, next + bytes), end: next + bytes + 2 };
    }
    case '*': {
      const items: unknown[] = [];
      let at = next;
      for (let left = Number(line); left > 0; left -= 1) {
        const item = parse(text, at);
        if (item === undefined) return undefined;
        items.push(item.value);
        at = item.end;
      }
      return { value: items, end: at };
    }
    case '-':
      return { value: new Error(line), end: next };
    case undefined:
      return undefined;
    default:
      return { value: line, end: next };
  }
}
