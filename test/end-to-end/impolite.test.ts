// Enrolled stations that do not keep to the rules: window and BUSY ignored, passwords guessed, another
// station's session named. Each pays for it, with an entry that says so; whoever is good notices nothing.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseBusy, parseClose, parseRefused, parseWelcome } from '#protocol/control';
import { controlFrame, type Frame, messageFrame } from '#protocol/frame';
import { parseMnemonic } from '#protocol/ids';
import { asciiBytes } from '#protocol/octets';
import { connectRaw, type RawLink } from '#src/sim/raw';
import type { Station } from '#src/sim/station';
import { isAlive, openWorld, until, type World } from '#support/world';

let world: World;
let good: Station;
beforeAll(async () => {
  world = await openWorld();
  good = (await world.signOn('DEMO-DISP-02', 'mroe')).station;
});
afterAll(() => world.close());

/** Connections are counted for each address; the good ones come from elsewhere. */
const guessersPlace = { localAddress: '127.0.0.9' };

/** Of WELCOME, unless configured (link M4). */
const window = 32;

async function othersAreServed(): Promise<void> {
  const asked = await good.request('QV.CA0990100.LIC/2ZZZ999.LIS/CA');
  expect(asked).toMatchObject({ kind: 'answered' });
}

async function greeted(
  name: string,
  { session, ...from }: { readonly session?: string; readonly localAddress?: string } = {},
): Promise<{ link: RawLink; welcome: Frame }> {
  const link = await connectRaw(world.options(name, from));
  const { role } = world.station(name);
  const more = session === undefined ? {} : { session };
  const body = { protocol: [1], station: name, role, software: 'impolite', received: 0, ...more };
  link.write(controlFrame('HELLO', body));
  const welcome = await link.next();
  if (welcome?.type !== 'WELCOME') throw new Error(`${name} heard ${String(welcome?.type)}`);
  return { link, welcome };
}

async function closeCode(link: RawLink): Promise<string | undefined> {
  for (let frame = await link.next(); frame !== undefined; frame = await link.next()) {
    const close = frame.type === 'CLOSE' ? parseClose(frame.body) : undefined;
    if (close?.ok === true) return close.value.code;
  }
  return undefined;
}

const question = (number: number): Uint8Array =>
  messageFrame({
    ...{ number, flags: 0, class: 0, mnemonic: parseMnemonic('QC01') ?? fail('a mnemonic') },
    body: asciiBytes(`W${number}AAA.*J10442.AM.CA0990100.QP01.TXT\r\nHELLO`),
  });

function fail(what: string): never {
  throw new Error(what);
}

describe('the window', () => {
  it('is not to be ignored: one message more is CLOSE C11, and what was taken stays taken (link M4)', async () => {
    const { link } = await greeted('DEMO-CAD-01');
    const all = Array.from({ length: 4 * window }, (_, index) => question(index + 1));
    link.write(Buffer.concat(all));
    expect(await closeCode(link)).toBe('C11');
    link.end();
    await othersAreServed();
    const only = ['--station', 'DEMO-CAD-01'];
    expect(await world.entries(...only, '--event', 'security')).toMatchObject([{ code: 'C11' }]);
    const taken = await world.entries(...only, '--kind', 'received');
    expect(taken.map((row) => row['number'])).toEqual(taken.map((_, index) => index + 1));
    expect(taken.length).toBeGreaterThanOrEqual(window);
    expect(taken.length).toBeLessThan(4 * window);
  });
});

describe("another station's session", () => {
  it('is not gone on with, and is a security event (link S4)', async () => {
    const { link, welcome } = await greeted('DEMO-DISP-03', { session: good.welcome.session });
    expect(parseWelcome(welcome.body)).toMatchObject({ ok: true, value: { resumed: false } });
    await othersAreServed();
    const rows = await world.entries('--station', 'DEMO-DISP-03', '--event', 'security');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.['reason']).toMatch(/another station's session/);
    link.end();
  });
});

describe('guessed passwords', () => {
  const guess = (user: string): Uint8Array =>
    controlFrame('SIGN_ON', { user, password: `guess ${Math.random()}` });

  it('lock the account, and keep only that station waiting (link S7c)', async () => {
    const { link } = await greeted('DEMO-DISP-01');
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      const began = performance.now();
      link.write(guess('lock'));
      const answer = await link.next();
      expect(answer?.type).toBe('REFUSED');
      expect(parseRefused(answer?.body ?? new Uint8Array())).toMatchObject({
        value: { code: 'U01' },
      });
      waits.push(performance.now() - began);
    }
    link.end();
    // After the fifth: 250, 500 and 1,000 ms.
    expect(Math.min(...waits.slice(5))).toBeGreaterThanOrEqual(240);
    expect(waits[7]).toBeGreaterThanOrEqual(990);
    expect(await world.entries('--event', 'lock')).toMatchObject([{ user: 'lock' }]);
    await expect(world.signOn('DEMO-DISP-03', 'lock')).rejects.toThrow(/U01/);
  });

  it('of a station that does not wait for the answer cost nobody else a second (link S7c)', async () => {
    const quietMs = await signOnMs();
    let guesses = 0;
    let going = true;
    const guesser = async (): Promise<void> => {
      while (going) {
        // Turned away by the rate of its address, it tries again.
        const met = await greeted('DEMO-DISP-01', guessersPlace).catch(() => undefined);
        if (met === undefined) {
          await pause(20);
          continue;
        }
        // The second one while the first is unanswered is C04: the cheapest way to ask for another hash.
        met.link.write(Buffer.concat([guess('jdoe'), guess('jdoe')]));
        guesses += 2;
        expect(await closeCode(met.link)).toMatch(/^C0[49]$|^undefined$/);
        met.link.end();
      }
    };
    const guessers = [guesser(), guesser()];
    await until('many guesses', () => (guesses > 100 ? true : undefined));
    const under: number[] = [];
    for (let times = 0; times < 5; times += 1) {
      under.push(await signOnMs());
      await othersAreServed();
    }
    going = false;
    await Promise.all(guessers);
    // One hash under way, one that waits, and the machine shared with the guesser; without a bound it is minutes.
    expect(under.toSorted((a, b) => a - b)[2]).toBeLessThan(3 * quietMs + 2_000);
    // Nobody heard a verdict on these, so they count for no account.
    expect(await world.entries('--event', 'lock', '--user', 'jdoe')).toEqual([]);
  });
});

/** Of a colleague elsewhere. */
async function signOnMs(): Promise<number> {
  const station = await world.connect('DEMO-DISP-03', { connectTimeoutMs: 15_000 });
  const began = performance.now();
  const answer = await station.signOn({ user: 'poe', password: world.password('poe') });
  const tookMs = performance.now() - began;
  if ('code' in answer) throw new Error(`refused ${answer.code}`);
  await station.leave();
  return tookMs;
}

describe('BUSY', () => {
  it('is not to be ignored: a window of messages after it is CLOSE C11 (link M4a)', async () => {
    const first = await greeted('DEMO-CAD-01');
    first.link.write(question(1));
    expect(await first.link.next()).toMatchObject({ type: 'ACK', number: 1 });
    first.link.end();
    // What QP01 was sent and does not acknowledge keeps the drain from ending; in it MESSAGE gets BUSY (link S9).
    const printer = await connectRaw(world.options('DEMO-PRT-01'));
    const hello = { protocol: [1], station: 'DEMO-PRT-01', role: 'printer', software: 'slow' };
    printer.write(controlFrame('HELLO', { ...hello, received: 0 }));
    for (let frame = await printer.next(); frame?.type !== 'MESSAGE'; frame = await printer.next())
      if (frame === undefined) throw new Error('the printer was sent nothing');
    const { link } = await greeted('DEMO-CAD-01');
    process.kill(world.pid, 'SIGTERM');
    await until('draining', async () => {
      const { status } = await fetch(`${world.demo.switch.http}/readyz`);
      return status === 200 ? undefined : true;
    });
    link.write(question(1));
    // STATUS of the upstream may come first.
    let busy = await link.next();
    while (busy?.type === 'STATUS') busy = await link.next();
    expect(busy).toMatchObject({ type: 'BUSY', number: 1 });
    expect(parseBusy(busy?.body ?? new Uint8Array())).toMatchObject({ ok: true });
    const rest = Array.from({ length: window }, (_, index) => question(index + 2));
    link.write(Buffer.concat(rest));
    expect(await closeCode(link)).toBe('C11');
    link.end();
    printer.end();
    const { pid } = world;
    await until('the end of the drain', () => (isAlive(pid) ? undefined : true));
    await world.restart();
    const rows = await world.entries('--station', 'DEMO-CAD-01', '--event', 'link-down');
    expect(rows.at(-1)).toMatchObject({ code: 'C11' });
  });
});
