// Faults that the switch bears by its clock alone: half a frame and silence (link F4), no acknowledgement (link M8),
// no last answer (link M5). Each takes the half minute or the minute that the protocol gives it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { latin1 } from '#protocol/octets';
import type { Station } from '#src/sim/station';
import { tellSimulator } from '#support/sim-control';
import { openWorld, question, until, type World } from '#support/world';

let world: World;
let asker: Station;
beforeAll(async () => {
  world = await openWorld();
  asker = (await world.signOn('DEMO-DISP-01', 'jdoe')).station;
});
afterAll(() => world.close());

it('half an answer that never ends is C05 after 30 s, and is answered after the resume', async () => {
  await tellSimulator(world, 'half');
  const { kind, answers } = await asker.request(question, { timeoutMs: 90_000 });
  expect(kind).toBe('answered');
  expect(answers.filter((text) => text.includes('MKE/STOLEN VEHICLE')).length).toBe(1);
  const [down] = await world.entries('--event', 'link-down', '--upstream', 'STATE');
  expect(down).toMatchObject({ code: 'C05' });
}, 120_000);

it('no acknowledgement is C15 after 30 s, and the question is answered after the resume', async () => {
  await tellSimulator(world, 'acks off');
  const asked = asker.request(question, { timeoutMs: 120_000 });
  const hasEnded = async (): Promise<true | undefined> =>
    (await world.entries('--event', 'link-down', '--upstream', 'STATE')).some(
      ({ code }) => code === 'C15',
    ) || undefined;
  await until('the end of the line', hasEnded, 90_000);
  await tellSimulator(world, 'acks on');
  const { kind, answers } = await asked;
  expect(kind).toBe('answered');
  expect(answers.filter((text) => text.includes('MKE/STOLEN VEHICLE')).length).toBe(1);
}, 180_000);

it('an answer without FINAL is shown at once, and SM 60 follows when its time is over', async () => {
  await tellSimulator(world, 'final off');
  const heard: string[] = [];
  asker.on('message', ({ body }) => heard.push(latin1(body)));
  asker.send('QZ01', `OPEN01.${question}`);
  await until('the answer', () => heard.length > 0 || undefined);
  expect(heard[0]).toContain('MKE/STOLEN VEHICLE');
  await until('SM 60', () => heard.length > 1 || undefined, 150_000);
  expect(heard[1]).toMatch(/^OPEN01\.SM\.CA0990100\.60\./);
}, 180_000);
