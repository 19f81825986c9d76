// Releases of message text: who may, what is recorded before anything is shown, and under which number.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventEntry } from '#journal/entry';
import type { OperatorRole } from '#journal/register';
import { CommandDesk } from '#src/control/commands';
import { ReleaseNumbers } from '#src/control/release-number';
import type { Visit } from '#src/control/visit';
import type { CommandName, Commands, Request } from '#src/control/wire';
import { openLoneDesk, type FakeDesk } from './fake-desk.ts';

const text = 'AB12.QV.CA0990100.LIC/2ZZZ999';
const query = { where: [], reverse: true, limit: 0 };
const why = { reason: 'audit', case: '26-00412' };
const whole = { ...why, requester: 'DET. ROE', recipient: 'DA EXAMPLE' };

let desk: FakeDesk;
let commands: CommandDesk;
let nowMs = 0;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ desk, close } = await openLoneDesk());
  commands = new CommandDesk(desk);
  nowMs = Date.UTC(2026, 10, 26);
});
afterEach(() => close());

function visitOf(roles: readonly OperatorRole[], gone = new AbortController().signal): Visit {
  return {
    person: 'ann',
    roles,
    sendRows: (rows) => {
      if (rows.length > 0) desk.happened.push(`${rows.length} rows`);
      return Promise.resolve();
    },
    gone,
    nowMs: () => nowMs,
  };
}

function run<C extends CommandName>(
  command: C,
  args: Commands[C]['args'],
  visit = visitOf(['supervisor']),
) {
  // The command and its arguments belong together by the line above.
  return commands.run({ id: 1, command, args } as Request, visit);
}

const searchText = (more: object = whole) =>
  run('search', { query, asked: '', text: true, ...more });

async function events(event: string): Promise<readonly EventEntry[]> {
  const all = await desk.entries();
  return all.filter(
    (entry): entry is EventEntry => entry.kind === 'event' && entry.event === event,
  );
}

async function lastRelease(): Promise<EventEntry | undefined> {
  return (await events('release')).at(-1);
}

describe('the record of a release', () => {
  it('stands before the first row, with why, for whom, how many and which entries', async () => {
    await desk.addMessages(3, text);
    const end = await searchText();
    expect(desk.happened).toEqual(['note release by ann', '3 rows', 'note search by ann']);
    expect(end).toMatchObject({ count: 3, release: '2026-000001', entry: 5 });
    expect(await lastRelease()).toMatchObject({
      ...{ entry: 4, person: 'ann', ...whole },
      detail: { command: 'search', release: '2026-000001', count: 3, entries: '1-3' },
    });
  });

  it('of an entry or its thread names just these, and comes before them', async () => {
    await desk.addMessages(3, text);
    const end = await run('show', { entry: 2, thread: false, ...why });
    expect(desk.happened).toEqual(['note release by ann', '1 rows']);
    expect(end).toMatchObject({ count: 1, entry: 4, release: '2026-000001' });
    expect(await lastRelease()).toMatchObject({ detail: { command: 'show', entries: '2' } });
  });

  it('is not made where there is nothing to show, or nobody to show it to', async () => {
    await run('show', { entry: 9, thread: false, ...why });
    await searchText({ ...whole, query: { ...query, entryFrom: 5 } });
    await desk.addMessages(1, text);
    const gone = visitOf(['supervisor'], AbortSignal.abort());
    await run('search', { query, asked: '', text: true, ...whole }, gone);
    expect(await events('release')).toEqual([]);
    expect((await events('search')).map(({ detail }) => detail?.['ended'])).toEqual([
      ...['complete', 'complete', 'broken off'],
    ]);
  });

  it('is refused without the role, which is journalled, and nothing is shown', async () => {
    await desk.addMessages(1, text);
    const operator = visitOf(['operator']);
    const asked = run('search', { query, asked: '', text: true, ...whole }, operator);
    await expect(asked).rejects.toMatchObject({ code: 'MSC-1202', exit: 77 });
    expect(desk.happened).toEqual(['note security by ann']);
    expect((await events('security'))[0]).toMatchObject({
      detail: { command: 'search', refused: 'role' },
    });
    const shown = run('show', { entry: 1, thread: false, ...whole }, operator);
    await expect(shown).rejects.toMatchObject({ code: 'MSC-1202' });
    expect(await events('security')).toHaveLength(2);
  });
});

describe('an export', () => {
  const args = { query, asked: 'x', form: 'csv', file: '/home/ann/x.csv', ...why } as const;

  it('is released before its first row, and says afterwards how it ended', async () => {
    await desk.addMessages(3, text);
    expect(await run('export', args)).toMatchObject({ count: 3, release: '2026-000001', entry: 4 });
    expect(desk.happened).toEqual(['note release by ann', '3 rows', 'note search by ann']);
    expect(await lastRelease()).toMatchObject({
      detail: { command: 'export', entries: '1-3', to: 'file', form: 'csv', file: args.file },
    });
    expect((await events('search'))[0]).toMatchObject({ detail: { ended: 'complete', count: 3 } });
  });

  it('of nothing is no release; without the role it is refused', async () => {
    expect(await run('export', args)).not.toHaveProperty('release');
    const asked = run('export', args, visitOf(['operator']));
    await expect(asked).rejects.toMatchObject({ code: 'MSC-1202' });
    expect(await events('release')).toEqual([]);
    expect(await events('security')).toHaveLength(1);
  });

  it('that fails on the way tells so, after the entry about it', async () => {
    await desk.addMessages(1, text);
    const { search } = desk.journal;
    let reads = 0;
    desk.journal.search = async function* (asked) {
      yield* search(asked);
      // The first reading counts; then come that for the number, and that for the person.
      if ((reads += 1) === 3) throw Object.assign(new Error('I/O'), { name: 'JournalFault' });
    };
    await expect(run('export', args)).rejects.toThrow('I/O');
    expect((await events('search'))[0]?.detail).toMatchObject({ ended: 'failed', count: 1 });
  });
});

describe('criminal history', () => {
  it.each(['case', 'requester', 'recipient'] as const)(
    'is not shown without its %s, and the look is journalled as refused',
    async (missing) => {
      await desk.addMessages(1, text);
      await desk.addMessages(1, 'CR.CA0990100.', { mke: 'CR' });
      const less = { ...whole, [missing]: undefined };
      const wanted = { code: 'MSC-1701', exit: 64 };
      await expect(searchText(less)).rejects.toMatchObject(wanted);
      await expect(run('show', { entry: 2, thread: false, ...less })).rejects.toThrow(
        `missing: ${missing}`,
      );
      expect(desk.happened).toEqual(['note search by ann', 'note search by ann']);
      expect((await events('search'))[0]?.detail).toMatchObject({ ended: 'refused', count: 2 });
      // Beside it, what is none needs less.
      expect(await run('show', { entry: 1, thread: false, ...why })).toMatchObject({ count: 1 });
    },
  );

  it('is shown with all three, and the record counts it', async () => {
    await desk.addMessages(2, 'QH.CA0990100.NAM/DOE', { mke: 'QH' });
    expect(await searchText()).toMatchObject({ count: 2 });
    expect(await lastRelease()).toMatchObject({ detail: { criminalHistory: 2 } });
  });

  it('is also what has no key of its own and belongs to such a message', async () => {
    await desk.addMessages(1, 'QH.CA0990100.NAM/DOE', { mke: 'QH' });
    await desk.addMessages(1, 'NO KEY HERE', { mke: undefined, thread: 1 });
    const shown = run('show', { entry: 2, thread: false, ...why });
    await expect(shown).rejects.toMatchObject({ code: 'MSC-1701' });
  });
});

describe('the number of a release', () => {
  const given = async (): Promise<string> => {
    const end = await searchText();
    return ('release' in end ? end.release : undefined) ?? '';
  };

  it('goes on over a restart, as the journal says, and begins anew with the year', async () => {
    await desk.addMessages(1, text);
    expect([await given(), await given()]).toEqual(['2026-000001', '2026-000002']);
    commands = new CommandDesk(desk);
    expect(await given()).toBe('2026-000003');
    nowMs = Date.UTC(2027, 0, 1);
    expect([await given(), await given()]).toEqual(['2027-000001', '2027-000002']);
    // Set back by mistake, and started again: no number comes twice.
    nowMs = Date.UTC(2026, 11, 31);
    commands = new CommandDesk(desk);
    expect(await given()).toBe('2026-000004');
  });

  it('is given once, also to those who ask at the same time', async () => {
    await desk.addMessages(1, text);
    const all = await Promise.all([given(), given(), given()]);
    expect(all.toSorted()).toEqual(['2026-000001', '2026-000002', '2026-000003']);
  });

  it('of an entry that could not be written is asked of the journal again', async () => {
    const numbers = new ReleaseNumbers(() => desk.journal);
    const failing = numbers.give(nowMs, () => Promise.reject(new Error('full')));
    await expect(failing).rejects.toThrow('full');
    expect(await numbers.give(nowMs, (number) => Promise.resolve(number))).toBe('2026-000001');
  });
});
