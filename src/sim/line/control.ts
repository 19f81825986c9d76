// The control socket of a simulated host: for its owner alone, one line in, its answer lines out, the last of
// them `ok` or `error: why`.

import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Result } from '#protocol/result';
import { SimFault } from '../fault.ts';

/** Does one line; the lines to answer before `ok`, or a sentence why not. */
export type ControlHand = (line: string) => Result<readonly string[], string>;

const lineBytesMax = 32_768;

/** @throws SimFault SIM-CREATE */
export async function openControl(path: string, hand: ControlHand): Promise<Server> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) rmSync(path);
  const server = createServer((socket) => serve(socket, hand));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new SimFault('SIM-CREATE', `${path} cannot be made`, cause)),
    );
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return server;
}

function serve(socket: Socket, hand: ControlHand): void {
  socket.on('error', () => socket.destroy());
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes = chunk.includes('\n') ? 0 : bytes + chunk.length;
    if (bytes > lineBytesMax) socket.destroy();
  });
  createInterface({ input: socket }).on('line', (line) => {
    const done = hand(line);
    const lines = done.ok ? [...done.value, 'ok'] : [`error: ${done.error}`];
    socket.write(lines.map((answer) => `${answer}\n`).join(''));
  });
}
