// No password, right, wrong or misplaced, is ever written: not to the journal, its index, the register or a log.

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { controlFrame } from '#protocol/frame';
import { connectRaw } from '#src/sim/raw';
import { openWorld, run, type World } from '#support/world';

const launcher = new URL('../../src/cli/msc.js', import.meta.url).pathname;

let world: World;
beforeAll(async () => {
  world = await openWorld();
  // From here on the switch's log is ours to read.
  await world.stop();
  await world.restart();
});
afterAll(() => world.close());

/** One for each place; each is unlike anything else. */
const secrets = {
  wrong: 'swordfish-wrong-4711',
  asUser: 'swordfish-as-user-4711',
  asUserNoName: 'Swordfish As User 4711!',
  asStation: 'swordfish-as-station-4711',
  asSoftware: 'swordfish-as-software-4711',
  asPool: 'swordfish-as-pool-4711',
  asOtp: 'swordfish-as-otp-4711',
  asReason: 'swordfish-as-reason-4711',
  asCloseText: 'swordfish-as-close-4711',
  asCloseCode: 'swordfish-as-code-4711',
  malformed: 'swordfish-malformed-4711',
  renewed: 'swordfish renewed 4711',
  added: 'swordfish added 4711',
};

it('every password sent, misplaced ones too, is in no file and no log', async () => {
  const station = await world.connect('DEMO-DISP-02');
  const { wrong, asUser, asUserNoName, asPool, asOtp, renewed } = secrets;
  await station.signOn({ user: 'jdoe', password: wrong });
  await station.signOn({ user: asUser, password: wrong });
  await station.signOn({ user: asUserNoName, password: wrong });
  const jdoe = { user: 'jdoe', password: world.password('jdoe') };
  expect(await station.signOn(jdoe)).toMatchObject({ user: 'jdoe' });
  await station.signOff();
  const password = world.password('mroe');
  await station.signOn({ user: 'mroe', password, pool: asPool, otp: asOtp });
  expect(await station.signOn({ user: 'mroe', password, newPassword: renewed })).toMatchObject({
    user: 'mroe',
  });
  await station.signOff();
  expect(await station.signOn({ user: 'mroe', password: renewed })).toMatchObject({ user: 'mroe' });
  await station.leave();
  await sayRaw({ ...hello, station: secrets.asStation });
  await sayRaw({ ...hello, software: secrets.asSoftware }, [
    controlFrame('SIGN_OFF', { reason: secrets.asReason }),
    controlFrame('CLOSE', { code: secrets.asCloseCode.slice(0, 20), text: secrets.asCloseText }),
  ]);
  await sayRaw(hello, [controlFrame('SIGN_ON', { user: 'jdoe', password: [secrets.malformed] })]);
  await addUser();
  const logBefore = world.log;
  expect(await world.stop()).toBe(0);
  const written = [...files(world.folder).filter(isOurs), ['log', logBefore + world.log] as const];
  // The right ones too: every one of these was sent to the switch when the demonstration began.
  const right = world.demo.users.map((person) => person.password);
  const found = written.flatMap(([name, content]) =>
    [...Object.values(secrets), ...right]
      .filter((secret) => content.includes(secret))
      .map((secret) => `${secret} in ${name}`),
  );
  expect(found).toEqual([]);
  // The look itself works: what must be there is found by it.
  expect(written.some(([, content]) => content.includes('sign-on-failed'))).toBe(true);
});

const hello = {
  protocol: [1],
  station: 'DEMO-DISP-01',
  role: 'terminal',
  software: 'x',
  received: 0,
};

async function sayRaw(first: object, then: readonly Uint8Array[] = []): Promise<void> {
  const link = await connectRaw(world.options('DEMO-DISP-01'));
  link.write(controlFrame('HELLO', first));
  const answer = await link.next();
  if (answer?.type === 'WELCOME') for (const frame of then) link.write(frame);
  while ((await link.next()) !== undefined);
  link.end();
}

async function addUser(): Promise<void> {
  const file = join(world.folder, 'run', 'new-password');
  writeFileSync(file, secrets.added, { mode: 0o600 });
  const words = ['user', 'add', 'newman', '--name', 'N. EWMAN', '--oif', 'ADD001'];
  const rest = ['--agency', 'CA0990100', '--password-file', file, '--config', world.demo.config];
  const { code, stderr } = await run([launcher, ...words, ...rest]);
  rmSync(file);
  expect(stderr).not.toContain(secrets.added);
  expect(code).toBe(0);
}

/** demo.json, and people.json that it is made from, keep the passwords of the demonstration. */
function isOurs([name]: readonly [string, string]): boolean {
  return !['demo.json', 'people.json'].includes(basename(name));
}

function files(folder: string): (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => statSync(name).isFile())
    .map((name) => [name, readFileSync(name, 'latin1')] as const);
}
