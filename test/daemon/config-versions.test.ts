// Configurations that were in force are kept, in order, as they were, durable and bounded.

import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigVersions } from '#src/daemon/config-versions';
import { prepareReplacement } from '#src/daemon/rollback';

let folder: string;
let versions: ConfigVersions;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'msc-versions-'));
  versions = await ConfigVersions.open(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function keep(toml: string): Promise<number> {
  const { version, keep: done } = await versions.prepare(toml);
  await done();
  return version;
}

const names = (): readonly string[] => readdirSync(join(folder, 'config')).sort();

it('each gets the next number and its digest for a name, for its owner alone', async () => {
  expect([await keep('a = 1\n'), await keep('a = 2\n')]).toEqual([1, 2]);
  expect(names()).toEqual([
    expect.stringMatching(/^0001-[0-9a-f]{64}\.toml$/),
    expect.stringMatching(/^0002-[0-9a-f]{64}\.toml$/),
  ]);
  expect(statSync(join(folder, 'config')).mode & 0o777).toBe(0o700);
  for (const { path } of versions.all) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await versions.read(1)).toml).toBe('a = 1\n');
});

it('the same text again is the same version; an earlier one that comes back is a new one', async () => {
  expect([await keep('a'), await keep('a'), await keep('b'), await keep('a')]).toEqual([
    1, 1, 2, 3,
  ]);
});

it('what was prepared and never kept does not count, in this run or the next', async () => {
  await keep('a');
  await versions.prepare('never');
  expect(versions.newest?.version).toBe(1);
  versions = await ConfigVersions.open(folder);
  expect(versions.all.map(({ version }) => version)).toEqual([1]);
  expect(await keep('b')).toBe(2);
  expect((await versions.read(2)).toml).toBe('b');
});

it('the next run goes on where this one ended', async () => {
  await keep('a');
  await keep('b');
  versions = await ConfigVersions.open(folder);
  expect(await keep('b')).toBe(2);
  expect(await keep('c')).toBe(3);
});

it('a hundred are kept, the oldest goes first', async () => {
  for (let i = 1; i <= 103; i++) await keep(`n = ${i}`);
  expect(versions.all).toHaveLength(100);
  expect(names()).toHaveLength(100);
  expect(versions.all[0]?.version).toBe(4);
  await expect(versions.read(3)).rejects.toMatchObject({ code: 'MSC-1106', exit: 1 });
  expect((await versions.read(103)).toml).toBe('n = 103');
});

it('one that was altered is not taken for what it was', async () => {
  await keep('a');
  writeFileSync(versions.all[0]?.path ?? '', 'b');
  await expect(versions.read(1)).rejects.toMatchObject({ code: 'MSC-1007' });
});

it('a file is replaced whole; its mode stays, and what was never loaded is set aside', async () => {
  const file = join(folder, 'msc.toml');
  writeFileSync(file, 'edited, never loaded');
  chmodSync(file, 0o640);
  await keep('first');
  await keep('second');
  const version = await versions.read(1);
  const replacement = await prepareReplacement(file, { version, inForce: 'second', versions });
  expect(readFileSync(file, 'utf8')).toBe('edited, never loaded');
  await replacement.take();
  expect(readFileSync(file, 'utf8')).toBe('first');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readFileSync(replacement.setAside ?? '', 'utf8')).toBe('edited, never loaded');
  expect(readdirSync(folder).sort()).toEqual(['config', 'msc.toml']);
});

it('a replacement that is dropped leaves nothing', async () => {
  const file = join(folder, 'msc.toml');
  writeFileSync(file, 'second');
  await keep('first');
  const version = await versions.read(1);
  const replacement = await prepareReplacement(file, { version, inForce: 'second', versions });
  await replacement.drop();
  expect([readdirSync(folder).sort(), readFileSync(file, 'utf8')]).toEqual([
    ['config', 'msc.toml'],
    'second',
  ]);
  expect(replacement.setAside).toBeUndefined();
});

it('a folder that cannot be written says what to do by hand', async () => {
  await keep('first');
  const version = await versions.read(1);
  const file = join(folder, 'none', 'msc.toml');
  await expect(prepareReplacement(file, { version, inForce: '', versions })).rejects.toMatchObject({
    ...{ code: 'MSC-1006', hint: expect.stringContaining(`cp ${version.path} ${file}`) as unknown },
  });
});

it('a folder that cannot be read or made stops no start; then nothing is kept', async () => {
  const blocked = join(folder, 'blocked');
  writeFileSync(blocked, 'a file where a folder should be');
  const none = await ConfigVersions.open(blocked);
  expect(none.all).toEqual([]);
  await expect(none.prepare('a')).rejects.toMatchObject({ code: 'MSC-1007' });
});
