// A purge as a person asks for it: what is shown is what goes, the act stands first, and what comes meanwhile keeps.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptCause, PurgePlan } from '#journal/purge';
import { CommandDesk } from '#src/control/commands';
import { ReleaseNumbers } from '#src/control/release-number';
import type { Visit } from '#src/control/visit';
import type { Commands, Request } from '#src/control/wire';
import { refusalOf } from '#src/control/wire-purge';
import { openLoneDesk, type FakeDesk } from './fake-desk.ts';

const range = { first: 1, last: 20, root: 'r', earliest: 1, latest: 2, releases: '2026-000007' };
const kept = {
  first: 21,
  last: 30,
  cause: 'age',
  entry: 30,
  fromUs: 1_800_000_000_000_000,
} as const;
const whole: PurgePlan = { goes: [range], range, kept };
const wish = { before: 10, asked: '--before 2023-01-01', reason: 'old' };
const apply = { ...wish, apply: true, through: 20 };

let desk: FakeDesk;
let close: () => Promise<void>;
let planned: PurgePlan;
let waiting: number | undefined;
let gone: number[];
/** Comes between the look and the act. */
let meanwhile: () => Promise<unknown>;
beforeEach(async () => {
  ({ desk, close } = await openLoneDesk());
  await desk.addMessages(30, 'AB12.QV.CA0990100.LIC/2ZZZ999');
  [planned, waiting, gone, meanwhile] = [whole, undefined, [], () => Promise.resolve()];
});
afterEach(() => close());

function run(args: Commands['purge']['args']): Promise<unknown> {
  const { journal } = desk;
  const planning = {
    ...journal,
    planPurge: async () => {
      await meanwhile();
      return planned;
    },
    purge: async (entry: number) => {
      gone.push(entry);
      await journal.purge(entry);
    },
  };
  const purging = () => ({ keptDays: 1096, waiting });
  const commands = new CommandDesk({ ...desk, journal: planning, purging });
  const visit: Visit = {
    ...{ person: 'ann', roles: ['admin'], sendRows: () => Promise.resolve() },
    ...{ gone: new AbortController().signal, nowMs: () => 0 },
  };
  return commands.run({ id: 1, command: 'purge', args }, visit);
}

const released = (entries: string) =>
  desk.act('ann', { kind: 'note', event: 'release', detail: { entries, release: '2026-000008' } });

describe('a purge', () => {
  it('is only looked at, and that is journalled', async () => {
    expect(await run({ ...wish, apply: false })).toMatchObject({ ...whole, keptDays: 1096 });
    expect(gone).toEqual([]);
    expect((await desk.entries()).at(-1)).toMatchObject({
      ...{ event: 'search', detail: { command: 'purge', asked: wish.asked } },
    });
  });

  it('is journalled with who, why and what, and then carried out', async () => {
    expect(await run(apply)).toMatchObject({ entry: 32 });
    expect(gone).toEqual([32]);
    expect((await desk.entries()).at(-1)).toMatchObject({
      ...{ entry: 32, event: 'purge', person: 'ann', reason: 'old' },
      detail: { ...range, entries: 20, asked: wish.asked },
    });
    expect(await desk.journal.oldest()).toBe(21);
  });

  it.each<readonly [string, () => void]>([
    [
      'is something else than was shown',
      () => (planned = { ...whole, range: { ...range, last: 30 } }),
    ],
    ['waits by now', () => (waiting = 20)],
    ['was released meanwhile', () => (meanwhile = () => released('3,25'))],
    ['may have been released meanwhile', () => (meanwhile = () => released('?'))],
  ])('does not take what %s', async (_, change) => {
    change();
    await expect(run(apply)).rejects.toMatchObject({ code: 'MSC-1723' });
    expect(gone).toEqual([]);
    expect(
      (await desk.entries()).some((entry) => 'event' in entry && entry.event === 'purge'),
    ).toBe(false);
  });

  it('is not held up by a release of what stays', async () => {
    meanwhile = () => released('21-30');
    await run(apply);
    expect(gone).toHaveLength(1);
  });

  it.each<readonly [string, PurgePlan['kept'], RegExp]>([
    [
      'MSC-1721',
      kept,
      /entries 21 to 30 stays: entry 30 of it is not 1096 days old; it may go from/,
    ],
    ['MSC-1722', { ...kept, cause: 'clock' }, /by the clock alone/],
    ['MSC-1721', { ...kept, cause: 'waiting', fromUs: undefined }, /entry 30 still waits$/],
    ['MSC-1721', { ...kept, cause: 'release' }, /released by entry 30/],
    ['MSC-1721', { ...kept, cause: 'delivery' }, /says something of a message of it/],
  ])('is refused with %s where all is kept', async (code, why, words) => {
    planned = { goes: [], kept: why };
    await expect(run(apply)).rejects.toMatchObject({
      ...{ code, message: expect.stringMatching(words) as unknown },
    });
  });

  it.each<KeptCause>(['before', 'raw', 'waiting', 'state', 'age', 'delivery', 'release', 'clock'])(
    'a look at what stays because of %s does not name itself as the next step',
    (cause) => {
      const { hint } = refusalOf({ first: 21, last: 30, cause, entry: 30 }, 1096);
      expect(hint).not.toContain('--dry-run');
      // Of a fault of the clock the next step is that of the list.
      expect(hint).toMatch(/once more|--event clock/);
    },
  );

  it('needs a reason', async () => {
    await expect(run({ before: 10, asked: 'x', apply: true, through: 20 })).rejects.toMatchObject({
      code: 'MSC-1001',
    });
  });

  it('leaves an answer to whoever asks for what it took, and the numbers of releases going on', async () => {
    await run(apply);
    const numbers = new ReleaseNumbers(() => desk.journal);
    const at = Date.UTC(2026, 10, 26);
    expect(await numbers.give(at, (number) => Promise.resolve(number))).toBe('2026-000008');
    const commands = new CommandDesk(desk);
    const visit: Visit = {
      ...{ person: 'ann', roles: ['supervisor'], sendRows: () => Promise.resolve() },
      ...{ gone: new AbortController().signal, nowMs: () => at },
    };
    const show = { id: 1, command: 'show', args: { entry: 7, thread: false, reason: 'audit' } };
    await expect(commands.run(show as Request, visit)).rejects.toMatchObject({
      ...{ code: 'MSC-1724', message: expect.stringContaining('entry 7 was purged on') as unknown },
    });
    const seen = { id: 2, command: 'who-saw', args: { entry: 7 } };
    await expect(commands.run(seen as Request, visit)).rejects.toMatchObject({ code: 'MSC-1724' });
    const search = { query: { where: [], reverse: true, limit: 0 }, asked: '', text: false };
    const all = { id: 3, command: 'search', args: search } as Request;
    expect(await commands.run(all, visit)).toMatchObject({ purgedTo: 20 });
  });
});
