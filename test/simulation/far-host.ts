// An upstream: the switch's side of the protocol, no more of it than a county needs. It keeps its session over
// breaks, resumes, repeats its REFUSED, says BUSY in the middle of a window, answers late, often or never,
// and sends what nobody asked for. What the county does wrong towards it is a failure.

import { parseHello, type Refused } from '#protocol/control';
import {
  ackFrame,
  controlFrame,
  echoFrame,
  flagFinal,
  flagPossibleDuplicate,
  type Frame,
  helloBytesMax,
  helloOnly,
  messageFrame,
  stationFrames,
} from '#protocol/frame';
import { Framer } from '#protocol/framer';
import { type Mnemonic, parseMnemonic } from '#protocol/ids';
import { asciiBytes, latin1 } from '#protocol/octets';
import type { Chance } from './chance.ts';
import { addressed } from './county.ts';
import type { Timeline } from './timeline.ts';
import { type End, Wire } from './wire.ts';
import type { Witness } from './witness.ts';

export interface FarHostParts {
  readonly name: string;
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly witness: Witness;
}

interface Outgoing {
  readonly mnemonic: Mnemonic;
  readonly class: number;
  readonly body: Uint8Array;
  readonly final: boolean;
  sent: boolean;
}

/** One numbering; what it knew of the other is gone with it. */
interface Session {
  readonly id: string;
  handled: number;
  readonly refused: Map<number, Refused>;
  sent: number;
  acked: number;
  /** By number, in order. */
  readonly inFlight: Map<number, Outgoing>;
}

const window = 4;
const keepAliveMs = 30_000;
const limits = { frameBytesMax: 4096, window, keepAliveMs } as const;

export class FarHost implements End {
  readonly name: string;
  readonly #parts: FarHostParts;
  wire: Wire | undefined;
  #framer = newFramer();
  #session: Session | undefined;
  #sessions = 0;
  #waiting: Outgoing[] = [];
  #busyAt: number | undefined;
  #ackDue = false;
  /** WELCOME is said on this wire. */
  #welcomed = false;
  #heardAtMs = 0;
  /** Since when the oldest in flight waits (link M8). */
  #openSinceMs: number | undefined;
  reachable = true;
  calm = false;

  constructor(parts: FarHostParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.#tickLater();
    this.#actLater();
  }

  /** The county calls. */
  accept(): Wire | undefined {
    if (!this.reachable) return undefined;
    const { timeline, chance } = this.#parts;
    this.wire?.destroy('near');
    this.#forgetLine();
    const wire = new Wire(timeline, chance);
    this.wire = wire;
    this.#framer = newFramer();
    this.#heardAtMs = timeline.nowMs;
    wire.attach('near', this.#endOf(wire));
    return wire;
  }

  data(octets: Uint8Array): void {
    this.#heardAtMs = this.#parts.timeline.nowMs;
    this.#framer.push(octets);
    for (let next = this.#framer.next(); next !== undefined; next = this.#framer.next()) {
      if (!next.ok) return this.#fails(`octets that are no frame: ${next.error.reason}`);
      if (this.wire === undefined) return;
      this.#hear(next.value);
    }
    this.#ackSoon();
  }

  closed(): void {
    this.wire = undefined;
    this.#forgetLine();
  }

  /** It dies and comes back with nothing; what it had taken it has. */
  restart(): void {
    this.#session = undefined;
    this.#waiting = [];
    this.wire?.destroy('near');
    this.closed();
  }

  get idle(): boolean {
    return this.#waiting.length === 0 && (this.#session?.inFlight.size ?? 0) === 0;
  }

  /** Only the wire that is the present one is heard. */
  #endOf(wire: Wire): End {
    return {
      data: (octets) => {
        if (this.wire === wire) this.data(octets);
      },
      closed: () => {
        if (this.wire === wire) this.closed();
      },
    };
  }

  #forgetLine(): void {
    this.#welcomed = false;
    this.#busyAt = undefined;
    this.#ackDue = false;
    this.#openSinceMs = undefined;
  }

  #fails(what: string): void {
    this.#parts.witness.fails(`${this.name} was sent ${what}`);
  }

  #send(frame: Uint8Array): void {
    this.wire?.send('near', frame);
  }

  #close(code: string): void {
    this.#send(controlFrame('CLOSE', { code, text: 'said by the upstream' }));
    this.wire?.end('near');
    this.wire = undefined;
    this.#forgetLine();
  }

  #hear(frame: Frame): void {
    switch (frame.type) {
      case 'HELLO':
        return this.#hello(frame);
      case 'MESSAGE':
        return this.#take(frame);
      case 'ACK':
        return this.#acked(frame.number);
      case 'REFUSED':
        return this.#fails('a REFUSED: nothing of an upstream is refused (link E8)');
      case 'PING':
        return this.#send(echoFrame('PONG', frame.body));
      case 'CLOSE':
        return this.#closedByCounty(frame);
      case 'PONG':
      case 'WELCOME':
      case 'SIGN_ON':
      case 'SIGNED_ON':
      case 'SIGN_OFF':
      case 'BUSY':
      case 'STATUS':
        return;
    }
  }

  #closedByCounty({ body }: Frame): void {
    const text = latin1(body);
    this.#parts.witness.closedBySwitch(this.name, /"code":"(C\d\d)"/.exec(text)?.[1] ?? text);
    this.wire?.end('near');
    this.wire = undefined;
    this.#forgetLine();
  }

  #hello(frame: Frame): void {
    const hello = parseHello(frame.body);
    if (!hello.ok) return this.#fails('a HELLO that does not parse');
    const { session, received } = hello.value;
    const known = this.#session;
    const resumed = known !== undefined && known.id === session;
    if (resumed && (received > known.sent || received < known.acked))
      this.#fails(`received ${received} that does not fit ${known.acked} to ${known.sent}`);
    const open = resumed ? known : this.#begin();
    this.#framer.rules = { from: 'station', bodyBytesMax: 4096, allowed: stationFrames.host };
    const about = { session: open.id, resumed, received: open.handled, mnemonics: [] };
    this.#send(controlFrame('WELCOME', { protocol: 1, switch: this.name, ...limits, ...about }));
    this.#welcomed = true;
    this.#repeatAnswers(open);
    if (resumed) this.#goOn(open, received);
    this.#pump();
  }

  #begin(): Session {
    const before = this.#session;
    const id = `${this.name}-session-${(this.#sessions += 1)}`.padEnd(24, '-');
    const fresh = { id, handled: 0, refused: new Map<number, Refused>(), sent: 0, acked: 0 };
    this.#session = { ...fresh, inFlight: new Map() };
    if (before !== undefined) this.#waiting.unshift(...before.inFlight.values());
    return this.#session;
  }

  #repeatAnswers({ refused, handled }: Session): void {
    for (const [number, body] of [...refused].slice(-window))
      this.#send(controlFrame('REFUSED', body, number));
    if (handled > 0) this.#send(ackFrame(handled));
  }

  #goOn(session: Session, received: number): void {
    const again = [...session.inFlight].filter(([number]) => number > received);
    for (const [number] of again) session.inFlight.delete(number);
    this.#waiting.unshift(...again.map(([, message]) => message));
    session.sent = received;
    this.#openSinceMs = this.#parts.timeline.nowMs;
  }

  #take(frame: Frame): void {
    const { chance, witness } = this.#parts;
    const session = this.#session;
    if (session === undefined) return;
    const { number } = frame;
    if (this.#busyAt !== undefined && number > this.#busyAt) return;
    if (number !== session.handled + 1)
      return this.#fails(`number ${number} after ${session.handled}`);
    if (!this.calm && chance.oneIn(40)) {
      this.#busyAt = number;
      const retryAfterMs = chance.between(100, 5000);
      return this.#send(controlFrame('BUSY', { retryAfterMs }, number));
    }
    this.#busyAt = undefined;
    session.handled = number;
    const refuses = !this.calm && chance.oneIn(30);
    witness.upstreamTakes(this.name, { session: session.id, frame, refused: refuses });
    if (refuses) return this.#refuse(session, number);
    this.#ackDue = true;
    this.#answerLater(frame);
  }

  #refuse(session: Session, number: number): void {
    const refused: Refused = { code: 'X08', text: 'said by the upstream' };
    session.refused.set(number, refused);
    this.#send(controlFrame('REFUSED', refused, number));
  }

  #ackSoon(): void {
    if (!this.#ackDue) return;
    const { chance, timeline } = this.#parts;
    const { wire } = this;
    const lateMs = this.calm || !chance.oneIn(5) ? 0 : chance.between(1, 4000);
    timeline.after(lateMs, () => {
      const handled = this.#session?.handled ?? 0;
      if (!this.#ackDue || wire !== this.wire || handled === 0) return;
      this.#ackDue = false;
      this.#send(ackFrame(handled));
    });
  }

  /** Some answers at once, some late, some never; several, with FINAL on the last, or without. */
  #answerLater(frame: Frame): void {
    const { chance, timeline } = this.#parts;
    const body = latin1(frame.body);
    const reference = body.slice(0, body.indexOf('.'));
    const { mnemonic } = frame;
    if (mnemonic === undefined || chance.oneIn(20)) return;
    const count = chance.oneIn(4) ? chance.between(2, 3) : 1;
    let afterMs = chance.oneIn(15) ? chance.between(55_000, 90_000) : chance.between(1, 3000);
    for (let at = 1; at <= count; at++) {
      const final = at === count && !chance.oneIn(10);
      timeline.after((afterMs += chance.between(1, 300)), () =>
        this.#add({ reference, mnemonic, class: frame.class, final }),
      );
    }
    if (!chance.oneIn(12)) return;
    // One more, after the last: its request is over.
    const late = { reference, mnemonic, class: frame.class, final: false };
    timeline.after(afterMs + chance.between(1, 5000), () => this.#add(late));
  }

  #add(answer: { reference: string; mnemonic: Mnemonic; class: number; final: boolean }): void {
    const mark = this.#parts.witness.newAnswer();
    const body = asciiBytes(`${answer.reference}.QV.CA0990100.\r\nNO RECORD ${mark}\r\n`);
    const { mnemonic, class: messageClass, final } = answer;
    this.#waiting.push({ mnemonic, class: messageClass, body, final, sent: false });
    this.#pump();
  }

  #pump(): void {
    const session = this.#session;
    if (session === undefined || !this.#welcomed) return;
    while (session.inFlight.size < window) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      session.sent += 1;
      session.inFlight.set(session.sent, next);
      if (session.inFlight.size === 1) this.#openSinceMs = this.#parts.timeline.nowMs;
      const flags = (next.sent ? flagPossibleDuplicate : 0) | (next.final ? flagFinal : 0);
      next.sent = true;
      const { mnemonic, class: messageClass, body } = next;
      const number = session.sent;
      this.#send(messageFrame({ flags, class: messageClass, number, mnemonic, body }));
    }
  }

  #acked(number: number): void {
    const session = this.#session;
    if (session === undefined) return;
    if (number > session.sent) return this.#fails(`ACK ${number} above ${session.sent}`);
    for (const [sent, message] of session.inFlight) {
      if (sent > number) break;
      session.inFlight.delete(sent);
      this.#parts.witness.upstreamIsAnswered(this.name, message.body);
    }
    session.acked = Math.max(session.acked, number);
    this.#openSinceMs = this.#parts.timeline.nowMs;
    this.#pump();
  }

  #tickLater(): void {
    const { timeline } = this.#parts;
    timeline.after(5000, () => {
      if (this.wire !== undefined) this.#tick(timeline.nowMs);
      this.#tickLater();
    });
  }

  #tick(nowMs: number): void {
    const open = (this.#session?.inFlight.size ?? 0) > 0;
    if (nowMs - this.#heardAtMs >= 2 * keepAliveMs) {
      this.wire?.destroy('near');
      this.closed();
    } else if (open && nowMs - (this.#openSinceMs ?? nowMs) >= 30_000) this.#close('C15');
    else if (this.#welcomed && nowMs - this.#heardAtMs >= keepAliveMs)
      this.#send(echoFrame('PING'));
  }

  #actLater(): void {
    const { timeline, chance } = this.#parts;
    timeline.after(chance.between(500, 8000), () => {
      if (!this.calm) this.#actOnce();
      this.#actLater();
    });
  }

  /** What nobody asked for, under a mnemonic of a station, of a pool, or of nobody. */
  #actOnce(): void {
    const { chance, witness } = this.#parts;
    if (chance.oneIn(60)) return this.restart();
    const to = chance.of([...addressed, 'QQ99']);
    const mnemonic = parseMnemonic(to);
    if (mnemonic === undefined) return;
    const mark = witness.newUnsolicited(to);
    // Under a reference of its own, one of ours that was never given, or none at all (link E8).
    const header = chance.of(['NOTE.', 'NOTE.', '0000ZZZZEE.', '']);
    const body = asciiBytes(`${header}$.H.CA0990100.\r\n${mark}\r\n`);
    this.#waiting.push({ mnemonic, class: 5, body, final: false, sent: false });
    this.#pump();
  }
}

function newFramer(): Framer {
  return new Framer({ from: 'station', bodyBytesMax: helloBytesMax, allowed: helloOnly });
}
