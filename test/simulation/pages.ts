// What the entries say, read once more by somebody who shares no code with the switch: which number of which
// session was taken, refused, sent; where each delivery goes and how it ended. After a crash it is read
// anew from what the disk still has.

import type { Destination, JournalEntry, SentEntry, StoredEntry } from '#journal/entry';
import { latin1 } from '#protocol/octets';
import { type Disk, keep, type Kept, storedOf } from './disk.ts';

export interface Taken {
  readonly entry: number;
  readonly kind: 'received' | 'refused' | 'duplicate';
}

export interface Way {
  to: Destination;
  readonly source: number;
  rerouted: boolean;
  sent: boolean;
  ended: 'delivered' | 'expired' | undefined;
  /** It has an entry that says it is held. */
  held: boolean;
}

interface Numbers {
  readonly taken: Map<number, Taken>;
  readonly sent: Map<number, { readonly entry: number; readonly delivery: string }>;
  lastSent: number;
  upAt: number;
}

export class Pages {
  /** Every entry that was stepped, durable or not. */
  readonly stepped: Kept[] = [];
  readonly ways = new Map<string, Way>();
  /** By the mark in the octets: the entry that took it, or that refused it. */
  readonly stored = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly counts = new Map<string, number>();
  readonly #disk: Disk;
  /** What is read anew was counted before. */
  #again = false;
  readonly #fails: (what: string) => void;
  readonly #sessions = new Map<string, Numbers>();
  readonly #signOns = new Map<string, number>();
  /** Of what was sent the first time: the last source, by where it goes. */
  readonly #order = new Map<string, number>();
  /** The last mark that each station sent unflagged. */
  readonly #marks = new Map<string, string>();

  constructor(disk: Disk, fails: (what: string) => void) {
    this.#disk = disk;
    this.#fails = fails;
  }

  add(stored: StoredEntry): void {
    const { entry } = stored.entry;
    if (entry !== this.stepped.length + 1)
      this.#fails(`entry ${entry} follows entry ${this.stepped.length}`);
    this.stepped.push(keep(stored));
    this.#read(stored);
  }

  /** What was not durable has never been. */
  crash(): void {
    this.stepped.length = 0;
    for (const map of [this.ways, this.stored, this.refused, this.#sessions]) map.clear();
    for (const map of [this.#signOns, this.#order, this.#marks]) map.clear();
    this.#again = true;
    for (const kept of this.#disk.durable) {
      this.stepped.push(kept);
      this.#read(storedOf(kept));
    }
    this.#again = false;
  }

  isDurable(entry: number | undefined): boolean {
    return entry !== undefined && entry <= this.#disk.durable.length;
  }

  taken(session: string, number: number): Taken | undefined {
    return this.#sessions.get(session)?.taken.get(number);
  }

  sent(session: string, number: number): { readonly entry: number; readonly way: Way } | undefined {
    const found = this.#sessions.get(session)?.sent.get(number);
    const way = found === undefined ? undefined : this.ways.get(found.delivery);
    return found === undefined || way === undefined ? undefined : { entry: found.entry, way };
  }

  deliverySent(session: string, number: number): string | undefined {
    return this.#sessions.get(session)?.sent.get(number)?.delivery;
  }

  upAt(session: string): number | undefined {
    return this.#sessions.get(session)?.upAt;
  }

  signOnAt(user: string): number | undefined {
    return this.#signOns.get(user);
  }

  count(what: string): void {
    if (this.#again) return;
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  #read({ entry, body }: StoredEntry): void {
    const mark = body === undefined ? undefined : markOf(body);
    switch (entry.kind) {
      case 'received':
        return this.#received(entry, mark);
      case 'duplicate':
        this.count('duplicate');
        return this.#takes(entry);
      case 'refused':
        if (entry.delivery !== undefined) return;
        if (mark !== undefined) this.refused.set(mark, entry.entry);
        return this.#takes(entry);
      case 'sent':
        return this.#sent(entry);
      case 'delivered':
      case 'expired':
        return this.#ended(entry.delivery, entry.kind);
      case 'held': {
        const way = this.ways.get(entry.delivery);
        if (way !== undefined) way.held = true;
        return;
      }
      case 'rerouted': {
        const way = this.ways.get(entry.delivery);
        const [to] = entry.to;
        if (way === undefined || to === undefined) return this.#fails('reroutes nothing');
        this.count(`rerouted ${to.rule ?? ''}`);
        way.to = to;
        way.rerouted = true;
        return;
      }
      case 'released':
        return;
      case 'event':
        return this.#event(entry);
    }
  }

  #received(entry: JournalEntry & { kind: 'received' }, mark: string | undefined): void {
    if (entry.direction !== 'local') this.#takes(entry);
    for (const [index, to] of entry.to.entries()) {
      const way = { to, source: entry.entry, rerouted: false, sent: false, held: false };
      this.ways.set(`${entry.entry}.${index}`, { ...way, ended: undefined });
    }
    if (mark === undefined || entry.direction === 'local') return;
    const flagged = entry.to.every((to) => to.flagged === true);
    if (this.stored.has(mark) && !flagged) this.#fails(`${mark} is stored twice, unflagged`);
    const { station } = entry;
    if (station !== undefined && !flagged) {
      const last = this.#marks.get(station) ?? '';
      if (mark <= last) this.#fails(`${mark} of ${station} is stored after ${last}`);
      this.#marks.set(station, mark);
    }
    this.stored.set(mark, entry.entry);
  }

  #takes(entry: JournalEntry & { kind: Taken['kind'] }): void {
    const { session, number } = entry;
    if (session === undefined || number === undefined) return;
    const { taken } = this.#numbersOf(session);
    if (taken.has(number)) this.#fails(`number ${number} of ${session} is taken twice`);
    if (number > 1 && !taken.has(number - 1))
      this.#fails(`number ${number} of ${session} is taken before the one below it`);
    taken.set(number, { entry: entry.entry, kind: entry.kind });
  }

  #sent(entry: SentEntry): void {
    const { session, number, delivery } = entry;
    const way = this.ways.get(delivery);
    if (session === undefined || number === undefined || way === undefined)
      return this.#fails(`entry ${entry.entry} sends nothing`);
    if (way.ended !== undefined) this.#fails(`${delivery} is sent after it was ${way.ended}`);
    const numbers = this.#numbersOf(session);
    if (number !== numbers.lastSent + 1)
      this.#fails(`number ${number} of ${session} is given after ${numbers.lastSent}`);
    numbers.lastSent = number;
    numbers.sent.set(number, { entry: entry.entry, delivery });
    if (!way.sent && !way.rerouted) this.#inOrder(way);
    way.sent = true;
  }

  /** link M6: within one class and mnemonic, of a person at one terminal, what came first goes first. */
  #inOrder({ to, source }: Way): void {
    const { kind, upstream = '', user = '', mnemonic = '', station = '' } = to;
    const key = `${kind} ${upstream} ${user} ${mnemonic} ${station} class ${to.class}`;
    const last = this.#order.get(key) ?? 0;
    if (source < last) this.#fails(`entry ${source} goes after ${last} to ${key}`);
    this.#order.set(key, source);
  }

  #ended(delivery: string, how: 'delivered' | 'expired'): void {
    const way = this.ways.get(delivery);
    if (way === undefined) return this.#fails(`${delivery} ends and never was`);
    if (way.ended !== undefined) this.#fails(`${delivery} ends twice`);
    way.ended = how;
    this.count(how);
  }

  #event(entry: JournalEntry & { kind: 'event' }): void {
    const { session } = entry;
    if (entry.event === 'sign-on' && entry.user !== undefined)
      this.#signOns.set(entry.user, entry.entry);
    if (session === undefined) return;
    if (entry.event === 'busy') {
      this.count('busy of an upstream');
      this.#numbersOf(session).lastSent = (entry.number ?? 1) - 1;
    }
    if (entry.event !== 'link-up') return;
    this.count(entry.resumed === true ? 'session resumed' : 'session begun');
    const known = this.#sessions.get(session);
    if (entry.resumed !== true && known !== undefined)
      this.#fails(`the session ${session} begins twice`);
    const numbers = this.#numbersOf(session);
    numbers.upAt = entry.entry;
    numbers.lastSent = entry.received ?? 0;
  }

  #numbersOf(session: string): Numbers {
    const known = this.#sessions.get(session);
    if (known !== undefined) return known;
    const fresh: Numbers = { taken: new Map(), sent: new Map(), lastSent: 0, upAt: 0 };
    this.#sessions.set(session, fresh);
    return fresh;
  }
}

/** M of a message of a station, A of an answer, U of what nobody asked for; none of what the switch says. */
export function markOf(body: Uint8Array): string | undefined {
  const text = latin1(body);
  return /(?:^|\r\n|RECORD )([AU]\d{6})/.exec(text)?.[1] ?? /^M\d{6}(?=\.)/.exec(text)?.[0];
}
