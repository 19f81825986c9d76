// A host at the end of a line: what it has taken and will not answer is kept no longer, and never comes to it again.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { latin1 } from '#protocol/octets';
import { noLineFaults } from '#src/sim/line/faults';
import { Listener } from '#src/sim/line/listener';
import { DialledHost } from '#src/sim/state/dialled-host';
import type { Errand } from '#src/sim/state/behind';
import { SimAuthority } from '#support/sim-world';
import type { PemFiles } from '#support/sim-world';
import { until } from '#support/world';
import { mnemonic } from './hub-world.ts';

let authority: SimAuthority;
let server: PemFiles;
let hub: PemFiles;
beforeAll(async () => {
  authority = await SimAuthority.create();
  server = await authority.issue('localhost', 'switch');
  hub = await authority.issue('STATE', 'station');
});
afterAll(() => authority.remove());

/** Texts as the host heard them, with their flags, in all its lives. */
let heard: string[];
let taken: string[];
/** What came of a text of the host, in order. */
let steps: string[];
let host: Listener;
let port: number;
let dialled: DialledHost;
beforeEach(async () => {
  heard = [];
  taken = [];
  steps = [];
  port = await startHost(0);
  dialled = new DialledHost({
    address: { host: '127.0.0.1', port, ...hub.pem },
    station: 'STATE',
    events: {
      said: ([said]) => steps.push(`heard ${said?.text ?? ''}`),
      beforeAck: () => steps.push('durable'),
      taken: ({ reference }) => taken.push(reference),
      refused: () => undefined,
      changed: () => undefined,
    },
  });
});
afterEach(() => {
  dialled.close();
  host.close();
});

/** A host of a new life: it knows of no session. */
async function startHost(at: number): Promise<number> {
  host = new Listener({
    ...{ name: 'NLETS', credentials: server.pem, stations: ['STATE'], mnemonics: [] },
    ...{ window: 16, frameBytesMax: 65_536, keepAliveMs: 30_000, faults: noLineFaults() },
    handler: {
      take: ({ body, flags }) => {
        heard.push(`${latin1(body)} ${String(flags)}`);
        return undefined;
      },
      ...{ commit: () => undefined, proceed: () => undefined },
      delivered: (receipt) => steps.push(`acknowledged ${String(receipt)}`),
      lost: () => undefined,
    },
    now: () => Date.now(),
  });
  const address = await until('the port', () =>
    host.listen('127.0.0.1', at).catch(() => undefined),
  );
  return Number(address.split(':')[1]);
}

const errand = (reference: string, awaited: boolean): Errand => ({
  ...{ reference, awaited, again: false, class: 5, mnemonic: mnemonic('QZ01') },
  heard: { text: 'TEXT' },
});

it('is told again, after a new start, what it did not answer, and not what it took for good', async () => {
  for (let count = 0; count < 100; count++)
    dialled.hand(errand(`TEXT${String(count).padStart(6, '0')}`, false));
  dialled.hand(errand('QUESTION00', true));
  await until('the texts', () => Promise.resolve(heard.length === 101 || undefined));
  await until('the last ACK', () => Promise.resolve(dialled.kept === 1 || undefined));
  expect(taken.length).toBe(100);
  heard = [];
  host.close();
  await until('the end of the line', () => Promise.resolve(!dialled.up || undefined));
  await startHost(port);
  dialled.hand(errand('LATER00000', false));
  await until('what comes later', () => Promise.resolve(heard.length > 1 || undefined));
  expect(heard).toEqual(['QUESTION00.TEXT 1', 'LATER00000.TEXT 0']);
  dialled.done('QUESTION00');
  await until('the last ACK', () => Promise.resolve(dialled.kept === 0 || undefined));
});

it('what a host says is durable before it is acknowledged', async () => {
  host.say([
    {
      ...{ text: 'NOTICE', final: false, receipt: 7 },
      to: { station: 'STATE', mnemonic: mnemonic('QZ01'), class: 5 },
    },
  ]);
  await until('the acknowledgement', () => steps.length === 3 || undefined);
  expect(steps).toEqual(['heard NOTICE', 'durable', 'acknowledged 7']);
});
