// `msc trace start | ls | show | stop`: watches one link or message for a bounded time. What it holds is types,
// numbers, sizes and times, never text; it lives in the memory of the switch and is gone when that ends.

import type { Commands, TraceView } from '#src/control/wire';
import { askReason } from './ask.ts';
import type { Call } from './command.ts';
import type { Flags } from './flags.ts';
import { usage } from './flags.ts';
import { withSwitch } from './installation.ts';
import type { Output } from './output.ts';
import { counted, shown, wantsObject } from './output.ts';
import { printRows, RowWriter } from './rows.ts';
import type { Row } from './rows.ts';
import { formatAge, formatRowTime } from './time.ts';

const kinds = ['terminal', 'link', 'upstream', 'entry'] as const;
const standardMs = 600_000;
const shortestMs = 1_000;
const longestMs = 3_600_000;

export async function startTrace({ flags, output }: Call): Promise<number> {
  const wish = watched(flags);
  const forMs = flags.durationMs('for') ?? standardMs;
  if (forMs < shortestMs || forMs > longestMs) throw usage('--for is 1s to 1h');
  const reason = await askReason(flags, 'reason for the trace: ');
  const trace = await withSwitch(flags, (client) =>
    client.call('trace-start', { ...wish, forMs, reason }),
  );
  await tell(output, trace);
  output.tell(`it ends by itself; no text is in it. next: msc trace show ${trace.id}`);
  return 0;
}

/** Exit 1 where there is none. */
export async function listTraces({ flags, output }: Call): Promise<number> {
  const { traces } = await withSwitch(flags, (client) => client.call('trace-ls', {}));
  const columns = [
    { name: 'id', right: true },
    { name: 'of', least: 12 },
    { name: 'state' },
    { name: 'started', plain: true, cell: (row: Row) => timeCell(row['started'], output) },
    { name: 'until', plain: true, cell: (row: Row) => timeCell(row['until'], output) },
    { name: 'records', right: true },
    { name: 'person', least: 6 },
    { name: 'reason', least: 8 },
  ];
  const form = { schema: 'msc.trace-ls/1', member: 'traces', columns, members: ['bytes'] };
  await printRows(output, form, traces.map(traceJson));
  return traces.length === 0 ? 1 : 0;
}

/** Exit 1 where it has seen nothing. */
export async function showTrace({ args: [text = ''], flags, output }: Call): Promise<number> {
  const id = idOf(text);
  const columns = [
    { name: 'time', plain: true, cell: (row: Row) => timeCell(row['time'], output) },
    { name: 'way' },
    { name: 'what', least: 10 },
    ...['number', 'bytes', 'class', 'mnemonic', 'entry', 'outcome', 'code'].map((name) => ({
      name,
    })),
  ];
  const members = ['link', 'flags', 'mke', 'thread', 'why'];
  const form = { schema: 'msc.trace-show/1', member: 'records', columns, members };
  const writer = new RowWriter(output, form);
  const trace = await withSwitch(flags, (client) =>
    client.call('trace-show', { id }, (rows) => writer.write(rows)),
  );
  await writer.end({ trace: traceJson(trace) });
  output.tell(words(trace));
  return trace.records === 0 ? 1 : 0;
}

export async function stopTrace({ args: [text = ''], flags, output }: Call): Promise<number> {
  const reason = flags.text('reason');
  const args = reason === undefined ? { id: idOf(text) } : { id: idOf(text), reason };
  await tell(output, await withSwitch(flags, (client) => client.call('trace-stop', args)));
  return 0;
}

/** Exactly one of the four. */
function watched(flags: Flags): Pick<Commands['trace-start']['args'], 'of' | 'name'> {
  const named = kinds.flatMap((of) => {
    const name = flags.text(of);
    return name === undefined ? [] : [{ of, name }];
  });
  const [wish] = named;
  if (wish === undefined || named.length > 1)
    throw usage(`name one of ${kinds.map((kind) => `--${kind}`).join(', ')}`);
  return wish;
}

function idOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usage('a trace is a number', 'msc trace ls');
  return Number(text);
}

async function tell(output: Output, trace: TraceView): Promise<void> {
  if (wantsObject(output))
    await output.print(JSON.stringify({ schema: 'msc.trace/1', ...traceJson(trace) }));
  else await output.print(shown(words(trace)));
}

function words({ id, of, state, records, startedMs, untilMs }: TraceView): string {
  const length = formatAge(untilMs - startedMs);
  return `trace ${id} of ${of}: ${state}, ${counted(records, 'record')}, for ${length}`;
}

function traceJson({ startedMs, untilMs, ...trace }: TraceView): Row {
  const time = (ms: number): string => new Date(ms).toISOString();
  return { ...trace, started: time(startedMs), until: time(untilMs) };
}

function timeCell(value: unknown, { zone }: Output): string {
  return formatRowTime(String(value), zone).slice(6);
}
