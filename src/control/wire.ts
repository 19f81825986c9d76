// The control socket's language: JSON, one object a line, both ways. Types alone; both ends use them.
// The person is proved by file ownership (operator-experience 2): the daemon names a nonce and a folder,
// the client creates that file there, the daemon reads its owner. No member ever names a person.

import type { Query } from '#journal/query';
import type { OperatorRole } from '#journal/register';
import type { Rehearsal } from '#switch/rehearse';
import type { StatusView } from '#switch/view';

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
  readonly status: { readonly args: Record<string, never>; readonly end: StatusReport };
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
  /** Enrols a certificate's fingerprint with its station. */
  readonly enrol: {
    readonly args: { readonly station: string; readonly fingerprint: string };
    readonly end: { readonly entry: number };
  };
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
  readonly journal: {
    readonly folder: string;
    readonly entries: number;
    readonly lastCommitMs: number;
    readonly blocked: boolean;
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
