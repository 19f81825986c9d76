// What every simulated host is, however many processes they are: it hears texts in its own dialect and says
// texts. It knows no socket and no clock; time comes with each call. It never throws for input.

import type { Result } from '#protocol/result';

/** One message as a host hears it. */
export interface Heard {
  /** In the dialect of the host, without the extended header. */
  readonly text: string;
  readonly oif?: string | undefined;
  readonly taf?: string | undefined;
  readonly mnemonic?: string;
  /** By what its sender knows it: the same where the message comes again. */
  readonly reference?: string;
  /** It may have been heard before. @source link M7 */
  readonly again?: boolean;
}

/** A whole text in the dialect of the host. The handle in it (header, control field, ORI) says to whom. */
export interface Said {
  readonly text: string;
  /** Sent so many milliseconds after it was made; at once without it. */
  readonly afterMs?: number;
  /** False where more answers to the same message follow. */
  readonly final?: boolean;
}

/** What came of a command: lines for whoever gave it, and what it made the host say. */
export interface CommandDone {
  readonly lines: readonly string[];
  readonly said: readonly Said[];
}

export interface SimHost {
  /** What it says to one message, in order; empty for nothing, or nothing yet. */
  take(heard: Heard, atMs: number): readonly Said[];
  /** What has become due since: notices, merged answers, stragglers, purges. */
  due(atMs: number): readonly Said[];
  /** When `due` has something to say next; undefined: never by itself. */
  readonly nextAtMs: number | undefined;
  /** Words of its own on the control socket; an error is a sentence. */
  command?(words: readonly string[], atMs: number): Result<CommandDone, string>;
  close(): void;
}
