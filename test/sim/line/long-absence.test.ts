// A station that comes back to a full line: it gets what waited, in order.

import { expect, it } from 'vitest';
import { noLineFaults } from '#src/sim/line/faults';
import type { LineHandler } from '#src/sim/line/handler';
import { LineSession } from '#src/sim/line/session';
import type { LinkSocket } from '#src/sim/link-socket';
import { mnemonic } from '../state/hub-world.ts';

const window = 16;
const most = 20_000;
const handler: LineHandler = {
  ...{ take: () => undefined, commit: () => undefined, proceed: () => undefined },
  ...{ delivered: () => undefined, lost: () => undefined },
};

class Link {
  frames = 0;
  closed: string | undefined;
  isOpen = (): boolean => this.closed === undefined;
  write = (): void => {
    this.frames++;
  };
  close = (code: string): void => {
    this.closed = code;
  };
  /** A session asks no more of its link than these three. */
  asSocket = (): LinkSocket => this as unknown as LinkSocket;
}

it('a station that broke off with a window under way comes back to 20,000 that wait and is served', () => {
  const counters = { received: 0, answered: 0, refused: 0, lost: 0 };
  const session = new LineSession({
    ...{ station: 'COUNTY', window, handler, counters, faults: noLineFaults() },
  });
  const to = { station: 'COUNTY', mnemonic: mnemonic('QZ01'), class: 3 };
  const say = (count: number): void => {
    for (let one = 0; one < count; one++)
      session.say({ to, text: 'AM.CA0990100.', final: false }, 'N000001');
  };
  session.begin(new Link().asSocket());
  say(window);
  session.link = undefined;
  say(most);
  expect([session.waiting, counters.lost]).toEqual([most, 0]);
  const back = new Link();
  session.resume({ received: 0 });
  session.begin(back.asSocket());
  expect([back.closed, back.frames, session.waiting]).toEqual([undefined, window, most]);
  say(1);
  expect([back.closed, counters.lost]).toEqual([undefined, 1]);
});
