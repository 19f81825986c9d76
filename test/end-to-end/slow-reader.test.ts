// A terminal that does not read costs the others nothing, and the switch no memory.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { controlFrame } from '#protocol/frame';
import { connectRaw } from '#src/sim/raw';
import { openWorld, until, type World } from '#support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const messages = 3_000;
const bytes = 16_000;

it('a slow reader is served as far as its window, others at full speed, and memory stays', async () => {
  const slow = await connectRaw(world.options('DEMO-DISP-02'));
  slow.write(
    controlFrame('HELLO', {
      protocol: [1],
      station: 'DEMO-DISP-02',
      role: 'terminal',
      software: 'slow',
      received: 0,
    }),
  );
  expect((await slow.next())?.type).toBe('WELCOME');
  slow.write(controlFrame('SIGN_ON', { user: 'mroe', password: world.password('mroe') }));
  expect((await slow.next())?.type).toBe('SIGNED_ON');
  slow.socket.pause();
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  const filler = 'X'.repeat(bytes);
  let handled = 0;
  station.on('handled', () => (handled += 1));
  const sendMany = async (letter: string): Promise<number> => {
    const wanted = handled + messages;
    for (let sent = 0; sent < messages; sent += 1) {
      const reference = `${letter}${sent.toString().padStart(5, '0')}`;
      station.send('QZ01', `${reference}.AM.CA0990100.QZ02.TXT\r\n${filler}`);
    }
    await until('everything taken', () => (handled === wanted ? true : undefined));
    return residentBytes(world.pid);
  };
  // The first round fills what is bounded: buffers and the store of recent octets. The second adds as
  // many octets again, and what waits is entry numbers alone.
  const first = await sendMany('A');
  const second = await sendMany('B');
  expect(second - first).toBeLessThan((messages * bytes) / 2);
  expect(await station.request('QV.CA0990100.LIC/2ZZZ999.LIS/CA')).toMatchObject({
    kind: 'answered',
  });
  const { stdout } = await world.msc('status', '--json');
  const waiting = JSON.parse(stdout) as { view?: { queues: { name: string; waiting: number }[] } };
  expect(JSON.stringify(waiting)).toMatch(/QZ02/);
  slow.end();
  await station.leave();
}, 60_000);

function residentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) * 1024;
}
