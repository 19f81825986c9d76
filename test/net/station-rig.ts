// A station and the switch it talks to, both by hand: what the station says is a list of short lines,
// time stands still until it is set, and every `tick` comes when it was asked for.

import type { SignOn, Welcome } from '#protocol/control';
import {
  controlFrame,
  type Frame,
  frameHeaderBytes,
  type FrameType,
  parseFrameHeader,
} from '#protocol/frame';
import { Framer } from '#protocol/framer';
import { type Mnemonic, parseMnemonic } from '#protocol/ids';
import { asciiBytes, latin1 } from '#protocol/octets';
import type { Handed, StationInput } from '#src/net/station/input';
import type { StationOutput } from '#src/net/station/output';
import { createStation, type StationSettings, type StationState } from '#src/net/station/state';
import { stepStation } from '#src/net/station/step';

type Json = Readonly<Record<string, unknown>>;

export const session = 'session-one-----------';
export const otherSession = 'session-two-----------';

export class Rig {
  readonly state: StationState;
  atMs = 1_000_000;
  fraction = 0;
  /** Messages for the person, in order. */
  readonly tickets: number[] = [];
  dialAfterMs: number | undefined;
  #wakeAtMs: number | undefined;
  #framer = new Framer({ from: 'switch', allowed: new Set(), bodyBytesMax: 0 });
  #lines: string[] = [];
  #ids = 0;

  constructor(settings: Partial<StationSettings> = {}) {
    const own = { station: 'DISP1', role: 'terminal', software: 'test', waitingMax: 100 } as const;
    this.state = createStation({ ...own, ...settings });
  }

  /** Frames and words since the last time, one short line each. */
  take(): readonly string[] {
    return this.#lines.splice(0);
  }

  /** Only what went to the switch. */
  sent(): readonly string[] {
    return this.take().filter((line) => line.startsWith('> '));
  }

  put(input: StationInput): this {
    if (input.kind === 'connected') this.#framer = new Framer(this.#framer.rules);
    const { atMs, fraction } = this;
    for (const output of stepStation(this.state, input, { atMs, fraction })) this.#note(output);
    return this;
  }

  /** Time goes by; each tick comes when it was asked for. */
  pass(ms: number): this {
    const endMs = this.atMs + ms;
    while (this.#wakeAtMs !== undefined && this.#wakeAtMs <= endMs) {
      this.atMs = Math.max(this.atMs, this.#wakeAtMs);
      this.#wakeAtMs = undefined;
      this.put({ kind: 'tick' });
    }
    this.atMs = endMs;
    return this;
  }

  /** The switch says a frame. */
  hear(type: FrameType, body: object | string = '', more: Partial<Frame> = {}): this {
    const octets =
      typeof body === 'string'
        ? asciiBytes(body)
        : controlFrame(type, body).subarray(frameHeaderBytes);
    const blank = { flags: 0, class: 0, number: 0, mnemonic: undefined };
    return this.put({ kind: 'frame', frame: { type, ...blank, body: octets, ...more } });
  }

  /** The switch says octets, judged by the rules that hold now. */
  hearOctets(octets: Uint8Array): this {
    this.#framer.push(octets);
    for (let next = this.#framer.next(); next !== undefined; next = this.#framer.next()) {
      if (next.ok) this.put({ kind: 'frame', frame: next.value });
      else this.put({ kind: 'garbled', code: next.error.code, reason: next.error.reason });
    }
    return this;
  }

  /** The switch sends a MESSAGE. */
  deliver(number: number, text: string, mnemonic = 'QZ01'): this {
    return this.hear('MESSAGE', text, { number, class: 3, mnemonic: mnemonicOf(mnemonic) });
  }

  ack(number: number): this {
    return this.hear('ACK', '', { number });
  }

  refuse(number: number, code = 'X03'): this {
    return this.hear('REFUSED', { code, text: 'no' }, { number });
  }

  busy(number: number, retryAfterMs = 1000): this {
    return this.hear('BUSY', { retryAfterMs }, { number });
  }

  welcome(more: Partial<Welcome> = {}): this {
    const limits = { frameBytesMax: 4096, window: 4, keepAliveMs: 30_000 };
    const basics = { protocol: 1, switch: 'COUNTY', session, resumed: false, received: 0 };
    return this.hear('WELCOME', { ...basics, ...limits, mnemonics: ['QZ01'], ...more });
  }

  /** Connected and welcomed; what was said up to here is forgotten. */
  up(more: Partial<Welcome> = {}): this {
    this.put({ kind: 'connected' }).welcome(more).take();
    return this;
  }

  /** The line breaks, and the session goes on. */
  resume(received: number, more: Partial<Welcome> = {}): this {
    this.put({ kind: 'lost' }).put({ kind: 'connected' });
    this.take();
    return this.welcome({ resumed: true, received, ...more });
  }

  signOn(user = 'jdoe'): this {
    const signOn: SignOn = { user, password: 'secret' };
    return this.put({ kind: 'sign-on', signOn });
  }

  signedOn(user = 'jdoe', mnemonic = 'QZ01'): this {
    const who = { user, oif: 'J10442', name: 'DOE', agency: 'CA0990100', mnemonic };
    return this.hear('SIGNED_ON', { ...who, warnings: [] });
  }

  /** A terminal with a person; what was said up to here is forgotten. */
  seated(user = 'jdoe'): this {
    this.up().signOn(user).signedOn(user).take();
    return this;
  }

  /** Hands over messages of these texts. */
  send(...texts: readonly string[]): this {
    for (const text of texts) this.hand({ body: asciiBytes(text) });
    return this;
  }

  hand(more: Partial<Handed>): this {
    const message = { id: ++this.#ids, mnemonic: mnemonicOf('QZ01'), body: asciiBytes('TEXT') };
    return this.put({ kind: 'message', message: { ...message, ...more } });
  }

  /** The person has the nth message given. */
  handle(place: number): this {
    return this.put({ kind: 'handled', ticket: this.tickets[place] ?? 0 });
  }

  decline(place: number, code: 'R01' | 'R02' | 'R03'): this {
    return this.put({ kind: 'refuse', ticket: this.tickets[place] ?? 0, code });
  }

  #note(output: StationOutput): void {
    if (output.kind === 'message') this.tickets.push(output.ticket);
    if (output.kind === 'dial') this.dialAfterMs = output.afterMs;
    if (output.kind === 'wake') this.#wakeAtMs = output.atMs;
    if (output.kind === 'expect') {
      const { frames: allowed, bodyBytesMax } = output;
      this.#framer.rules = { from: 'switch', allowed, bodyBytesMax };
    }
    const line = lineOf(output);
    if (line !== undefined) this.#lines.push(line);
  }
}

export function mnemonicOf(text: string): Mnemonic {
  const mnemonic = parseMnemonic(text);
  if (mnemonic === undefined) throw new Error(`no mnemonic: ${text}`);
  return mnemonic;
}

function lineOf(output: StationOutput): string | undefined {
  switch (output.kind) {
    case 'send':
      return `> ${frameLine(output.frame)}`;
    case 'message':
      return `message ${output.number} ${latin1(output.body)}`;
    case 'accepted':
      return `accepted ${output.id}`;
    case 'refused':
      return `refused ${output.id} ${output.refused.code}`;
    case 'dropped':
      return `dropped ${output.id} ${output.why}`;
    case 'declined':
      return `declined ${output.why}`;
    case 'signed-on':
      return `signed on ${output.user} ${output.mnemonic}`;
    case 'signed-off':
      return `signed off ${output.reason ?? ''}`.trimEnd();
    case 'sign-on-refused':
      return `sign-on refused ${output.refused.code}`;
    case 'closed':
      return `closed by ${output.by} ${output.code}`;
    case 'cut':
    case 'sign-on-lost':
      return output.kind;
    case 'status':
      return `status ${output.status.service} ${output.status.state}`;
    case 'busy':
    case 'expect':
    case 'dial':
    case 'wake':
    case 'welcomed':
      return undefined;
  }
}

/** One frame of a station, as one short line. */
export function frameLine(octets: Uint8Array): string {
  const header = parseFrameHeader(octets, { from: 'station', bodyBytesMax: 65_536, allowed });
  if (!header.ok) throw new Error(`the station sent ${header.error.reason}`);
  const { type, number, flags } = header.value;
  const body = latin1(octets.subarray(frameHeaderBytes));
  // Bodies of control frames are JSON objects (link F5).
  const json = (): Json => (body === '' ? {} : (JSON.parse(body) as Json));
  const words = (...parts: readonly unknown[]): string =>
    [type, ...parts.filter((part) => part !== undefined)].map(String).join(' ');
  switch (type) {
    case 'HELLO':
      return words(json()['session'] === undefined ? 'new' : json()['session'], json()['received']);
    case 'MESSAGE':
      return words(number, ...(flags === 0 ? [] : [`D${flags}`]), body);
    case 'REFUSED':
      return words(number, json()['code']);
    case 'ACK':
      return words(number);
    case 'SIGN_ON':
      return words(json()['user']);
    case 'SIGN_OFF':
      return words(json()['reason']);
    case 'CLOSE':
      return words(json()['code']);
    case 'PONG':
      return words(body);
    case 'PING':
    case 'WELCOME':
    case 'SIGNED_ON':
    case 'BUSY':
    case 'STATUS':
      return words();
  }
}

const allowed: ReadonlySet<FrameType> = new Set<FrameType>([
  ...(['HELLO', 'SIGN_ON', 'SIGN_OFF', 'MESSAGE', 'ACK', 'REFUSED'] as const),
  ...(['PING', 'PONG', 'CLOSE'] as const),
]);
