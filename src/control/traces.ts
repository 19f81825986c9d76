// `msc trace start | ls | show | stop`: a supervisor watches one link or message. That it began and that it
// ended are entries of the journal, with who and why; the first stands before anything is watched.

import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import type { Visit } from './visit.ts';
import type { Commands, TraceView } from './wire.ts';

/** Rows of one line of the answer. */
const rowsAtOnce = 500;

export async function traceStart(
  desk: Desk,
  visit: Visit,
  args: Commands['trace-start']['args'],
): Promise<TraceView> {
  const { trace, watch } = desk.traces.start(visit.person, args);
  try {
    const detail = { trace: trace.id, act: 'start', of: trace.of, forMs: args.forMs };
    const { reason } = args;
    const note = { kind: 'note', event: 'trace', reason, detail } as const;
    const { entry } = await desk.act(visit.person, note);
    return { ...watch(), entry };
  } catch (cause) {
    // Nobody watches without an entry that says so.
    desk.traces.stop(trace.id);
    throw cause instanceof MscFault ? cause : new MscFault('MSC-9001', { cause });
  }
}

export async function traceShow(
  desk: Desk,
  visit: Visit,
  { id }: Commands['trace-show']['args'],
): Promise<TraceView> {
  const { trace, rows } = desk.traces.show(id);
  for (let at = 0; at < rows.length && !visit.gone.aborted; at += rowsAtOnce)
    await visit.sendRows(rows.slice(at, at + rowsAtOnce));
  return trace;
}

/** One that has ended by itself is over already, and said so. */
export async function traceStop(
  desk: Desk,
  visit: Visit,
  { id, reason }: Commands['trace-stop']['args'],
): Promise<TraceView> {
  const { trace: before } = desk.traces.show(id);
  const trace = desk.traces.stop(id);
  if (before.state !== 'running') return trace;
  const detail = { trace: id, act: 'stop', of: trace.of, records: trace.records };
  const why = reason === undefined ? {} : { reason };
  const { entry } = await desk.act(visit.person, { kind: 'note', event: 'trace', ...why, detail });
  return { ...trace, entry };
}
