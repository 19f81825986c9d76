// `msc db reindex` of a running switch: it goes on working, journals who asked and how it ended, answers searches
// whole all the while, and says what there is to say of an index that cannot be read.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { verifyJournal } from '#journal/verify';
import { unpack } from '#support/kept-journals/kept';
import { openWorld, type World } from '#support/world';
import { alter, sealedNames } from '../journal/sealed-folder.ts';

let world: World | undefined;
afterEach(() => world?.close());

it('a running switch makes the indexes anew behind the traffic', { timeout: 600_000 }, async () => {
  const here = (world = await openWorld({ upMs: 240_000 }));
  await here.stop();
  const { journal } = here.demo;
  rmSync(journal, { recursive: true });
  for (const name of ['register.db', 'register.db-wal', 'register.db-shm'])
    rmSync(join(journal, '..', name), { force: true });
  const kept = unpack('2-segments', journal);
  alter(journal, 'DROP TABLE terms', 1);
  rmSync(join(journal, sealedNames(journal, 'filter')[2] ?? ''));
  // Else its copy would do.
  rmSync(join(journal, 'catalogue.filters'));
  await here.restart();
  const found = async (): Promise<unknown> => {
    const rows = await here.entries('LIC:9QZ*');
    return rows.map(({ entry }) => entry).filter((entry) => Number(entry) <= kept.entries);
  };
  expect(await found()).toEqual(kept.beginning?.entries);
  const explained = await here.msc(
    'journal',
    'search',
    'LIC:9QZ*',
    '--since',
    '1970-01-01',
    '--explain',
  );
  expect(explained.stdout).toMatch(/without filter +1 segment: msc db reindex --damaged/);
  expect(explained.stdout).toMatch(/note +no index can be read of the segments from entry 111/);
  const doctor = await here.msc('doctor', '--json');
  expect(doctor.stdout).toContain('msc db reindex --damaged');

  const [ran, second] = await Promise.all([
    here.msc('db', 'reindex', '--wait', '--reason', 'a disk was changed', '--json'),
    here.msc('db', 'reindex'),
  ]);
  // One of the two was first, and the other one is refused or came after its end.
  expect([0, 75]).toContain(second.code);
  expect([0, 75]).toContain(ran.code);
  let last = ran;
  const again = async (): Promise<string> => {
    last = await here.msc('db', 'reindex', '--damaged', '--wait', '--json');
    return `${last.code} ${last.stderr}`;
  };
  // The one that was first may have been the one that nobody waits for.
  await expect.poll(again, { timeout: 120_000 }).not.toMatch(/^75 /);
  expect([last.code, last.stderr]).toEqual([0, expect.stringMatching(/^done: /m)]);
  const end = JSON.parse(last.stdout) as { readonly state: string; readonly segments: number };
  expect(end.state).toBe('done');
  // The kept one that was raw is of another day: it may have been closed and sealed since.
  expect([4, 5]).toContain(end.segments);
  expect(await found()).toEqual(kept.beginning?.entries);
  const events = await here.entries('--event', 'reindex');
  expect(events.length).toBeGreaterThanOrEqual(3);
  expect((await here.msc('journal', 'verify')).code).toBe(0);
  expect(verifyJournal(journal)).not.toHaveProperty('unsound');
});
