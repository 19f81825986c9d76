// One line as its handler sees it: nothing is acknowledged or refused before it is durable, and nothing is worked
// on before it is acknowledged.

import { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ackFrame, controlFrame, stationFrames } from '#protocol/frame';
import type { Frame } from '#protocol/frame';
import { asciiBytes } from '#protocol/octets';
import { LinkSocket } from '#src/sim/link-socket';
import { noLineFaults } from '#src/sim/line/faults';
import type { LineReject } from '#src/sim/line/handler';
import { LineSession } from '#src/sim/line/session';
import { mnemonic } from '../state/hub-world.ts';

const owner = { frame: () => undefined, settled: () => undefined, ended: () => undefined };

/** A connection that goes nowhere, and tells what is written on it. */
class RecordedLink extends LinkSocket {
  readonly #written: (octets: Uint8Array) => void;

  constructor(socket: Socket, written: (octets: Uint8Array) => void) {
    super(socket, { from: 'station', bodyBytesMax: 4096, allowed: stationFrames.host }, owner);
    this.#written = written;
  }

  override write(octets: Uint8Array): void {
    this.#written(octets);
  }
}

const links: LinkSocket[] = [];
afterEach(() => {
  for (const link of links.splice(0)) link.cut();
});

/** What happens, in its order, when these messages come together. */
function orderOf(numbers: readonly number[], reject?: LineReject): readonly unknown[] {
  const order: unknown[] = [];
  const session = new LineSession({
    ...{ station: 'COUNTY', window: 4, faults: noLineFaults() },
    counters: { received: 0, answered: 0, refused: 0, lost: 0 },
    handler: {
      take: () => {
        order.push('take');
        return reject;
      },
      commit: () => order.push('commit'),
      proceed: () => order.push('proceed'),
      delivered: () => undefined,
      lost: () => undefined,
    },
  });
  const link = new RecordedLink(new Socket(), (octets) => order.push(octets));
  links.push(link);
  session.begin(link);
  for (const number of numbers) session.message(message(number));
  session.settled();
  return order;
}

it('all that came together is durable, then acknowledged at once, then worked on', () => {
  expect(orderOf([1, 2])).toEqual(['take', 'take', 'commit', ackFrame(2), 'proceed']);
});

it('what is refused is durable before it is refused (link M3)', () => {
  const refused = { code: 'B04', text: 'The simulated host refuses this message.' };
  expect(orderOf([1], { code: 'B04' })).toEqual([
    ...['take', 'commit', controlFrame('REFUSED', refused, 1)],
    'proceed',
  ]);
});

const message = (number: number): Frame => ({
  ...{ type: 'MESSAGE', flags: 0, class: 3, number, mnemonic: mnemonic('QZ01') },
  body: asciiBytes('AB12.*J10442.QV.CA0990100.LIC/2ZZZ999'),
});
