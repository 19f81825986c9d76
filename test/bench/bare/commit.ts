// A thread that appends and flushes: one write and one flush at a time, and everything that came meanwhile
// goes into the next.

import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

const port = parentPort;
if (port === null) throw new Error('it runs as a thread');
// Its starter gives a path alone.
const file = openSync(workerData as string, 'a');
port.on('message', (first: Uint8Array) => {
  let parts = 1;
  writeSync(file, first);
  for (
    let more = receiveMessageOnPort(port);
    more !== undefined;
    more = receiveMessageOnPort(port)
  ) {
    // The same as the first.
    writeSync(file, more.message as Uint8Array);
    parts += 1;
  }
  fdatasyncSync(file);
  port.postMessage(parts);
});
