// Pages for a printer: the release stands first, they are messages like any other, and they go nowhere else.

import { describe, expect, it } from 'vitest';
import { latin1 } from '#protocol/octets';
import type { Act } from '#switch/event';
import { judgePrinter } from '#switch/print';
import { mnemonic, put, sheriff } from './county.ts';
import { World } from './world.ts';

const act: Act & { readonly kind: 'print' } = {
  ...{ kind: 'print', mnemonic: 'QP01', job: '2026-000007' },
  pages: ['PAGE ONE\r\n| TEXT', 'PAGE TWO'],
  ...{ reason: 'records request', case: '26-00412', requester: 'ROE', recipient: 'DA' },
  detail: { command: 'print', release: '2026-000007', count: 2, entries: '1-2', to: 'QP01' },
};

describe('pages of the journal', () => {
  it('follow the entry of their release, are its thread, and are delivered like any message', () => {
    const world = new World();
    const printer = world.connect('PRT1');
    printer.take();
    const before = world.entries.length;
    world.command(act);
    const [release, one, two] = world.entries.slice(before).map(({ entry }) => entry);
    const thread = release?.entry;
    expect(release).toMatchObject({
      ...{ kind: 'event', event: 'release', person: 'root', mnemonic: 'QP01', thread },
      ...{ reason: 'records request', case: '26-00412', requester: 'ROE', recipient: 'DA' },
      detail: { release: '2026-000007', entries: '1-2' },
    });
    for (const page of [one, two]) {
      const to = [{ kind: 'mnemonic', mnemonic: 'QP01', class: 5, rule: 'journal-print' }];
      expect(page).toMatchObject({
        ...{ kind: 'received', direction: 'local', thread, mke: 'AM', job: '2026-000007', to },
      });
    }
    expect(world.answers.at(-1)).toMatchObject({ entry: thread });
    expect(printer.take().join('\n')).toMatch(/MESSAGE 1 QP01 .*PAGE ONE[^]*MESSAGE 2 .*PAGE TWO/);
    printer.ack();
    const ends = world.entries.filter(({ entry }) => entry.kind === 'delivered');
    expect(ends.map(({ entry }) => [entry.thread, entry.outcome])).toEqual([
      [thread, 'delivered'],
      [thread, 'delivered'],
    ]);
  });

  it('leave only when their release is durable', () => {
    const world = new World();
    const printer = world.connect('PRT1');
    printer.take();
    world.holdCommits = true;
    world.command(act);
    const release = world.entries.findIndex(
      ({ entry }) => entry.kind === 'event' && entry.event === 'release',
    );
    const sent = world.entries.findIndex(({ body }) =>
      latin1(body ?? new Uint8Array()).includes('ONE'),
    );
    expect(release).toBeGreaterThan(0);
    expect(sent).toBeGreaterThan(release);
    world.holdCommits = false;
  });

  it('wait for a printer that is away, over a restart', () => {
    const world = new World();
    world.command(act);
    world.crash(true);
    const printer = world.connect('PRT1');
    expect(printer.take().join('\n')).toMatch(/PAGE ONE[^]*PAGE TWO/);
    printer.ack();
  });

  it.each([
    ['QZ01', 'is no printer|a terminal'],
    ['QZ02', 'is no printer'],
    ['QU01', "is a terminal's mnemonic too"],
    ['QM01', 'is no printer'],
    ['nobody', 'is no printer'],
  ])('do not go to %s: it %s', (name, why) => {
    const world = new World();
    const before = world.entries.length;
    world.command({ ...act, mnemonic: name });
    expect(world.answers.at(-1)).toMatchObject({ error: 'MSC-1702' });
    expect(world.answers.at(-1)?.detail).toMatch(new RegExp(why));
    expect(world.entries).toHaveLength(before);
  });

  it('do not go where administrative text is not taken, nor while the switch drains', () => {
    const world = new World();
    const record = { mnemonic: mnemonic('QP01'), agency: sheriff, takes: ['QV'] };
    world.register(put('mnemonic', 'QP01', record));
    expect(judgePrinter(world.state, 'QP01')).toMatchObject({ error: { error: 'MSC-1702' } });
    world.register(put('mnemonic', 'QP01', { ...record, takes: ['@administrative-text'] }));
    expect(judgePrinter(world.state, 'QP01')).toEqual({ ok: true, value: 'QP01' });
    world.put({ kind: 'drain', forMs: 60_000 });
    expect(judgePrinter(world.state, 'QP01')).toMatchObject({ error: { error: 'MSC-1203' } });
  });
});
