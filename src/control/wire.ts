// The control socket's language: JSON, one object a line, both ways. Types alone; both ends use them.
// The person is proved by file ownership (operator-experience 2): the daemon names a nonce and a folder,
// the client creates that file there, the daemon reads its owner. No member ever names a person.

import type { Query } from '#journal/query';
import type { OperatorRole } from '#journal/register';
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
