// The world in a box: a county of stations and persons, two upstreams, a network, a disk and clocks around the
// real switch, all from one seed. It plays so many steps of the switch with everything that can go wrong,
// then the faults stop, all is let settle, and every promise is looked at once more.

import { Chance } from './chance.ts';
import { county, people, places, settingsOf } from './county.ts';
import { Disk } from './disk.ts';
import { FarHost } from './far-host.ts';
import { type Heart, soundHeart } from './heart.ts';
import { Crashed, Machine } from './machine.ts';
import { Post } from './post.ts';
import { Timeline } from './timeline.ts';
import { Trouble } from './trouble.ts';
import { type Side, Wire } from './wire.ts';
import { Broken, Witness } from './witness.ts';

export interface BoxOptions {
  readonly seed: number;
  /** Steps of the switch before the faults stop. */
  readonly steps: number;
  readonly heart?: Heart;
  /** Hears what happens, line by line. */
  readonly trace?: (line: string) => void;
}

export interface Played {
  readonly steps: number;
  /** What happened how often: that a seed found nothing says little where nothing happened. */
  readonly counts: ReadonlyMap<string, number>;
  /** Where a promise is broken: at which step, and which. */
  readonly broken: { readonly step: number; readonly what: string } | undefined;
}

/** Steps of one seed where nobody says otherwise. */
export const stepsDefault = 600;

const startMs = 1_800_000_000_000;
const recutMs = 75_000;
const settleMs = 40 * 60_000;
/** Happenings without a step of the switch: a world that stands still is a failure of the world. */
const idleMost = 200_000;

export class Box {
  readonly timeline = new Timeline();
  readonly chance: Chance;
  readonly disk: Disk;
  readonly witness: Witness;
  readonly posts: readonly Post[];
  readonly hosts: readonly FarHost[];
  readonly wires = new Set<Wire>();
  settings = settingsOf({});
  machine: Machine | undefined;
  /** How far the wall clock was set from where it would be. */
  wallSkewMs = 0;
  readonly #heart: Heart;
  readonly #steps: number;
  readonly #trouble: Trouble;
  #lives = 0;

  constructor({ seed, steps, heart = soundHeart, trace }: BoxOptions) {
    const { timeline } = this;
    this.chance = new Chance(seed);
    const { chance } = this;
    this.#heart = heart;
    this.#steps = steps;
    this.disk = new Disk(timeline, chance);
    this.witness = new Witness(this.disk, () => this.settings);
    const { witness } = this;
    if (trace !== undefined)
      witness.trace = (line) => trace(`${timeline.nowMs} ${witness.steps} ${line()}`);
    this.settings = settingsOf({ signOnTwice: chance.oneIn(4) });
    this.hosts = (['STATE', 'OTHER'] as const).map(
      (name) => new FarHost({ name, timeline, chance, witness }),
    );
    this.#start();
    this.machine?.put({
      ...{ kind: 'command', id: 1, person: 'root' },
      act: { kind: 'register', changes: county, changeId: 'county' },
    });
    this.posts = places.map(
      (place) =>
        new Post({ place, timeline, chance, witness, call: (post) => this.#stationCalls(post) }),
    );
    this.#trouble = new Trouble(this);
  }

  play(): Played {
    const { witness } = this;
    let broken: Played['broken'];
    try {
      this.#runUntil(() => witness.steps >= this.#steps);
      this.#settle();
      this.#prove();
    } catch (cause) {
      const what = cause instanceof Broken ? cause.message : String((cause as Error).stack);
      broken = { step: witness.steps, what };
    }
    return { steps: witness.steps, counts: witness.pages.counts, broken };
  }

  get wallMs(): number {
    return startMs + this.timeline.nowMs + this.wallSkewMs;
  }

  /** The process dies. `told`: a process that is killed leaves a system that says so; a power cut does not. */
  crash(how: 'killed' | 'power'): void {
    const { machine } = this;
    if (machine === undefined) return;
    this.machine = undefined;
    this.witness.pages.count(`crash, ${how}`);
    const silent = how === 'power' && this.chance.oneIn(2);
    const told: readonly Side[] = silent ? [] : ['near', 'far'];
    machine.die(told);
    this.witness.dies(machine.state);
    this.disk.crash();
    this.witness.pages.crash();
    const downMs = this.chance.oneIn(5) ? this.chance.between(1, 120) * 1000 : 500;
    this.timeline.after(downMs, () => this.#start());
  }

  #start(): void {
    if (this.machine !== undefined) return;
    this.#lives += 1;
    const { settings, timeline, chance, disk, witness } = this;
    this.machine = new Machine({
      ...{ life: this.#lives, heart: this.#heart, settings, timeline, chance, disk, witness },
      wallMs: () => this.wallMs,
      call: (upstream) => this.#keep(this.hosts.find(({ name }) => name === upstream)?.accept()),
      onEnd: () => this.crash('killed'),
    });
  }

  #keep(wire: Wire | undefined): Wire | undefined {
    if (wire === undefined) return undefined;
    if (this.wires.size > 64) {
      for (const known of this.wires) if (known.over) this.wires.delete(known);
    }
    this.wires.add(wire);
    return wire;
  }

  #stationCalls({ place }: Post): Wire | undefined {
    const { machine, chance, timeline } = this;
    if (machine === undefined || chance.oneIn(30)) return undefined;
    const wire = new Wire(timeline, chance);
    const from = chance.oneIn(20) ? '10.9.8.8:4000' : `10.9.9.1:${chance.between(1024, 9999)}`;
    machine.accept(wire, place.station, from);
    return this.#keep(wire);
  }

  /** One happening after the other; a crash comes out of the middle of one. */
  #runUntil(done: () => boolean): void {
    let idle = 0;
    let before = this.witness.steps;
    while (!done()) {
      try {
        if (!this.timeline.step()) this.witness.fails('nothing happens any more');
      } catch (cause) {
        if (!(cause instanceof Crashed)) throw cause;
        this.crash(this.chance.oneIn(2) ? 'killed' : 'power');
      }
      idle = this.witness.steps === before ? idle + 1 : 0;
      before = this.witness.steps;
      if (idle > idleMost) this.witness.fails('the switch does nothing any more');
    }
  }

  /** No fault any more: everybody comes back, sits down at home, and reads what there is. */
  #settle(): void {
    this.#trouble.stop();
    for (const post of this.posts) post.calm = true;
    for (const host of this.hosts) Object.assign(host, { calm: true, reachable: true });
    this.disk.full = this.disk.failing = false;
    this.disk.slowUntilMs = 0;
    const untilMs = this.timeline.nowMs + settleMs;
    this.#mendLater();
    let quiet = false;
    const look = (): void => {
      quiet = this.#isQuiet();
      if (!quiet && this.timeline.nowMs > untilMs)
        this.witness.fails(`does not settle: ${this.#whatIsOpen()}`);
      if (!quiet) this.timeline.after(1000, look);
    };
    this.timeline.after(1000, look);
    this.#runUntil(() => quiet);
  }

  /** What an operator does in the morning; a new connection for everybody, so that all are asked again. */
  #mendLater(): void {
    const { machine } = this;
    if (machine === undefined || machine.loop.blocked)
      return this.timeline.after(1000, () => this.#mendLater());
    machine.effectsLeft = Infinity;
    this.#trouble.mend();
    for (const user of people) {
      // A name of the county, in the register.
      const act = { kind: 'unlock', user: user as never } as const;
      machine.put({ kind: 'command', id: 2, person: 'root', act });
    }
    this.#cutAll();
    // What somebody would not have just before is asked about once more (R01).
    for (const times of [1, 2, 3]) this.timeline.after(times * recutMs, () => this.#cutAll());
  }

  #cutAll(): void {
    for (const wire of this.wires) {
      wire.stalledUntilMs = 0;
      wire.cut(['near', 'far']);
    }
  }

  #isQuiet(): boolean {
    return this.#whatIsOpen() === '';
  }

  #whatIsOpen(): string {
    const { machine } = this;
    if (machine === undefined || !machine.loop.idle) return 'the switch works';
    for (const { place, state, user } of this.posts) {
      const { waiting, open } = state.outbox;
      if (state.line.phase !== 'open') return `${place.station} is not connected`;
      if (place.home !== user) return `${place.station} has ${user ?? 'nobody'}`;
      if (waiting + open > 0) return `${place.station} has ${waiting} waiting, ${open} open`;
    }
    const host = this.hosts.find(({ idle }) => !idle);
    if (host !== undefined) return `${host.name} has something to say`;
    return this.witness.unfinished().join(', ');
  }

  #prove(): void {
    const { machine } = this;
    if (machine === undefined) return this.witness.fails('there is no switch at the end');
    this.crash('killed');
    this.#runUntil(() => this.machine !== undefined);
    const open = this.witness.unfinished();
    if (open.length > 0) this.witness.fails(`after the last start: ${open.join(', ')}`);
  }
}
