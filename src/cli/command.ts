// What a command is: its row in the table, and what it is called with.
// From the row come parsing, help and the tests of both; nothing about a command is said elsewhere.

import type { Flags } from './flags.ts';
import type { Output } from './output.ts';

export interface FlagSpec {
  /** As commander reads it: `-n, --limit <count>`; a value in `<...>` with three dots repeats. */
  readonly flags: string;
  readonly text: string;
}

export interface CommandSpec {
  /** Its words: `journal search`. */
  readonly name: string;
  /** Its arguments, `[expr...]`; empty when it has none. */
  readonly argument: string;
  /** One line, no full stop. */
  readonly text: string;
  /** Further lines for `--help`. */
  readonly more?: string;
  readonly flags: readonly FlagSpec[];
  /** It prints rows, so that `-o csv` and `--columns` mean something. */
  readonly rows?: true;
  /** Its own forms of output, the standard one first, in place of those of every command. */
  readonly forms?: readonly string[];
  /** The exit code of every fault, where a caller knows a few codes alone. */
  readonly faultExit?: number;
  /** Whole command lines as typed in a shell, without `msc`. */
  readonly examples: readonly string[];
  /** Brings its file; nothing of a command is read before it is the one asked for. */
  readonly load: () => Promise<Run>;
}

/** One command line, read. */
export interface Call {
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly output: Output;
}

/** Does it, and says the exit code; throws `MscFault` for everything that has a code. */
export type Run = (call: Call) => Promise<number>;
