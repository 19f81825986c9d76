// What waits for a station that does not read slows nobody else down, and takes no memory of the switch.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { controlFrame, echoFrame } from '#protocol/frame';
import { connectRaw } from '#src/sim/raw';
import type { Station } from '#src/sim/station';
import { openWorld, until, type World } from '#support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const rounds = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
const warmUp = 4;
/** In each round. */
const messages = 3_000;
const bytes = 16_000;
/** Of WELCOME, unless configured (link M4). */
const defaultWindow = 32;

// A printer, because its line is given up only after ten minutes of silence (link M8).
it('a printer that does not read gets its window and no more, others are as fast, and memory stays', async () => {
  const slow = await connectRaw(world.options('DEMO-PRT-01'));
  slow.write(
    controlFrame('HELLO', {
      protocol: [1],
      station: 'DEMO-PRT-01',
      role: 'printer',
      software: 'slow',
      received: 0,
    }),
  );
  expect((await slow.next())?.type).toBe('WELCOME');
  slow.socket.pause();
  // It reads nothing, but it lives: who is silent for a minute is cut (link S6).
  const alive = setInterval(() => slow.write(echoFrame('PING', new Uint8Array(8))), 5_000);
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  const alone = await timeOfQuestions(station);
  const filler = 'X'.repeat(bytes);
  let handled = 0;
  station.on('handled', () => (handled += 1));
  const sendMany = async (letter: string): Promise<number> => {
    const wanted = handled + messages;
    for (let sent = 0; sent < messages; sent += 1) {
      const reference = `${letter}${sent.toString().padStart(5, '0')}`;
      station.send('QZ01', `${reference}.AM.CA0990100.QP01.TXT\r\n${filler}`);
    }
    await until('everything taken', () => (handled === wanted ? true : undefined));
    return residentBytes(world.pid);
  };
  // The first rounds fill what is bounded: buffers, the store of recent octets. The others add as many octets
  // again, and what waits is entry numbers alone. A switch that kept the octets would grow by all of them and
  // by its garbage; garbage alone stays well below.
  const after: number[] = [];
  for (const letter of rounds) after.push(await sendMany(letter));
  const growth = (after.at(-1) ?? NaN) - (after[warmUp - 1] ?? NaN);
  expect(growth).toBeLessThan((rounds.length - warmUp) * messages * bytes * 0.8);
  // Generous: two cores are shared with other tests. A switch that waited for the slow one would stand.
  expect(await timeOfQuestions(station)).toBeLessThan(3 * alone + 1_000);
  const { stdout } = await world.msc('status', '--json');
  const { queues } = JSON.parse(stdout) as { queues: { name: string; waiting: number }[] };
  const waiting = queues.find(({ name }) => name === 'QP01')?.waiting;
  expect(waiting).toBe(rounds.length * messages - defaultWindow);
  const sent = await world.entries('--kind', 'sent', '--mnemonic', 'QP01');
  expect(sent).toHaveLength(defaultWindow);
  clearInterval(alive);
  slow.end();
  await station.leave();
}, 120_000);

/** Milliseconds for a hundred questions, one after the other. */
async function timeOfQuestions(station: Station): Promise<number> {
  const began = performance.now();
  for (let asked = 0; asked < 100; asked += 1) {
    const { kind } = await station.request('QV.CA0990100.LIC/2ZZZ999.LIS/CA');
    expect(kind).toBe('answered');
  }
  return performance.now() - began;
}

function residentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) * 1024;
}
