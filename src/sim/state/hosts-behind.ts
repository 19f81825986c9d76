// The hosts behind the hub, by name: each with its faults, its own clock, and whether it is in service. What
// one of them says passes its faults and then goes to the hub's ear.

import { fail } from '#protocol/result';
import type { Result } from '#protocol/result';
import { TurnedClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { handleOf, underHandle } from '../handle.ts';
import type { Said, SimHost } from '../host.ts';
import { noAnswerFaults } from '../line/faults.ts';
import type { AnswerFaults, Service } from '../line/faults.ts';
import { Mischief } from '../line/mischief.ts';
import { Gate } from '../out-of-service.ts';
import { InsideHost } from './behind.ts';
import type { Behind, BehindEvents, Errand } from './behind.ts';
import type { OpenRequest } from './open-requests.ts';
import type { HostName } from './routes.ts';

/** What a host said, and the errand it answers where that is known without a look at the text. */
export interface Utterance {
  readonly said: Said;
  readonly reference?: string | undefined;
}

export interface HubEar {
  heard(host: HostName, utterance: Utterance): void;
  /** It will not answer this errand, or not yet. */
  outOfService(host: HostName, request: OpenRequest, kept: boolean): void;
  /** An errand that awaits no answer is done. */
  taken(host: HostName, errand: Errand): void;
  /** What was heard is acknowledged next. */
  beforeAck(): void;
  refused(host: HostName, errand: Errand, code: string): void;
  /** Its service as the stations are told. */
  status(host: HostName, service: Service): void;
}

/** Inside this process, or at the end of a line. */
export type HostSource =
  | { readonly kind: 'inside'; readonly open: () => SimHost }
  | { readonly kind: 'dialled'; readonly dial: (events: BehindEvents) => Behind };

interface Waiting {
  readonly request: OpenRequest;
  readonly errand: Errand;
}

interface Place {
  readonly behind: Behind;
  readonly clock: TurnedClock;
  readonly faults: AnswerFaults;
  readonly mischief: Mischief<Utterance>;
  readonly gate: Gate<Waiting>;
  /** As told; without an order the line decides. */
  out: Service;
}

export class HostsBehind {
  readonly #places = new Map<HostName, Place>();
  readonly #whenDown: Service;
  readonly #ear: HubEar;

  constructor(options: {
    readonly sources: ReadonlyMap<HostName, HostSource>;
    readonly clock: Clock;
    /** What becomes of a message while the line to its host is down. */
    readonly whenDown: 'hold' | 'remove';
    readonly ear: HubEar;
  }) {
    this.#whenDown = options.whenDown;
    this.#ear = options.ear;
    for (const [name, source] of options.sources)
      this.#places.set(name, this.#place(name, source, options.clock));
  }

  get names(): readonly HostName[] {
    return [...this.#places.keys()];
  }

  hand(name: HostName, request: OpenRequest, errand: Errand): void {
    const place = this.#places.get(name);
    const passed = place?.gate.ask({ request, errand }) ?? 'refused';
    if (passed === 'through') place?.behind.hand(errand);
    else this.#ear.outOfService(name, request, passed === 'held');
  }

  /** The last answer to an errand was said. */
  done(name: HostName, reference: string): void {
    this.#places.get(name)?.behind.done(reference);
  }

  set(name: HostName, faults: Partial<AnswerFaults>): void {
    const place = this.#places.get(name);
    if (place === undefined) return;
    Object.assign(place.faults, faults);
    if (faults.silent === false) place.mischief.late();
    if (faults.swap === false) place.mischief.settle();
  }

  late(name: HostName): void {
    this.#places.get(name)?.mischief.late();
  }

  out(name: HostName, service: Service): void {
    const place = this.#places.get(name);
    if (place === undefined) return;
    place.out = service;
    this.#serve(name, place);
  }

  skew(name: HostName, byMs: number): void {
    this.#places.get(name)?.clock.skew(byMs);
  }

  /** Words for the host itself. */
  command(name: HostName, words: readonly string[]): Result<readonly string[], string> {
    const behind = this.#places.get(name)?.behind;
    if (behind instanceof InsideHost) return behind.command(words);
    return fail('it runs in a process of its own: ask that one');
  }

  /** How each of them is, for `show`. */
  get view(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      [...this.#places].map(([name, { behind, gate, faults, clock }]) => [
        name,
        {
          ...{ where: behind instanceof InsideHost ? 'inside' : 'line', up: behind.up },
          ...{ service: gate.service, held: gate.held, kept: behind.kept },
          ...{ time: new Date(clock.now()).toISOString(), faults },
        },
      ]),
    );
  }

  close(): void {
    for (const { behind } of this.#places.values()) behind.close();
  }

  #place(name: HostName, source: HostSource, base: Clock): Place {
    const clock = new TurnedClock(base);
    const faults = noAnswerFaults();
    const mischief = new Mischief<Utterance>(faults, {
      give: (utterance) => this.#ear.heard(name, utterance),
      referenceOf: ({ said }) => handleOf(said.text),
      under: ({ said, ...rest }, handle) => ({
        ...rest,
        said: { ...said, text: underHandle(said.text, handle) },
      }),
      withText: ({ said }, text) => ({ said: { ...said, text } }),
      lengthOf: ({ said }) => said.text.length,
    });
    const events: BehindEvents = {
      said: (said, reference) => mischief.pass(said.map((one) => ({ said: one, reference }))),
      taken: (errand) => this.#ear.taken(name, errand),
      beforeAck: () => this.#ear.beforeAck(),
      refused: (errand, code) => this.#ear.refused(name, errand, code),
      changed: () => this.#changed(name),
    };
    const behind =
      source.kind === 'inside' ? new InsideHost(source.open(), clock, events) : source.dial(events);
    const place: Place = { behind, clock, faults, mischief, gate: new Gate(), out: 'up' };
    if (!behind.up) place.gate.set(this.#whenDown);
    return place;
  }

  #changed(name: HostName): void {
    const place = this.#places.get(name);
    if (place !== undefined) this.#serve(name, place);
  }

  #serve(name: HostName, { behind, gate, out }: Place): void {
    const service = out !== 'up' || behind.up ? out : this.#whenDown;
    if (service !== gate.service) this.#ear.status(name, service);
    for (const { errand } of gate.set(service)) behind.hand(errand);
  }
}
