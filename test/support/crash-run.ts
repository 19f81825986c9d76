// Ends the switch while it is under load, again and again, with no warning or in order, and keeps the
// books: what was acknowledged must arrive, in order, and twice only with the flag.

import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { flagPossibleDuplicate } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import type { Station } from '#src/sim/station';
import type { StationSession } from '#src/sim/station-session';
import { until, type World } from './world.ts';

export interface CrashBooks {
  /** Texts the switch acknowledged, in the order sent. */
  readonly acknowledged: readonly string[];
  /** Texts that arrived, in the order of arrival, with whether they were flagged. */
  readonly arrived: readonly { readonly text: string; readonly flagged: boolean }[];
  /** Inquiries of a host that were acknowledged, and the references that got a last answer. */
  readonly asked: readonly string[];
  readonly answered: ReadonlySet<string>;
  /** How often a terminal came back and its person was no longer signed on (link S7a). */
  readonly signedOff: number;
}

interface Line {
  readonly name: string;
  readonly user: string | undefined;
  station: Station;
  readonly onStation: (station: Station) => void;
}

export function crashUnderLoad(world: World, kills: number): Promise<CrashBooks> {
  return breakUnderLoad(world, kills, async () => {
    await world.kill();
    await world.restart();
  });
}

/** @param breakOnce Ends the switch and starts it again; gets the number of the break, from 0. */
export async function breakUnderLoad(
  world: World,
  breaks: number,
  breakOnce: (broken: number) => Promise<void>,
): Promise<CrashBooks> {
  const acknowledged: string[] = [];
  const arrived: { text: string; flagged: boolean }[] = [];
  const asked: string[] = [];
  const answered = new Set<string>();
  const sender = await openLine(world, 'DEMO-DISP-01', 'jdoe', (station) => {
    station.on('handled', ({ body }) => acknowledged.push(tail(body)));
  });
  const receiver = await openLine(world, 'DEMO-DISP-02', 'mroe', (station) => {
    station.on('message', (message: Received) => {
      const flagged = (message.flags & flagPossibleDuplicate) !== 0;
      arrived.push({ text: tail(message.body), flagged });
    });
  });
  const host = await openLine(world, 'DEMO-CAD-01', undefined, (station) => {
    station.on('handled', ({ body }) => asked.push(reference(body)));
    station.on('message', ({ body, flags }) => {
      if ((flags & 2) !== 0) answered.add(reference(body));
    });
  });
  const load = startLoad(sender, host, () => Math.min(acknowledged.length, asked.length));
  let signedOff = 0;
  for (let broken = 0; broken < breaks; broken += 1) {
    await pause(100 + ((broken * 37) % 200));
    await breakOnce(broken);
    await Promise.all([sender, receiver, host].map((line) => comeBack(world, line)));
    signedOff += [sender, receiver].filter(({ station, user }) => station.user !== user).length;
  }
  await load.stop();
  await until('every acknowledged text', () => {
    const here = new Set(arrived.map(({ text }) => text));
    return acknowledged.every((text) => here.has(text)) ? true : undefined;
  });
  await until('every inquiry', () => (asked.every((one) => answered.has(one)) ? true : undefined));
  await Promise.all([sender, receiver, host].map((line) => line.station.leave()));
  return { acknowledged, arrived, asked, answered, signedOff };
}

/** What was acknowledged arrived, in order; what arrived twice was flagged; every question ended. */
export function expectGoodBooks(books: CrashBooks): void {
  const { acknowledged, arrived, asked, answered, signedOff } = books;
  expect(signedOff).toBe(0);
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(asked.length).toBeGreaterThan(100);
  const first = new Map<string, number>();
  for (const [place, { text, flagged }] of arrived.entries()) {
    if (!first.has(text)) first.set(text, place);
    else expect(flagged, `${text} came twice`).toBe(true);
  }
  expect(acknowledged.filter((text) => !first.has(text))).toEqual([]);
  const order = [...first.keys()];
  expect(order).toEqual(order.toSorted());
  expect(asked.filter((one) => !answered.has(one))).toEqual([]);
}

async function openLine(
  world: World,
  name: string,
  user: string | undefined,
  onStation: (station: Station) => void,
): Promise<Line> {
  const station =
    user === undefined ? await world.connect(name) : (await world.signOn(name, user)).station;
  onStation(station);
  return { name, user, station, onStation };
}

/** Comes back with its session (link S4); the sign-on is kept over a restart (link S7a). */
async function comeBack(world: World, line: Line): Promise<void> {
  const session: StationSession = line.station.session;
  line.station.cut();
  for (let tries = 0; ; tries += 1) {
    try {
      line.station = await world.connect(line.name, { session });
      line.onStation(line.station);
      return;
    } catch (error) {
      if (tries > 50) throw error;
      await pause(100);
    }
  }
}

/** Ahead of what was acknowledged: many windows, and still soon done once the switch stays up. */
const aheadMost = 1_000;

function startLoad(
  sender: Line,
  host: Line,
  acknowledged: () => number,
): { readonly stop: () => Promise<void> } {
  const over = new AbortController();
  const running = (async () => {
    for (let count = 0; !over.signal.aborted;) {
      if (count - acknowledged() >= aheadMost) {
        await pause(4);
        continue;
      }
      const text = `N${count.toString().padStart(6, '0')}`;
      sender.station.send('QZ01', `S${text.slice(-6)}.AM.CA0990100.QZ02.TXT\r\n${text}`);
      const ask = `Q${count.toString(36).toUpperCase().padStart(6, '0')}`;
      host.station.send('QC01', `${ask}.*J10442.QV.CA0990100.LIC/2ZZZ998.LIS/CA`);
      count += 1;
      if (count % 4 === 0) await pause(4);
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await running;
    },
  };
}

function tail(body: Uint8Array): string {
  return latin1(body).slice(-7);
}

function reference(body: Uint8Array): string {
  return latin1(body).split('.', 1)[0] ?? '';
}
