// `journal export` as a command: the forms of its file, and what is left when something goes wrong.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, entryRow, FakeSwitch } from './fake-switch.ts';
import { runHere } from './in-process.ts';

let folder: string;
let fake: FakeSwitch | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-export-'));
});
afterEach(async () => {
  await fake?.close();
  fake = undefined;
  rmSync(folder, { recursive: true });
});

const texts = ['=SUM(A1)', '+1', '-1', '@x', '\tTAB', '\rCR', 'A,"B"\r\nC', 'PLAIN \u00e9\u0002'];
const rows = texts.map((text, at) => ({ ...entryRow(at + 1), fields: { LIC: ['=1'] }, text }));
const end = { count: rows.length, tookMs: 1, entry: 77, release: '2026-000004' };

async function run(
  name: string,
  more: readonly string[] = [],
  answer: Answer = { rows: [rows], end },
) {
  fake ??= await new FakeSwitch({ export: answer }).open();
  const to = ['--to', join(folder, name), '--socket', fake.socket, '--reason', 'audit'];
  return runHere(['journal', 'export', ...to, ...more]);
}
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('the file of an export', () => {
  it('has an object a line, as a search has', async () => {
    const ran = await run('out.jsonl');
    expect(ran.code).toBe(0);
    expect(ran.stdout.replace(/\s+/g, ' ')).toContain('8 entries as jsonl to');
    expect(ran.stdout).toContain('release 2026-000004');
    const lines = read('out.jsonl').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
    expect(statSync(join(folder, 'out.jsonl')).mode & 0o777).toBe(0o600);
    expect(fake?.asked[0]).toMatchObject({
      args: {
        form: 'jsonl',
        file: join(folder, 'out.jsonl'),
        reason: 'audit',
        query: { limit: 0 },
      },
    });
  });

  it('as csv has every column, and no cell that a spreadsheet would take for a formula', async () => {
    expect((await run('out.csv')).code).toBe(0);
    const [header = '', ...records] = parseCsv(read('out.csv'));
    expect(header).toContain('entry');
    expect(header).toContain('recipient');
    const text = header.indexOf('text');
    expect(records.map((cells) => cells[text])).toEqual(
      texts.map((each) => (/^[=+\-@\t\r]/.test(each) ? `'${each}` : each)),
    );
    for (const cells of records) {
      expect(cells).toHaveLength(header.length);
      for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }
  });

  it('as txt has each entry as it would stand on paper', async () => {
    expect((await run('out', ['-o', 'txt'])).code).toBe(0);
    expect(read('out')).toMatch(/^#1 {2}2026-11-21 23:41:07 UTC/);
    expect(read('out')).toContain('\n| A,"B"\n| C\n');
    expect(read('out')).toContain('\n| PLAIN \\xE9\\x02\n');
  });

  it('with --json the report is one object', async () => {
    const { stdout } = await run('out.csv', ['--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{
        schema: 'msc.journal-export/1',
        count: 8,
        form: 'csv',
        release: '2026-000004',
        entry: 77,
      },
    });
  });
});

describe('no file is left', () => {
  it.each<[string, Answer, number]>([
    ['nothing is found', { end: { count: 0, tookMs: 1, entry: 7 } }, 1],
    [
      'it fails half-way',
      { rows: [rows], error: { code: 'MSC-3101', message: 'the disk', exit: 74 } },
      74,
    ],
    ['the role is wrong', { error: { code: 'MSC-1202', message: 'no', exit: 77 } }, 77],
  ])('where %s', async (_, answer, code) => {
    expect((await run('out.csv', [], answer)).code).toBe(code);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('where the switch is down, the form is none, or the file is there already', async () => {
    const down = ['journal', 'export', '--to', join(folder, 'x'), '--reason', 'r'];
    expect((await runHere([...down, '--socket', join(folder, 'none')])).code).toBe(69);
    expect((await run('out.csv', ['-o', 'xml'])).code).toBe(64);
    expect(readdirSync(folder)).toEqual([]);
    await run('out.csv');
    const asked = fake?.asked.length;
    expect((await run('out.csv')).code).toBe(73);
    expect(fake?.asked).toHaveLength(asked ?? 0);
    expect((await run('out.csv', ['--force'])).code).toBe(0);
    expect(readdirSync(folder)).toEqual(['out.csv']);
  });

  it('filters by case and requester under names of their own', async () => {
    await run('out.csv', ['--of-case', '26-1', '--case', '26-2', '--requester', 'ROE']);
    expect(fake?.asked[0]?.args).toMatchObject({
      ...{ case: '26-2', requester: 'ROE', asked: '--case 26-1' },
      query: { where: [{ column: 'case', any: [{ kind: 'is', value: '26-1' }] }] },
    });
  });
});

/** RFC 4180, but LF ends a record. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain, mark] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (mark === '\n') records.push([]);
  }
  return records.slice(0, -1);
}
