// Tells the demonstration's state simulator to misbehave, over its control socket.

import { connect } from 'node:net';
import { join } from 'node:path';
import type { World } from './world.ts';

/** Sends one line and resolves when it was answered `ok`. */
export async function tellSimulator(world: World, line: string): Promise<void> {
  await askSimulator(world, line);
}

/** Sends one line and resolves with what was said before `ok`. */
export function askSimulator(world: World, line: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(world.folder, 'run', 'state.sock'));
    let answer = '';
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
      if (!/^(?:ok|error: .*)\n$/m.test(answer.split('\n').slice(-2).join('\n'))) return;
      socket.end();
      const lines = answer.trimEnd().split('\n');
      if (lines.at(-1) === 'ok') resolve(lines.slice(0, -1));
      else reject(new Error(`the simulator answered ${answer} to ${line}`));
    });
    socket.write(`${line}\n`);
  });
}
