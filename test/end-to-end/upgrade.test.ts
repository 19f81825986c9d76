// A newer version takes over the same data and ports under load, several times: nothing acknowledged is lost,
// reordered or repeated unflagged, every question ends, and nobody has to sign on again (link S7a).

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { breakUnderLoad, expectGoodBooks } from '#support/crash-run';
import { launcher, openWorld, type World } from '#support/world';

const upgrades = 4;
const root = new URL('../..', import.meta.url).pathname;
let world: World;
let newer: string;
beforeAll(async () => {
  world = await openWorld();
  newer = mkdtempSync(join(tmpdir(), 'msc-newer-'));
  for (const part of ['src', 'protocol', 'journal', 'config', 'package.json'])
    cpSync(join(root, part), join(newer, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(newer, 'node_modules'));
  const file = join(newer, 'package.json');
  const own = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...own, version: '99.0.0' }));
});
afterAll(async () => {
  await world.close();
  rmSync(newer, { recursive: true, force: true });
});

it('a newer version takes over in order under load, and the older one after it', async () => {
  const programs = [join(newer, 'src/cli/msc.js'), launcher];
  const exits: unknown[] = [];
  const tookMs: number[] = [];
  const books = await breakUnderLoad(world, upgrades, async (broken) => {
    const sinceMs = performance.now();
    exits.push(await world.stop());
    await world.restart({}, programs[broken % 2]);
    tookMs.push(performance.now() - sinceMs);
  });
  expectGoodBooks(books);
  // The first one was the demonstration's child, whose exit code is its parent's.
  expect(exits).toEqual([null, ...Array.from({ length: upgrades - 1 }, () => 0)]);
  expect(Math.max(...tookMs)).toBeLessThan(15_000);

  const starts = await world.entries('--event', 'start');
  const versions = starts.map(({ detail }) => (detail as Record<string, unknown>)['version']);
  const [older] = versions;
  expect(versions).toEqual([older, '99.0.0', older, '99.0.0', older]);
  expect((await world.entries('--event', 'stop')).length).toBe(upgrades);
  // The two that left at the end, in order.
  const offs = await world.entries('--event', 'sign-off');
  expect(offs.map(({ reason }) => reason)).toEqual(['link', 'link']);
  const { code, stderr } = await world.msc('journal', 'verify');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, 120_000);
