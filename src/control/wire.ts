// The control socket's language: JSON, one object a line, both ways. Types alone; both ends use them.
// The person is proved by file ownership (operator-experience 2): the daemon names a nonce and a folder,
// the client creates that file there, the daemon reads its owner. No member ever names a person.

import type { Query } from '#journal/query';
import type { OperatorRole } from '#journal/register';
import type { StatusView } from '#switch/view';
import type {
  ActReport,
  LinkRow,
  ProbeRow,
  QueueRow,
  TerminalRow,
  TestReport,
  UpstreamRow,
} from './wire-views.ts';

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
export interface Commands {
  /** `brief`: stations as counts alone. */
  readonly status: { readonly args: { readonly brief?: boolean }; readonly end: StatusReport };
  readonly search: {
    readonly args: {
      readonly query: Query;
      /** The words the person typed, for the journal's record of this search. */
      readonly asked: string;
      /** Message text with the rows: needs a reason, is journalled as a release before anything is shown. */
      readonly text: boolean;
      readonly reason?: string;
      readonly case?: string;
    };
    readonly end: SearchEnd;
  };
  readonly show: {
    readonly args: {
      readonly entry: number;
      readonly reason: string;
      readonly case?: string;
      /** The whole thread instead of the one entry. */
      readonly thread: boolean;
    };
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
    readonly args: { readonly where: Query['where']; readonly asked: string };
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
    /** Part of its disk that is taken, 0 to 1; absent where that was not to be had at once. */
    readonly diskUsed?: number | undefined;
  };
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

export interface SearchEnd {
  readonly count: number;
  /** Resolved instants of the search, microseconds. */
  readonly sinceUs?: number | undefined;
  readonly untilUs?: number | undefined;
  readonly tookMs: number;
  /** The entry that records this search. */
  readonly entry: number;
}

export interface ChangeLine {
  readonly op: 'add' | 'change' | 'remove';
  readonly table: string;
  readonly key: string;
  /** Members that differ, in words. */
  readonly text: string;
}
