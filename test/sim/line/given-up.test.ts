// What is said to a station that stays away waits a day, and up to a number of messages: then it is given up, counted,
// and gone from the disk too.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { latin1 } from '#protocol/octets';
import { noLineFaults } from '#src/sim/line/faults';
import type { Answer, LineHandler } from '#src/sim/line/handler';
import { Listener } from '#src/sim/line/listener';
import { HubJournal, journalFile } from '#src/sim/state/journal';
import { connectStation } from '#src/sim/station';
import { SimAuthority } from '#support/sim-world';
import type { PemFiles } from '#support/sim-world';
import { collect } from '../county.ts';
import { mnemonic } from '../state/hub-world.ts';

let authority: SimAuthority;
let own: PemFiles;
let county: PemFiles;
beforeAll(async () => {
  authority = await SimAuthority.create();
  own = await authority.issue('localhost', 'switch');
  county = await authority.issue('COUNTY', 'station');
});
afterAll(() => authority.remove());

let folder: string;
let journal: HubJournal;
let listener: Listener;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-owed-'));
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  open();
});
afterEach(() => {
  listener.close();
  journal.close();
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** A line with a journal behind it, as the hub has it. */
function open(): void {
  journal = new HubJournal(folder);
  const settle = (receipt: number): void => journal.paid(receipt);
  const handler: LineHandler = {
    ...{ take: () => undefined, commit: () => undefined, proceed: () => undefined },
    ...{ delivered: settle, lost: settle },
  };
  listener = new Listener({
    ...{ name: 'STATE', credentials: own.pem, stations: ['COUNTY'], mnemonics: [], handler },
    ...{ window: 16, frameBytesMax: 65_536, keepAliveMs: 30_000, faults: noLineFaults() },
    now: () => Date.now(),
  });
}

/** The same folder in a next run, which says what is owed. */
function openAgain(): void {
  listener.close();
  journal.close();
  open();
  for (const answer of journal.owed) listener.say([answer]);
}

const hour = 3_600_000;
const to = { station: 'COUNTY', mnemonic: mnemonic('QZ01'), class: 3 };
const answer = (text: string): Answer => ({ to, text, final: false });
const owe = (text: string): void => listener.say([journal.owe(answer(text))]);
const owed = (): readonly string[] => journal.owed.map(({ text }) => text);

/** What a station hears that comes at last, up to a last word that is said then. */
async function heardAtLast(count: number): Promise<readonly string[]> {
  const [host = '', port = ''] = (await listener.listen('127.0.0.1', 0)).split(':');
  const station = await connectStation({
    ...{ host, port: Number(port), ...county.pem, station: 'COUNTY', role: 'host' },
  });
  const heard = await collect(station, count);
  station.cut();
  return heard.map(({ body }) => latin1(body).split('.').slice(1).join('.'));
}

it('what a station does not fetch for a day is given up, and what is younger is not', async () => {
  owe('OLD');
  vi.advanceTimersByTime(23 * hour);
  owe('YOUNG');
  expect([owed(), listener.counters.lost]).toEqual([['OLD', 'YOUNG'], 0]);
  vi.advanceTimersByTime(hour + 60_000);
  expect([owed(), listener.counters.lost]).toEqual([['YOUNG'], 1]);
  owe('NOW');
  expect(await heardAtLast(2)).toEqual(['YOUNG', 'NOW']);
});

it('a run that begins later counts from the time it was owed', () => {
  owe('OLD');
  vi.advanceTimersByTime(20 * hour);
  openAgain();
  expect(owed()).toEqual(['OLD']);
  vi.advanceTimersByTime(5 * hour);
  expect(owed()).toEqual([]);
  owe('LATER');
  vi.setSystemTime(Date.now() + 30 * hour);
  openAgain();
  expect([owed(), listener.counters.lost]).toEqual([[], 1]);
});

it('of more than 20,000 for a station that is away the newest are given up, on the disk too', () => {
  for (let count = 1; count <= 20_003; count++) owe(`TEXT ${String(count)}`);
  expect(listener.counters.lost).toBe(3);
  expect([owed().length, owed().at(-1)]).toEqual([20_000, 'TEXT 20000']);
});

it('a folder of before, which does not say since when, goes on: its time begins now', () => {
  owe('BEFORE');
  listener.close();
  journal.close();
  const db = new Sqlite(join(folder, journalFile));
  db.exec('ALTER TABLE owed DROP COLUMN since_ms');
  db.close();
  vi.advanceTimersByTime(30 * hour);
  open();
  for (const one of journal.owed) listener.say([one]);
  expect(owed()).toEqual(['BEFORE']);
  vi.advanceTimersByTime(25 * hour);
  expect(owed()).toEqual([]);
});
