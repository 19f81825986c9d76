// The place where a search ended: never before what was printed, never beyond it, whole on the disk.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cursor, oldestFirst } from '../../src/cli/cursor.ts';
import { Flags } from '../../src/cli/flags.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-cursor-'));
  file = join(folder, 'c');
});
afterEach(() => rmSync(folder, { recursive: true }));

const all = { where: [], reverse: false, limit: 50, since: 1_000, entryFrom: 7 };
const end = (count: number, head: number) => ({ count, head, tookMs: 1, entry: head + 1 });
const rows = (...entries: readonly number[]) => entries.map((entry) => ({ entry }));

describe('a cursor', () => {
  test('before the first time leaves the times as they are, oldest first', () => {
    const cursor = new Cursor(file, 'x');
    expect(cursor.entry).toBeUndefined();
    expect(oldestFirst(all, new Flags({}), cursor)).toEqual({ ...all, reverse: true, limit: 0 });
    expect(oldestFirst(all, new Flags({}), undefined)).toBe(all);
  });

  test('goes on behind its entry, whatever time has passed', () => {
    new Cursor(file, 'x').reached(40);
    const cursor = new Cursor(file, 'x');
    const query = oldestFirst(all, new Flags({ limit: '50' }), cursor);
    expect(query).toMatchObject({ entryFrom: 41, reverse: true, limit: 50, since: undefined });
  });

  test('stands at the end of what was searched, or at the last row of a limit', () => {
    const cursor = new Cursor(file, 'x');
    cursor.passed(rows(10, 11), 'never');
    expect(existsSync(file)).toBe(false);
    cursor.finish({ ...all, limit: 2 }, end(2, 99));
    expect(new Cursor(file, 'x').entry).toBe(11);
    cursor.finish({ ...all, limit: 3 }, end(2, 99));
    expect(new Cursor(file, 'x').entry).toBe(99);
    cursor.finish({ ...all, limit: 0 }, end(0, 120));
    expect(new Cursor(file, 'x').entry).toBe(120);
  });

  test('of a run that was killed is that of its last save, and half a file is nothing', () => {
    const cursor = new Cursor(file, 'x');
    cursor.passed(rows(5), 'now');
    cursor.passed(rows(6, 7), 'sometimes');
    writeFileSync(`${file}.new`, '{"entry":9');
    expect(new Cursor(file, 'x').entry).toBe(5);
    // The next save takes the place of what was left.
    cursor.passed(rows(8), 'now');
    expect(new Cursor(file, 'x').entry).toBe(8);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test('is of one search and of one journal', () => {
    const cursor = new Cursor(file, 'LIC:1ZZZ999');
    cursor.reached(40);
    expect(readFileSync(file, 'utf8')).not.toContain('1ZZZ999');
    expect(() => new Cursor(file, 'LIC:2')).toThrow(/another search/);
    expect(() => cursor.reached(39)).toThrow(/more entries/);
    expect(() => new Cursor(join(folder, 'none', 'c'), 'x').reached(1)).toThrow(
      expect.objectContaining({ code: 'MSC-1006' }),
    );
  });
});
