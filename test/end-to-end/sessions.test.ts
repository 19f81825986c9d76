// The rules of a session, against the real daemon over TLS: what is said again after a break, what is known
// when it comes again under a new session, and a BUSY of the state in the middle of a window.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  controlFrame,
  flagPossibleDuplicate,
  type Frame,
  type FrameType,
  messageFrame,
} from '#protocol/frame';
import { parseMnemonic } from '#protocol/ids';
import { asciiBytes, latin1 } from '#protocol/octets';
import { connectRaw, type RawLink } from '#src/sim/raw';
import { tellSimulator } from '#support/sim-control';
import { openWorld, until, type World } from '#support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const mnemonic = parseMnemonic('QC01');
const ask = (reference: string): string => `${reference}.*J10442.QV.CA0990100.LIC/2ZZZ998.LIS/CA`;

function message(number: number, text: string, flags = 0): Uint8Array {
  if (mnemonic === undefined) throw new Error('QC01 is a mnemonic');
  return messageFrame({ number, flags, class: 0, mnemonic, body: asciiBytes(text) });
}

/** The host says HELLO; gives the line and the session of its WELCOME. */
async function hello(session?: string, received = 0) {
  const line = await connectRaw(world.options('DEMO-CAD-01'));
  const resume = session === undefined ? {} : { session };
  const body = { protocol: [1], station: 'DEMO-CAD-01', role: 'host', software: 'test', received };
  line.write(controlFrame('HELLO', { ...body, ...resume }));
  const welcome = await next(line, 'WELCOME');
  const said = JSON.parse(latin1(welcome.body)) as { session: string; resumed: boolean };
  return { line, ...said };
}

/** The next frame of these types; others pass. */
async function next(line: RawLink, ...types: readonly FrameType[]): Promise<Frame> {
  for (let frame = await line.next(); frame !== undefined; frame = await line.next())
    if (types.includes(frame.type)) return frame;
  throw new Error('the line is over');
}

const told = ({ type, number }: Frame): string => `${type} ${number}`;

describe('a host', () => {
  it('hears after a break, also of the switch itself, what was refused, then what is handled (link S4b)', async () => {
    const { line, session } = await hello();
    line.write(message(1, ask('SBAA')));
    line.write(message(2, 'no header'));
    expect(told(await next(line, 'REFUSED'))).toBe('REFUSED 2');
    line.end();
    await world.kill();
    await world.restart();
    const again = await hello(session);
    expect(again).toMatchObject({ session, resumed: true });
    const answers = [await next(again.line, 'ACK', 'REFUSED'), await next(again.line, 'ACK')];
    expect(answers.map(told)).toEqual(['REFUSED 2', 'ACK 2']);
    again.line.end();
  });

  it('that begins a new session is told ACK for what is here already, and it goes no further (link M7)', async () => {
    const first = await hello();
    first.line.write(message(1, ask('MSAA')));
    expect(told(await next(first.line, 'ACK'))).toBe('ACK 1');
    first.line.end();
    await world.kill();
    await world.restart();
    const second = await hello();
    expect(second.resumed).toBe(false);
    second.line.write(message(1, ask('MSAA'), flagPossibleDuplicate));
    second.line.write(message(2, ask('MSAB'), flagPossibleDuplicate));
    for (let acked = 0; acked < 2;) acked = (await next(second.line, 'ACK')).number;
    second.line.end();
    const [stored, ...others] = await world.entries(
      '--suphdr',
      'MSAA',
      '--kind',
      'received',
      '--direction',
      'in',
    );
    expect(others).toEqual([]);
    expect(await world.entries('--kind', 'duplicate')).toMatchObject([
      { station: 'DEMO-CAD-01', number: 1, thread: stored?.['entry'] },
    ]);
    expect(
      await world.entries('--suphdr', 'MSAB', '--kind', 'received', '--direction', 'in'),
    ).toHaveLength(1);
  });
});

describe('the state', () => {
  it('says BUSY in the middle of a window, and is given the same again on the same line (link M4a)', async () => {
    const asker = await world.connect('DEMO-CAD-01');
    await until('the line to the state', async () => {
      const { stdout } = await world.msc('status', '--json');
      return /"state":\s*"up"/.test(stdout) ? true : undefined;
    });
    const ups = await world.entries('--event', 'link-up', '--upstream', 'STATE');
    await tellSimulator(world, 'busy 300');
    const asked = Array.from({ length: 8 }, () =>
      asker.request('*J10442.QV.CA0990100.LIC/2ZZZ999.LIS/CA'),
    );
    for (const answer of await Promise.all(asked)) expect(answer.kind).toBe('answered');
    const busy = await world.entries('--event', 'busy');
    expect(busy).toMatchObject([{ upstream: 'STATE', event: 'busy' }]);
    const put = Number(busy[0]?.['number']);
    const sent = (await world.entries('--kind', 'sent', '--direction', 'out')).filter(
      (row) => Number(row['entry']) > Number(ups.at(-1)?.['entry']),
    );
    // Every number from the one put off on was given twice, to the same message.
    const of = (number: number) => sent.filter((row) => row['number'] === number);
    expect(of(put)).toHaveLength(2);
    expect(new Set(of(put).map((row) => row['thread'])).size).toBe(1);
    expect(await world.entries('--event', 'link-up', '--upstream', 'STATE')).toHaveLength(
      ups.length,
    );
    await asker.leave();
    expect((await world.msc('journal', 'verify')).code).toBe(0);
  });
});
