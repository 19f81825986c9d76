// What a person does to a link, a terminal or an upstream. Without `apply` it is only said what the act
// would meet; with it the switch judges again, journals who and why, and does it.

import type { JournalEntry, StoredEntry } from '#journal/entry';
import { parseStationName } from '#protocol/ids';
import { MscFault } from '#src/errors';
import type { Named, OperatorAct } from '#switch/event';
import type { Desk } from './desk.ts';
import { withPulse } from './notes.ts';
import { found } from './views.ts';
import type { Visit } from './visit.ts';
import type { Acted, Commands } from './wire.ts';
import type { ActReport, TestReport } from './wire-views.ts';

export function closeLink(
  desk: Desk,
  visit: Visit,
  { link, ...how }: Commands['link-close']['args'],
): Promise<ActReport> {
  return carryOut(desk, visit, { act: { kind: 'close', link }, how });
}

export function setTerminal(
  desk: Desk,
  visit: Visit,
  { name, to, ...how }: Commands['terminal-set']['args'],
): Promise<ActReport> {
  return carryOut(desk, visit, { act: { kind: to, who: stationOf(desk, name) }, how });
}

export function setUpstream(
  desk: Desk,
  visit: Visit,
  { name, to, ...how }: Commands['upstream-set']['args'],
): Promise<ActReport> {
  const { upstream } = found(desk.views.upstream(name));
  return carryOut(desk, visit, { act: { kind: to, who: { upstream } }, how });
}

/** A test that has not ended by then never will: it is kept 30 s, and an ACK is awaited as long again. */
const testMs = 70_000;

export async function testTerminal(
  desk: Desk,
  visit: Visit,
  { name, ...how }: Commands['terminal-test']['args'],
): Promise<ActReport | TestReport> {
  const { station } = stationOf(desk, name);
  const act: OperatorAct = { kind: 'test', station };
  if (!how.apply) return carryOut(desk, visit, { act, how });
  const startedMs = visit.nowMs();
  const over = AbortSignal.any([visit.gone, AbortSignal.timeout(testMs)]);
  // Followed from before the act: its end may be durable before its answer is heard.
  const entries = desk.follow({ where: ofOneDelivery, reverse: true, limit: 0 }, over);
  return withPulse(visit, async () => {
    const report = await carryOut(desk, visit, { act, how });
    const told = await endOf(entries, `${report.entry ?? 0}.0`);
    return { ...report, ...told, total_seconds: (visit.nowMs() - startedMs) / 1000 };
  });
}

interface Wish {
  readonly act: OperatorAct;
  readonly how: Acted;
}

async function carryOut(desk: Desk, visit: Visit, { act, how }: Wish): Promise<ActReport> {
  const { mnemonics, unacknowledged, already, ...names } = desk.outlook(act);
  // Undefined members do not reach the line that is sent.
  const met = JSON.parse(JSON.stringify(names)) as Partial<ActReport>;
  const report: ActReport = { ...met, mnemonics, unacknowledged, already };
  if (!how.apply || already) return report;
  if (takesAway(act) && how.reason === undefined)
    throw new MscFault('MSC-1001', { detail: 'this needs a reason', hint: 'add --reason TEXT' });
  const why = how.reason === undefined ? {} : { reason: how.reason };
  const { entry } = await desk.act(visit.person, { ...act, ...why });
  return { ...report, entry };
}

/** Whoever takes something away from others says why, for the journal (operator-experience 1). */
function takesAway({ kind }: OperatorAct): boolean {
  return kind === 'close' || kind === 'disable';
}

/** @throws MscFault MSC-1601 */
function stationOf(desk: Desk, name: string): Extract<Named, { readonly station: unknown }> {
  const { station } = found(desk.views.terminal(name));
  return { station: found(parseStationName(station)) };
}

const ofOneDelivery = [
  {
    on: 'column',
    column: 'kind',
    any: (['sent', 'delivered', 'refused', 'expired', 'rerouted'] as const).map(
      (value) => ({ kind: 'is', value }) as const,
    ),
  },
] as const;

type Told = Pick<TestReport, 'outcome' | 'code' | 'acknowledged_seconds'>;

async function endOf(
  entries: AsyncIterable<readonly StoredEntry[]>,
  delivery: string,
): Promise<Told> {
  let sentUs: number | undefined;
  for await (const batch of entries)
    for (const { entry } of batch) {
      if (!('delivery' in entry) || entry.delivery !== delivery) continue;
      if (entry.kind === 'sent') sentUs = entry.time;
      else return toldBy(entry, sentUs);
    }
  return { outcome: sentUs === undefined ? 'not delivered' : 'not acknowledged' };
}

function toldBy(entry: JournalEntry, sentUs: number | undefined): Told {
  if (entry.kind === 'delivered')
    return {
      outcome: 'acknowledged',
      ...(sentUs === undefined ? {} : { acknowledged_seconds: (entry.time - sentUs) / 1_000_000 }),
    };
  if (entry.kind === 'refused') return { outcome: 'refused', code: entry.code };
  return { outcome: sentUs === undefined ? 'not delivered' : 'not acknowledged' };
}
