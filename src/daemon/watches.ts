// Traces as operators ask for them: names are looked up in the register and the links there are, and a watch
// that is over by itself is journalled as one that was stopped.

import { MscFault } from '#src/errors';
import type { TraceDesk } from '#src/control/desk';
import type { TraceView } from '#src/control/wire';
import { formatTimeUs, wallUs } from '#src/runtime/clock';
import type { PendingCommands } from '#src/runtime/commands';
import { type Trace, Traces, type TraceTarget } from '#src/runtime/traces';
import { findStation } from '#switch/find-station';
import type { State } from '#switch/state';
import { linkPeer } from '#switch/view';

/** Watches over the links and entries of this state. */
export function createTraces(state: State, commands: PendingCommands): Traces {
  return new Traces({
    peer: (link) => linkPeer(state, link),
    nowUs: wallUs,
    onEnd: (trace) => {
      const reason = trace.state === 'full' ? 'it was full' : 'its time was over';
      const detail = { trace: trace.id, act: 'stop', of: wordsOf(trace.target) };
      const more = { records: trace.records.length };
      commands
        .ask('msc', { kind: 'note', event: 'trace', reason, detail: { ...detail, ...more } })
        // The entry of its start says until when: a full disk takes no further one.
        .catch(() => undefined);
    },
  });
}

export function traceDesk(traces: Traces, state: State): TraceDesk {
  const find = (id: number): Trace => {
    const trace = traces.find(id);
    if (trace === undefined) throw new MscFault('MSC-1402', { detail: String(id) });
    return trace;
  };
  return {
    start: (person, { of, name, forMs, reason }) => {
      const target = targetOf(state, of, name);
      const trace = traces.prepare({ target, person, reason, forMs });
      if (trace === undefined) throw new MscFault('MSC-1403');
      const watch = (): TraceView => {
        traces.run(trace);
        return viewOf(trace);
      };
      return { trace: viewOf(trace), watch };
    },
    all: () => traces.all.map(viewOf),
    show: (id) => {
      const trace = find(id);
      const rows = trace.records.map(({ time, ...record }) => ({
        time: formatTimeUs(time),
        ...record,
      }));
      return { trace: viewOf(trace), rows };
    },
    stop: (id) => {
      const trace = find(id);
      traces.stop(trace);
      return viewOf(trace);
    },
  };
}

/** @throws MscFault MSC-1401 */
function targetOf(
  state: State,
  of: 'terminal' | 'link' | 'upstream' | 'entry',
  name: string,
): TraceTarget {
  const { entries } = state.ledger;
  const none = (): MscFault => new MscFault('MSC-1401', { detail: `no ${of} of that name` });
  switch (of) {
    case 'terminal': {
      const station = findStation(state, name);
      if (station === undefined) throw none();
      return { of, name: station.name };
    }
    case 'upstream':
      if (!state.upstreams.has(name)) throw none();
      return { of, name };
    case 'link': {
      const link = Number(name);
      if (!/^\d{1,15}$/.test(name) || !state.links.has(link)) throw none();
      return { of, link };
    }
    case 'entry': {
      const entry = Number(name);
      if (!/^\d{1,15}$/.test(name) || entry < 1 || entry > entries) throw none();
      return { of, entry };
    }
  }
}

function viewOf({ id, target, person, reason, records, ...trace }: Trace): TraceView {
  const { startedMs, untilMs, state, bytes } = trace;
  return {
    ...{ id, of: wordsOf(target), person, reason, startedMs, untilMs },
    state: state === 'prepared' ? 'running' : state,
    ...{ records: records.length, bytes },
  };
}

function wordsOf(target: TraceTarget): string {
  switch (target.of) {
    case 'terminal':
    case 'upstream':
      return `${target.of} ${target.name}`;
    case 'link':
      return `link ${target.link}`;
    case 'entry':
      return `entry ${target.entry}`;
  }
}
