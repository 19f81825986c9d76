// Verdicts on passwords: one for each who waits for it, and no work for those who have gone.

import { expect, it } from 'vitest';
import { HashQueue } from '#src/access/password';
import { Secrets } from '#src/runtime/secrets';
import type { Happening } from '#switch/event';

function house() {
  const gate = Promise.withResolvers<undefined>();
  const gone = new Set<number>();
  const hashed: string[] = [];
  const put: Happening[] = [];
  const failures: unknown[] = [];
  const secrets = new Secrets({
    store: { secret: () => undefined, putSecret: () => undefined },
    queue: new HashQueue({ waitingMax: 3 }),
    isAwaited: (link) => !gone.has(link),
    verify: async (password) => {
      hashed.push(password);
      await gate.promise;
      return password === 'right';
    },
    hash: () => Promise.reject(new Error('nothing is renewed here')),
    flaw: () => undefined,
    newId: () => 'id',
    put: (happening) => put.push(happening),
    fail: (cause) => failures.push(cause),
  });
  const ask = (link: number, password: string): void =>
    secrets.verify({ link, password, afterMs: 0 });
  const verdicts = (): readonly number[] =>
    put.flatMap((happening) => (happening.kind === 'verified' ? [happening.link] : []));
  return { ask, gate, gone, hashed, put, failures, verdicts };
}

const soon = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 5));

it('each who waits gets a verdict, in the order they asked', async () => {
  const { ask, gate, put } = house();
  ask(1, 'wrong');
  ask(2, 'right');
  await soon();
  gate.resolve(undefined);
  await soon();
  expect(put).toEqual([
    { kind: 'verified', link: 1, verdict: 'wrong' },
    { kind: 'verified', link: 2, verdict: 'right' },
  ]);
});

it('whoever asks and leaves, again and again, has nothing hashed and keeps nobody waiting', async () => {
  const { ask, gate, gone, hashed, failures, verdicts } = house();
  ask(1, 'under way');
  await soon();
  for (let link = 100; link < 120; link += 1) {
    ask(link, 'guess');
    await soon();
    gone.add(link);
  }
  ask(2, 'right');
  await soon();
  gate.resolve(undefined);
  await soon();
  expect(hashed).toEqual(['under way', 'right']);
  expect(verdicts()).toEqual([1, 2]);
  // More asked than may wait; those who had gone made room.
  expect(failures).toEqual([]);
});
