// What a crowd can be told, and what it answers.

import type { Role } from '#protocol/control';
import type { GuessPlan } from './guesser.ts';
import type { StrangerCounts, StrangerPlan } from './strangers.ts';

export interface TerminalsPlan {
  readonly host: string;
  readonly port: number;
  readonly role: Role;
  readonly badgesFile: string;
  /** Which of the badges. */
  readonly from: number;
  readonly to: number;
  readonly perSecond: number;
  readonly withinMs: number;
  readonly addresses: readonly string[];
  readonly patienceMs: number;
  readonly reads: boolean;
}

export type Order =
  | { readonly do: 'come'; readonly plan: TerminalsPlan }
  | { readonly do: 'break'; readonly withinMs: number }
  | { readonly do: 'strangers'; readonly plan: StrangerPlan }
  | { readonly do: 'guess'; readonly plan: GuessPlan; readonly badgesFile: string }
  | { readonly do: 'count' }
  | { readonly do: 'go' };

export interface Crowded {
  readonly up: number;
  readonly welcomed: number;
  readonly resumed: number;
  readonly strangers: StrangerCounts | undefined;
  readonly guesses: number;
}

export interface Welcomed {
  readonly welcomed: number;
  readonly medianMs: number;
  readonly lastMs: number;
  readonly attempts: number;
}

export type Answer = Crowded | Welcomed;
