// The bare limit: TLS, group commit with one flush, nothing else. No parsing, no authority, no route, no
// search. A message of a producer is durable before its ACK leaves and before a consumer has it; a question
// of an asker goes to the upstream when it is durable, and its answer back when that is.

import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { tlsProfile } from '#src/sim/tls-profile';
import { bareFrame, BareLink, kind } from './wire.ts';

const [certFile = '', keyFile = '', caFile = '', log = ''] = process.argv.slice(2);
const disk = new Worker(new URL('commit.ts', import.meta.url), { workerData: log });

/** What to do once each batch is durable, oldest first; the last one gathers. */
const batches: (() => void)[][] = [];
let gathered: Uint8Array[] = [];
let then: (() => void)[] = [];

function commit(octets: Uint8Array, after: () => void): void {
  gathered.push(octets);
  then.push(after);
  if (then.length === 1) setImmediate(submit);
}

function submit(): void {
  const octets = Uint8Array.from(Buffer.concat(gathered));
  batches.push(then);
  gathered = [];
  then = [];
  disk.postMessage(octets, [octets.buffer]);
}

disk.on('message', (parts: number) => {
  for (const batch of batches.splice(0, parts)) for (const after of batch) after();
});

let consumer: BareLink | undefined;
let upstream: BareLink | undefined;
const askers: BareLink[] = [];

const pem = { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) };
const server = createServer({ ...tlsProfile, ...pem, requestCert: true }, (socket) => {
  let role = '';
  let id = 0;
  let durable = 0;
  const link: BareLink = new BareLink(socket, ({ type, tag, body }) => {
    if (type === kind.hello) {
      role = body.toString();
      if (role === 'consumer') consumer = link;
      if (role === 'upstream') upstream = link;
      if (role === 'asker') id = askers.push(link) - 1;
    } else if (type === kind.message && role === 'producer')
      commit(body, () => {
        durable += 1;
        link.write(bareFrame(kind.ack, durable));
        consumer?.write(bareFrame(kind.message, tag, body));
      });
    else if (type === kind.message && role === 'asker')
      commit(body, () => {
        durable += 1;
        link.write(bareFrame(kind.ack, durable));
        upstream?.write(bareFrame(kind.message, id, body));
      });
    else if (type === kind.message && role === 'upstream')
      commit(body, () => {
        upstream?.write(bareFrame(kind.ack, tag));
        askers[tag]?.write(bareFrame(kind.message, 0, body));
      });
  });
});
server.listen(0, '127.0.0.1', () => {
  // A TCP server that listens has such an address.
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${port}\n`);
});
