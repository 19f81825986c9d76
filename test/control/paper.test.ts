// Entries on paper: nothing of a text is lost or changed, and every page says what it is part of.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  entryLines,
  headLines,
  pageColumns,
  pageLines,
  Paginator,
  type Sheet,
  visible,
} from '#src/control/paper';

const sheet: Sheet = {
  ...{ release: '2026-001877', county: 'EXAMPLE', asked: 'LIC:1ZZZ999', count: 6 },
  ...{ order: 'newest first', limit: 0, person: 'ann', atMs: Date.UTC(2026, 10, 22, 11, 10) },
  ...{ zone: 'America/Los_Angeles', why: { reason: 'records request', case: '26-00412' } },
};
const time = '2026-11-22T07:41:07.118000Z';
const text = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x0d, 0x0a, 0x5c, 0x41)))
  .map((octets) => Buffer.from(octets).toString('latin1'));

function pagesOf(rows: readonly Readonly<Record<string, unknown>>[], head: readonly string[]) {
  const paginator = new Paginator(head);
  const pages = rows.flatMap((row) => [...paginator.add(entryLines(row, 'UTC'))]);
  pages.push(...paginator.end());
  expect(paginator.pages).toBe(pages.length);
  return pages.map((body) => [...head, ...body]);
}

/** As the head of paper.ts says it can be done. */
function readBack(lines: readonly string[]): readonly string[] {
  const texts: string[][] = [];
  for (const line of lines) {
    if (line.startsWith('#')) texts.push([]);
    else if (line.startsWith('| ')) texts.at(-1)?.push(line.slice(2));
    else if (line.startsWith('+ ')) texts.at(-1)?.push((texts.at(-1)?.pop() ?? '') + line.slice(2));
  }
  return texts.map((each) =>
    each
      .join('\r\n')
      .replaceAll(/\\(?:\\|x([0-9A-F]{2}))/g, (_, hex?: string) =>
        hex === undefined ? '\\' : String.fromCharCode(parseInt(hex, 16)),
      ),
  );
}

describe('a print', () => {
  it('gives every text back, octet for octet, from pages that fit a sheet and a frame', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ text, reason: fc.string({ unit: 'binary', maxLength: 300 }) })),
        (made) => {
          const rows = made.map((each, at) => ({ entry: at + 1, time, kind: 'received', ...each }));
          const head = headLines(sheet, 1, 1);
          const pages = pagesOf(rows, head);
          for (const page of pages) {
            expect(page.length).toBeLessThanOrEqual(pageLines);
            expect(page.join('\r\n').length).toBeLessThanOrEqual(4000);
            for (const line of page) {
              expect(line).toMatch(/^[\x20-\x7e]*$/);
              expect(line.length).toBeLessThanOrEqual(pageColumns);
            }
          }
          const bodies = pages.flatMap((page) => page.slice(head.length));
          expect(readBack(bodies)).toEqual(made.map((each) => each.text));
        },
      ),
    );
  });

  it('never makes a page that a peer with the smallest frame could not take', () => {
    const text = 'A'.repeat(20_000);
    const pages = pagesOf([{ entry: 1, time, text }], headLines(sheet, 1, 1));
    expect(pages.length).toBeGreaterThan(5);
    for (const page of pages) expect(page.join('\r\n').length).toBeLessThanOrEqual(4000);
  });

  it('shows what is no character of a text, and no octet can move a printer', () => {
    expect(visible('A\u0002B\tC\\D\u00e9\u{1f600}')).toBe('A\\x02B\\x09C\\\\D\\xE9\\u{1F600}');
    const lines = entryLines({ entry: 4, time, text: 'ONE\r\nTWO\u000c\r\n' }, 'UTC');
    expect(lines.slice(-4)).toEqual(['| ONE', '| TWO\\x0C', '| ', '']);
  });

  it('has an entry with all that is known of it, times as asked for and in UTC', () => {
    const row = { entry: 4, time, kind: 'received', direction: 'in', mke: 'QV', bytes: 3 };
    const lines = entryLines({ ...row, fields: { LIC: ['1ZZZ999'] } }, sheet.zone);
    expect(lines).toEqual([
      '#4  2026-11-21 23:41:07 PST  in  QV  received',
      '  time=2026-11-22T07:41:07.118000Z  kind=received  direction=in  mke=QV  bytes=3',
      '  fields={"LIC":["1ZZZ999"]}',
      '',
    ]);
  });
});

describe('the head of a page', () => {
  it('has criteria, total, who, when, the release and which page of how many it is', () => {
    expect(headLines(sheet, 2, 3)).toEqual([
      'JOURNAL PRINT  release 2026-001877                                   page 2 of 3',
      'searched  LIC:1ZZZ999',
      'period    the beginning to 2026-11-22 03:10:00 PST',
      'entries   6, newest first',
      'printed   2026-11-22 03:10:00 PST by ann, EXAMPLE',
      'reason    records request',
      'case      26-00412',
      '-'.repeat(80),
    ]);
  });

  it('is as high on every page, whatever stands in it, and never fills a page', () => {
    const long = 'X'.repeat(4096);
    const why = { reason: long, case: long, requester: long, recipient: long };
    const head = (page: number, pages: number) =>
      headLines({ ...sheet, asked: long, person: long, county: long, why }, page, pages);
    expect(head(1, 1)).toHaveLength(head(2000, 2000).length);
    expect(head(1, 1).length).toBeLessThan(pageLines / 2);
    for (const line of head(2000, 2000)) expect(line.length).toBeLessThanOrEqual(pageColumns);
    expect(head(1, 1).join('\n')).toContain(' ...');
  });
});
