// One simulated host behind a line of its own: what a station sends is heard by it, what it says goes back to
// whoever asked. It answers by the message for as long as the host answers at once, and by the handle in the
// text for what comes later.

import { flagPossibleDuplicate } from '#protocol/frame';
import { parseHeader } from '#protocol/header';
import type { Mnemonic } from '#protocol/ids';
import { latin1 } from '#protocol/octets';
import type { Result } from '#protocol/result';
import type { Clock } from './clock.ts';
import { handleOf } from './handle.ts';
import type { Heard, Said, SimHost } from './host.ts';
import type { Service } from './line/faults.ts';
import type { Addressee, Answer, LineHandler, LineMessage, LineReject } from './line/handler.ts';
import { Gate, outOfService } from './out-of-service.ts';
import { RunningHost } from './running-host.ts';

export interface SingleHostOptions {
  readonly name: string;
  readonly host: SimHost;
  readonly clock: Clock;
  /** Of the host itself, where it says that it is out of service. */
  readonly ori: string;
  /** Who gets what nobody asked for. */
  readonly unasked: () => { readonly station: string; readonly mnemonic: Mnemonic };
  readonly say: (answers: readonly Answer[]) => void;
}

interface Question {
  readonly heard: Heard;
  readonly from: Addressee;
}

/** Askers that are remembered for what comes late; the oldest is forgotten. */
const askersMax = 50_000;

export class SingleHost implements LineHandler {
  readonly #options: SingleHostOptions;
  readonly #running: RunningHost<Addressee>;
  readonly #gate = new Gate<Question>();
  readonly #askers = new Map<string, Addressee>();
  #taken: Question[] = [];
  #lastMnemonic: Mnemonic | undefined;

  constructor(options: SingleHostOptions) {
    this.#options = options;
    this.#running = new RunningHost(options.host, options.clock, (said, about) =>
      this.#say(said, about),
    );
  }

  /** Messages that wait because it is out of service. */
  get held(): number {
    return this.#gate.held;
  }

  take(message: LineMessage): LineReject | undefined {
    const { station, mnemonic, class: messageClass, flags, body } = message;
    const header = parseHeader(body, 'host');
    if (!header.ok) return header.error;
    const { suphdr, oif, taf, textAt } = header.value;
    this.#lastMnemonic = mnemonic;
    this.#taken.push({
      heard: {
        ...{ text: latin1(body, textAt), mnemonic, reference: suphdr, oif, taf },
        again: (flags & flagPossibleDuplicate) !== 0,
      },
      from: { station, mnemonic, class: messageClass, suphdr },
    });
    return undefined;
  }

  // The host has no memory of its line; what it stores is durable when it says so.
  commit(): void {}

  proceed(): void {
    const taken = this.#taken;
    this.#taken = [];
    for (const question of taken) this.#ask(question);
  }

  // Nobody waits for it here.
  delivered(): void {}
  lost(): void {}

  /** Out of service, or in service again. */
  serve(service: Service): void {
    for (const question of this.#gate.set(service)) this.#hear(question);
  }

  command(words: readonly string[]): Result<readonly string[], string> {
    return this.#running.command(words);
  }

  close(): void {
    this.#running.close();
  }

  #ask(question: Question): void {
    const passed = this.#gate.ask(question);
    if (passed === 'through') {
      this.#hear(question);
      return;
    }
    const { ori, name } = this.#options;
    const text = outOfService(ori, name, passed === 'held');
    this.#options.say([{ to: question.from, text, final: passed === 'refused' }]);
  }

  #hear({ heard, from }: Question): void {
    const handle = handleOf(heard.text);
    if (handle !== undefined) this.#remember(handle, from);
    this.#running.take(heard, from);
  }

  #remember(handle: string, from: Addressee): void {
    this.#askers.set(handle, from);
    if (this.#askers.size <= askersMax) return;
    for (const oldest of this.#askers.keys()) {
      this.#askers.delete(oldest);
      break;
    }
  }

  #say(said: readonly Said[], about: Addressee | undefined): void {
    this.#options.say(
      said.map((one) => ({
        to: about ?? this.#addressee(one.text),
        text: one.text,
        final: one.final !== false,
      })),
    );
  }

  #addressee(text: string): Addressee {
    const asker = this.#askers.get(handleOf(text) ?? '');
    if (asker !== undefined) return asker;
    const { station, mnemonic } = this.#options.unasked();
    return { station, mnemonic: this.#lastMnemonic ?? mnemonic, class: 0 };
  }
}
