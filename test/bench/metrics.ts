// What metrics cost: a scrape of a switch with many terminals and a deep queue, and each entry that is counted.
// In this process, on a state filled by hand; processor time, so that a busy machine does not count.

import { createHash } from 'node:crypto';
import type { JournalEntry } from '#journal/entry';
import { keyTable } from '#protocol/keys';
import type { Mke, Mnemonic, SessionId, StationName, UserName } from '#protocol/ids';
import { Durations } from '#src/runtime/metrics/durations';
import { familiesOf } from '#src/runtime/metrics/families';
import { formatFamilies } from '#src/runtime/metrics/format';
import { appendBuckets, Histogram } from '#src/runtime/metrics/histogram';
import { Tally } from '#src/runtime/metrics/tally';
import { takeCensus } from '#switch/census';
import { enqueue } from '#switch/ledger';
import type { SwitchSettings } from '#switch/settings';
import { createState, type OpenLink, type State } from '#switch/state';

const scrapes = 20;
const atMs = 1_800_000_000_000;

/** Milliseconds of a scrape, and how long its answer is. */
export function measureScrape(
  terminals: number,
  waiting: number,
): { readonly took: readonly number[]; readonly bytes: number } {
  const state = filled(terminals, waiting);
  const tally = new Tally({ roleOf: () => 'terminal' });
  for (let at = 0; at < terminals; at += 1)
    tally.count({ ...received(at + 1), mnemonic: nameOf(at) });
  const took: number[] = [];
  let bytes = 0;
  for (let count = 0; count < scrapes; count += 1) {
    const before = process.cpuUsage();
    bytes = scrape(state, tally).length;
    const { user, system } = process.cpuUsage(before);
    took.push((user + system) / 1_000);
  }
  return { took, bytes };
}

/** Nanoseconds an entry costs, over the entries of whole inquiries. */
export function measureCounting(inquiries: number): readonly number[] {
  return Array.from({ length: 5 }, () => {
    const tally = new Tally({ roleOf: () => 'terminal' });
    const durations = new Durations();
    let entries = 0;
    const all = Array.from({ length: inquiries }, (_, at) => inquiry(at * 8));
    const before = process.cpuUsage();
    for (const one of all)
      for (const entry of one) {
        tally.count(entry);
        durations.count(entry, atMs + entries);
        entries += 1;
      }
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1_000) / entries;
  });
}

function scrape(state: State, tally: Tally): string {
  const families = familiesOf({
    ...{ version: '0', schema: 1, startedAtUs: 0, ready: true, connections: 0, tally },
    census: takeCensus(state, atMs),
    durations: new Durations(),
    appends: new Histogram(appendBuckets),
    journal: { entries: 1, lastCommitAtUs: 1 },
    disk: undefined,
    loopDelay: { mostMs: 1, p99Ms: 1 },
    dialFailures: () => 0,
    expiries: [],
  });
  return [...formatFamilies(families)].join('');
}

// Names here are of the forms that their constructors take.
const nameOf = (at: number): Mnemonic => `Q${String(at).padStart(7, '0')}` as Mnemonic;

function filled(terminals: number, waiting: number): State {
  const settings = {
    name: 'BENCH',
    upstreams: [{ name: 'STATE', station: 'BENCH', routes: ['state'] }],
  } as unknown as SwitchSettings;
  const digest = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');
  const state = createState(settings, keyTable, digest);
  const { ledger, live } = state;
  for (let at = 0; at < terminals; at += 1) {
    const name = `STATION-${at}` as StationName;
    const mnemonic = nameOf(at);
    ledger.register.station.set(name, {
      ...{ name, role: 'terminal', state: 'enabled', fingerprints: [], mnemonics: [mnemonic] },
      ...{ pools: [], tafs: [], tafRequired: [], unattended: false },
    });
    live.set(name, { upstream: undefined, role: 'terminal', station: name } as OpenLink);
  }
  for (let at = 0; at < waiting; at += 1) {
    const mnemonic = nameOf(at % Math.max(1, terminals));
    const to = { kind: 'mnemonic', mnemonic, class: 5 } as const;
    enqueue(ledger, {
      ...{ id: `${at}.0`, source: at, index: 0, to, thread: at, sinceMs: at, state: 'queued' },
      ...{ oif: undefined, taf: undefined, ori: undefined, agency: undefined, mke: undefined },
      ...{ sentEntry: undefined, mayBeThere: false, sentTo: undefined },
    });
  }
  return state;
}

const names = {
  ...{ station: 'STATION-1' as StationName, session: 'session' as SessionId },
  ...{ user: 'jdoe' as UserName, mke: 'QV' as Mke, class: 3 },
};

function received(entry: number): JournalEntry {
  const to = [{ kind: 'upstream', upstream: 'STATE', class: 3 } as const];
  const draft = { kind: 'received', direction: 'in', to, outcome: 'accepted' } as const;
  return { entry, time: atMs * 1_000, ...draft, ...names, mnemonic: nameOf(1), answerMs: 60_000 };
}

/** One there and back: six entries of the journal. */
function inquiry(first: number): readonly JournalEntry[] {
  const stamp = (at: number) => ({ entry: first + at, time: atMs * 1_000 });
  const down = [{ kind: 'user', mnemonic: nameOf(1), class: 3 } as const];
  const up = { direction: 'out', delivery: `${first + 1}.0`, upstream: 'STATE', ...names } as const;
  const back = { direction: 'down', delivery: `${first + 4}.0`, ...names } as const;
  const answer = { upstream: 'STATE', answers: first + 1, final: true, class: 3 } as const;
  return [
    received(first + 1),
    { ...stamp(2), kind: 'sent', ...up, outcome: 'sent' },
    { ...stamp(3), kind: 'delivered', ...up, outcome: 'delivered' },
    { ...stamp(4), kind: 'received', direction: 'up-in', to: down, outcome: 'hit', ...answer },
    { ...stamp(5), kind: 'sent', ...back, outcome: 'sent' },
    { ...stamp(6), kind: 'delivered', ...back, mnemonic: nameOf(1), outcome: 'delivered' },
  ];
}
