// NATS JetStream, file store, on a folder that is mounted `sync`: an emulation, because the packaged server
// has no setting that flushes each message. Mounting takes root and a loop device; without them it is skipped.

import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { answersAt, dialTls, freePort, Gathered, program, ServerProcess } from './ground.ts';
import {
  type Ground,
  messageBytes,
  type Peer,
  type Producer,
  producersMax,
  type Running,
  Skip,
} from './peer.ts';

export const nats: Peer = {
  name: 'NATS JetStream, sync-mounted store (an emulation)',
  durability: 'each write of its store reaches the disk, since the file system is mounted sync',
  start,
};

const imageBytes = 2 ** 30;

async function start({ folder, tls }: Ground): Promise<Running> {
  const command = program('nats-server', [], 'nats-server');
  const store = join(folder, 'store');
  const unmount = mountSync(folder, store);
  const port = await freePort();
  const config = join(folder, 'nats.conf');
  const { cert, key } = tls.server;
  writeFileSync(
    config,
    `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${store}" }\n` +
      `tls { cert_file: "${cert}", key_file: "${key}", ca_file: "${tls.ca}", verify: true }\n`,
  );
  const server = new ServerProcess(command, ['-c', config]);
  await server.up(() => answersAt(port));
  const links: NatsLink[] = [];
  const dial = async (onMessage: (subject: string, reply: string) => void): Promise<NatsLink> => {
    const socket = await dialTls(port, tls, greeted);
    const link = new NatsLink(new Gathered(socket), onMessage, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => link.read(chunk));
    links.push(link);
    return link;
  };
  const running: Running = {
    pids: [server.pid],
    version: /Version:\s+([\d.]+)/.exec(server.said)?.[1] ?? 'unknown',
    producers: [],
    onDelivered: () => undefined,
    close: async () => {
      for (const link of links) link.end();
      await server.end();
      unmount();
    },
  };
  await consume(dial, running);
  const producers: Producer[] = [];
  const body = Buffer.alloc(messageBytes, 'x').toString();
  for (let nth = 0; nth < producersMax; nth += 1) {
    const waiting: (() => void)[] = [];
    const link = await dial(() => waiting.shift()?.());
    link.say(`SUB r.${nth} 1\r\n`);
    const publish = `PUB work r.${nth} ${messageBytes}\r\n${body}\r\n`;
    producers.push({
      send: (done) => {
        waiting.push(done);
        link.say(publish);
      },
    });
  }
  return Object.assign(running, { producers });
}

/** A stream, and a consumer that acknowledges everything up to the last message it read. */
async function consume(
  dial: (onMessage: (subject: string, reply: string) => void) => Promise<NatsLink>,
  running: Running,
): Promise<void> {
  const answers: (() => void)[] = [];
  let taken = 0;
  let last = '';
  const link: NatsLink = await dial((subject, reply) => {
    if (subject === 'answer') answers.shift()?.();
    else {
      taken += 1;
      last = reply;
    }
  });
  link.onSettled = () => {
    if (taken === 0) return;
    running.onDelivered(taken);
    taken = 0;
    link.say(`PUB ${last} 4\r\n+ACK\r\n`);
  };
  link.say('SUB answer 1\r\nSUB inbox 2\r\n');
  const ask = (subject: string, question: unknown): Promise<void> => {
    const text = JSON.stringify(question);
    link.say(`PUB $JS.API.${subject} answer ${text.length}\r\n${text}\r\n`);
    return new Promise((resolve) => answers.push(resolve));
  };
  const limits = { storage: 'file', retention: 'limits', max_msgs: 200_000, num_replicas: 1 };
  await ask('STREAM.CREATE.WORK', { name: 'WORK', subjects: ['work'], ...limits });
  const acks = { ack_policy: 'all', max_ack_pending: 100_000, deliver_policy: 'new' };
  const config = { deliver_subject: 'inbox', ...acks };
  await ask('CONSUMER.CREATE.WORK', { stream_name: 'WORK', config });
}

/** @throws Skip */
function mountSync(folder: string, store: string): () => void {
  if (process.getuid?.() !== 0) throw new Skip('a sync mount needs root');
  const image = join(folder, 'image');
  mkdirSync(store);
  writeFileSync(image, '');
  truncateSync(image, imageBytes);
  try {
    execFileSync('mkfs.ext4', ['-q', '-F', image], { stdio: 'ignore' });
    execFileSync('mount', ['-o', 'loop,sync', image, store], { stdio: 'ignore' });
  } catch {
    throw new Skip('no file system could be mounted sync here (it takes a loop device)');
  }
  return () => execFileSync('umount', [store]);
}

/** INFO comes in the clear, then TLS. */
function greeted(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('data', () => resolve()));
}

class NatsLink {
  readonly #out: Gathered;
  readonly #onMessage: (subject: string, reply: string) => void;
  readonly end: () => void;
  #rest = '';
  /** All of one read was given. */
  onSettled: () => void = () => undefined;

  constructor(out: Gathered, onMessage: (subject: string, reply: string) => void, end: () => void) {
    this.#out = out;
    this.#onMessage = onMessage;
    this.end = end;
    this.say('CONNECT {"verbose":false,"pedantic":false,"tls_required":true}\r\n');
  }

  say(text: string): void {
    this.#out.write(Buffer.from(text, 'latin1'));
  }

  read(chunk: Buffer): void {
    const text = this.#rest + chunk.toString('latin1');
    let at = 0;
    for (;;) {
      const lineEnd = text.indexOf('\r\n', at);
      if (lineEnd < 0) break;
      const [verb = '', subject = '', , ...rest] = text.slice(at, lineEnd).split(' ');
      let end = lineEnd + 2;
      if (verb === 'MSG') {
        end += Number(rest.at(-1)) + 2;
        if (end > text.length) break;
        this.#onMessage(subject, rest.length > 1 ? (rest[0] ?? '') : '');
      } else if (verb === 'PING') this.say('PONG\r\n');
      else if (verb === '-ERR') throw new Error(`NATS: ${text.slice(at, lineEnd)}`);
      at = end;
    }
    this.#rest = text.slice(at);
    this.onSettled();
  }
}
