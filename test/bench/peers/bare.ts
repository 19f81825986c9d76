// The bare limit as a side of the comparison, and the bare full exchange.

import { join } from 'node:path';
import { bareFrame, BareLink, kind } from '../bare/wire.ts';
import { dialTls, ServerProcess } from './ground.ts';
import {
  type Ground,
  messageBytes,
  type Peer,
  type Producer,
  producersMax,
  type Running,
} from './peer.ts';

const program = (name: string): string => new URL(`../bare/${name}.ts`, import.meta.url).pathname;
/** About what an inquiry and its answer have, in place of the others' 300. */
const inquiryBytes = 64;

export const bare: Peer = {
  name: 'bare limit',
  durability: 'fdatasync of an appended file before the ACK and before the delivery',
  start: (ground) => start(ground, 'producer'),
};

/** A question is over when its answer is there. */
export const bareExchange: Peer = {
  name: 'bare full exchange',
  durability: 'two such flushes in a row, one for the question and one for the answer',
  start: (ground) => start(ground, 'asker'),
};

async function start(ground: Ground, role: 'producer' | 'asker'): Promise<Running> {
  const { server, client, ca } = ground.tls;
  const log = join(ground.folder, 'log');
  const process_ = new ServerProcess(process.execPath, [
    ...[program('server'), server.cert, server.key, ca, log],
  ]);
  await process_.up(() => /^\d+\n/.test(process_.said));
  const port = Number(process_.said.trim());
  const upstream = new ServerProcess(process.execPath, [
    ...[program('upstream'), client.cert, client.key, ca, String(port)],
  ]);
  await upstream.up(() => upstream.said.includes('up'));
  const filler = Buffer.alloc(role === 'asker' ? inquiryBytes : messageBytes, 'x');
  const links: BareLink[] = [];
  const running: Running = {
    pids: [process_.pid],
    version: `Node ${process.version}`,
    producers: [],
    onDelivered: () => undefined,
    close: async () => {
      for (const link of links) link.end();
      await Promise.all([process_.end('SIGKILL'), upstream.end('SIGKILL')]);
    },
  };
  const dial = async (as: string, onMessage: () => void, onAck: (count: number) => void) => {
    const socket = await dialTls(port, ground.tls);
    const link = new BareLink(socket, ({ type, tag }) => {
      if (type === kind.message) onMessage();
      else onAck(tag);
    });
    links.push(link);
    link.write(bareFrame(kind.hello, 0, Buffer.from(as)));
    return link;
  };
  const delivered = (): void => running.onDelivered(1);
  if (role === 'producer') await dial('consumer', delivered, () => undefined);
  const producers: Producer[] = [];
  for (let nth = 0; nth < producersMax; nth += 1) {
    const waiting: (() => void)[] = [];
    let acknowledged = 0;
    const answered = (): void => {
      delivered();
      waiting.shift()?.();
    };
    const durable = (count: number): void => {
      for (; acknowledged < count; acknowledged += 1) waiting.shift()?.();
    };
    const [onMessage, onAck] =
      role === 'asker' ? [answered, () => undefined] : [() => undefined, durable];
    const link = await dial(role, onMessage, onAck);
    producers.push({
      send: (done) => {
        waiting.push(done);
        link.write(bareFrame(kind.message, 0, filler));
      },
    });
  }
  return Object.assign(running, { producers });
}
