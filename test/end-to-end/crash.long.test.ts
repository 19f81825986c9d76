// Two hundred power cuts. By hand: npm run test:long.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { crashUnderLoad, expectGoodBooks } from '#support/crash-run';
import { openWorld, type World } from '#support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

it('two hundred times kill -9 under load: nothing acknowledged is lost, reordered or repeated unflagged', async () => {
  expectGoodBooks(await crashUnderLoad(world, 200));
  expect((await world.msc('journal', 'verify')).code).toBe(0);
});
