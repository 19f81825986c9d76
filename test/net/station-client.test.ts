// The socket of a station against the real listener: it greets, sends, comes back by itself, and leaves.

import { expect, it } from 'vitest';
import { parseHello } from '#protocol/control';
import { controlFrame, stationFrames } from '#protocol/frame';
import type { LinkId } from '#switch/event';
import { StationClient, type StationClientLimits } from '#src/net/station-client';
import type { StationOutput } from '#src/net/station/output';
import { systemClock } from '#src/runtime/clock';
import { dialTlsOptions } from '#src/net/tls';
import { buildHouse, type Edge, openEdge } from './edge.ts';
import { mnemonicOf, session } from './station-rig.ts';

const house = await buildHouse();
const limits = { connectMs: 5000, frameMs: 300, discardMs: 100, writeBytesMax: 1 << 20 };

interface Met {
  readonly client: StationClient;
  readonly outputs: readonly StationOutput[];
  /** The output of that kind, once it has come. */
  readonly once: (kind: StationOutput['kind']) => Promise<StationOutput>;
}

function meet(edge: Edge, more: Partial<StationClientLimits> = {}): Met {
  const outputs: StationOutput[] = [];
  let wake = Promise.withResolvers<undefined>();
  const client = new StationClient({
    host: '127.0.0.1',
    port: edge.port,
    tls: dialTlsOptions({
      certPem: house.station.certificatePem,
      keyPem: house.station.keyPem,
      caPem: house.authority.certificatePem,
      serverName: '127.0.0.1',
      whose: 'the switch',
    }),
    settings: { station: 'TEST-01', role: 'host', software: 'test', waitingMax: 10 },
    clock: systemClock,
    random: { fraction: () => 0 },
    limits: { ...limits, ...more },
    onOutput: (output) => {
      outputs.push(output);
      wake.resolve(undefined);
      wake = Promise.withResolvers();
    },
  });
  const once = async (kind: StationOutput['kind']): Promise<StationOutput> => {
    for (;;) {
      const found = outputs.find((output) => output.kind === kind);
      if (found !== undefined) return found;
      await wake.promise;
    }
  };
  client.start();
  return { client, outputs, once };
}

function welcome(edge: Edge, link: LinkId, more: object = {}): void {
  const basics = { protocol: 1, switch: 'EDGE', session, resumed: false, received: 0 };
  const body = { ...basics, frameBytesMax: 4096, window: 4, keepAliveMs: 30_000 };
  edge.links.send(link, controlFrame('WELCOME', { ...body, mnemonics: ['QC01'], ...more }));
  edge.links.flush();
  edge.links.expect(link, stationFrames.host, 4096);
}

it('greets, sends what it was given, and after a cut comes back to its session', async () => {
  const edge = await openEdge(house);
  const { client } = meet(edge);
  const body = Uint8Array.of(65);
  client.put({ kind: 'message', message: { id: 1, mnemonic: mnemonicOf('QC01'), body } });
  const hello = await edge.inbox.nth('frame');
  expect(hello.frame.type).toBe('HELLO');
  welcome(edge, hello.link);
  const sent = await edge.inbox.nth('frame', 1);
  expect(sent.frame).toMatchObject({ type: 'MESSAGE', number: 1, flags: 0 });
  edge.links.cut(hello.link);
  const again = await edge.inbox.nth('frame', 2);
  expect(parseHello(again.frame.body)).toMatchObject({ value: { session, received: 0 } });
  welcome(edge, again.link, { resumed: true });
  expect((await edge.inbox.nth('frame', 3)).frame).toMatchObject({ number: 1, flags: 1 });
  client.stop();
  edge.close();
});

it('ends the line over a frame that does not come whole in time (link F4)', async () => {
  const edge = await openEdge(house, { limits: { helloMs: 5000, frameMs: 5000 } });
  const { client, once } = meet(edge);
  const { link } = await edge.inbox.nth('frame');
  welcome(edge, link);
  await once('welcomed');
  edge.links.send(link, controlFrame('STATUS', {}).subarray(0, 10));
  edge.links.flush();
  const close = await edge.inbox.nth('frame', 1);
  expect(close.frame.type).toBe('CLOSE');
  expect(await once('closed')).toMatchObject({ by: 'us', code: 'C05' });
  client.stop();
  edge.close();
});

it('leaves in order and does not come back', async () => {
  const edge = await openEdge(house);
  const { client, once, outputs } = meet(edge);
  const { link } = await edge.inbox.nth('frame');
  welcome(edge, link);
  await once('welcomed');
  client.put({ kind: 'leave' });
  expect((await edge.inbox.nth('frame', 1)).frame.type).toBe('CLOSE');
  await edge.inbox.nth('closed');
  expect(outputs.map(({ kind }) => kind)).not.toContain('dial');
  client.stop();
  edge.close();
});
