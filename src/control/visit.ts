// One request of one proved person, as the commands see it: who, with which roles, and where rows go.
// Types, and the one way to read on only while somebody is there to read for.

import type { OperatorRole } from '#journal/register';
import type { Row } from '#journal/row';

export interface Visit {
  /** Login name. */
  readonly person: string;
  readonly roles: readonly OperatorRole[];
  /** Resolves when the client can take more, or is gone. */
  readonly sendRows: (rows: readonly Row[]) => Promise<void>;
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
  /** Milliseconds, for durations. */
  readonly nowMs: () => number;
}

/** The same items, until the signal: then it ends, also in the middle of a long wait for the next one. */
export async function* untilGone<T>(
  source: AsyncIterable<T>,
  gone: AbortSignal,
): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>((resolve) => {
    if (gone.aborted) resolve(undefined);
    gone.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    for (;;) {
      const next = await Promise.race([items.next(), aborted]);
      if (next === undefined || next.done === true || gone.aborted) return;
      yield next.value;
    }
  } finally {
    // Not awaited: the source may be in a long read, and ends when that is over.
    void Promise.resolve(items.return?.()).catch(() => undefined);
  }
}
