// `journal print` at the control desk: what is planned, what is released first, where pages go and do not go.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperatorRole } from '#journal/register';
import { CommandDesk } from '#src/control/commands';
import type { Visit } from '#src/control/visit';
import type { Commands } from '#src/control/wire';
import type { PrintReport } from '#src/control/wire-releases';
import type { Act } from '#switch/event';
import { openLoneDesk, type FakeDesk } from './fake-desk.ts';

const text = 'AB12.QV.CA0990100.LIC/2ZZZ999';
const args: Commands['print']['args'] = {
  ...{ query: { where: [], reverse: true, limit: 0 }, asked: 'LIC:2ZZZ999', zone: 'UTC' },
  ...{ apply: true, reason: 'records request' },
};

let desk: FakeDesk;
let acts: Act[];
let pages: (readonly string[])[];
let close: () => Promise<void>;
beforeEach(async () => {
  ({ desk, close } = await openLoneDesk());
  [acts, pages] = [[], []];
});
afterEach(() => close());

function print(more: Partial<typeof args> = {}, roles: readonly OperatorRole[] = ['supervisor']) {
  const { act } = desk;
  const watched = {
    ...desk,
    act: (person: string, done: Act) => {
      acts.push(done);
      return act(person, done);
    },
  };
  const visit: Visit = {
    ...{ person: 'ann', roles, gone: new AbortController().signal },
    sendRows: (rows) => {
      for (const row of rows) {
        desk.happened.push('page');
        // A row of `print` is a page.
        pages.push(row['lines'] as readonly string[]);
      }
      return Promise.resolve();
    },
    nowMs: () => Date.UTC(2026, 10, 26),
  };
  const request = { id: 1, command: 'print', args: { ...args, ...more } } as const;
  return new CommandDesk(watched).run(request, visit) as Promise<PrintReport>;
}

describe('a print for a file', () => {
  it('is released before its first page, and says on each page which of how many it is', async () => {
    await desk.addMessages(40, text);
    const report = await print({ file: '/home/ann/out.txt' });
    expect(report).toMatchObject({ count: 40, release: '2026-000001', entry: 41 });
    expect(report.pages).toBeGreaterThan(1);
    expect(pages).toHaveLength(report.pages);
    const head = (page: number): RegExp => new RegExp(`page ${page} of ${report.pages}$`);
    for (const [at, page] of pages.entries()) expect(page[0]).toMatch(head(at + 1));
    const happened = [...Array<string>(report.pages).fill('page'), 'note search by ann'];
    expect(desk.happened).toEqual(['note release by ann', ...happened]);
    expect((await desk.entries())[40]).toMatchObject({
      detail: {
        ...{ command: 'print', entries: '1-40', pages: report.pages, to: 'file' },
        file: '/home/ann/out.txt',
      },
    });
    expect(pages.flat().filter((line) => line === `| ${text}`)).toHaveLength(40);
  });

  it('that is only planned, or finds nothing, shows and releases nothing', async () => {
    await desk.addMessages(2, text);
    expect(await print({ apply: false })).toMatchObject({ count: 2, pages: 1 });
    const none = { ...args.query, entryFrom: 9 };
    expect(await print({ query: none })).not.toHaveProperty('release');
    expect(pages).toEqual([]);
    expect(desk.happened).toEqual(['note search by ann', 'note search by ann']);
  });

  it('that is too long is refused before anything is released', async () => {
    await desk.addMessages(1, text.repeat(25_000));
    await expect(print({ to: 'QP01' })).rejects.toMatchObject({ code: 'MSC-1703', exit: 65 });
    expect(desk.happened).toEqual(['note search by ann']);
    expect(acts.at(-1)).toMatchObject({ event: 'search', detail: { ended: 'refused' } });
  });

  it('needs the role, the record of criminal history, and a zone that there is', async () => {
    await desk.addMessages(1, 'CR.CA0990100.', { mke: 'CR' });
    await expect(print({}, ['operator'])).rejects.toMatchObject({ code: 'MSC-1202' });
    await expect(print()).rejects.toMatchObject({ code: 'MSC-1701' });
    await expect(print({ zone: 'Mars/Olympus' })).rejects.toMatchObject({ code: 'MSC-1004' });
    expect(pages).toEqual([]);
  });
});

describe('a print for a printer', () => {
  it('goes with its release in one act, whole, and to nobody else', async () => {
    await desk.addMessages(40, text);
    const report = await print({ to: 'QP01' });
    expect(pages).toEqual([]);
    const act = acts.find(({ kind }) => kind === 'print');
    expect(act).toMatchObject({
      ...{ mnemonic: 'QP01', job: '2026-000001', reason: 'records request' },
      detail: { command: 'print', release: '2026-000001', to: 'QP01', entries: '1-40' },
    });
    const sent = act?.kind === 'print' ? act.pages : [];
    expect(sent).toHaveLength(report.pages);
    for (const page of sent) expect(page).toMatch(/^[\x20-\x7e\r\n]{1,4000}$/);
    expect(acts.filter(({ kind }) => kind === 'note')).toEqual([]);
  });

  it('that is none is refused before anything is read', async () => {
    await desk.addMessages(1, text);
    await expect(print({ to: 'QZ01' })).rejects.toMatchObject({ code: 'MSC-1702' });
    expect(acts).toEqual([]);
  });
});
