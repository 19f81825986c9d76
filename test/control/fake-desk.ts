// A desk that does what the switch would: it numbers and journals each act, and applies register changes.
// It keeps the order of what happened, so that a test can say what came before what.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseMke, parseMnemonic } from '#protocol/ids';
import { keyTable } from '#protocol/keys';
import type { EntryDraft, JournalEntry, StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { openMemoryJournal } from '#journal/memory';
import { applyRegisterChanges, type Register } from '#journal/register';
import type { Desk } from '#src/control/desk';
import { Jobs } from '#src/control/jobs';
import { MscFault } from '#src/errors';
import { Feed } from '#src/runtime/feed';
import type { StatusReport } from '#src/control/wire';
import type { Act } from '#switch/event';
import { exampleToml, registerOf } from '../access/register-help.ts';
import { type FakeRows, fakeViews, noRows } from './fake-views.ts';

export interface FakeDesk extends Desk {
  readonly happened: string[];
  /** What its views show; a test sets it. */
  readonly rows: FakeRows;
  readonly feed: Feed;
  readonly journal: Journal & { search: Journal['search']; tally: Journal['tally'] };
  readonly register: () => Register;
  readonly entries: () => Promise<readonly JournalEntry[]>;
  readonly addMessages: (
    count: number,
    text: string,
    more?: { readonly mke?: string | undefined; readonly thread?: number },
  ) => Promise<void>;
}

/** A desk without a socket, whose jobs have a folder of their own. */
export async function openLoneDesk(): Promise<{ desk: FakeDesk; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'msc-desk-'));
  const jobs = await Jobs.open(folder, () => Date.now());
  const close = async (): Promise<void> => {
    await jobs.close();
    rmSync(folder, { recursive: true });
  };
  return { desk: openFakeDesk(jobs), close };
}

export function openFakeDesk(jobs: Jobs): FakeDesk {
  const journal = openMemoryJournal({ random: (octets) => new Uint8Array(octets) });
  const register = registerOf(exampleToml);
  const happened: string[] = [];
  const rows: FakeRows = { ...noRows };
  const feed = new Feed(journal);
  let head = 0;
  const append = async (draft: EntryDraft, body?: Uint8Array): Promise<{ entry: number }> => {
    head += 1;
    const stored: StoredEntry = { entry: { ...draft, entry: head, time: head * 1_000 }, body };
    await journal.append([stored]);
    feed.publish([stored]);
    return { entry: stored.entry.entry };
  };
  return {
    journal,
    register: () => register,
    happened,
    keys: keyTable,
    status: () => statusReport,
    rows,
    feed,
    ...fakeViews(rows, feed),
    registerStore: {
      putSecret: (changeId, user) => void happened.push(`secret ${changeId} ${user}`),
    },
    searching: () => ({
      shifts: { night: '22:00-06:00' },
      timezone: 'America/Los_Angeles',
      budgetMs: 2_000,
    }),
    purging: () => ({ keptDays: 1096 }),
    jobs,
    passwordFlaw: (_, password) =>
      password.length < 8 ? 'it needs at least 8 characters' : undefined,
    hash: (password) => {
      happened.push('hash');
      if (password.includes('burst')) throw new Error(`the hash of ${password} failed`);
      return Promise.resolve({
        algorithm: 'pbkdf2-sha256',
        rounds: 1,
        salt: 'c2FsdA==',
        hash: 'aGFzaA==',
      });
    },
    reload: async (person, reason) => {
      const { entry } = await append({ kind: 'event', event: 'config', person, reason });
      return { changes: [{ key: 'links.window', text: '32 → 16' }], cut: 0, digest: 'd', entry };
    },
    configuration: {
      inForce: () => ({ file: '/etc/msc/msc.toml', digest: 'd', toml: '', version: 1 }),
      read: () => Promise.reject(new MscFault('MSC-1106')),
      kept: () => Promise.resolve(new Map([[1, undefined]])),
      rollback: () => Promise.reject(new MscFault('MSC-1106')),
    },
    routes: {
      all: () => [],
      test: () => ({ verdict: 'no-sender', why: 'there is no mnemonic here' }),
    },
    traces: {
      start: () => {
        throw new MscFault('MSC-1403');
      },
      all: () => [],
      show: () => {
        throw new MscFault('MSC-1402');
      },
      stop: () => {
        throw new MscFault('MSC-1402');
      },
    },
    newId: () => `change-${head + 1}`,
    act: async (person, act) => {
      happened.push(`${act.kind}${act.kind === 'note' ? ` ${act.event}` : ''} by ${person}`);
      const { entry } = await append(entryOf(person, act));
      // As in the switch: the register moves when the entry is taken, not when it is asked for.
      if (act.kind === 'register') applyRegisterChanges(register, act.changes);
      return { entry };
    },
    entries: async () => {
      const all: JournalEntry[] = [];
      for await (const batch of journal.scan(1)) all.push(...batch.map(({ entry }) => entry));
      return all;
    },
    addMessages: async (count, text, more) => {
      for (let index = 0; index < count; index += 1)
        await append(
          {
            kind: 'received',
            direction: 'in',
            thread: more?.thread ?? head + 1,
            mnemonic: parseMnemonic('QZ01'),
            mke: more === undefined ? parseMke('QV') : parseMke(more.mke ?? ''),
            to: [],
          },
          Buffer.from(text),
        );
    },
  };
}

function entryOf(person: string, act: Act): EntryDraft {
  switch (act.kind) {
    case 'register':
      return {
        kind: 'event',
        event: 'register',
        person,
        changes: act.changes,
        changeId: act.changeId,
      };
    case 'unlock':
      return { kind: 'event', event: 'unlock', person, user: act.user };
    case 'note': {
      const { event, reason, requester, recipient, detail } = act;
      const to = { case: act.case, requester, recipient };
      return { kind: 'event', event, person, reason, ...to, detail };
    }
    case 'print': {
      const { reason, requester, recipient, detail } = act;
      const to = { case: act.case, requester, recipient };
      return { kind: 'event', event: 'release', person, reason, ...to, detail };
    }
    case 'close':
      return { kind: 'event', event: 'close', person, reason: act.reason };
    case 'disable':
    case 'enable':
      return { kind: 'event', event: act.kind, person, reason: act.reason, ...act.who };
    case 'test':
      return { kind: 'event', event: 'test', person, reason: act.reason, station: act.station };
  }
}

const statusReport: StatusReport = {
  version: '1.2.3',
  county: 'EXAMPLE',
  pid: 1,
  startedAtUs: 0,
  ready: true,
  view: {
    stations: [],
    upstreams: [],
    queues: [],
    intercept: 0,
    requests: 0,
    entries: 0,
    mode: 'running',
  },
  terminals: { known: 0, connected: 0, signedOn: 0, disabled: 0, dark: [] },
  dialling: [],
  journal: { folder: '/j', entries: 0, lastCommitMs: 1, blocked: false },
  addresses: { stations: '127.0.0.1:7443' },
  attention: [],
};
