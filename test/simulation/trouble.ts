// Everything that goes wrong, and what operators do meanwhile: chosen by chance, more of one kind in one
// seed than in another.

import { agency, person, sheriff, user } from '../switch/county.ts';
import type { StationName } from '#protocol/ids';
import type { Act } from '#switch/event';
import type { Box } from './box.ts';
import { people, places, settingsOf, upstreamsOf } from './county.ts';
import type { Side, Wire } from './wire.ts';
import { stationName } from '../switch/county.ts';

const kinds = [
  ...['cut', 'cut', 'cut', 'half-open', 'stall', 'kill', 'power', 'effect', 'effect'],
  ...[
    'slow',
    'full',
    'full',
    'fail',
    'unreachable',
    'operator',
    'settings',
    'drain',
    'wall',
    'night',
  ],
] as const;
type Kind = (typeof kinds)[number];

export class Trouble {
  readonly #box: Box;
  /** Milliseconds between two troubles, at most. */
  readonly #everyMs: number;
  /** This seed has more of these. */
  readonly #favourites: readonly Kind[];
  readonly #setsWall: boolean;
  #over = false;

  constructor(box: Box) {
    this.#box = box;
    const { chance } = box;
    this.#everyMs = chance.of([1500, 4000, 15_000]);
    this.#favourites = [chance.of(kinds), chance.of(kinds)];
    this.#setsWall = chance.oneIn(5);
    this.#later();
  }

  stop(): void {
    this.#over = true;
  }

  /** All that operators did is undone. */
  mend(): void {
    this.#command({ kind: 'register', changes: [agency(sheriff)], changeId: 'mend' });
    for (const { station } of places)
      this.#command({ kind: 'enable', who: { station: stationName(station) } });
    for (const upstream of ['STATE', 'OTHER']) this.#command({ kind: 'enable', who: { upstream } });
  }

  #later(): void {
    const { timeline, chance } = this.#box;
    timeline.after(chance.between(100, this.#everyMs), () => {
      if (this.#over) return;
      this.#strike(chance.oneIn(2) ? chance.of(this.#favourites) : chance.of(kinds));
      this.#later();
    });
  }

  #strike(kind: Kind): void {
    const { chance, disk, timeline, machine, hosts } = this.#box;
    this.#box.witness.pages.count(`trouble: ${kind}`);
    switch (kind) {
      case 'cut':
        return this.#wire()?.cut(['near', 'far']);
      case 'half-open':
        return this.#wire()?.cut(chance.of<readonly Side[]>([[], ['near'], ['far']]));
      case 'stall': {
        const wire = this.#wire();
        if (wire !== undefined) wire.stalledUntilMs = timeline.nowMs + chance.between(100, 70_000);
        return;
      }
      case 'kill':
        return this.#box.crash('killed');
      case 'power':
        return this.#box.crash('power');
      case 'effect':
        if (machine !== undefined) machine.effectsLeft = chance.between(0, 40);
        return;
      case 'slow':
        disk.slowUntilMs = timeline.nowMs + chance.between(100, 8000);
        return;
      case 'full':
        disk.full = true;
        return timeline.after(chance.between(100, 15_000), () => (disk.full = false));
      case 'fail':
        disk.failing = chance.oneIn(2);
        return;
      case 'unreachable': {
        const host = chance.of(hosts);
        host.reachable = false;
        host.wire?.destroy('near');
        host.closed();
        return timeline.after(chance.between(500, 150_000), () => (host.reachable = true));
      }
      case 'operator':
        return this.#operate();
      case 'settings':
        return this.#setSettings();
      case 'drain':
        machine?.put({ kind: 'drain', forMs: chance.between(100, 20_000) });
        return;
      case 'wall':
        return this.#setWall();
      case 'night': {
        const restsUntilMs = timeline.nowMs + chance.between(30, 150) * 1000;
        for (const post of this.#box.posts) post.restsUntilMs = restsUntilMs;
        return;
      }
    }
  }

  #wire(): Wire | undefined {
    const live = [...this.#box.wires].filter(({ over }) => !over);
    return live.length === 0 ? undefined : this.#box.chance.of(live);
  }

  #operate(): void {
    const { chance } = this.#box;
    const name = chance.of(people);
    switch (chance.between(1, 4)) {
      case 1: {
        const state = chance.oneIn(2) ? 'suspended' : 'active';
        return this.#command({
          kind: 'register',
          changes: [agency(sheriff, state)],
          changeId: 'c',
        });
      }
      case 2: {
        // Another name: the person is signed off, and may sign on again.
        const changed = person('max', 'M70707', { name: `MAX ${chance.between(1, 9)}` });
        return this.#command({ kind: 'register', changes: [changed], changeId: 'c' });
      }
      case 3:
        return this.#command({ kind: 'unlock', user: user(name) });
      default: {
        const { station } = chance.of(places);
        return this.#shutOrTest({ station: stationName(station) });
      }
    }
  }

  #shutOrTest(who: { readonly station: StationName }): void {
    const { chance, machine } = this.#box;
    const upstream = { upstream: chance.of(['STATE', 'OTHER'] as const) };
    const link = machine?.state.live.get(who.station)?.id ?? 0;
    switch (chance.between(1, 6)) {
      case 1:
        return this.#command({ kind: 'disable', who });
      case 2:
        return this.#command({ kind: 'enable', who });
      case 3:
        return this.#command({ kind: 'disable', who: upstream });
      case 4:
        return this.#command({ kind: 'enable', who: upstream });
      case 5:
        return this.#command({ kind: 'test', station: who.station });
      default:
        return this.#command({ kind: 'close', link });
    }
  }

  #command(act: Act): void {
    this.#box.machine?.put({ kind: 'command', id: 3, person: 'root', act });
  }

  #setSettings(): void {
    const { settings, chance, machine } = this.#box;
    const { signOnTwice } = settings;
    const upstreams = upstreamsOf(chance.of(['STATE', 'OTHER'] as const));
    this.#box.settings = settingsOf({ signOnTwice, upstreams });
    machine?.put({ kind: 'settings', settings: this.#box.settings });
  }

  /** The wall clock is set; the steady one of the running process does not notice. */
  #setWall(): void {
    if (!this.#setsWall) return;
    const { chance } = this.#box;
    // By whole steps of two seconds, so that two of them never leave less than what is noted.
    this.#box.wallSkewMs += chance.of([-1, 1]) * chance.between(1, 45) * 2_000;
  }
}
