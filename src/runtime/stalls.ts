// A disk that does not answer is treated as one that is full: stations hear BUSY, who waits for WELCOME or
// SIGNED_ON is sent away in time (link M4a), and when the commit comes after all everything goes on.
// It wraps the journal and tells its conditions; it writes nothing and gives nothing up.

import type { Journal, JournalCondition } from '#journal/journal';
import type { Clock } from '#src/net/ports';
import type { Log } from './log.ts';

type Wrapped = Pick<Journal, 'append' | 'read' | 'saveSnapshot' | 'onCondition'>;

export interface StallParts {
  readonly clock: Clock;
  readonly log: Pick<Log, 'write'>;
  /** A commit that takes longer is a stall. */
  readonly stallMs: number;
  readonly checkMs: number;
}

export class Stalls implements Wrapped, Disposable {
  readonly #journal: Wrapped;
  readonly #parts: StallParts;
  readonly #listeners: ((condition: JournalCondition) => void)[] = [];
  /** When the appends under way began, oldest first: they end in their order. */
  readonly #sinceMs: number[] = [];
  readonly #timer: NodeJS.Timeout;
  #full = false;
  #slow = false;

  constructor(journal: Wrapped, parts: StallParts) {
    this.#journal = journal;
    this.#parts = parts;
    this.#timer = setInterval(() => this.#look(), parts.checkMs).unref();
    journal.onCondition((condition) => this.#hear(condition));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  onCondition(listener: (condition: JournalCondition) => void): void {
    this.#listeners.push(listener);
  }

  read(entry: number): ReturnType<Journal['read']> {
    return this.#journal.read(entry);
  }

  saveSnapshot(entry: number, state: Uint8Array): Promise<void> {
    return this.#journal.saveSnapshot(entry, state);
  }

  async append(entries: Parameters<Journal['append']>[0]): Promise<void> {
    this.#sinceMs.push(this.#parts.clock.atMs());
    await this.#journal.append(entries);
    const tookMs = this.#parts.clock.atMs() - (this.#sinceMs.shift() ?? 0);
    if (!this.#slow || this.#isStalled()) return;
    this.#slow = false;
    this.#parts.log.write('warn', 'disk-stall', { stalled: false, tookMs: Math.round(tookMs) });
    // Before whoever waits for this append: then what was kept goes on behind it.
    if (!this.#full) this.#tell({ kind: 'open' });
  }

  /** A full disk within a stall, or a stall within that, is one block to those who listen. */
  #hear(condition: JournalCondition): void {
    this.#full = condition.kind === 'blocked';
    if (condition.kind === 'failed' || !this.#slow) this.#tell(condition);
  }

  #look(): void {
    if (this.#slow || this.#full || !this.#isStalled()) return;
    this.#slow = true;
    this.#parts.log.write('error', 'disk-stall', { code: 'MSC-3106', stalled: true });
    this.#tell({ kind: 'blocked', why: 'slow' });
  }

  #isStalled(): boolean {
    const [oldest] = this.#sinceMs;
    const { clock, stallMs } = this.#parts;
    return oldest !== undefined && clock.atMs() - oldest >= stallMs;
  }

  #tell(condition: JournalCondition): void {
    for (const listener of this.#listeners) listener(condition);
  }
}
