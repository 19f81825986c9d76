// RabbitMQ with publisher confirms: persistent messages to one queue, quorum or durable classic; a consumer
// that acknowledges what it read together.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Amqp, contentFrames } from './amqp.ts';
import { answersAt, dialTls, freePort, Gathered, program, ServerProcess } from './ground.ts';
import {
  type Ground,
  messageBytes,
  type Peer,
  type Producer,
  producersMax,
  type Running,
} from './peer.ts';

export const rabbitQuorum: Peer = {
  name: 'RabbitMQ quorum queue, confirms',
  durability: 'its log is flushed, many messages at a time, before a confirm (one node)',
  start: (ground) => start(ground, 'quorum'),
};

export const rabbitClassic: Peer = {
  name: 'RabbitMQ durable classic queue, confirms',
  durability: 'written before a confirm, flushed now and then; delivery may come before both',
  start: (ground) => start(ground, 'classic'),
};

const scripts = ['/usr/lib/rabbitmq/bin'];
const upMs = 90_000;
const prefetch = 2_000;

async function start({ folder, tls }: Ground, type: 'quorum' | 'classic'): Promise<Running> {
  const command = program('rabbitmq-server', scripts, 'rabbitmq-server');
  const [port, portmapper, distribution] = [await freePort(), await freePort(), await freePort()];
  // Its name server, which it would otherwise start for itself and leave behind.
  const names = new ServerProcess(program('epmd', [], 'rabbitmq-server'), [
    ...['-port', String(portmapper), '-address', '127.0.0.1'],
  ]);
  const config = join(folder, 'rabbitmq.conf');
  for (const name of ['mnesia', 'log']) mkdirSync(join(folder, name));
  writeFileSync(config, settings(port, { ca: tls.ca, ...tls.server }));
  writeFileSync(join(folder, 'plugins'), '[].\n');
  const server = new ServerProcess(command, [], {
    cwd: folder,
    env: {
      ...{ PATH: process.env['PATH'], HOME: folder, RABBITMQ_NODENAME: 'bench@localhost' },
      ...{ RABBITMQ_CONFIG_FILE: config, RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins') },
      ...{ RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'), RABBITMQ_LOG_BASE: join(folder, 'log') },
      ...{ RABBITMQ_DIST_PORT: String(distribution), ERL_EPMD_PORT: String(portmapper) },
      ...{ ERL_EPMD_ADDRESS: '127.0.0.1' },
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    },
  });
  await server
    .up(() => answersAt(port), upMs)
    .catch(async (fault: unknown) => {
      await Promise.all([server.end('SIGKILL'), names.end()]);
      throw fault;
    });
  const links: Amqp[] = [];
  const dial = async (): Promise<Amqp> => {
    const socket = await dialTls(port, tls);
    const link = new Amqp(new Gathered(socket), () => socket.destroy());
    socket.on('data', (chunk: Buffer) => link.read(chunk));
    await link.open();
    links.push(link);
    return link;
  };
  const running: Running = {
    pids: [server.pid],
    version: /RabbitMQ ([\d.]+)/.exec(server.said)?.[1] ?? 'unknown',
    producers: [],
    onDelivered: () => undefined,
    close: async () => {
      for (const link of links) link.end();
      await server.end();
      await names.end();
    },
  };
  const consumer = await dial();
  await consumer.declare('work', type);
  await consumer.consume('work', prefetch, (count) => running.onDelivered(count));
  const message = contentFrames('work', Buffer.alloc(messageBytes, 'x'));
  const producers: Producer[] = [];
  for (let nth = 0; nth < producersMax; nth += 1) {
    const link = await dial();
    await link.confirm();
    producers.push({ send: (done) => link.publish(message, done) });
  }
  return Object.assign(running, { producers });
}

function settings(
  port: number,
  { ca, cert, key }: { readonly ca: string; readonly cert: string; readonly key: string },
): string {
  return [
    ...['listeners.tcp = none', `listeners.ssl.1 = 127.0.0.1:${port}`],
    ...[`ssl_options.cacertfile = ${ca}`, `ssl_options.certfile = ${cert}`],
    ...[`ssl_options.keyfile = ${key}`, 'ssl_options.versions.1 = tlsv1.3'],
    ...['ssl_options.verify = verify_peer', 'ssl_options.fail_if_no_peer_cert = true', ''],
  ].join('\n');
}
