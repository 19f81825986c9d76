// What is being fetched and does not go: it waits again in its old place, and nothing that came after it in its
// queue goes first, whoever takes that (link M6).

import { type Delivery, enqueue, queueOf } from './ledger.ts';
import { isBefore } from './queue.ts';
import type { Reader } from './state.ts';
import type { Turn } from './turn.ts';

/** Takes back all that is being fetched for readers of which this holds. */
export function takeBack(turn: Turn, isOver: (reader: Reader) => boolean): void {
  const over = fetched(turn).filter(isOver);
  for (const reader of over) putBack(turn, reader);
  holdBack(
    turn,
    over.map(({ delivery }) => delivery),
  );
}

/** Takes back what came after these in their queues, also from those that fetch it for another link. */
export function holdBack(turn: Turn, waiting: readonly Delivery[]): void {
  if (waiting.length === 0) return;
  const firsts = new Map<string, Delivery>();
  for (const delivery of waiting) {
    const line = lineOf(delivery);
    const first = firsts.get(line);
    if (first === undefined || isBefore(delivery, first)) firsts.set(line, delivery);
  }
  for (const reader of fetched(turn)) {
    const first = firsts.get(lineOf(reader.delivery));
    if (first !== undefined && isBefore(first, reader.delivery)) putBack(turn, reader);
  }
}

function fetched({ state }: Turn): readonly Reader[] {
  const readers = [...state.readers.values()].flat();
  return readers.filter(({ why, back }) => why === 'send' && back !== true);
}

function putBack({ state, ledger }: Turn, reader: Reader): void {
  const { delivery } = reader;
  reader.back = true;
  if (state.fetching.delete(delivery) && delivery.state === 'queued') enqueue(ledger, delivery);
}

/** Order is kept within a queue and a class. */
function lineOf({ to }: Delivery): string {
  return `${to.class} ${queueOf(to)}`;
}
