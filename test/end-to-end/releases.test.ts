// Text of the journal as it leaves a running switch: at the screen, on a printer, in files. What is released is
// recorded first, and what the person gets is what the journal holds.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import { Files } from '#support/files';
import { openWorld, question, until, type World } from '#support/world';

type Json = Readonly<Record<string, unknown>>;

let world: World;
let files: Files;
beforeAll(async () => {
  world = await openWorld();
  files = new Files(world);
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  await station.request(question);
  station.cut();
}, 60_000);
afterAll(() => world.close());

const why = ['--reason', 'records request', '--case', '26-00412'];
const plate = ['LIC:2ZZZ999', '--reverse'];

async function releases(): Promise<readonly Json[]> {
  return world.entries('--event', 'release');
}

function detailOf(row: Json | undefined): Json {
  // Every release has one.
  return row?.['detail'] as Json;
}

describe('a print to a printer', () => {
  it('is delivered as messages of its own, after its release, and can be followed', async () => {
    const printer = await world.connect('DEMO-PRT-01');
    const came: Received[] = [];
    printer.on('message', (message) => came.push(message));
    const ran = await world.msc('journal', 'print', ...plate, '--to', 'QP01', ...why);
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringMatching(/^recorded in entry \d+\n$/)]);
    const [, pages = '', number] =
      /^\d+ entries, (\d) pages? to printer QP01, release (\d{4}-\d{6})\n$/.exec(ran.stdout) ?? [];
    const text = await until('the pages', () =>
      came.length === Number(pages) ? came.map(({ body }) => latin1(body)).join('\n') : undefined,
    );
    expect(text).toContain(`release ${number}`);
    expect(text).toContain(`page 1 of ${pages}`);
    expect(text).toMatch(/^\| .*QV\.CA0990100\.LIC\/2ZZZ999\.LIS\/CA\r?$/m);
    const release = (await releases()).at(-1);
    expect(detailOf(release)).toMatchObject({ command: 'print', release: number, to: 'QP01' });
    expect(release).toMatchObject({ reason: 'records request', case: '26-00412' });
    const entry = Number(release?.['entry']);
    const delivered = await until('their deliveries', async () => {
      const rows = await world.entries('--thread', String(entry), '--kind', 'delivered');
      return rows.length === Number(pages) ? rows : undefined;
    });
    for (const row of delivered) {
      expect(row).toMatchObject({ station: 'DEMO-PRT-01', mnemonic: 'QP01', mke: 'AM' });
      expect(Number(row['entry'])).toBeGreaterThan(entry);
    }
    printer.cut();
  });

  it.each([
    ['QZ01', 'MSC-1702', 1],
    ['ZZ99', 'MSC-1702', 1],
  ])('is refused for %s', async (to, code, exit) => {
    const before = (await releases()).length;
    const ran = await world.msc('journal', 'print', ...plate, '--to', to, ...why);
    expect([ran.code, ran.stderr]).toEqual([exit, expect.stringContaining(code)]);
    expect(await releases()).toHaveLength(before);
  });
});

describe('a print to a file', () => {
  it('is text with a form feed between pages, for its owner alone, and is never overwritten', async () => {
    const out = files.path('print.txt');
    const words = ['journal', 'print', ...plate, '--to', out, ...why];
    const ran = await world.msc(...words, '--json');
    const report = JSON.parse(ran.stdout) as { pages: number; count: number; release: string };
    expect(ran.code).toBe(0);
    expect(report).toMatchObject({ schema: 'msc.journal-print/1', file: out });
    const pages = readFileSync(out, 'latin1').split('\f');
    expect(pages).toHaveLength(report.pages);
    for (const [at, page] of pages.entries())
      expect(page.split('\n')[0]).toMatch(new RegExp(`page ${at + 1} of ${report.pages}$`));
    expect(pages[0]).toContain(`release ${report.release}`);
    expect(pages[0]).toContain(`entries   ${report.count}, oldest first`);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const before = (await releases()).length;
    const again = await world.msc(...words);
    expect([again.code, again.stderr]).toEqual([73, expect.stringContaining('--force')]);
    expect(await releases()).toHaveLength(before);
    expect((await world.msc(...words, '--force')).code).toBe(0);
  });

  it('is a PDF with the same lines on as many pages', async () => {
    const out = files.path('print.pdf');
    const ran = await world.msc('journal', 'print', ...plate, '--to', out, ...why, '--json');
    expect(ran.code).toBe(0);
    const report = JSON.parse(ran.stdout) as { pages: number };
    const text = pdfPages(readFileSync(out));
    expect(text).toHaveLength(report.pages);
    const asText = readFileSync(files.path('print.txt'), 'latin1').split('\f');
    // Each print has a release and a minute of its own; everything below the head is the same.
    const body = (page: string | undefined) => page?.split('\n').slice(8).join('\n').trimEnd();
    expect(text[0]).toMatch(/^JOURNAL PRINT {2}release \d{4}-\d{6} +page 1 of \d\n/);
    for (const [at, page] of text.entries())
      expect(body(page)).toBe(body(asText[at]?.replaceAll(/\n(?=\n)/g, '')));
  });

  it('of nothing is no file, exit 1; a plan shows the amount and releases nothing', async () => {
    const out = files.path('none.txt');
    const none = await world.msc('journal', 'print', 'LIC:0NOBODY', '--to', out, ...why);
    expect([none.code, existsSync(out)]).toEqual([1, false]);
    const before = (await releases()).length;
    const plan = await world.msc('journal', 'print', ...plate, '--to', out, '--dry-run', ...why);
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining('nothing is printed')]);
    expect(await releases()).toHaveLength(before);
    expect(readdirSync(world.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('an export', () => {
  it('is what a search shows, row for row, and its release stands before', async () => {
    const out = files.path('export.jsonl');
    const ran = await world.msc('journal', 'export', ...plate, '--to', out, ...why, '--json');
    expect(ran.code).toBe(0);
    const report = JSON.parse(ran.stdout) as { count: number; release: string; entry: number };
    const rows = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(rows).toHaveLength(report.count);
    const range = `..${report.entry - 1}`;
    const text = ['--text', '--reason', 'compare', '--entry', range];
    const shown = await world.msc('journal', 'search', ...plate, '-n', '0', '-o', 'jsonl', ...text);
    expect(rows).toEqual(shown.stdout.trimEnd().split('\n'));
    expect(detailOf((await world.entries('--entry', String(report.entry)))[0])).toMatchObject({
      ...{ command: 'export', release: report.release, count: report.count, file: out },
    });
  });
});

/** The lines of each page: what stands in the hexadecimal strings of its content. */
function pdfPages(pdf: Buffer): readonly string[] {
  const pages: string[] = [];
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 1)) {
    if (pdf.subarray(at - 3, at).toString() === 'end') continue;
    const end = pdf.indexOf('endstream', at);
    const content = inflateSync(pdf.subarray(at + 7, end)).toString('latin1');
    const lines = [...content.matchAll(/\[<([0-9a-f]*)> 0\] TJ/g)];
    pages.push(lines.map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join('\n'));
  }
  return pages;
}
