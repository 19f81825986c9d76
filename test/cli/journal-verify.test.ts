// `msc journal verify --journal DIR` as a person runs it: no switch, no configuration, files as they lie there.

import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Head } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { mscProgram, runMsc } from '#support/cli';
import { makeEntries, makeJournal } from '#support/make-journal';

const folder = mkdtempSync(join(tmpdir(), 'msc-verify-'));
const whole = join(folder, 'whole');
/** The same journal ten entries before its end. */
const shorter = join(folder, 'shorter');
let head: Head;

beforeAll(async () => {
  const seed = 21;
  const first = await openJournal(whole, { random: randomBytes });
  await makeJournal(first, { count: 30, seed });
  await first.close();
  cpSync(whole, shorter, { recursive: true });
  const again = await openJournal(whole, { random: randomBytes });
  await again.append([...makeEntries({ count: 40, seed })].slice(30));
  head = await again.head();
  await again.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const copyOf = (dir: string): string => {
  const copy = mkdtempSync(join(folder, 'copy-'));
  cpSync(dir, copy, { recursive: true });
  return copy;
};
// A folder without a configuration, and no switch: what it finds, it finds in the journal alone.
const verify = (dir: string, ...more: readonly string[]) =>
  runMsc(['journal', 'verify', '--journal', dir, ...more], { cwd: folder });

const unlock = `DROP TRIGGER entries_in_order; DROP TRIGGER entries_never_change;
  DROP TRIGGER entries_never_go;`;
const alter = (dir: string, sql: string): void => {
  const db = new Database(join(dir, 'journal.db'));
  db.exec(unlock + sql);
  db.close();
};
const flipped = `CAST(substr(blob, 1, 20) || x'7e' || substr(blob, 22) AS BLOB)`;

describe('a journal that is as it was written', () => {
  test('is exit 0, with the number of entries and the root', async () => {
    const ran = await verify(whole);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toBe(`40 entries, every one holds\nroot ${head.root}\n`);
  });

  test('is told as one object with --json, also by a relative path', async () => {
    const ran = await verify('whole', '--json');
    expect([ran.code, JSON.parse(ran.stdout)]).toEqual([
      0,
      { schema: 'msc.journal-verify/1', ok: true, entries: 40, root: head.root },
    ]);
  });
});

describe('a journal that is not', () => {
  test.each<readonly [string, (dir: string) => void, number]>([
    [
      'an altered blob',
      (dir) => alter(dir, `UPDATE entries SET blob = ${flipped} WHERE entry = 9`),
      9,
    ],
    ['a deleted row', (dir) => alter(dir, 'DELETE FROM entries WHERE entry = 20'), 20],
    ['its last rows deleted', (dir) => alter(dir, 'DELETE FROM entries WHERE entry > 35'), 36],
    [
      'its end cut off whole',
      (dir) => cpSync(join(shorter, 'journal.db'), join(dir, 'journal.db')),
      31,
    ],
    ['a truncated file', (dir) => truncateSync(join(dir, 'journal.db'), 9000), 1],
    ['a file of something else', (dir) => writeFileSync(join(dir, 'journal.db'), 'no journal'), 1],
    [
      'a folder in place of its file',
      (dir) => {
        rmSync(join(dir, 'journal.db'));
        mkdirSync(join(dir, 'journal.db'));
      },
      1,
    ],
    ['its file gone', (dir) => rmSync(join(dir, 'journal.db')), 1],
    ['nothing noted beside it', (dir) => rmSync(join(dir, 'head')), 41],
  ])('for %s is exit 1 and names the first entry', async (_, act, firstBad) => {
    const dir = copyOf(whole);
    act(dir);
    const ran = await verify(dir);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(new RegExp(`^entry ${firstBad} does not hold: .+\n$`));
    expect(ran.stderr).toMatch(new RegExp(`^msc: MSC-3102: .*does not hold is ${firstBad} .*\n$`));
  });

  test('is told as one object with --json', async () => {
    const dir = copyOf(whole);
    alter(dir, 'DELETE FROM entries WHERE entry = 7');
    const ran = await verify(dir, '--json');
    expect([ran.code, JSON.parse(ran.stdout)]).toMatchObject([
      1,
      { schema: 'msc.journal-verify/1', ok: false, first_bad: 7 },
    ]);
    expect(JSON.parse(ran.stderr)).toMatchObject({ code: 'MSC-3102' });
  });
});

test.each([
  ['a folder that is not there', 'nowhere'],
  ['a folder that never had a journal', 'empty'],
  ['a folder of something else', 'foreign'],
  ['a file in place of the folder', 'whole/journal.db'],
])('%s is exit 66, and proves nothing', async (_, name) => {
  mkdirSync(join(folder, 'empty'), { recursive: true });
  mkdirSync(join(folder, 'foreign'), { recursive: true });
  writeFileSync(join(folder, 'foreign', 'headlines.txt'), 'no journal');
  const ran = await verify(join(folder, name));
  expect([ran.code, ran.stdout]).toEqual([66, '']);
  expect(ran.stderr).toMatch(new RegExp(`^msc: MSC-3105: .*${name}`));
});

test.for<readonly [string, number, number]>([
  ['folder may not be entered', 0o000, 0o644],
  ['files may not be read', 0o755, 0o000],
  // SQLite could not make the file that it reads a journal with.
  ['folder may not be written', 0o555, 0o644],
])('a journal whose %s is exit 74', ([, folderMode, fileMode], context) => {
  const dir = copyOf(whole);
  chmodSync(folder, 0o711);
  for (const name of readdirSync(dir)) chmodSync(join(dir, name), fileMode);
  for (const name of ['journal.db-wal', 'journal.db-shm']) rmSync(join(dir, name), { force: true });
  chmodSync(dir, folderMode);
  context.onTestFinished(() => chmodSync(dir, 0o700));
  // For root nothing is forbidden: then somebody else looks.
  const who = process.geteuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const reach = spawnSync('test', ['-r', mscProgram], who);
  context.skip(reach.status !== 0, 'nobody else may read the project here');
  const env = { PATH: process.env['PATH'], TMPDIR: '/nonexistent' };
  const argv = [mscProgram, 'journal', 'verify', '--journal', dir];
  const ran = spawnSync(process.execPath, argv, { ...who, env, cwd: folder, encoding: 'utf8' });
  expect([ran.status, ran.stdout]).toEqual([74, '']);
  expect(ran.stderr).toMatch(/^msc: MSC-3107: there is a journal, and you may not read it: /);
});

describe('the coverage of a journal', () => {
  const coverage = (dir: string) =>
    runMsc(['journal', 'coverage', '--journal', dir, '--json'], { cwd: folder });

  test('has every entry in a day, and the same root', async () => {
    const ran = await coverage(whole);
    const told = JSON.parse(ran.stdout) as { days: { entries: number }[] };
    expect([ran.code, told]).toEqual([
      0,
      expect.objectContaining({ chain: 'ok', root: head.root, entries: 40, journal_entries: 40 }),
    ]);
    expect(told.days.reduce((sum, { entries }) => sum + entries, 0)).toBe(40);
  });

  test('of one that was altered names the first entry that does not hold, exit 1', async () => {
    const dir = copyOf(whole);
    alter(dir, `UPDATE entries SET blob = ${flipped} WHERE entry = 17`);
    const ran = await coverage(dir);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('MSC-3102')]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ chain: 'broken', first_bad: 17, entries: 16 });
  });

  test('of none is exit 66', async () => {
    expect((await coverage(join(folder, 'nothing'))).code).toBe(66);
  });
});
