// The control socket's language: JSON, one object a line, both ways. Types alone; both ends use them.
// The person is proved by file ownership (operator-experience 2): the daemon names a nonce and a folder,
// the client creates that file there, the daemon reads its owner. No member ever names a person.

import type { Query } from '#journal/query';
import type { OperatorRole } from '#journal/register';
import type { ReindexWish } from '#journal/reindexing';
import type { Rehearsal } from '#switch/rehearse';
import type { StatusView } from '#switch/view';
import type { PurgeCommands } from './wire-purge.ts';
import type { ReleaseCommands, ReleaseWhy } from './wire-releases.ts';
import type {
  ActReport,
  LinkRow,
  ProbeRow,
  QueueRow,
  TerminalRow,
  TestReport,
  UpstreamRow,
} from './wire-views.ts';
import type {
  JobView,
  PlanReport,
  ReindexView,
  SearchEnd,
  SearchSettings,
  SearchWish,
} from './wire-search.ts';

/** First line, from the daemon. */
export interface Greeting {
  readonly msc: string;
  readonly nonce: string;
  readonly folder: string;
}
/** Second line, from the client, after the file was made. */
export interface Proof {
  readonly proof: string;
}
/** Third line, from the daemon. */
export interface Welcome {
  readonly person: string;
  readonly roles: readonly OperatorRole[];
}

/** Arguments and results of each command. `rows` come first, each line a batch; `end` is the last line. */
export interface Commands extends ReleaseCommands, PurgeCommands {
  /** `brief`: stations as counts alone. */
  readonly status: { readonly args: { readonly brief?: boolean }; readonly end: StatusReport };
  readonly search: {
    readonly args: SearchWish & {
      /** Message text with the rows: needs a reason, is journalled as a release before anything is shown. */
      readonly text: boolean;
    } & ReleaseWhy;
    readonly end: SearchEnd;
  };
  /** What it would take; reads nothing. */
  readonly 'search-plan': { readonly args: SearchWish; readonly end: PlanReport };
  /** Searches of one's own that run, or ran, in the background. */
  readonly 'job-ls': {
    readonly args: Record<string, never>;
    readonly end: { readonly jobs: readonly JobView[] };
  };
  readonly 'job-show': { readonly args: { readonly job: number }; readonly end: JobView };
  readonly 'job-cancel': { readonly args: { readonly job: number }; readonly end: JobView };
  /** Rows: what it found, as of `search`. */
  readonly 'job-fetch': {
    readonly args: { readonly job: number; readonly text: boolean } & ReleaseWhy;
    readonly end: SearchEnd;
  };
  /** What the configuration says about searches. */
  readonly 'search-settings': {
    readonly args: Record<string, never>;
    readonly end: SearchSettings;
  };
  /** Makes indexes anew in the background. */
  readonly reindex: {
    readonly args: { readonly wish: ReindexWish; readonly reason?: string };
    readonly end: ReindexView;
  };
  /** The one that runs, or the last one since the start; none: it has no `view`. */
  readonly 'reindex-show': {
    readonly args: Record<string, never>;
    readonly end: { readonly view?: ReindexView };
  };
  readonly show: {
    readonly args: {
      readonly entry: number;
      /** The whole thread instead of the one entry. */
      readonly thread: boolean;
    } & ReleaseWhy;
    readonly end: SearchEnd;
  };
  readonly registry: {
    readonly args: {
      readonly toml: string;
      readonly file: string;
      /** False: only say what would change. */
      readonly apply: boolean;
      readonly reason?: string;
    };
    readonly end: { readonly changes: readonly ChangeLine[]; readonly entry?: number };
  };
  readonly 'user-add': {
    readonly args: {
      readonly user: string;
      readonly name: string;
      readonly oif: string;
      readonly agency: string;
      readonly sends: readonly string[];
      readonly pools: readonly string[];
      readonly password: string;
      readonly mustChange: boolean;
    };
    readonly end: { readonly entry: number };
  };
  readonly 'user-passwd': {
    readonly args: {
      readonly user: string;
      readonly password: string;
      readonly mustChange: boolean;
    };
    readonly end: { readonly entry: number };
  };
  readonly 'user-unlock': {
    readonly args: { readonly user: string; readonly reason?: string };
    readonly end: { readonly entry: number };
  };
  /** Reads configuration, certificates and lists again. */
  readonly reload: {
    readonly args: { readonly reason?: string };
    readonly end: ReloadReport;
  };
  /** The text in force, or that of an earlier version. */
  readonly config: {
    readonly args: { readonly version?: number };
    readonly end: ConfigurationText;
  };
  /** Every change of it that the journal knows, oldest first. */
  readonly 'config-history': {
    readonly args: Record<string, never>;
    readonly end: { readonly count: number };
  };
  /** Puts an earlier version in the place of the file and takes it. */
  readonly 'config-rollback': {
    readonly args: { readonly version: number; readonly reason?: string };
    readonly end: RollbackReport;
  };
  readonly routes: {
    readonly args: Record<string, never>;
    readonly end: { readonly count: number };
  };
  /** What would become of a message; nothing is sent, changed or journalled. */
  readonly 'route-test': { readonly args: RouteWish; readonly end: Rehearsal };
  readonly 'trace-start': {
    readonly args: {
      readonly of: 'terminal' | 'link' | 'upstream' | 'entry';
      readonly name: string;
      readonly forMs: number;
      readonly reason: string;
    };
    readonly end: TraceView;
  };
  readonly 'trace-ls': {
    readonly args: Record<string, never>;
    readonly end: { readonly traces: readonly TraceView[] };
  };
  readonly 'trace-show': { readonly args: { readonly id: number }; readonly end: TraceView };
  readonly 'trace-stop': {
    readonly args: { readonly id: number; readonly reason?: string };
    readonly end: TraceView;
  };
  /** Rows: every link, and every upstream without one. */
  readonly links: { readonly args: Record<string, never>; readonly end: Counted };
  readonly link: { readonly args: { readonly link: number }; readonly end: LinkRow };
  readonly 'link-close': {
    readonly args: { readonly link: number } & Acted;
    readonly end: ActReport;
  };
  /** Rows as of `follow`: the entries of links, sign-ons and who is shut out. Ends with its client. */
  readonly 'link-watch': { readonly args: Record<string, never>; readonly end: Counted };
  readonly terminals: { readonly args: Record<string, never>; readonly end: Counted };
  /** By the name of the station, or a mnemonic. */
  readonly terminal: { readonly args: { readonly name: string }; readonly end: TerminalRow };
  readonly 'terminal-set': {
    readonly args: { readonly name: string; readonly to: 'enable' | 'disable' } & Acted;
    readonly end: ActReport;
  };
  readonly 'terminal-test': {
    readonly args: { readonly name: string } & Acted;
    readonly end: ActReport | TestReport;
  };
  readonly upstreams: { readonly args: Record<string, never>; readonly end: Counted };
  readonly upstream: { readonly args: { readonly name: string }; readonly end: UpstreamRow };
  readonly 'upstream-set': {
    readonly args: { readonly name: string; readonly to: 'enable' | 'disable' } & Acted;
    readonly end: ActReport;
  };
  readonly 'upstream-probe': {
    readonly args: { readonly name: string; readonly tls: boolean };
    readonly end: { readonly steps: readonly ProbeRow[] };
  };
  readonly queues: { readonly args: Record<string, never>; readonly end: Counted };
  /** Rows: what waits, in the order it would go, at most `limit`; 0 is all. */
  readonly queue: {
    readonly args: { readonly name: string; readonly limit: number };
    readonly end: QueueRow;
  };
  /** Rows: entries as they become durable, without text. Ends with its client. */
  readonly follow: {
    readonly args: {
      readonly where: Query['where'];
      readonly asked: string;
      /** Everything from this entry on, what is there and what comes; absent: what comes. */
      readonly from?: number;
    };
    readonly end: Counted;
  };
  /** Enrols a certificate's fingerprint with its station. */
  readonly enrol: {
    readonly args: { readonly station: string; readonly fingerprint: string };
    readonly end: { readonly entry: number };
  };
}
/** False: only say what it would meet. */
export interface Acted {
  readonly apply: boolean;
  readonly reason?: string;
}

export interface Counted {
  readonly count: number;
}

export type CommandName = keyof Commands;

export type Request = {
  [C in CommandName]: {
    readonly id: number;
    readonly command: C;
    readonly args: Commands[C]['args'];
  };
}[CommandName];

export type Response =
  | { readonly id: number; readonly rows: readonly Readonly<Record<string, unknown>>[] }
  | { readonly id: number; readonly end: Commands[CommandName]['end'] }
  | { readonly id: number; readonly error: ControlError };

export interface ControlError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly exit: number;
}

export interface StatusReport {
  readonly version: string;
  readonly county: string;
  readonly pid: number;
  readonly startedAtUs: number;
  readonly ready: boolean;
  /** Why not ready, in words. */
  readonly notReady?: string | undefined;
  readonly view: StatusView;
  /** Absent from a switch that is older than this command. */
  readonly terminals?: {
    readonly known: number;
    readonly connected: number;
    readonly signedOn: number;
    readonly disabled: number;
    /** Names of some that are not connected. */
    readonly dark: readonly string[];
  };
  /** Of each upstream that is down: when it is dialled again, and why the last attempt failed. */
  readonly dialling?: readonly {
    readonly name: string;
    readonly nextMs?: number | undefined;
    readonly why?: string | undefined;
    /** An operator took it down. */
    readonly resting: boolean;
  }[];
  readonly journal: {
    readonly folder: string;
    readonly entries: number;
    readonly lastCommitMs: number;
    readonly blocked: boolean;
    /** Part of its disk that is taken, 0 to 1, seconds ago at most while it answers; absent before the first look. */
    readonly diskUsed?: number | undefined;
  };
  /** The configuration in force: its file, and the SHA-256 of its text in hex. */
  readonly configuration?: { readonly file: string; readonly digest: string };
  readonly addresses: { readonly stations: string; readonly http?: string | undefined };
  /** Certificates that end soon: what the attention lines are made from. */
  readonly attention: readonly {
    readonly code: string;
    readonly text: string;
    readonly next?: string;
  }[];
}

export interface ReloadReport {
  /** Settings and files that are others now; keys are only said to have changed. */
  readonly changes: readonly { readonly key: string; readonly text: string }[];
  /** Links that end for it: their certificate does not stand any more. */
  readonly cut: number;
  /** SHA-256 of the configuration file, in hex. */
  readonly digest: string;
  readonly entry: number;
}

export interface ConfigurationText {
  readonly file: string;
  /** SHA-256 of the text, in hex. */
  readonly digest: string;
  readonly toml: string;
  /** Absent where it could not be kept. */
  readonly version?: number | undefined;
}

export interface RollbackReport extends ReloadReport {
  readonly version: number;
  /** Where a text went that stood in the file and was never loaded. */
  readonly setAside?: string | undefined;
}

/** What `route test` asks: as typed, for the switch to judge. */
export interface RouteWish {
  readonly from: string;
  readonly mke: string;
  readonly ori?: string;
  readonly fields: readonly { readonly code: string; readonly value: string }[];
  readonly to: readonly string[];
  readonly user?: string;
}

/** A watch over one link or message; what it saw are its rows. */
export interface TraceView {
  readonly id: number;
  /** `terminal DEMO-DISP-01`. */
  readonly of: string;
  readonly person: string;
  readonly reason: string;
  readonly startedMs: number;
  readonly untilMs: number;
  readonly state: 'running' | 'stopped' | 'ended' | 'full';
  readonly records: number;
  readonly bytes: number;
  /** The entry that says that it began, or that it was stopped. */
  readonly entry?: number | undefined;
}

export interface ChangeLine {
  readonly op: 'add' | 'change' | 'remove';
  readonly table: string;
  readonly key: string;
  /** Members that differ, in words. */
  readonly text: string;
}
