// What the control socket says of releases and of an auditor's questions: arguments, results, and the words that both
// ends share. Part of wire.ts.

import type { Query } from '#journal/query';
import type { SearchEnd } from './wire-search.ts';

export interface ReleaseCommands {
  /** Rows: pages, `{ lines }`, where it goes to no printer. */
  readonly print: {
    readonly args: {
      readonly query: Query;
      readonly asked: string;
      /** Time zone of the paper. */
      readonly zone: string;
      /** Mnemonic of a printer; else the pages are for a file of the person's. */
      readonly to?: string;
      /** Its name, for the record. */
      readonly file?: string;
      /** False: only say how many pages it would be. */
      readonly apply: boolean;
    } & ReleaseWhy;
    readonly end: PrintReport;
  };
  /** Rows: entries with their text, after the release. */
  readonly export: {
    readonly args: {
      readonly query: Query;
      readonly asked: string;
      readonly form: 'jsonl' | 'csv' | 'txt';
      /** Its name, for the record. */
      readonly file: string;
    } & ReleaseWhy;
    readonly end: SearchEnd;
  };
  /** Rows: who saw the message of this entry and what belongs to it, and how. */
  readonly 'who-saw': { readonly args: { readonly entry: number }; readonly end: SearchEnd };
  /** Rows: its deliveries, `DeliveryRow`. */
  readonly delivered: { readonly args: { readonly entry: number }; readonly end: DeliveredEnd };
  /** Rows: groups of entries with their count, first and last. */
  readonly tally: {
    readonly args: {
      readonly command: 'who-ran' | 'stats';
      readonly query: Query;
      readonly asked: string;
      readonly by: readonly TallyColumn[];
      /** Whose days are counted. */
      readonly zone: string;
    };
    readonly end: SearchEnd;
  };
}

/** Why message text is released, and to whom: members of the release record. */
export interface ReleaseWhy {
  readonly reason?: string;
  readonly case?: string;
  /** Who asked for it, where that is not the person at the command line. */
  readonly requester?: string;
  /** Who gets it. */
  readonly recipient?: string;
}

export interface PrintReport {
  readonly count: number;
  readonly pages: number;
  /** The entry that records the release; of nothing released, the search. */
  readonly entry: number;
  readonly release?: string;
}

/** What entries can be counted by: a local day, or a column. */
export const tallyColumns = [
  ...(['day', 'user', 'oif', 'agency', 'ori', 'mnemonic', 'station', 'mke', 'kind'] as const),
  ...(['direction', 'outcome', 'code', 'upstream', 'event'] as const),
] as const;
export type TallyColumn = (typeof tallyColumns)[number];

export interface DeliveredEnd extends SearchEnd {
  readonly deliveries: number;
  /** How many of them did not arrive, or not yet. */
  readonly open: number;
}
