// The 99th percentile of good terminals, quiet and beside very many peers that mean no good. Each kind is
// measured in turn, run after run, so that what else the machine does meets all of them alike.

import { constants, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Station } from '#src/sim/station';
import { Crowd, crowdMnemonic, enrolCrowd, footprint, loopback } from '#support/crowd/crowd';
import { readExposition, valueOf } from '#support/exposition';
import type { World } from '#support/world';
import { measureOffered } from './inquiries.ts';
import type { Terminal } from './terminals.ts';

export interface Attack {
  readonly name: string;
  readonly percentiles: readonly number[];
  /** Of the switch afterwards, against before the first run. */
  readonly megabytes: number;
  readonly descriptors: number;
}

const offered = { perSecond: 200, forMs: 8_000 } as const;
const receivers = 500;
const settleMs = 3_000;
/** So few entries in a second are no burst any more; after so many seconds it is measured all the same. */
const restEntries = 50;
const looksMax = 15;

export async function measureHeavy(
  world: World,
  terminals: readonly Terminal[],
  runs: number,
): Promise<readonly Attack[]> {
  const badgesFile = await enrolCrowd(world, { terminals: 1, printers: receivers });
  const crowd = new Crowd();
  // They come from elsewhere: of the processors that are the switch's they get what nobody else wants.
  setPriority(crowd.pid, constants.priority.PRIORITY_LOW);
  const host = await world.connect('DEMO-CAD-01');
  const attacks = attacksOf(world, { crowd, host, badgesFile });
  const figures = new Map<string, number[]>();
  const after = new Map<string, ReturnType<typeof footprint>>();
  const before = footprint(world.pid);
  try {
    for (let run = 0; run < runs; run += 1)
      for (const [name, begin] of attacks) {
        await begin();
        await pause(settleMs);
        const late = await measureOffered(terminals, offered);
        figures.set(name, [...(figures.get(name) ?? []), late]);
        await crowd.go();
        await pause(settleMs);
        after.set(name, footprint(world.pid));
      }
  } finally {
    await crowd.end();
    await host.leave();
  }
  return [...figures].map(([name, percentiles]) => ({
    name,
    percentiles,
    megabytes: (after.get(name)?.megabytes ?? NaN) - before.megabytes,
    descriptors: (after.get(name)?.descriptors ?? NaN) - before.descriptors,
  }));
}

interface Means {
  readonly crowd: Crowd;
  readonly host: Station;
  readonly badgesFile: string;
}

type Begin = () => Promise<unknown>;

function attacksOf(world: World, { crowd, host, badgesFile }: Means): ReadonlyMap<string, Begin> {
  const { host: address, port } = world.demo.switch;
  const strangers = { host: address, port, addresses: loopback(250), comesBack: true } as const;
  const come = { host: address, port, role: 'printer', badgesFile, from: 1, reads: false } as const;
  const guess = { host: address, port, user: 'lock', perSecond: 84, addresses: loopback(4) };
  return new Map<string, Begin>([
    ['quiet', () => Promise.resolve()],
    [
      '10,000 silent connections',
      () => crowd.strangers({ ...strangers, count: 10_000, perSecond: 4_000 }),
    ],
    [
      '2,000 handshakes octet by octet',
      () => crowd.strangers({ ...strangers, count: 2_000, perSecond: 1_000, octetMs: 1_000 }),
    ],
    [
      `${receivers} receivers that never read`,
      async () => {
        const more = { perSecond: 200, withinMs: 20_000, patienceMs: 12_000 };
        await crowd.come({ ...come, ...more, to: receivers + 1, addresses: loopback(100) });
        sendMuch(host);
        await burstOver(world);
      },
    ],
    ['5,000 sign-on guesses a minute', () => crowd.guess(guess, badgesFile)],
  ]);
}

/** What fills their windows is work that somebody asked for: measured is what they are once they are full. */
async function burstOver(world: World): Promise<void> {
  let before = 0;
  for (let looks = 0; looks < looksMax; looks += 1) {
    const entries = await entriesOf(world);
    if (entries - before < restEntries) return;
    before = entries;
    await pause(1_000);
  }
}

/** Durable entries of the journal, as the switch counts them. */
async function entriesOf(world: World): Promise<number> {
  const answer = await fetch(`${world.demo.switch.http}/metrics`);
  return valueOf(readExposition(await answer.text()), 'msc_journal_entries_total') ?? NaN;
}

let sent = 0;

/** More than a window of long messages for each receiver. */
function sendMuch(host: Station): void {
  const filler = 'X'.repeat(8_000);
  for (let round = 0; round < 40; round += 1)
    for (let from = 0; from < receivers; from += 20) {
      const names = Array.from({ length: 20 }, (_, nth) => crowdMnemonic(1 + from + nth));
      const reference = `R${(sent++).toString(36).toUpperCase().padStart(6, '0')}`;
      host.send('QC01', `${reference}.*J10442.AM.CA0990100.${names.join(',')}.TXT\r\n${filler}`);
    }
}
