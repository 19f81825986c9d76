// Every metric of the switch, by name: made from facts when somebody asks, in the order of the operator
// reference. Pure. Labels are bounded: kinds, classes, outcomes, codes, names of upstreams, queues, certificates
// and mnemonics; never people, ORIs or text. A name that was given is never given another meaning.

import type { Census, QueueCount } from '#switch/census';
import { classNameOf } from './classes.ts';
import type { Durations } from './durations.ts';
import { type Family, type Sample, sample } from './format.ts';
import type { Histogram } from './histogram.ts';
import type { Tally } from './tally.ts';

export interface MetricFacts {
  readonly version: string;
  /** Of the entries of the journal. */
  readonly schema: number;
  readonly startedAtUs: number;
  readonly ready: boolean;
  readonly census: Census;
  /** Connections of any kind, also those before their HELLO. */
  readonly connections: number;
  readonly tally: Tally;
  readonly durations: Durations;
  readonly appends: Histogram;
  readonly journal: {
    /** Durable ones. */
    readonly entries: number;
    readonly lastCommitAtUs: number;
  };
  /** Undefined until it was looked at. */
  readonly disk:
    | {
        readonly freeBytes: number;
        readonly sizeBytes: number;
        readonly journalBytes: number;
        readonly walBytes: number;
      }
    | undefined;
  readonly loopDelay: { readonly mostMs: number; readonly p99Ms: number };
  readonly dialFailures: (upstream: string) => number;
  readonly expiries: readonly Expiry[];
}

/** When something of ours ends. */
export interface Expiry {
  readonly kind: 'certificate' | 'list';
  /** The setting that names its file. */
  readonly name: string;
  readonly endsMs: number;
}

export function familiesOf(facts: MetricFacts): readonly Family[] {
  return [
    ...processFamilies(facts),
    ...messageFamilies(facts),
    ...linkFamilies(facts),
    ...upstreamFamilies(facts),
    ...queueFamilies(facts.census),
    ...journalFamilies(facts),
    ...machineFamilies(facts),
  ];
}

type Samples = number | Iterable<Sample>;

const family =
  (type: Family['type']) =>
  (name: string, help: string, samples: Samples): Family => ({
    name,
    help,
    type,
    samples: typeof samples === 'number' ? [sample(samples)] : samples,
  });
const gauge = family('gauge');
const counter = family('counter');
const histogram = family('histogram');

function processFamilies({ version, schema, startedAtUs, ready }: MetricFacts): readonly Family[] {
  return [
    gauge('msc_build_info', 'The version that runs and the format of its entries; always 1.', [
      sample(1, { version, schema: String(schema) }),
    ]),
    gauge('msc_start_time_seconds', 'When this process began, since 1970.', startedAtUs / 1e6),
    gauge('msc_ready', '1 while messages are taken.', ready ? 1 : 0),
  ];
}

function messageFamilies({ tally, durations }: MetricFacts): readonly Family[] {
  return [
    counter(
      'msc_messages_total',
      'What became of messages, by the entries of the journal; class unknown: refused before it was read.',
      tally.messages(),
    ),
    counter(
      'msc_rejects_total',
      'Peers that were told they are wrong, by the code of REFUSED or CLOSE.',
      tally.rejects(),
    ),
    histogram(
      'msc_delivery_seconds',
      'From the receipt of a message to the acknowledgement of its addressee; out: an upstream, down: a station.',
      durations.deliveries(),
    ),
  ];
}

function linkFamilies({ census, connections, tally }: MetricFacts): readonly Family[] {
  const { links, terminals } = census;
  const signedOn = links.find(({ state }) => state === 'signed-on')?.count ?? 0;
  const unknown = connections - links.reduce((sum, { count }) => sum + count, 0);
  return [
    gauge('msc_links', 'Connections; unknown: before HELLO or while closing.', [
      ...links.map(({ kind, state, count }) => sample(count, { link_kind: kind, state })),
      sample(Math.max(0, unknown), { link_kind: 'unknown', state: 'connected' }),
    ]),
    counter('msc_link_events_total', 'What happened to links and sign-ons.', tally.linkEvents()),
    gauge('msc_terminals_signed_on', 'Terminals with a person signed on.', signedOn),
    gauge(
      'msc_terminal_connected',
      '1 while a terminal that serves this mnemonic is connected.',
      connectedOf(terminals),
    ),
    gauge(
      'msc_terminal_last_activity_timestamp_seconds',
      'When it last sent or acknowledged a message in this run, since 1970.',
      activityOf(terminals, tally),
    ),
  ];
}

function* connectedOf(terminals: Census['terminals']): Generator<Sample> {
  for (const [mnemonic, here] of terminals) yield sample(here ? 1 : 0, { mnemonic });
}

function* activityOf(terminals: Census['terminals'], tally: Tally): Generator<Sample> {
  for (const mnemonic of terminals.keys()) {
    const at = tally.lastActivity(mnemonic);
    if (at !== undefined) yield sample(at, { mnemonic });
  }
}

function upstreamFamilies({
  census,
  tally,
  durations,
  dialFailures,
}: MetricFacts): readonly Family[] {
  const { upstreams, requests } = census;
  return [
    gauge(
      'msc_upstream_up',
      '1 while the link to this upstream is up.',
      upstreams.map(({ name, up }) => sample(up ? 1 : 0, { upstream: name })),
    ),
    gauge(
      'msc_upstream_unacknowledged',
      'Messages sent to this upstream that it has not acknowledged.',
      upstreams.map(({ name, unacknowledged }) => sample(unacknowledged, { upstream: name })),
    ),
    counter(
      'msc_upstream_reconnects_total',
      'Times the link to this upstream came up again.',
      upstreams.map(({ name }) => sample(tally.reconnects(name), { upstream: name })),
    ),
    counter(
      'msc_upstream_dial_failures_total',
      'Attempts to dial this upstream that failed.',
      upstreams.map(({ name }) => sample(dialFailures(name), { upstream: name })),
    ),
    histogram(
      'msc_upstream_reply_seconds',
      'From a question sent to this upstream to its first answer.',
      upstreams.flatMap(({ name }) => durations.replies(name)),
    ),
    gauge('msc_requests_open', 'Requests that await answers.', requests),
  ];
}

function queueFamilies({ queues }: Census): readonly Family[] {
  const depth = queues.find(({ name }) => name === 'intercept')?.waiting ?? 0;
  return [
    gauge(
      'msc_queue_depth',
      'Messages that wait; stations: for all of them.',
      queues.map(({ name, waiting }) => sample(waiting, { queue: name })),
    ),
    gauge(
      'msc_queue_oldest_seconds',
      'How long the oldest of them has waited; 0 where none does.',
      queues.map((queue) => sample(oldestOf(queue) / 1000, { queue: queue.name })),
    ),
    gauge(
      'msc_queue_oldest_by_class_seconds',
      'The same, of each class that has one waiting.',
      queues.flatMap(({ name, oldestMs }) =>
        [...oldestMs].map(([messageClass, ms]) =>
          sample(ms / 1000, { queue: name, class: classNameOf(messageClass) }),
        ),
      ),
    ),
    gauge('msc_intercept_depth', 'Messages that await an operator.', depth),
  ];
}

const oldestOf = ({ oldestMs }: QueueCount): number => Math.max(0, ...oldestMs.values());

function journalFamilies({
  journal,
  appends,
  disk,
  tally,
  durations,
}: MetricFacts): readonly Family[] {
  return [
    counter('msc_journal_entries_total', 'Durable entries of the journal.', journal.entries),
    gauge(
      'msc_journal_last_commit_timestamp_seconds',
      'When entries last became durable, since 1970.',
      journal.lastCommitAtUs / 1e6,
    ),
    histogram(
      'msc_journal_append_seconds',
      'From handing a batch of entries to the journal to its durability.',
      appends.samples(),
    ),
    gauge('msc_journal_bytes', 'Length of the files of the journal.', of(disk?.journalBytes)),
    gauge(
      'msc_journal_wal_bytes',
      'Length of its log, whose pages are moved into the file later.',
      of(disk?.walBytes),
    ),
    counter('msc_searches_total', 'Searches of the journal, by how they ended.', tally.searches()),
    histogram(
      'msc_search_seconds',
      'How long they took, with the time of whoever took the rows.',
      durations.searches(),
    ),
  ];
}

function machineFamilies({ disk, loopDelay, expiries, tally }: MetricFacts): readonly Family[] {
  const ends = (kind: Expiry['kind']): readonly Sample[] =>
    expiries
      .filter((expiry) => expiry.kind === kind)
      .map(({ name, endsMs }) => sample(endsMs / 1000, { name }));
  return [
    gauge(
      'msc_certificate_expiry_timestamp_seconds',
      'When the first certificate of this file ends, since 1970.',
      ends('certificate'),
    ),
    gauge(
      'msc_revocation_list_expiry_timestamp_seconds',
      'When the first list of this file ends, since 1970.',
      ends('list'),
    ),
    gauge('msc_disk_free_bytes', 'Room on the disk of the journal.', of(disk?.freeBytes)),
    gauge('msc_disk_size_bytes', 'All of it, full or free.', of(disk?.sizeBytes)),
    counter(
      'msc_clock_steps_total',
      'Times the wall clock was set by more than a second.',
      tally.clockSteps,
    ),
    gauge(
      'msc_event_loop_delay_seconds',
      'How late the event loop was at most within the last minute.',
      loopDelay.mostMs / 1000,
    ),
    gauge(
      'msc_event_loop_delay_p99_seconds',
      'The 99th percentile of the same, in the worst part of that minute.',
      loopDelay.p99Ms / 1000,
    ),
  ];
}

/** What is not known has no sample, rather than a wrong one. */
const of = (value: number | undefined): readonly Sample[] =>
  value === undefined ? [] : [sample(value)];
