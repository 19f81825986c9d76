// The part of a desk that shows and judges: rows as a test puts them there, and the feed of the runtime itself.

import type { Desk, QueueDetail } from '#src/control/desk';
import type { LinkRow, QueueRow, TerminalRow, UpstreamRow } from '#src/control/wire-views';
import { MscFault } from '#src/errors';
import type { Feed } from '#src/runtime/feed';

export interface FakeRows {
  links: readonly LinkRow[];
  terminals: readonly TerminalRow[];
  upstreams: readonly UpstreamRow[];
  queues: readonly QueueDetail[];
}

export const noRows: FakeRows = { links: [], terminals: [], upstreams: [], queues: [] };

export function fakeViews(
  rows: FakeRows,
  feed: Feed,
): Pick<Desk, 'views' | 'outlook' | 'printer' | 'follow' | 'probe'> {
  return {
    views: {
      links: () => rows.links,
      link: (id) => rows.links.find(({ link }) => link === id),
      terminals: () => rows.terminals,
      terminal: (name) =>
        rows.terminals.find(
          ({ station, mnemonics }) => station === name || mnemonics.includes(name),
        ),
      upstreams: () => rows.upstreams,
      upstream: (name) => rows.upstreams.find(({ upstream }) => upstream === name),
      queues: () => rows.queues.map(({ row }) => row),
      queue: (name) => rows.queues.filter(({ row, key }) => row.queue === name || key === name),
    },
    outlook: (act) => {
      if (act.kind === 'close' && !rows.links.some(({ link }) => link === act.link))
        throw new MscFault('MSC-1601', { detail: `link ${act.link}` });
      return { mnemonics: [], unacknowledged: 0, already: false };
    },
    printer: (mnemonic) => {
      if (mnemonic !== 'QP01') throw new MscFault('MSC-1702', { detail: mnemonic });
    },
    follow: (query, gone) => feed.follow(query, gone),
    probe: () =>
      Promise.resolve([{ step: 'connect', ok: false, took_seconds: 5, detail: 'ECONNREFUSED' }]),
  };
}

export function terminalRow(station: string, mnemonic: string): TerminalRow {
  return {
    ...{ station, role: 'terminal', state: 'absent', mnemonics: [mnemonic] },
    ...{ waiting: 0, unacknowledged: 0, unattended: false, certificates: 1 },
  };
}

export function queueRow(queue: string, total: number): QueueRow {
  return {
    ...{ queue, kind: 'mnemonic', total, under_1m: total, under_5m: 0, under_15m: 0 },
    ...{ under_60m: 0, under_4h: 0, over_4h: 0, oldest_seconds: 12, state: 'dark' },
  };
}
