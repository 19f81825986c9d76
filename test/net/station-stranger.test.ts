// The same switch, by hand, before two stations that share no code: the state machine of src/net/station
// and the simulator's. Whatever the switch and the person do, both must say the same frames.

import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ackFrame, controlFrame, messageFrame } from '#protocol/frame';
import { asciiBytes } from '#protocol/octets';
import { Station } from '#src/sim/station';
import { StationSession } from '#src/sim/station-session';
import { frameLine, mnemonicOf, Rig, session } from './station-rig.ts';

/** The socket that the simulator dials next. */
const wire: { socket: unknown } = vi.hoisted(() => ({ socket: undefined }));
vi.mock('../../src/sim/dial.ts', () => ({ dial: () => wire.socket }));

class Wire extends EventEmitter {
  readonly writableLength = 0;
  readonly written: Uint8Array[] = [];
  over = false;
  setNoDelay(): void {
    // There is nothing to delay.
  }
  write(octets: Uint8Array): void {
    this.written.push(Uint8Array.from(octets));
  }
  end(): void {
    this.destroy();
  }
  destroy(): void {
    if (this.over) return;
    this.over = true;
    this.emit('close');
  }
}

/** The simulator, with the same handles as the rig. */
class Sim {
  readonly #session = new StationSession();
  #wire = new Wire();
  #station: Station | undefined;
  #seen = 0;
  readonly #numbers: number[] = [];

  async connect(): Promise<void> {
    this.#wire = new Wire();
    this.#seen = 0;
    wire.socket = this.#wire;
    const nothing = Buffer.alloc(0);
    const own = { host: 'switch', port: 1, ca: nothing, cert: nothing, key: nothing };
    const options = { ...own, station: 'DISP1', role: 'terminal', autoAck: false } as const;
    const opening = { welcomed: () => undefined, failed: () => undefined };
    this.#station = new Station({ ...options, session: this.#session }, opening);
    this.#station.on('message', ({ number }) => this.#numbers.push(number));
    this.#wire.emit('secureConnect');
    await settled();
  }

  async hear(octets: Uint8Array): Promise<void> {
    if (!this.#wire.over) this.#wire.emit('data', octets);
    await settled();
  }

  async do(act: (station: Station) => unknown): Promise<void> {
    if (this.#station !== undefined) act(this.#station);
    await settled();
  }

  break(): void {
    this.#wire.destroy();
    this.#numbers.length = 0;
  }

  sent(): readonly string[] {
    const octets = Buffer.concat(this.#wire.written.slice(this.#seen));
    this.#seen = this.#wire.written.length;
    return splitFrames(octets).map((frame) => `> ${frameLine(frame)}`);
  }
}

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

function splitFrames(octets: Uint8Array): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < octets.length;) {
    const end = at + 20 + new DataView(octets.buffer, octets.byteOffset + at).getUint32(12);
    frames.push(octets.subarray(at, end));
    at = end;
  }
  return frames;
}

/** Both stations, and as much of a switch as decides what may truthfully be said to them. */
class Pair {
  readonly rig = new Rig();
  readonly sim = new Sim();
  open = false;
  user: string | undefined;
  signing = false;
  leaving = false;
  /** What came and has no answer yet; what was handled; what was refused, for link S4b. */
  taken: number[] = [];
  received = 0;
  readonly refused = new Map<number, string>();
  sent = 0;
  /** What the person has and has not answered. */
  held: { readonly number: number; readonly place: number }[] = [];
  handled = 0;
  busy: number | undefined;
  #texts = 0;
  #sessions = 0;

  async connect(): Promise<void> {
    this.rig.put({ kind: 'connected' });
    await this.sim.connect();
    await this.#compare();
  }

  /** Says it to both. */
  async say(octets: Uint8Array): Promise<void> {
    const wasHeld = this.rig.tickets.length;
    this.rig.hearOctets(octets);
    await this.sim.hear(octets);
    if (this.rig.tickets.length > wasHeld)
      this.held.push({ number: this.sent, place: this.rig.tickets.length - 1 });
    await this.#compare();
  }

  async welcome(more: object): Promise<void> {
    const limits = { frameBytesMax: 4096, window: 3, keepAliveMs: 300_000 };
    const basics = { protocol: 1, switch: 'COUNTY', session: this.session, received: 0 };
    const body = { ...basics, ...limits, resumed: false, mnemonics: ['QZ01'], ...more };
    this.open = true;
    await this.say(controlFrame('WELCOME', body));
  }

  get session(): string {
    return `${session}-${this.#sessions}`;
  }

  /** The line breaks; the session goes on, or another begins; the sign-on is kept, or not. */
  async comeBack(resumed: boolean, kept: boolean): Promise<void> {
    this.rig.put({ kind: 'lost' });
    this.sim.break();
    Object.assign(this, { taken: [], held: [], busy: undefined, signing: false, leaving: false });
    this.user = resumed && kept ? this.user : undefined;
    await this.connect();
    if (!resumed) {
      this.#sessions += 1;
      Object.assign(this, { received: 0, sent: 0, handled: 0 });
      this.refused.clear();
    } else this.sent = this.handled;
    const who = this.user === undefined ? {} : { user: this.user };
    await this.welcome({ resumed, received: this.received, ...who });
    if (!resumed || this.received === 0) return;
    for (const [number, code] of [...this.refused].slice(-3))
      await this.say(controlFrame('REFUSED', { code, text: 'no' }, number));
    await this.say(ackFrame(this.received));
  }

  async send(): Promise<void> {
    if (this.user === undefined || this.leaving) return;
    const text = `TEXT${(this.#texts += 1)}`;
    this.rig.send(text);
    await this.sim.do((station) => station.send('QZ01', text));
    await this.#compare();
  }

  async signOn(user: string): Promise<void> {
    if (!this.open || this.user !== undefined || this.signing) return;
    this.signing = true;
    const signOn = { user, password: 'secret' };
    this.rig.put({ kind: 'sign-on', signOn });
    await this.sim.do((station) => void station.signOn(signOn).catch(() => undefined));
    await this.#compare();
    this.signing = false;
    this.user = user;
    const who = { user, oif: 'J10442', name: 'DOE', agency: 'CA0990100', mnemonic: 'QZ01' };
    await this.say(controlFrame('SIGNED_ON', { ...who, warnings: [] }));
  }

  /** By the person, with a message that crosses it, or by the switch. */
  async signOff(by: 'person' | 'switch'): Promise<void> {
    if (!this.open || this.user === undefined || this.held.length > 0) return;
    if (by === 'person') {
      this.leaving = true;
      this.rig.put({ kind: 'sign-off' });
      await this.sim.do((station) => void station.signOff());
      await this.#compare();
      await this.deliver();
    }
    this.user = undefined;
    await this.say(controlFrame('SIGN_OFF', { reason: by === 'person' ? 'user' : 'idle' }));
    this.leaving = false;
  }

  async deliver(): Promise<void> {
    if (!this.open || this.held.length >= 3) return;
    const number = (this.sent += 1);
    const body = asciiBytes('ANSWER');
    const mnemonic = mnemonicOf('QZ01');
    await this.say(messageFrame({ flags: 0, class: 3, number, mnemonic, body }));
    if (this.held.at(-1)?.number !== number) this.handled = number;
  }

  /** The person has the oldest, or will not have it. */
  async judge(verdict: 'handled' | 'refuse'): Promise<void> {
    const oldest = this.held.shift();
    if (!this.open || oldest === undefined) return;
    this.handled = oldest.number;
    if (verdict === 'handled') {
      this.rig.handle(oldest.place);
      await this.sim.do((station) => station.acknowledge(oldest.number));
    } else {
      this.rig.decline(oldest.place, 'R02');
      const refused = { code: 'R02', text: 'It cannot be shown, printed or stored.' };
      await this.sim.do((station) => station.refuse(oldest.number, refused));
    }
    await this.#compare();
  }

  /** The switch answers some of what it has. */
  async answer(how: 'ack' | 'refuse' | 'busy', count: number): Promise<void> {
    const number = this.taken[Math.min(count, this.taken.length) - 1];
    if (!this.open || number === undefined) return;
    if (how === 'ack') {
      this.received = number;
      this.taken = this.taken.filter((each) => each > number);
      return this.say(ackFrame(number));
    }
    const first = this.taken[0] ?? 0;
    if (how === 'busy') {
      this.busy = first;
      this.taken = [];
      return this.say(controlFrame('BUSY', { retryAfterMs: 500 }, first));
    }
    this.received = first;
    this.refused.set(first, 'X03');
    this.taken.shift();
    await this.say(controlFrame('REFUSED', { code: 'X03', text: 'no' }, first));
  }

  async pass(ms: number): Promise<void> {
    this.rig.pass(ms);
    await vi.advanceTimersByTimeAsync(ms);
    // The simulator looks at its clock once a second.
    if (this.rig.state.line.phase === 'closing') {
      this.rig.pass(1000);
      await vi.advanceTimersByTimeAsync(1000);
    }
    await this.#compare();
  }

  async #compare(): Promise<void> {
    await settled();
    const ours = this.rig.sent();
    expect(this.sim.sent()).toEqual(ours);
    for (const line of ours) {
      const number = /^> MESSAGE (\d+)/.exec(line)?.[1];
      if (number !== undefined) this.taken.push(Number(number));
      if (line.startsWith('> CLOSE')) this.open = false;
    }
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function begun(): Promise<Pair> {
  const pair = new Pair();
  await pair.connect();
  await pair.welcome({});
  await pair.signOn('jdoe');
  return pair;
}

describe('two stations that share no code say the same', () => {
  it.each<[string, (pair: Pair) => Promise<void>]>([
    ['ACK never sent', (pair) => pair.say(ackFrame(9))],
    [
      'REFUSED never sent',
      (pair) => pair.say(controlFrame('REFUSED', { code: 'X03', text: 'n' }, 9)),
    ],
    ['BUSY never sent', (pair) => pair.say(controlFrame('BUSY', { retryAfterMs: 500 }, 9))],
    ['a STATUS that is none', (pair) => pair.say(controlFrame('STATUS', { a: 1 }))],
    ['a second WELCOME', (pair) => pair.welcome({})],
    ['a number above the next', (pair) => ((pair.sent += 5), pair.deliver())],
    ['no answer for 30 s', (pair) => pair.pass(31_000)],
    ['octets that are no frame', (pair) => pair.say(new Uint8Array(20))],
  ])('after %s, then in a new session', async (_, wrong) => {
    const pair = await begun();
    await pair.send();
    await pair.send();
    await wrong(pair);
    expect(pair.open).toBe(false);
    await pair.comeBack(false, false);
    await pair.signOn('jdoe');
    await pair.pass(1000);
  });

  it.each([1, 2, 3])('where the switch has what it said BUSY for (up to %i)', async (received) => {
    const pair = await begun();
    for (let count = 0; count < 3; count++) await pair.send();
    await pair.answer('busy', 1);
    pair.received = received;
    await pair.comeBack(true, true);
    expect(pair.open).toBe(true);
    await pair.pass(1000);
  });

  it.each([5, 0])('where WELCOME goes on at a number that does not fit (%i)', async (received) => {
    const pair = await begun();
    for (let count = 0; count < 3; count++) await pair.send();
    await pair.answer('ack', 2);
    pair.received = received;
    await pair.comeBack(true, true);
    expect(pair.open).toBe(false);
    await pair.comeBack(false, false);
    await pair.signOn('jdoe');
  });

  it('whatever a switch in order and a person do', async () => {
    const flag = fc.boolean();
    const user = fc.constantFrom('jdoe', 'mroe');
    const act = fc.oneof(
      { weight: 6, arbitrary: fc.constant((pair: Pair) => pair.send()) },
      { weight: 4, arbitrary: fc.constant((pair: Pair) => pair.deliver()) },
      {
        weight: 4,
        arbitrary: fc
          .constantFrom<'handled' | 'refuse'>('handled', 'handled', 'refuse')
          .map((verdict) => (pair: Pair) => pair.judge(verdict)),
      },
      {
        weight: 6,
        arbitrary: fc
          .tuple(
            fc.constantFrom<'ack' | 'refuse' | 'busy'>('ack', 'ack', 'refuse', 'busy'),
            fc.integer({ min: 1, max: 3 }),
          )
          .map((args) => (pair: Pair) => pair.answer(...args)),
      },
      { weight: 2, arbitrary: user.map((name) => (pair: Pair) => pair.signOn(name)) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom<'person' | 'switch'>('person', 'switch')
          .map((by) => (pair: Pair) => pair.signOff(by)),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(flag, flag)
          .map((args) => (pair: Pair) => pair.comeBack(args[0] || args[1], args[1])),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(600, 2000, 31_000).map((ms) => (pair: Pair) => pair.pass(ms)),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60, size: 'max' }), async (acts) => {
        const pair = await begun();
        for (const run of acts) await run(pair);
        expect(pair.sent).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });
});
