// Purging at a running switch: a journal of three years, what it says before, what an auditor sees afterwards. The old days are
// made before the installation begins; each entry of them is one that a switch writes.

import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dayUs } from '#journal/purge';
import { openJournal } from '#journal/sqlite/journal';
import { runMscAs } from '#support/cli';
import { openWorld, type Ran, until, type World } from '#support/world';
import { event } from '../journal/folders.ts';

type Json = Readonly<Record<string, unknown>>;

let world: World;
const folder = mkdtempSync(join(tmpdir(), 'msc-'));
const dir = join(folder, 'journal');
/** The first two days may go, by their age; the third is an hour too young. */
const nowUs = Date.now() * 1000;
const oldDays = [1120, 1110, 1096 - 1 / 24, 400, 1 / 24].map((ago) => nowUs - ago * dayUs);

beforeAll(async () => {
  mkdirSync(dir, { mode: 0o700 });
  const journal = await openJournal(dir, { random: randomBytes });
  let entry = 0;
  for (const time of oldDays)
    for (let beat = 0; beat < 3; beat += 1)
      await journal.append([event((entry += 1), { time: Math.floor(time) + beat })]);
  await journal.close();
  world = await openWorld({ folder, upMs: 240_000 });
}, 300_000);
afterAll(() => world.close());

const before = (days: number): string => `@${Math.floor((nowUs - days * dayUs) / 1e6)}`;
const purge = (...words: readonly string[]): Promise<Ran> =>
  world.msc('journal', 'purge', '--before', ...words);
const jsonOf = ({ stdout }: Ran): Json => JSON.parse(stdout) as Json;
const sealed = (): number => readdirSync(dir).filter((name) => /^sealed.*db$/.test(name)).length;

it(
  'keeps what must be kept, lets go of the rest, and an auditor sees it',
  { timeout: 900_000 },
  async () => {
    await until('the old days are sealed', () => (sealed() >= 4 ? true : undefined));
    // No snapshot stands behind them yet: a start would need every entry.
    const young = await purge(before(1100), '--dry-run');
    expect([young.code, young.stderr]).toEqual([1, expect.stringMatching(/MSC-1721: .*snapshot/)]);
    for (let time = 0; time < 2; time += 1) {
      await world.stop();
      await world.restart();
    }

    const looked = await purge(before(1000), '--dry-run', '--json');
    expect([looked.code, jsonOf(looked)]).toMatchObject([
      0,
      {
        schema: 'msc.journal-purge/1',
        purged: false,
        segments: [
          { first: 1, last: 3, state: 'goes', entries: 3 },
          { first: 4, last: 6, state: 'goes' },
          { first: 7, last: 9, state: 'stays', cause: 'age', entry: 9 },
        ],
      },
    ]);
    expect((await purge(before(5000))).stderr).toContain('no segment is all before that date');
    // Nobody can be asked here, and nobody without the role may.
    expect((await purge(before(1000), '--reason', 'old')).stderr).toContain('MSC-1002');
    const stranger = ['journal', 'purge', '--socket', world.demo.control, '--before', before(1000)];
    expect((await runMscAs(65_534, [...stranger, '--dry-run'])).code).not.toBe(0);

    const done = await purge(before(1000), '--yes', '--reason', 'kept three years', '--json');
    expect([done.code, done.stderr]).toEqual([
      0,
      expect.stringContaining('entries 1 to 6 were purged'),
    ]);
    const entry = Number(jsonOf(done)['entry']);
    expect(readdirSync(dir).filter((name) => /^sealed-0+[14]-/.test(name))).toEqual([]);

    const told = await world.msc('journal', 'show', '5', '--reason', 'audit');
    expect([told.code, told.stderr]).toEqual([
      1,
      expect.stringMatching(/MSC-1724: .*entry 5 was purged on .*kept three years/),
    ]);
    const [act] = await world.entries('--event', 'purge');
    expect(act).toMatchObject({ entry, event: 'purge' });
    const found = await world.msc('journal', 'search', '--since', '1970-01-01', '-n', '0');
    expect(found.stderr + found.stdout).toContain('entries up to 6 were purged');
    const verified = await world.msc('journal', 'verify');
    expect([verified.code, verified.stdout]).toEqual([
      0,
      expect.stringMatching(
        /6 of them purged, every other one holds\nentries 1 to 6 were purged on/,
      ),
    ]);
    const covered = jsonOf(await world.msc('journal', 'coverage', '--json', '--utc'));
    const days = covered['days'] as readonly Json[];
    expect(days.filter(({ purged, entries }) => purged === true && entries === 0).length).toBe(11);
    const segments = jsonOf(await world.msc('journal', 'segments', '--json'));
    expect((segments['segments'] as readonly Json[])[0]).toMatchObject({
      ...{ first: 1, last: 6, state: 'purged' },
    });
    // Once more there is nothing that may go.
    const again = await purge(before(1000), '--yes', '--reason', 'once more');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('MSC-1721')]);

    await world.kill();
    await world.restart();
    expect((await world.msc('journal', 'verify')).code).toBe(0);
    expect((await world.msc('journal', 'changes')).stderr).toContain('entries up to 6 were purged');
  },
);
