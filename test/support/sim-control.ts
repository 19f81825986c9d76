// Tells the demonstration's state simulator to misbehave, over its control socket.

import { connect } from 'node:net';
import { join } from 'node:path';
import type { World } from './world.ts';

/** Sends one line and resolves when it was answered `ok`. */
export function tellSimulator(world: World, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(world.folder, 'run', 'state.sock'));
    let answer = '';
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
      if (!answer.includes('\n')) return;
      socket.end();
      if (answer.startsWith('ok')) resolve();
      else reject(new Error(`the simulator answered ${answer} to ${line}`));
    });
    socket.write(`${line}\n`);
  });
}
