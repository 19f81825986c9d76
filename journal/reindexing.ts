// What making indexes anew is asked and told: words that the journal and both ends of the control socket share.
// Pure.

/** Sealed segments whose index is made anew, and with more than one of them the index of what is not sealed. */
export type ReindexWish =
  | { readonly kind: 'all' }
  /** Those whose filter is missing, or whose index is not that of their entries. */
  | { readonly kind: 'damaged' }
  /** The one that has this entry. */
  | { readonly kind: 'segment'; readonly entry: number };

export interface ReindexBegun {
  /** It is known what it looks at. */
  readonly begun: Reindexing;
  /** Resolves when it is over, one way or the other. */
  readonly over: Promise<Reindexing>;
}

export interface Reindexing {
  readonly wish: ReindexWish;
  /** `failed`: it stopped for want of room, or the disk failed. `broken off`: the switch ended. */
  readonly state: 'running' | 'done' | 'failed' | 'broken off';
  /** Sealed segments that are looked at, and those that it is done with. */
  readonly segments: number;
  readonly looked: number;
  /** Those that have a new index. */
  readonly renewed: number;
  /** First entry of the one it is at. */
  readonly at?: number | undefined;
  /** First entries of those whose entries do not hold: they are as they were. */
  readonly unproved: readonly number[];
  /** Why it failed, without a text of any entry. */
  readonly why?: string | undefined;
}

export const nothingYet = { segments: 0, looked: 0, renewed: 0, unproved: [] } as const;
