// Many stations in one process, each a TLS socket and a few numbers: HELLO, WELCOME, keep-alive, the
// session it resumes, and link S10 when the line breaks. Cheap, because it shares its cores with the switch.

import { connect as connectTcp } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { parseWelcome, type Role } from '#protocol/control';
import {
  ackFrame,
  controlFrame,
  echoFrame,
  type Frame,
  switchFrames,
  welcomeBytesMax,
  welcomeOnly,
} from '#protocol/frame';
import { Framer } from '#protocol/framer';
import { tlsProfile } from '#src/sim/tls-profile';
import type { Badge } from './badges.ts';

export interface TerminalPlan {
  readonly host: string;
  readonly port: number;
  readonly role: Role;
  readonly key: string;
  /** Source address of the nth. */
  readonly from: (nth: number) => string;
  /** From the TCP connect to WELCOME; then it gives up and tries again. */
  readonly patienceMs: number;
  /** Reads on after WELCOME. A receiver that does not is what some tests want. */
  readonly reads: boolean;
}

const firstWaitMs = 1_000;
const mostWaitMs = 60_000;
const jitter = 0.2;

export class CrowdTerminal {
  readonly #plan: TerminalPlan;
  readonly #badge: Badge;
  readonly #from: string;
  readonly #told: (terminal: CrowdTerminal) => void;
  readonly #context: SecureContext;
  #socket: TLSSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #session: string | undefined;
  #received = 0;
  #waitMs = firstWaitMs;
  #stopped = false;
  /** WELCOMEs so far, how many of them resumed, and attempts. */
  welcomed = 0;
  resumed = 0;
  attempts = 0;
  up = false;

  constructor(
    plan: TerminalPlan,
    { badge, nth }: { readonly badge: Badge; readonly nth: number },
    told: (terminal: CrowdTerminal) => void,
  ) {
    this.#plan = plan;
    this.#badge = badge;
    this.#from = plan.from(nth);
    this.#told = told;
    this.#context = createSecureContext({ ...tlsProfile, cert: badge.cert, key: plan.key });
  }

  dial(): void {
    this.attempts += 1;
    const { host, port, patienceMs } = this.#plan;
    const wire = connectTcp({ host, port, localAddress: this.#from });
    // It is the switch that is on trial.
    const rejectUnauthorized = false;
    const socket = connect({ socket: wire, secureContext: this.#context, rejectUnauthorized });
    this.#socket = socket;
    this.#timer = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#ended());
    socket.once('secureConnect', () => this.#hello(socket));
  }

  /** Cuts the line; it comes back by itself. */
  break(): void {
    this.#socket?.destroy();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #hello(socket: TLSSocket): void {
    const framer = new Framer({
      from: 'switch',
      allowed: new Set([...welcomeOnly, ...switchFrames[this.#plan.role]]),
      bodyBytesMax: welcomeBytesMax,
    });
    socket.on('data', (chunk: Buffer) => {
      framer.push(chunk);
      for (let next = framer.next(); next?.ok === true; next = framer.next())
        this.#onFrame(socket, next.value);
    });
    const session = this.#session;
    socket.write(
      controlFrame('HELLO', {
        ...{ protocol: [1], station: this.#badge.station, role: this.#plan.role },
        ...{ software: 'crowd', received: this.#received },
        ...(session === undefined ? {} : { session }),
      }),
    );
  }

  #onFrame(socket: TLSSocket, frame: Frame): void {
    if (frame.type === 'WELCOME') this.#welcome(socket, frame);
    else if (frame.type === 'PING') socket.write(echoFrame('PONG', frame.body));
    else if (frame.type === 'MESSAGE') {
      this.#received = frame.number;
      socket.write(ackFrame(frame.number));
    }
  }

  #welcome(socket: TLSSocket, frame: Frame): void {
    clearTimeout(this.#timer);
    const parsed = parseWelcome(frame.body);
    if (!parsed.ok) throw new Error('a WELCOME that cannot be read');
    const { session, resumed } = parsed.value;
    if (!resumed) this.#received = 0;
    this.#session = session;
    this.up = true;
    this.welcomed += 1;
    if (resumed) {
      this.resumed += 1;
      this.#waitMs = firstWaitMs;
    }
    if (!this.#plan.reads) socket.pause();
    this.#told(this);
  }

  #ended(): void {
    clearTimeout(this.#timer);
    this.up = false;
    if (this.#stopped) return;
    const waitMs = this.#waitMs * (1 + jitter * Math.random());
    this.#waitMs = Math.min(mostWaitMs, this.#waitMs * 2);
    this.#timer = setTimeout(() => this.dial(), waitMs);
  }
}
