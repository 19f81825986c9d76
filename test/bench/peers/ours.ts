// The switch itself, as it is shipped: fifty terminals with a person each, who send texts to a host, and
// ask the simulated state. Everything a message passes on its way in a county is in it.

import { readFileSync, writeFileSync } from 'node:fs';
import { openTerminals, closeTerminals, type Terminal } from '../terminals.ts';
import type { Station } from '#src/sim/station';
import { openWorld, type World } from '#support/world';
import { messageBytes, type Peer, type Producer, producersMax, type Running } from './peer.ts';

export const ours: Peer = {
  name: 'msc, text to a host',
  durability:
    'flushed before the ACK; the delivery number before its first octet; the delivery too',
  start: () => start(textTo),
};

/** A question is over when its answer is there. */
export const ourInquiry: Peer = {
  name: 'msc, full inquiry',
  durability: 'the same, for the question and for the answer',
  start: () => start(inquiry),
};

/** Of every link: a host with the default of 32 takes what it may, and no more (link M4). */
const window = 1_024;

interface County {
  readonly world: World;
  readonly terminals: readonly Terminal[];
  readonly host: Station;
}

/** One switch for both: fifty people take a while to enrol. */
let county: Promise<County> | undefined;
let users = 0;

async function start(body: (reference: string) => string): Promise<Running> {
  users += 1;
  county ??= openCounty();
  const { world, terminals, host } = await county;
  const running: Running = {
    pids: [world.pid],
    version: `Node ${process.version}`,
    producers: [],
    onDelivered: () => undefined,
    close: async () => {
      users -= 1;
      if (users === 0) await closeCounty({ world, terminals, host });
    },
  };
  const asks = body === inquiry;
  if (!asks) host.on('message', () => running.onDelivered(1));
  const producers = terminals.map((terminal) => producerAt(terminal, body, asks, running));
  return Object.assign(running, { producers });
}

async function openCounty(): Promise<County> {
  const world = await openWorld();
  try {
    await world.stop();
    const written = readFileSync(world.demo.config, 'utf8');
    writeFileSync(world.demo.config, `${written}\n[links]\nwindow = ${window}\n`);
    await world.restart();
    const terminals = await openTerminals(world, producersMax);
    return { world, terminals, host: await world.connect('DEMO-CAD-01') };
  } catch (fault) {
    await world.close();
    throw fault;
  }
}

async function closeCounty({ world, terminals, host }: County): Promise<void> {
  await closeTerminals(terminals);
  await host.leave();
  await world.close();
}

function producerAt(
  { station, mnemonic }: Terminal,
  body: (reference: string) => string,
  asks: boolean,
  running: Running,
): Producer {
  const waiting: (() => void)[] = [];
  if (asks)
    station.on('message', () => {
      running.onDelivered(1);
      waiting.shift()?.();
    });
  // The other side of the comparison has the same terminals: then nothing waits here.
  else station.on('handled', () => waiting.shift()?.());
  station.on('refused', (_, { code }) => {
    throw new Error(`the switch refused ${code}`);
  });
  return {
    send: (done) => {
      waiting.push(done);
      station.send(mnemonic, body(nextReference()));
    },
  };
}

function textTo(reference: string): string {
  return `${reference}.AM.CA0990100.QC01.TXT\r\n`.padEnd(messageBytes, 'X');
}

function inquiry(reference: string): string {
  return `${reference}.QV.CA0990100.LIC/2ZZZ998.LIS/CA`;
}

let references = 0;

function nextReference(): string {
  references += 1;
  return references.toString(36).toUpperCase().padStart(10, 'P');
}
