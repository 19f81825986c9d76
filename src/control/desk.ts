// The port behind the operator commands: what they may know of the running switch and ask of it.
// The daemon gives it; commands see nothing else. Acts go through the switch and are journalled there.

import type { KeyTable } from '#protocol/keys';
import type { StoredEntry } from '#journal/entry';
import type { Head, Journal } from '#journal/journal';
import type { PurgeAsked } from '#journal/purge';
import type { Query } from '#journal/query';
import type { Register } from '#journal/register';
import type { Row } from '#journal/row';
import type { PasswordHash, RegisterStore } from '#journal/register-store';
import type { Act, OperatorAct } from '#switch/event';
import type { Outlook } from '#switch/operate';
import type { KeyRoute, Rehearsal, RouteAsked } from '#switch/rehearse';
import type { Jobs } from './jobs.ts';
import type {
  Commands,
  ConfigurationText,
  ReloadReport,
  RollbackReport,
  StatusReport,
  TraceView,
} from './wire.ts';
import type { SearchSettings } from './wire-search.ts';
import type {
  LinkRow,
  ProbeRow,
  QueueRow,
  TerminalRow,
  UpstreamRow,
  WaitingRow,
} from './wire-views.ts';

/** Configurations that are or were in force. */
export interface ConfigurationDesk {
  readonly inForce: () => ConfigurationText;
  /** @throws MscFault MSC-1106 */
  readonly read: (version: number) => Promise<ConfigurationText>;
  /** Numbers of those that are kept, with what each changed against the one before it, where that is known. */
  readonly kept: () => Promise<ReadonlyMap<number, string | undefined>>;
  /** Durable and in force when it resolves. @throws MscFault why nothing was changed. */
  readonly rollback: (
    person: string,
    wish: { readonly version: number; readonly reason?: string | undefined },
  ) => Promise<RollbackReport>;
}

export interface RouteDesk {
  readonly all: () => readonly KeyRoute[];
  readonly test: (asked: RouteAsked) => Rehearsal;
}

/** Watches over links and messages. */
export interface TraceDesk {
  /** It sees nothing before `watch`. @throws MscFault MSC-1401, MSC-1403 */
  readonly start: (
    person: string,
    wish: Commands['trace-start']['args'],
  ) => { readonly trace: TraceView; readonly watch: () => TraceView };
  readonly all: () => readonly TraceView[];
  /** @throws MscFault MSC-1402 */
  readonly show: (id: number) => { readonly trace: TraceView; readonly rows: readonly Row[] };
  /** @throws MscFault MSC-1402 */
  readonly stop: (id: number) => TraceView;
}

/** Names, counters and states, made as they are taken: whoever takes them may pause in between. */
export interface Views {
  readonly links: () => Iterable<LinkRow>;
  readonly link: (id: number) => LinkRow | undefined;
  readonly terminals: () => Iterable<TerminalRow>;
  readonly terminal: (name: string) => TerminalRow | undefined;
  readonly upstreams: () => Iterable<UpstreamRow>;
  readonly upstream: (name: string) => UpstreamRow | undefined;
  readonly queues: () => Iterable<QueueRow>;
  /** One for each queue that the name may mean. */
  readonly queue: (name: string) => readonly QueueDetail[];
}

export interface QueueDetail {
  /** Its whole name, `m:QZ01`, which means it alone. */
  readonly key: string;
  readonly row: QueueRow;
  readonly waiting: () => Iterable<WaitingRow>;
}

/** What questions about the journal are answered from, by a running switch and without one. */
export interface JournalDesk {
  readonly journal: Pick<Journal, 'read' | 'search' | 'tally' | 'plan' | 'oldest'> & {
    readonly head: () => Promise<Pick<Head, 'entries'>>;
  };
  /** What the configuration in force says about searches. */
  readonly searching: () => SearchSettings;
  /** Leaves the entry of a look; undefined where no switch runs that could write it. */
  readonly act: (person: string, act: Act) => Promise<{ readonly entry: number } | undefined>;
}

export interface Desk extends JournalDesk {
  /** Counters and states; never reads the journal. `brief`: stations as counts alone. */
  readonly status: (brief: boolean) => StatusReport;
  readonly views: Views;
  /** What an act would meet. @throws MscFault why it cannot be done. */
  readonly outlook: (act: OperatorAct) => Outlook;
  /** Whether pages can be printed there. @throws MscFault MSC-1702 why not. */
  readonly printer: (mnemonic: string) => void;
  /** Entries that fit, as they become durable, until the signal. */
  readonly follow: (query: Query, gone: AbortSignal) => AsyncIterable<readonly StoredEntry[]>;
  /** How long the journal is kept, and the oldest message that the switch still needs. */
  readonly purging: () => Pick<PurgeAsked, 'keptDays' | 'waiting'>;
  readonly jobs: Jobs;
  /** Bounded in time. @throws MscFault MSC-1601 */
  readonly probe: (name: string, tls: boolean) => Promise<readonly ProbeRow[]>;
  /** The register as the switch has it now; not to be changed. */
  readonly register: () => Register;
  readonly journal: Journal;
  readonly registerStore: Pick<RegisterStore, 'putSecret'>;
  /** Which rule a new password breaks, in a sentence that does not repeat it; undefined for none. */
  readonly passwordFlaw: (user: string, password: string) => string | undefined;
  /** One at a time. @throws MscFault MSC-1304 when too many wait. */
  readonly hash: (password: string) => Promise<PasswordHash>;
  /** Through the switch: durable when it resolves. @throws MscFault what the switch said instead. */
  readonly act: (person: string, act: Act) => Promise<{ readonly entry: number }>;
  /** Durable and in force when it resolves. @throws MscFault why nothing was changed. */
  readonly reload: (person: string, reason: string | undefined) => Promise<ReloadReport>;
  readonly configuration: ConfigurationDesk;
  readonly routes: RouteDesk;
  readonly traces: TraceDesk;
  /** Unguessable, new for each change. */
  readonly newId: () => string;
  readonly keys: KeyTable;
}
