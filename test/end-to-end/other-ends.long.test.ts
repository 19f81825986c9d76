// Half an answer, and then silence: the switch gives the line up by its clock (link F4), comes back, and the answer
// arrives. It takes the half minute that the protocol gives a frame.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Station } from '#src/sim/station';
import { tellSimulator } from '#support/sim-control';
import { openWorld, question, type World } from '#support/world';

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
