import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openJournal } from '#journal/sqlite/journal';
import { runMsc } from '#support/cli';
import { makeEntries } from '#support/make-journal';

const folder = mkdtempSync(join(tmpdir(), 'msc-cli-segments-'));
const dir = join(folder, 'journal');
const sealedNames = (): readonly string[] =>
  readdirSync(dir).filter((name) => /^sealed.*db$/.test(name));

beforeAll(async () => {
  const segments = { entries: 10, octets: 1e9 };
  const journal = await openJournal(dir, { random: randomBytes, segments });
  for (const stored of makeEntries({ count: 25, seed: 21 })) await journal.append([stored]);
  await vi.waitFor(() => expect(sealedNames()).toHaveLength(2), { timeout: 20_000, interval: 50 });
  await journal.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, ...more: readonly string[]) =>
  runMsc(['journal', command, '--journal', dir, ...more], { cwd: folder });

describe('msc journal segments', () => {
  it('lists them with what each says of itself, oldest first', async () => {
    const { code, stdout } = await run('segments', '--json');
    expect(code).toBe(0);
    const { schema, segments } = JSON.parse(stdout) as { schema: string; segments: unknown[] };
    expect(schema).toBe('msc.journal-segments/1');
    expect(segments).toMatchObject(
      [
        { first: 1, last: 10, state: 'sealed', entries: 10, earliest: /^2026-01-05T08/ },
        { first: 11, last: 20, state: 'sealed', entries: 10 },
        { first: 21, last: 25, state: 'raw', entries: 5 },
      ].map(
        (row) =>
          expect.objectContaining(
            'earliest' in row
              ? { ...row, earliest: expect.stringMatching(row.earliest) as unknown }
              : row,
          ) as unknown,
      ),
    );
    const table = await run('segments', '--utc');
    expect(table.stdout.split('\n')[0]).toMatch(
      /FIRST +LAST +STATE +ENTRIES +EARLIEST +LATEST +OCTETS/,
    );
    expect(table.stdout).toMatch(/\n +21 +25 +raw +5 +- +- +[\d,. ]+\n/);
  });

  it('says that there is no journal where there is none', async () => {
    mkdirSync(join(folder, 'empty'));
    const { code, stderr } = await runMsc(['journal', 'segments', '--journal', 'empty'], {
      cwd: folder,
    });
    expect([code, stderr]).toEqual([66, expect.stringContaining('MSC-3105')]);
  });
});

describe('msc journal verify', () => {
  it('tells entries that hold from an index that is not theirs', async () => {
    expect((await run('verify')).code).toBe(0);
    const path = join(dir, sealedNames()[1] ?? '');
    chmodSync(path, 0o600);
    const db = new Database(path);
    db.exec('DELETE FROM terms WHERE hash = (SELECT max(hash) FROM terms)');
    db.close();
    const { code, stdout, stderr } = await run('verify');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^25 entries, every one holds\nroot .*\nthe sealed segment from entry 11: its terms/,
    );
    expect(stderr).toMatch(/^msc: MSC-3110: /m);
    const json = JSON.parse((await run('verify', '--json')).stdout) as unknown;
    expect(json).toMatchObject({ ok: false, entries: 25, unsound: [{ first: 11 }] });
  });
});
