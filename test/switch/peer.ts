// The other end of one link in a test: says frames, and writes down what it hears, one short line each.
// It checks as it listens: each ACK, REFUSED and MESSAGE follows its entry, numbers rise by one, and
// never more than the window is under way.

import { expect } from 'vitest';
import { parseFrameHeader, type Frame, type FrameType, frameHeaderBytes } from '#protocol/frame';
import type { Mnemonic } from '#protocol/ids';
import { asciiBytes, latin1, utf8Bytes } from '#protocol/octets';
import type { Effect } from '#switch/effect';
import type { World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Heard extends Frame {
  readonly json: Json;
  readonly text: string;
}

export class Peer {
  readonly id: number;
  readonly name: string;
  readonly #world: World;
  alive = true;
  /** Acknowledges what it has whenever time goes by. */
  diligent = false;
  ended: 'end' | 'cut' | undefined;
  expected: Extract<Effect, { kind: 'expect' }> | undefined;
  readonly frames: Heard[] = [];
  session = '';
  mnemonic = '';
  /** The last number we gave, and the last we were given. */
  sent = 0;
  received = 0;
  /** Of what we were given: not yet acknowledged or refused. */
  readonly open = new Set<number>();
  /** What its HELLO or WELCOME says that it has handled. */
  handled = 0;
  #window = 0;
  #taken = 0;

  constructor(world: World, id: number, name: string) {
    this.#world = world;
    this.id = id;
    this.name = name;
  }

  say(
    type: FrameType,
    body: object | string | Uint8Array = new Uint8Array(0),
    more: Partial<Frame> = {},
  ): this {
    const octets =
      body instanceof Uint8Array
        ? body
        : utf8Bytes(typeof body === 'string' ? body : JSON.stringify(body));
    const blank = { flags: 0, class: 0, number: 0, mnemonic: undefined };
    const frame: Frame = { type, ...blank, body: octets, ...more };
    this.#world.put({ kind: 'frame', link: this.id, frame });
    return this;
  }

  /** A MESSAGE under the next number. */
  message(text: string, more: Partial<Frame> = {}): this {
    this.sent = more.number ?? this.sent + 1;
    // The tests write mnemonics as they are.
    const mnemonic = this.mnemonic as Mnemonic;
    return this.say('MESSAGE', asciiBytes(text), { mnemonic, number: this.sent, ...more });
  }

  ack(number = this.received): this {
    for (const open of this.open) if (open <= number) this.open.delete(open);
    return this.say('ACK', undefined, { number });
  }

  refuse(number: number, code: string): this {
    this.open.delete(number);
    return this.say('REFUSED', { code, text: 'refused' }, { number });
  }

  signOn(user: string, more: object = {}): this {
    return this.say('SIGN_ON', { user, password: `secret of ${user}`, ...more });
  }

  /** An upstream's WELCOME; a session of its own unless it goes on. */
  welcome(more: object = {}): this {
    const session = `upstream-session-${this.id}`.padEnd(24, '-');
    const limits = { frameBytesMax: 4096, window: 4, keepAliveMs: 30_000 };
    const body = { protocol: 1, switch: 'STATE', session, resumed: false, received: 0, ...limits };
    const whole = { ...body, mnemonics: [], ...more };
    this.#remember(whole);
    return this.say('WELCOME', whole);
  }

  drop(): void {
    this.alive = false;
    this.#world.put({ kind: 'closed', link: this.id, why: 'gone' });
  }

  /** Hears a frame of the switch. */
  hear(octets: Uint8Array): void {
    const rules = { from: 'switch', bodyBytesMax: 65_536, allowed: allTypes } as const;
    const header = parseFrameHeader(octets, rules);
    if (!header.ok) throw new Error(`the switch sent ${header.error.reason}`);
    const body = octets.subarray(frameHeaderBytes);
    const { type, number } = header.value;
    const plain = type === 'MESSAGE' || type === 'ACK' || type === 'PING' || type === 'PONG';
    // Bodies of control frames are JSON objects (link F5).
    const json = plain ? {} : (JSON.parse(latin1(body)) as Json);
    this.frames.push({ ...header.value, body, json, text: latin1(body) });
    if (type === 'WELCOME') this.#remember(json);
    if (type === 'SIGNED_ON') this.mnemonic = String(json['mnemonic']);
    if (type === 'MESSAGE') this.#countMessage(number);
    if (type === 'ACK' || (type === 'REFUSED' && number > 0)) this.#proveAnswer(type, number, json);
  }

  /** What was heard since the last time, in short lines. */
  take(): readonly string[] {
    const lines = this.frames.slice(this.#taken).map(lineOf);
    this.#taken = this.frames.length;
    return lines;
  }

  /** The MESSAGEs heard, the last first. */
  get messages(): readonly Heard[] {
    return this.frames.filter(({ type }) => type === 'MESSAGE').toReversed();
  }

  /** Of an upstream: answers the last request heard, under its reference and mnemonic. */
  answer(text: string, more: Partial<Frame> = {}, request = this.messages[0]): this {
    if (request === undefined) throw new Error('nothing was asked');
    const reference = request.text.slice(0, request.text.indexOf('.'));
    const { mnemonic } = request;
    return this.message(`${reference}.${text}`, { mnemonic, class: 3, ...more });
  }

  #remember(welcome: Json): void {
    this.session = String(welcome['session']);
    this.#window = Number(welcome['window']);
    const [mnemonic] = welcome['mnemonics'] as readonly string[];
    this.mnemonic = mnemonic ?? '';
    if (welcome['resumed'] !== true) return;
    const [hello] = this.frames;
    const upstream = this.name.startsWith('>');
    this.received = upstream ? Number(welcome['received']) : this.handled;
    this.sent = Number((upstream ? hello?.json : welcome)?.['received']);
  }

  #countMessage(number: number): void {
    expect(number, 'numbers rise by one').toBe(this.received + 1);
    this.received = number;
    this.open.add(number);
    expect(this.open.size, 'the window is kept').toBeLessThanOrEqual(this.#window);
    const entry = this.#world.entries.at(-1)?.entry;
    expect(entry).toMatchObject({ kind: 'sent', number, session: this.session });
    const source = entry?.kind === 'sent' ? Number(entry.delivery.split('.')[0]) : 0;
    const to = this.#destination(source, entry?.kind === 'sent' ? entry.delivery : '');
    if (to?.kind !== 'user') return;
    const here = this.#world.state.ledger.signOns.get(this.name as never);
    expect(to.user, 'an answer goes to its asker alone').toBe(here?.user);
  }

  /** Where a delivery was last to go. */
  #destination(source: number, delivery: string) {
    const { entries } = this.#world;
    const rerouted = entries.findLast(
      ({ entry }) => entry.kind === 'rerouted' && entry.delivery === delivery,
    )?.entry;
    if (rerouted?.kind === 'rerouted') return rerouted.to[0];
    const received = entries[source - 1]?.entry;
    return received?.kind === 'received' ? received.to[Number(delivery.split('.')[1])] : undefined;
  }

  #proveAnswer(type: FrameType, number: number, json: Json): void {
    const entry = this.#world.entries.findLast(
      ({ entry: { session, number: of, kind, direction } }) =>
        session === this.session &&
        of === number &&
        (kind === 'received' || kind === 'duplicate' || (kind === 'refused' && direction === 'in')),
    )?.entry;
    expect(entry, `${type} ${number} follows its entry`).toBeDefined();
    if (type === 'REFUSED') expect(json['ref']).toBe(entry?.entry);
  }
}

/** The codes and numbers of a frame, and a MESSAGE's flags, class, mnemonic and text (`|` for CR LF). */
function lineOf({ type, number, json, text, flags, class: messageClass, mnemonic }: Heard): string {
  const say = (...parts: readonly unknown[]): string =>
    [type, ...parts.filter((part) => part !== undefined && part !== '')].map(String).join(' ');
  switch (type) {
    case 'MESSAGE': {
      const flag = (flags & 1 ? 'D' : '') + (flags & 2 ? 'F' : '');
      return say(number, mnemonic, `c${messageClass}`, flag, text.replaceAll('\r\n', '|'));
    }
    case 'REFUSED':
      return say(number, json['code'], 'at' in json ? `@${JSON.stringify(json['at'])}` : '');
    case 'WELCOME':
      return say(json['resumed'] === true ? 'resumed' : 'new', json['received'], json['user']);
    case 'SIGNED_ON':
      return say(json['user'], json['mnemonic']);
    case 'SIGN_OFF':
      return say(json['reason']);
    case 'STATUS':
      return say(json['service'], json['state']);
    case 'CLOSE':
      return say(json['code']);
    case 'ACK':
    case 'BUSY':
      return say(number);
    case 'HELLO':
      return say(json['session'] ?? 'new', json['received']);
    case 'SIGN_ON':
    case 'PING':
    case 'PONG':
      return say();
  }
}

const allTypes: ReadonlySet<FrameType> = new Set<FrameType>([
  ...(['HELLO', 'WELCOME', 'SIGN_ON', 'SIGNED_ON', 'SIGN_OFF', 'MESSAGE', 'ACK'] as const),
  ...(['REFUSED', 'BUSY', 'PING', 'PONG', 'STATUS', 'CLOSE'] as const),
]);
