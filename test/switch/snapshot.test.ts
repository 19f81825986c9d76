import { expect, it } from 'vitest';
import { keyTable } from '#protocol/keys';
import { latin1 } from '#protocol/octets';
import { freeze, thaw } from '#switch/snapshot';
import { createState } from '#switch/state';
import { county, person, settings, user } from './county.ts';
import { World } from './world.ts';

it.each([
  ['nothing', ''],
  ['no JSON', 'x'],
  ['no object', 'null'],
  ['another version', '{"version":0}'],
])('text that is %s are no snapshot, and change nothing', (_, text) => {
  const state = createState(settings, keyTable, latin1);
  expect(thaw(state, text)).toBe(false);
  expect(state.ledger.entries).toBe(0);
});

it('a snapshot keeps names in every script', () => {
  const name = 'Zoë \u{1F46E} 山';
  const world = new World({}, [...county, person('zoe', 'Z30303', { name })]);
  const state = createState(settings, keyTable, latin1);
  expect(thaw(state, freeze(world.state))).toBe(true);
  expect(state.ledger.register.person.get(user('zoe'))?.name).toBe(name);
});
