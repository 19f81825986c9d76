// The terminals of the county as they stand: which are connected, who sits where, what number comes next.
// Whatever has to happen before somebody can ask, happens: enrolment, connection, change of shift, sign-on.

import type { EntryDraft } from '#journal/entry';
import type { SessionId } from '#protocol/ids';
import {
  colleagueOf,
  colleagues,
  type Desk,
  deskOf,
  fingerprintOf,
  type Person,
  personChanges,
  personOf,
  sessionOf,
  stationChanges,
} from './county.ts';
import { type Dice, skewed } from './dice.ts';
import { shiftOf } from './calendar.ts';

export interface Doing {
  readonly draft: EntryDraft;
  readonly body?: Uint8Array | undefined;
}

/** A terminal that is connected, with somebody at it. */
export interface Seat extends Desk {
  session: SessionId;
  /** Connections so far. */
  connections: number;
  /** The last number given in each direction of the session: they rise by one, as links count (link M1). */
  taken: number;
  sent: number;
  person: Person;
  shift: number;
}

export class Floor {
  /** In the order in which they came. */
  readonly seats: Seat[] = [];
  readonly #dice: Dice;
  readonly #byPlace = new Map<number, Seat>();
  readonly #known = new Set<number>();
  readonly #working = new Set<number>();

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** The terminal of that place; what has to happen first is put into `before`. */
  seat(place: number, timeUs: number, before: Doing[]): Seat {
    const shift = shiftOf(timeUs);
    const there = this.#byPlace.get(place);
    if (there?.shift === shift) return there;
    const seat = there ?? this.#open(place, before);
    if (there !== undefined) this.#signOff(there, before);
    seat.shift = shift;
    seat.person = this.#somebody(place);
    this.#working.add(seat.person.number);
    this.#introduce(seat.person, before);
    before.push({ draft: { kind: 'event', event: 'sign-on', direction: 'in', ...whoOf(seat) } });
    return seat;
  }

  /** A line breaks and the terminal comes again, in a new session; whoever was there signs on again. */
  reconnect(seat: Seat): readonly Doing[] {
    const { station, session } = seat;
    const down: Doing = {
      draft: {
        ...({ kind: 'event', event: 'link-down', role: 'terminal', station, session } as const),
        ...{ reason: 'the connection was reset', detail: { keptMs: 60_000 } },
      },
    };
    const off: Doing[] = [];
    this.#signOff(seat, off, 'link');
    renumber(seat);
    const on: Doing = {
      draft: { kind: 'event', event: 'sign-on', direction: 'in', ...whoOf(seat) },
    };
    this.#working.add(seat.person.number);
    return [down, ...off, linkUp(seat), on];
  }

  #open(place: number, before: Doing[]): Seat {
    const desk = deskOf(place);
    const numbers = { connections: 0, taken: 0, sent: 0, shift: 0 };
    const seat: Seat = {
      ...desk,
      ...numbers,
      session: sessionOf(place, 0),
      person: personOf(0),
    };
    this.#byPlace.set(place, seat);
    this.seats.push(seat);
    const changes = stationChanges(desk);
    before.push({ draft: registered(changes, 'a terminal is enrolled') }, linkUp(seat));
    return seat;
  }

  #signOff(seat: Seat, before: Doing[], reason = 'user'): void {
    this.#working.delete(seat.person.number);
    before.push({
      draft: { kind: 'event', event: 'sign-off', direction: 'in', ...whoOf(seat), reason },
    });
  }

  /** A colleague who is not at another terminal; some work more than others. */
  #somebody(place: number): Person {
    let rank = skewed(this.#dice, colleagues);
    // There are fewer terminals than people.
    while (this.#working.has(colleagueOf(place, rank))) rank += 1;
    return personOf(colleagueOf(place, rank));
  }

  #introduce(person: Person, before: Doing[]): void {
    if (this.#known.has(person.number)) return;
    this.#known.add(person.number);
    before.push({ draft: registered(personChanges(person), 'a person is hired') });
  }
}

export function whoOf({ station, session, mnemonic, agency, person }: Seat) {
  return { station, session, mnemonic, user: person.user, oif: person.oif, agency } as const;
}

export function registered(
  changes: NonNullable<Extract<EntryDraft, { kind: 'event' }>['changes']>,
  reason: string,
): EntryDraft {
  return {
    kind: 'event',
    event: 'register',
    direction: 'local',
    person: 'admin1',
    reason,
    changes,
  };
}

function linkUp({ place, station, session, connections }: Seat): Doing {
  const peer = `10.99.${place}.7:${40_000 + (connections % 20_000)}`;
  const fingerprint = fingerprintOf(place);
  return {
    draft: {
      ...({ kind: 'event', event: 'link-up', role: 'terminal', station, session, peer } as const),
      ...{ resumed: false, received: 0, fingerprint, detail: { window: 32 } },
    },
  };
}

function renumber(seat: Seat): void {
  seat.connections += 1;
  seat.session = sessionOf(seat.place, seat.connections);
  seat.taken = 0;
  seat.sent = 0;
}
