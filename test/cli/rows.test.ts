import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { journalColumns, journalMembers } from '../../src/cli/journal-columns.ts';
import { Flags } from '../../src/cli/flags.ts';
import { makeOutput } from '../../src/cli/output.ts';
import type { Format, Output } from '../../src/cli/output.ts';
import { printRows, RowWriter } from '../../src/cli/rows.ts';
import type { Row } from '../../src/cli/rows.ts';
import { entryRow } from './fake-switch.ts';

const columnsOf = (format: Format) => journalColumns({ zone: 'UTC', format }, false);

async function printed(
  format: Format,
  rows: readonly Row[],
  more: Partial<Output> = {},
): Promise<string> {
  let text = '';
  const output: Output = {
    form: 'table',
    ...{ format, width: 80, zone: 'UTC', header: true, quiet: false, columns: undefined },
    print: (line) => {
      text += `${line}\n`;
      return Promise.resolve();
    },
    tell: () => undefined,
    bold: (words) => words,
    ...more,
  };
  const form = {
    ...{ schema: 'msc.test/1', member: 'entries', members: journalMembers },
    columns: columnsOf(format),
  };
  await printRows(output, form, rows, { count: rows.length });
  return text;
}

describe('rows', () => {
  test.each([1, 48_811_502])('of the journal fit 80 columns with entry %d', async (entry) => {
    const lines = (await printed('table', [entryRow(entry), entryRow(entry + 1)]))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(/^TIME +ENTRY +DIR +MNE +USER +ORI +MKE +OUTCOME +THREAD$/);
    expect(lines[1]).toContain(`${entry}`);
    expect(lines[1]).toContain('…');
  });

  test('on a wide screen are not cut', async () => {
    const table = await printed('table', [entryRow(1)], { width: 200 });
    expect(table).toContain('a-user-with-a-long-name');
    expect(table).not.toContain('…');
  });

  test('without a screen are not cut, also where later ones are wider than the first', async () => {
    const long = { ...entryRow(2), user: 'a-user-with-a-name-that-is-longer-still' };
    const text = await printed('table', [entryRow(1), long], { width: Infinity });
    expect(text).toContain('a-user-with-a-long-name');
    let lines = '';
    const print = (line: string): Promise<void> => Promise.resolve(void (lines += line));
    const table = { form: 'table', format: 'table' } as const;
    const output = { ...table, width: Infinity, zone: 'UTC', header: true } as const;
    const rest = { quiet: false, columns: undefined, print, bold: (words: string) => words };
    const form = { schema: 'msc.test/1', member: 'entries', columns: columnsOf('table') };
    const writer = new RowWriter({ ...output, ...rest, tell: () => undefined }, form);
    for (const row of [entryRow(1), long]) await writer.write([row]);
    expect(lines).toContain(`${long.user}  CA0990100`);
    expect(lines).not.toContain('…');
  });

  test('too many for the screen are cut at its edge, never wrapped', async () => {
    const columns = ['digest', 'digest', 'time'];
    const table = await printed('table', [entryRow(1)], { columns });
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('as plain are tab separated and whole', async () => {
    const [header, line] = (await printed('plain', [entryRow(1)])).split('\n');
    expect(header?.split('\t')).toHaveLength(12);
    expect(line).toContain('\ta-user-with-a-long-name\t');
  });

  test('as json are one object with schema, rows and the rest', async () => {
    const none: unknown = JSON.parse(await printed('json', []));
    const two: unknown = JSON.parse(await printed('json', [entryRow(1), entryRow(2)]));
    expect(none).toEqual({ schema: 'msc.test/1', entries: [], count: 0 });
    expect(two).toEqual({ schema: 'msc.test/1', entries: [entryRow(1), entryRow(2)], count: 2 });
  });

  test('as jsonl are one object a line, only the columns asked for', async () => {
    const columns = ['entry', 'outcome', 'requester'];
    const text = await printed('jsonl', [entryRow(1), entryRow(2)], { columns });
    expect(text).toBe('{"entry":1,"outcome":"no-hit"}\n{"entry":2,"outcome":"no-hit"}\n');
  });

  test('as csv are quoted, and no cell is a formula', async () => {
    const row = { ...entryRow(1), user: '=SUM(A1)', mke: 'a,"b"', ori: undefined };
    const columns = ['time', 'user', 'mke', 'ori', 'class'];
    const [names, line] = (await printed('csv', [row], { columns })).split('\n');
    expect(names).toBe('time,user,mke,ori,class');
    expect(line).toBe('2026-11-21T23:41:07.118001Z,\'=SUM(A1),"a,""b""",,');
  });

  test('as csv have kind, event and code beside the outcome', async () => {
    const event = {
      entry: 7,
      kind: 'event',
      event: 'sign-on-failed',
      code: 'U03',
      outcome: 'refused',
    };
    const [names, line] = (await printed('csv', [event])).split('\n');
    expect(names).toBe('time,entry,direction,mnemonic,user,ori,mke,outcome,thread,kind,event,code');
    expect(line).toBe(',7,,,,,,refused,,event,sign-on-failed,U03');
  });

  test('of a column that there is not are refused, with the nearest that there is', async () => {
    await expect(printed('csv', [entryRow(1)], { columns: ['entry', 'outcom'] })).rejects.toThrow(
      'there is no column outcom; did you mean `outcome`?',
    );
  });

  test('without a header have none', async () => {
    expect(await printed('csv', [{ user: 'x' }], { columns: ['user'], header: false })).toBe('x\n');
  });

  test('from outside cannot move the cursor', async () => {
    const text = await printed('plain', [{ user: 'a\u001b[2Jb\u0007\u009b' }], {
      columns: ['user'],
      header: false,
    });
    expect(text).toBe('a?[2Jb??\n');
  });
});

describe('the width', () => {
  /** @param columns Of the terminal; without it stdout is none. */
  const widthOf = (columns: number | undefined, env: NodeJS.ProcessEnv = {}): number => {
    const terminal = columns === undefined ? {} : { isTTY: true, columns };
    const stdout = Object.assign(new PassThrough(), terminal);
    const streams = { env, stdout, stderr: stdout };
    return makeOutput(new Flags({}), { name: 'journal search', rows: true }, streams).width;
  };

  test('is that of the terminal or COLUMNS, whichever is less', () => {
    expect([widthOf(120), widthOf(80, { COLUMNS: '200' })]).toEqual([120, 80]);
    expect([widthOf(120, { COLUMNS: '100' }), widthOf(0)]).toEqual([100, 80]);
  });

  test('has no end where stdout is no terminal', () => {
    expect(widthOf(undefined, { COLUMNS: '80' })).toBe(Infinity);
  });
});
