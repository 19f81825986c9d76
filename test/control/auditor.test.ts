// Questions about one message, and counts, over entries that are put in by hand: what a running switch seldom has.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryDraft, JournalEntry } from '#journal/entry';
import { parseMnemonic, parseStationName, parseUserName } from '#protocol/ids';
import { deliveriesOf } from '#src/control/auditor';
import { CommandDesk } from '#src/control/commands';
import type { Visit } from '#src/control/visit';
import type { CommandName, Commands, Request } from '#src/control/wire';
import { openLoneDesk, type FakeDesk } from './fake-desk.ts';

const mnemonic = parseMnemonic('QZ01');
const station = parseStationName('DEMO-DISP-01');
const user = parseUserName('jdoe');
const upstream = { kind: 'upstream', upstream: 'STATE', class: 3 } as const;
const local = { kind: 'mnemonic', mnemonic, class: 5 } as const;

/** Numbered from 1, a second apart. */
function entriesOf(...drafts: readonly EntryDraft[]): JournalEntry[] {
  return drafts.map((draft, index) => ({
    ...draft,
    ...{ entry: index + 1, time: (index + 1) * 1_000_000 },
  }));
}
const received: EntryDraft = {
  kind: 'received',
  direction: 'in',
  thread: 1,
  to: [upstream, local],
};
const sent = (delivery: '1.0' | '1.1'): EntryDraft => ({
  ...{ kind: 'sent', direction: 'down', delivery, thread: 1, user, station, outcome: 'sent' },
});

describe('the deliveries of a message', () => {
  it('are where the last entry about each leaves them', () => {
    const rows = deliveriesOf(
      entriesOf(
        received,
        sent('1.1'),
        { kind: 'refused', direction: 'down', delivery: '1.1', thread: 1, code: 'R01' },
        { kind: 'held', direction: 'out', delivery: '1.0', thread: 1, outcome: 'held' },
        sent('1.1'),
        { kind: 'delivered', direction: 'down', delivery: '1.1', thread: 1, user, station },
        { kind: 'expired', direction: 'out', delivery: '1.0', thread: 1, outcome: 'expired' },
      ),
    );
    expect(rows).toMatchObject([
      { delivery: '1.0', to: 'STATE', state: 'expired', attempts: 0, entry: 7 },
      { delivery: '1.1', to: 'QZ01', state: 'delivered', attempts: 2, user: 'jdoe', entry: 6 },
    ]);
  });

  it('follow a message that was sent another way', () => {
    const [printer] = [parseMnemonic('QP01')];
    const to = [{ kind: 'mnemonic', mnemonic: printer, class: 5 } as const];
    const rerouted: EntryDraft = {
      ...{ kind: 'rerouted', direction: 'down', delivery: '1.1', thread: 1, to },
    };
    const rows = deliveriesOf(entriesOf(received, sent('1.1'), rerouted));
    expect(rows[1]).toMatchObject({ to: 'QP01', state: 'waiting', attempts: 1 });
  });

  it('have not arrived while they were refused, or sent and not acknowledged', () => {
    const refused: EntryDraft = {
      ...{ kind: 'refused', direction: 'down', delivery: '1.1', thread: 1, code: 'R01' },
    };
    const rows = deliveriesOf(entriesOf(received, sent('1.0'), sent('1.1'), refused));
    expect(rows.map(({ state, code }) => [state, code])).toEqual([
      ['sent', undefined],
      ['refused', 'R01'],
    ]);
  });
});

describe('at the control desk', () => {
  let desk: FakeDesk;
  let rows: Readonly<Record<string, unknown>>[];
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ desk, close } = await openLoneDesk());
    rows = [];
  });
  afterEach(() => close());

  function run<C extends CommandName>(command: C, args: Commands[C]['args']) {
    const visit: Visit = {
      ...{ person: 'ann', roles: ['auditor'], gone: new AbortController().signal, nowMs: () => 0 },
      sendRows: (some) => {
        rows.push(...some);
        return Promise.resolve();
      },
    };
    // The command and its arguments belong together by the line above.
    return new CommandDesk(desk).run({ id: 1, command, args } as Request, visit);
  }
  const release = (detail: Readonly<Record<string, string | number>>) =>
    desk.act('bob', { kind: 'note', event: 'release', reason: 'audit', detail });

  it('a release tells who saw it: exactly, perhaps, or not at all', async () => {
    const text = 'AB12.QV.CA0990100.LIC/2ZZZ999';
    await desk.addMessages(4, text);
    await release({ command: 'print', release: '2026-000001', entries: '2-3', to: 'QP01' });
    await release({ command: 'search', release: '2026-000002', entries: '1..4' });
    await release({ command: 'show', release: '2026-000003', entries: '4' });
    await release({ command: 'show', asked: '3' });
    await release({ command: 'search', asked: 'LIC:2ZZZ999' });
    expect(await run('who-saw', { entry: 3 })).toMatchObject({ count: 1 });
    expect(rows.map(({ how, release: number, person }) => [how, number, person])).toEqual([
      ['typed', undefined, undefined],
      ['printed', '2026-000001', 'bob'],
      ['perhaps shown', '2026-000002', 'bob'],
      ['shown', undefined, 'bob'],
      ['perhaps shown', undefined, 'bob'],
    ]);
    expect((await desk.entries()).at(-1)).toMatchObject({
      ...{ event: 'search', detail: { command: 'who-saw', asked: '3', count: 5 } },
    });
  });

  it('what is not there was seen by nobody', async () => {
    expect(await run('who-saw', { entry: 3 })).toMatchObject({ count: 0 });
    expect(await run('delivered', { entry: 3 })).toMatchObject({ count: 0, open: 0 });
    expect(rows).toEqual([]);
  });

  const query = { where: [], reverse: true, limit: 0 };
  it('groups count every entry once, with the first and the last', async () => {
    await desk.addMessages(3, 'X');
    await desk.addMessages(2, 'X', { mke: 'QW' });
    const args = { command: 'stats', query, asked: '', by: ['mke'], zone: 'UTC' } as const;
    expect(await run('tally', args)).toMatchObject({ count: 5 });
    expect(rows).toMatchObject([
      { mke: 'QV', count: 3, first_entry: 1, last_entry: 3 },
      { mke: 'QW', count: 2, first_entry: 4, last_entry: 5 },
    ]);
    const away = run('tally', { ...args, zone: 'Mars/Olympus' });
    await expect(away).rejects.toMatchObject({ code: 'MSC-1004' });
  });

  it('too many groups are refused, not cut off, and the look is journalled', async () => {
    // As the journal counts where one entry more has another code than there are groups.
    const counted = { count: 10_001, others: 1, groups: [] };
    desk.journal.tally = async function* () {
      yield await Promise.resolve(counted);
    };
    const args = { command: 'stats', query, asked: '', by: ['code'], zone: 'UTC' } as const;
    await expect(run('tally', args)).rejects.toMatchObject({ code: 'MSC-1704', exit: 65 });
    expect(rows).toEqual([]);
    expect((await desk.entries()).at(-1)).toMatchObject({ detail: { command: 'stats' } });
  });
});
