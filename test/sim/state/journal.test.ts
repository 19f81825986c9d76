// The hub's own journal (req C89): found by operator, durable in a folder, and what was left open is gone on with.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { digestOf, journalFile, readJournal } from '#src/sim/state/journal';
import { asciiBytes } from '#protocol/octets';
import { HubWorld } from './hub-world.ts';

const folders: string[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'msc-hub-'));
  folders.push(folder);
  return folder;
}

const question = 'QV.CA0990100.LIC/2ZZZ999';

describe('the journal of the hub', () => {
  it('keeps every member of a message, and nothing of its text', () => {
    const world = new HubWorld();
    world.send(question, { suphdr: 'AB1234' });
    const body = asciiBytes(`AB1234.*J10442.${question}`);
    const [row] = world.journal.search({ oif: 'J10442', count: 10 });
    expect(row).toMatchObject({
      ...{
        number: 1,
        station: 'COUNTY',
        mnemonic: 'QZ01',
        oif: 'J10442',
        ori: 'CA0990100',
        mke: 'QV',
      },
      ...{ suphdr: 'AB1234', bytes: body.length, digest: digestOf(body), outcome: 'taken' },
    });
    expect(JSON.stringify(row)).not.toContain('2ZZZ999');
  });

  it('is searched by operator and time, newest first', () => {
    const world = new HubWorld();
    world.send(question);
    world.turn('+1h');
    const sinceMs = world.clock.now();
    world.send(question);
    world.send(question);
    const search = (query: object): number[] =>
      world.journal.search({ oif: 'J10442', count: 10, ...query }).map(({ number }) => number);
    expect([
      search({}),
      search({ sinceMs }),
      search({ count: 1 }),
      search({ oif: 'X99999' }),
    ]).toEqual([[3, 2, 1], [3, 2], [3], []]);
  });

  it('is read in its folder while the hub writes it, and after', () => {
    const folder = newFolder();
    const world = new HubWorld({ folder });
    world.send(question);
    expect(readJournal(folder, { oif: 'J10442', count: 10 }).length).toBe(1);
    world.close();
    expect(readJournal(folder, { oif: 'J10442', count: 10 }).length).toBe(1);
  });

  it('has a plain error where there is none, or another file in its place', () => {
    const folder = newFolder();
    const read = (): unknown => readJournal(folder, { oif: 'J10442', count: 1 });
    expect(read).toThrow(expect.objectContaining({ code: 'SIM-FILE' }));
    writeFileSync(join(folder, journalFile), 'no database');
    expect(read).toThrow(expect.objectContaining({ code: 'SIM-INPUT' }));
  });
});

describe('a hub that starts again', () => {
  it('passes on again, flagged, what its hosts had not answered, and keeps the reference', () => {
    const folder = newFolder();
    const first = new HubWorld({ folder });
    first.send(question, { suphdr: 'AB1234' });
    const { handle } = first.at('ncic');
    first.journal.close();
    const second = new HubWorld({ folder, run: 'BBB' });
    second.hub.goOn();
    expect(second.at('ncic').handle).toBe(handle);
    expect(second.at('ncic').heard).toMatchObject([{ reference: handle, again: true }]);
    second.at('ncic').later(`1L01${handle}\r\nCA0990100\r\n\r\nNO RECORD\r\n`);
    second.turn();
    expect(second.texts).toEqual(['QZ01 AB1234 QV.CA0990100.\r\nNO RECORD\r\n FINAL']);
    expect(second.journal.requests).toEqual([]);
  });

  it('has forgotten what waited for two hours, and passes it on no more', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const world = new HubWorld({ folder: newFolder() });
    world.send('QV.CA0990100.LIC/1AAA111');
    vi.advanceTimersByTime(2 * 3_600_000);
    world.send(question);
    expect(world.journal.requests.map(({ number }) => number)).toEqual([2]);
    expect(world.hub.open.forgotten).toBe(1);
  });

  it('says again the answers that their station had not acknowledged, and those alone', () => {
    const folder = newFolder();
    const first = new HubWorld({ folder });
    first.at('ncic').answer = ({ text }) => [
      { text: `1L01${text.slice(4, 14)}\r\nCA0990100\r\n\r\nNO RECORD\r\n` },
    ];
    first.send(question, { suphdr: 'AB0001' });
    first.send(question, { suphdr: 'AB0002' });
    first.hub.delivered(first.said[0]?.receipt ?? 0);
    first.journal.close();
    const second = new HubWorld({ folder, run: 'BBB' });
    second.hub.goOn();
    expect(second.said.map(({ to }) => to.suphdr)).toEqual(['AB0002']);
    expect(second.at('ncic').heard).toEqual([]);
  });

  const mixed = 'AM.CA0990100.QZ02,NV0990200.TXT\r\nHELLO';
  const heardAtHome = ({ said }: HubWorld): readonly string[] =>
    said.map(({ to, text, again }) => `${to.mnemonic} ${text}${again === true ? ' AGAIN' : ''}`);

  it.each([
    ['acknowledged, and nothing more', (world: HubWorld) => world.arrive(mixed)],
    ['passed on', (world: HubWorld) => world.send(mixed)],
  ])('with a text for home and elsewhere %s loses and doubles nothing', (_how, come) => {
    const folder = newFolder();
    const first = new HubWorld({ folder });
    first.hosts.out('nlets', 'hold');
    come(first);
    first.journal.close();
    const second = new HubWorld({ folder, run: 'BBB' });
    second.hub.goOn();
    // It was owed before it was acknowledged, and may have left: so it is flagged.
    expect(heardAtHome(second)).toContain('QZ02 AM.CA0990100.QZ02.TXT\r\nHELLO AGAIN');
    expect(heardAtHome(second).filter((text) => text.startsWith('QZ02')).length).toBe(1);
    expect(second.at('nlets').heard).toMatchObject([
      { text: expect.stringMatching(/^AM\.CA0990100\.NV0990200\.\*/) as unknown, again: true },
    ]);
    for (const { receipt } of second.said) second.hub.delivered(receipt ?? 0);
    second.journal.close();
    const third = new HubWorld({ folder, run: 'CCC' });
    third.hub.goOn();
    expect([third.said, third.at('nlets').heard]).toEqual([[], []]);
  });

  it('does not say again at home what was delivered there, while another state still owes its answer', () => {
    const folder = newFolder();
    const first = new HubWorld({ folder, unasked: 'QZ02' });
    first.send('YQ.CA0990100.CA0990200,NV0990200.TXT\r\nRTY/SV', { suphdr: 'AB1234' });
    expect(first.said.length).toBe(1);
    first.hub.delivered(first.said[0]?.receipt ?? 0);
    first.journal.close();
    const open = new HubWorld({ folder, run: 'BBB', unasked: 'QZ02' });
    open.hub.goOn();
    expect(open.at('nlets').heard.length).toBe(1);
    expect(open.said).toEqual([]);
  });

  it('knows the YQ of one of its stations to another, and gives its YR as the reply', () => {
    const folder = newFolder();
    const about = 'RTY/SV.NIC/V400120037';
    const first = new HubWorld({ folder, unasked: 'QZ02' });
    first.send(`YQ.CA0990100.CA0990200.TXT\r\n${about}`, { suphdr: 'AB1234' });
    first.hub.delivered(first.said[0]?.receipt ?? 0);
    first.journal.close();
    const second = new HubWorld({ folder, run: 'BBB' });
    second.hub.goOn();
    expect([second.said, second.at('nlets').heard]).toEqual([[], []]);
    second.send(`YR.CA0990200.CA0990100.TXT\r\n${about}.CON/Y`);
    expect(second.said).toMatchObject([{ to: { suphdr: 'AB1234' }, final: true }]);
    expect(second.journal.requests).toEqual([]);
  });

  it('knows a repeat of what it took before (link M7)', () => {
    const folder = newFolder();
    const first = new HubWorld({ folder });
    first.send(question, { suphdr: 'AB0001' });
    first.journal.close();
    const second = new HubWorld({ folder, run: 'BBB' });
    second.send(question, { suphdr: 'AB0001', flags: 1 });
    expect(second.hub.counters.duplicates).toBe(1);
    expect(second.at('ncic').heard).toEqual([]);
  });
});
