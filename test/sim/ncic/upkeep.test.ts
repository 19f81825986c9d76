// What keeps the store small and right when nothing is due, or when its rules were changed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openNcicStore } from '#src/sim/ncic/store';
import { openRoom } from './room.ts';

const gun = 'EG.CA0990100.SER/SIM77A4431.MAK/GLC.CAL/9.TYP/PI.DOT/20300301.OCA/30-005120';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-ncic-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a record stored under other rules gets its time by those of now, and stays', () => {
  const path = join(folder, 'ncic.db');
  const before = openRoom({ path, validation: true });
  before.ask(gun);
  before.host.close();
  const after = openRoom({ path });
  expect(after.host.nextAtMs).toBeDefined();
  after.atMs += 400 * 86_400_000;
  expect(after.host.due(after.atMs)).toEqual([]);
  expect(after.host.nextAtMs).toBeUndefined();
  expect(after.store.size).toBe(1);
  after.host.close();
});

it('inquiries that no longer count are forgotten though no record is ever due', () => {
  const store = openNcicStore(':memory:');
  const start = Date.parse('2030-03-07T20:00:00Z');
  const ask = (atMs: number): void =>
    store.logInquiry({ atMs, ori: 'CA0990100', reference: '-', key: 'QV', fields: [] }, ['LIC 1']);
  for (let count = 0; count < 64; count++) ask(start);
  expect(store.inquiriesFor(['LIC 1'], 0).length).toBe(64);
  for (let count = 0; count < 64; count++) ask(start + 30 * 86_400_000);
  expect(store.inquiriesFor(['LIC 1'], 0).length).toBe(64);
  expect(store.nextDueMs).toBeUndefined();
  store.close();
});
