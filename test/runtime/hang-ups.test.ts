// SIGHUP: none ends the process, none is lost, and a storm of them is one more at a time.

import { afterEach, expect, it } from 'vitest';
import { HangUps } from '#src/runtime/hang-ups';

let hangUps: HangUps | undefined;
afterEach(() => hangUps?.close());

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

it('one before anybody listens is served then', async () => {
  hangUps = new HangUps();
  process.emit('SIGHUP', 'SIGHUP');
  let served = 0;
  hangUps.listen(() => Promise.resolve(void (served += 1)));
  await turns();
  expect(served).toBe(1);
});

it('any number while one is served are one more', async () => {
  hangUps = new HangUps();
  let served = 0;
  let done = Promise.withResolvers<undefined>();
  hangUps.listen(() => {
    served += 1;
    return done.promise;
  });
  for (let count = 0; count < 100; count += 1) process.emit('SIGHUP', 'SIGHUP');
  await turns();
  expect(served).toBe(1);
  const first = done;
  done = Promise.withResolvers();
  first.resolve(undefined);
  await turns();
  expect(served).toBe(2);
  done.resolve(undefined);
  await turns();
  expect(served).toBe(2);
});
