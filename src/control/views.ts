// Lists of links, terminals, upstreams and queues for a person: made while they are sent, in pieces, so that
// neither a county of terminals nor a deep queue holds the switch up (operator-experience 1).

import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import type { Visit } from './visit.ts';
import type { Commands, Counted } from './wire.ts';

/** Rows made between two turns of the loop. */
const rowsAtOnce = 250;

/** Ends early where the client has gone. @param limit At most so many; 0 is all. */
export async function sendInPieces(
  visit: Visit,
  rows: Iterable<object>,
  limit = 0,
): Promise<Counted> {
  let count = 0;
  let piece: Readonly<Record<string, unknown>>[] = [];
  for (const row of rows) {
    if (visit.gone.aborted || (limit > 0 && count === limit)) break;
    count += 1;
    if (piece.push({ ...row }) < rowsAtOnce) continue;
    await visit.sendRows(piece);
    piece = [];
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (piece.length > 0) await visit.sendRows(piece);
  return { count };
}

/** @throws MscFault MSC-1601. The name is not repeated: it is whatever was typed. */
export function found<T>(view: T | undefined, detail?: string): T {
  if (view === undefined) throw new MscFault('MSC-1601', { detail });
  return view;
}

/** @throws MscFault MSC-1601, MSC-1001 where the name means several. */
export async function showQueue(
  desk: Desk,
  visit: Visit,
  { name, limit }: Commands['queue']['args'],
): Promise<Commands['queue']['end']> {
  const [queue, ...others] = desk.views.queue(name);
  const { row, waiting, key } = found(queue);
  if (others.length > 0) {
    const keys = [key, ...others.map((other) => other.key)];
    throw new MscFault('MSC-1001', {
      detail: 'the name means several queues',
      hint: keys.map((each) => `msc queue show ${each}`).join(' or '),
    });
  }
  await sendInPieces(visit, waiting(), limit);
  return row;
}
