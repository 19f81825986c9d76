// One reload after the other, each journalled before it is taken; what cannot be journalled is not taken.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MscFault } from '#src/errors';
import { ConfigVersions } from '#src/daemon/config-versions';
import { load, type Loaded, Reloads, type ReloadParts } from '#src/daemon/reload';

const base = `[switch]
name = "MSC-099"
county = "EXAMPLE"
ori = "CA0990100"
[listen]
insecure = true
`;
const with8 = `${base}[links]\nwindow = 8\n`;

let folder: string;
let current: Loaded;
let versions: ConfigVersions;
/** What happened, in order. */
let happened: string[];
/** Why a note fails. */
let full: Error | undefined;
let closed: string | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'msc-reload-'));
  write(base);
  current = await load(file());
  versions = await ConfigVersions.open(join(folder, 'data'));
  await (await versions.prepare(current.toml)).keep();
  happened = [];
  full = closed = undefined;
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'msc.toml');
const write = (toml: string): void => writeFileSync(file(), toml);

function reloads(more: Partial<ReloadParts> = {}): Reloads {
  return new Reloads({
    current: () => current,
    take: (loaded) => {
      happened.push(`take ${loaded.config.links.window}`);
      current = loaded;
      return 3;
    },
    closed: () => closed,
    versions,
    note: (person, { detail }) => {
      happened.push(`${String(detail['outcome'])} ${String(detail['code'] ?? '')} by ${person}`);
      return full === undefined ? Promise.resolve({ entry: 7 }) : Promise.reject(full);
    },
    nowMs: () => 0,
    log: {
      write: (level, event) => void happened.push(`${level} ${event}`),
      setLevel: () => undefined,
      close: () => Promise.resolve(),
    },
    ...more,
  });
}

it('is journalled, taken, logged, in this order', async () => {
  write(with8);
  expect(await reloads().run({ person: 'ann' })).toMatchObject({
    changes: [{ key: 'links.window', text: '32 → 8' }],
    cut: 3,
    entry: 7,
  });
  expect(happened).toEqual(['applied  by ann', 'take 8', 'info reload']);
});

it('is not taken where it cannot be journalled', async () => {
  write(with8);
  full = new MscFault('MSC-3106');
  await expect(reloads().run({ person: 'ann' })).rejects.toMatchObject({ code: 'MSC-3106' });
  expect(happened).not.toContain('take 8');
  expect(happened).toContain('error reload-refused');
});

it('is not taken in a drain, also in one that began meanwhile', async () => {
  write(with8);
  closed = 'draining';
  await expect(reloads().run({ person: 'ann' })).rejects.toMatchObject({ code: 'MSC-1203' });
  closed = undefined;
  const meanwhile = reloads({
    note: () => {
      closed = 'draining';
      return Promise.resolve({ entry: 7 });
    },
  });
  await expect(meanwhile.run({ person: 'ann' })).rejects.toMatchObject({ code: 'MSC-1203' });
  expect(happened.filter((what) => what.startsWith('take'))).toEqual([]);
});

it('waits for the one before, and each reads the file anew', async () => {
  const both = reloads();
  write(with8);
  const first = both.run({ person: 'ann' });
  const second = both.run({ person: 'bob' });
  expect((await first).changes).toHaveLength(1);
  expect((await second).changes).toEqual([]);
  write('nonsense');
  await expect(both.run({ person: 'ann' })).rejects.toMatchObject({ code: 'MSC-1103' });
  write(base);
  expect((await both.run({ person: 'ann' })).changes).toHaveLength(1);
  expect(happened.filter((what) => what.startsWith('take'))).toEqual([
    'take 8',
    'take 8',
    'take 32',
  ]);
});

it('that meets a bug of ours says so without its words', async () => {
  write(with8);
  full = new Error('a secret');
  const refusal: unknown = await reloads()
    .run({ person: 'ann' })
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'MSC-9001' });
  expect(String(refusal)).not.toContain('secret');
});

it('an earlier version comes back: file, force and history, in this order and journalled', async () => {
  write(with8);
  const all = reloads();
  await all.run({ person: 'ann' });
  happened = [];
  const report = await all.rollback({ person: 'bob', reason: 'wrong' }, 1);
  expect(report).toMatchObject({ version: 1, changes: [{ key: 'links.window', text: '8 → 32' }] });
  expect(happened).toEqual(['applied  by bob', 'take 32', 'info reload']);
  expect(readFileSync(file(), 'utf8')).toBe(base);
  expect(versions.all.map(({ version }) => version)).toEqual([1, 2, 3]);
  expect((await versions.read(3)).toml).toBe(base);
});

it.each([
  ['that is not kept', 9, 'MSC-1106'],
  ['that needs a restart', 2, 'MSC-1105'],
  ['that is wrong by now', 3, 'MSC-1104'],
])('a version %s changes nothing, and that is journalled', async (_, version, code) => {
  await (await versions.prepare(base.replace('MSC-099', 'OTHER'))).keep();
  await (await versions.prepare(`${base}[links]\nwindw = 8\n`)).keep();
  const before = readFileSync(file(), 'utf8');
  const all = reloads();
  await expect(all.rollback({ person: 'bob' }, version)).rejects.toMatchObject({ code });
  expect(happened).toEqual(['error reload-refused', `refused ${code} by bob`]);
  expect([readFileSync(file(), 'utf8'), readdirSync(folder)]).toEqual([
    before,
    ['data', 'msc.toml'],
  ]);
});

it('a rollback that cannot be journalled is not taken, and the file is as it was', async () => {
  write(with8);
  const all = reloads();
  await all.run({ person: 'ann' });
  full = new MscFault('MSC-3106');
  await expect(all.rollback({ person: 'bob' }, 1)).rejects.toMatchObject({ code: 'MSC-3106' });
  expect([readFileSync(file(), 'utf8'), current.config.links.window]).toEqual([with8, 8]);
  expect([readdirSync(folder), versions.newest?.version]).toEqual([['data', 'msc.toml'], 2]);
});

it('what cannot be kept is not taken', async () => {
  write(with8);
  rmSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'data'), 'a file where a folder should be');
  await expect(reloads().run({ person: 'ann' })).rejects.toMatchObject({ code: 'MSC-1007' });
  expect(current.config.links.window).toBe(32);
});
