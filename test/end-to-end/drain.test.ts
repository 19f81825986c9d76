// The way out: within 30 s whatever the peers do, and nothing lost by it.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controlFrame, flagPossibleDuplicate } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import { connectRaw } from '#src/sim/raw';
import type { Station } from '#src/sim/station';
import { askReload, eventOf } from '#support/files';
import { launcher, openWorld, until, type World } from '#support/world';

let world: World;
/** Processes of the test's own, to be ended by their handle. */
const children: ChildProcess[] = [];
beforeAll(async () => {
  world = await openWorld();
  await world.stop();
  await world.restart();
}, 60_000);
afterAll(async () => {
  process.kill(world.demo.upstreams[0]?.pid ?? 0, 'SIGCONT');
  for (const child of children) child.kill('SIGKILL');
  await world.close();
});

const question = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';
const limitMs = 30_000;

function collect(station: Station): Received[] {
  const came: Received[] = [];
  station.on('message', (message) => came.push(message));
  return came;
}

describe('a switch that is told to end', () => {
  it('is gone at once when nobody has anything open', async () => {
    const quiet = await world.connect('DEMO-DISP-03');
    const sinceMs = performance.now();
    expect(await world.stop()).toBe(0);
    expect(performance.now() - sinceMs).toBeLessThan(15_000);
    await until('its CLOSE', () => (quiet.open ? undefined : true));
    await world.restart();
  });

  it('is gone within 30 s though nobody answers, reads, closes or leaves; and nothing is lost', async () => {
    const keep = { autoAck: false };
    const { station: deaf } = await world.signOn('DEMO-DISP-02', 'mroe', keep);
    const { station: asker } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const host = await world.connect('DEMO-CAD-01');
    const unread = collect(deaf);
    // Long texts for nobody, so that a search with text has much to say.
    for (let count = 0; count < 100; count += 1)
      host.send(
        'QC01',
        `L${String(count).padStart(4, '0')}.*J10442.AM.CA0990100.QZ03.TXT\r\n${'X'.repeat(30_000)}`,
      );
    await until('all taken', () => (host.session.outbox.open === 0 ? true : undefined));
    await searchThatNobodyReads();
    const before = await silentPeers();
    // A text that is never acknowledged, and a question that the state never does.
    asker.send('QZ01', 'TEXT1.AM.CA0990100.QZ02.TXT\r\nHELLO');
    await until('the text', () => unread[0]);
    const state = world.demo.upstreams[0]?.pid ?? 0;
    process.kill(state, 'SIGSTOP');
    asker.send('QZ01', `ASK01.${question}`);
    await until('the question', async () =>
      (await world.entries('--direction', 'out', '--kind', 'sent')).length > 0 ? true : undefined,
    );

    const stopping = world.stop();
    const sinceMs = performance.now();
    await until('the drain', async () => ((await readyz()) === 'draining' ? true : undefined));
    await expect(world.connect('DEMO-DISP-03')).rejects.toThrow(/C07/);
    await expect(askReload(world)).rejects.toMatchObject({ code: 'MSC-1203', exit: 75 });
    const busy = once(host, 'busy');
    host.send('QC01', `LATE1.*J10442.${question}`);
    await busy;
    // Silent ones that come shortly before the end of the drain: their 10 s must not be waited for.
    await until('nearly over', () => (performance.now() - sinceMs > 19_000 ? true : undefined));
    const after = await silentPeers();
    expect(await stopping).toBe(0);
    const tookMs = performance.now() - sinceMs;
    expect(tookMs).toBeGreaterThan(19_000);
    expect(tookMs).toBeLessThan(limitMs);
    for (const socket of [...before, ...after]) socket.destroy();

    process.kill(state, 'SIGCONT');
    await world.restart();
    const [texts, answers, last] = await Promise.all([
      comeBack('DEMO-DISP-02', deaf, 'mroe'),
      comeBack('DEMO-DISP-01', asker, 'jdoe'),
      comeBack('DEMO-CAD-01', host, undefined),
    ]);
    const text = await until('the text again', () =>
      texts.find(({ body }) => latin1(body).includes('HELLO')),
    );
    expect(text.flags & flagPossibleDuplicate).toBe(flagPossibleDuplicate);
    await until('the answer', () =>
      answers.find(({ body }) => /^ASK01\.(QV|ER)\./.test(latin1(body))),
    );
    await until('what was BUSY', () =>
      last.find(({ body }) => latin1(body).startsWith('LATE1.QV.')),
    );
    expect((await world.msc('journal', 'verify')).code).toBe(0);
    await eventOf(world, 'stop');
  }, 90_000);
});

/** With its session, and with the sign-on that was kept (link S7a). @returns What comes to it. */
async function comeBack(
  name: string,
  { session }: Station,
  user: string | undefined,
): Promise<readonly Received[]> {
  const station = await world.connect(name, { session });
  // In the same turn: what follows WELCOME must find its listener.
  const came = collect(station);
  expect(station.user).toBe(user);
  return came;
}

/** A search over the control socket whose reader takes nothing. */
async function searchThatNobodyReads(): Promise<void> {
  const words = ['journal', 'search', '--text', '--reason', 'test', '-n', '0', '-o', 'jsonl'];
  const all = [launcher, ...words, '--since', '1970-01-01'];
  const child = spawn(process.execPath, all, {
    env: { ...process.env, MSC_CONFIG: world.demo.config },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  // Something came, and no more of it is taken.
  await once(child.stdout, 'readable');
}

interface Ended {
  destroy(): void;
}

/** One that never begins TLS, one that never says HELLO, and one that never reads what it is told. */
async function silentPeers(): Promise<readonly Ended[]> {
  const { host, port } = world.demo.switch;
  const mute = connectTcp({ host, port });
  mute.on('error', () => mute.destroy());
  await once(mute, 'connect');
  const shy = await connectRaw(world.options('DEMO-MDT-01'));
  shy.socket.pause();
  const rude = await connectRaw(world.options('DEMO-PRT-01'));
  const hello = { protocol: [1], station: 'DEMO-PRT-01', role: 'printer', software: 'test' };
  rude.write(controlFrame('HELLO', { ...hello, received: 0 }));
  await rude.next();
  rude.socket.pause();
  for (const { socket } of [shy, rude]) socket.on('error', () => socket.destroy());
  return [mute, shy.socket, rude.socket];
}

async function readyz(): Promise<string> {
  const answer = await fetch(`${world.demo.switch.http}/readyz`);
  return (await answer.text()).trim();
}
