// One reload after the other, each journalled before it is taken; what cannot be journalled is not taken.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
