// The state's message switch: takes what the switches of the counties send, writes it down, checks it, and
// passes it on to the hosts behind; what they say goes back to whoever asked. Nothing is acknowledged before
// it stands in the journal; what is to nobody is counted.

import { flagPossibleDuplicate } from '#protocol/frame';
import type { Destination } from '#protocol/message';
import type { Addressee, Answer, LineHandler, LineMessage, LineReject } from '../line/handler.ts';
import { addressedText, toNcic, toNlets } from './dialect.ts';
import type { Directory, Place } from './directory.ts';
import type { HostsBehind } from './hosts-behind.ts';
import { digestOf } from './journal.ts';
import type { HubJournal } from './journal.ts';
import { OpenRequests } from './open-requests.ts';
import type { OpenRequest } from './open-requests.ts';
import { RequestReader } from './request-text.ts';
import type { Judged, StateRequest } from './request-text.ts';
import type { HostName, Routes, Target } from './routes.ts';

export interface HubOptions {
  readonly directory: Directory;
  readonly routes: Routes;
  readonly journal: HubJournal;
  readonly hosts: HostsBehind;
  /** Three letters or digits, new for each run: references of two runs are never the same. */
  readonly run: string;
  readonly now: () => number;
  /** The line to the switches. */
  readonly say: (answers: readonly Answer[]) => void;
  /** Who gets what is to our state as a whole, or to an agency that nobody knows. */
  readonly unasked: () => Place | undefined;
  readonly lastStation: () => string;
}

export interface HubCounters {
  duplicates: number;
  /** Said by a host, and to nobody. */
  nobody: number;
  unsolicited: number;
}

/** Destinations of one message to the other network. @source clets 11 */
const destinationsMax = 5;

interface Taken {
  readonly number: number;
  readonly message: LineMessage;
  readonly request: StateRequest;
}

export class Hub implements LineHandler {
  readonly open = new OpenRequests();
  readonly counters: HubCounters = { duplicates: 0, nobody: 0, unsolicited: 0 };
  readonly #options: HubOptions;
  readonly #reader: RequestReader;
  #taken: Taken[] = [];

  constructor(options: HubOptions) {
    this.#options = options;
    this.#reader = new RequestReader(options.directory, options.routes);
  }

  take(message: LineMessage): LineReject | undefined {
    const judged = this.#reader.judge(message);
    const again = judged.ok && this.#isRepeat(message);
    const number = this.#write(message, judged, again);
    if (!judged.ok) return judged.error;
    if (again) this.counters.duplicates++;
    else this.#keep(number, message, judged.value);
    return undefined;
  }

  commit(): void {
    this.#options.journal.commit();
  }

  proceed(): void {
    const taken = this.#taken;
    this.#taken = [];
    for (const one of taken) this.#pass(one, reference(this.#options.run, one.number), false);
  }

  delivered(receipt: number): void {
    this.#options.journal.paid(receipt);
  }

  /** Goes on where an earlier run ended: answers that wait, then requests that were not answered. */
  goOn(): void {
    const { journal, say } = this.#options;
    for (const answer of journal.owed) say([answer]);
    for (const { number, body, reference: handle, ...from } of journal.requests) {
      const message = { ...from, flags: flagPossibleDuplicate, body };
      const judged = this.#reader.judge(message);
      // The directory may have changed meanwhile: what may not be asked any more is not asked.
      if (judged.ok) this.#pass({ number, message, request: judged.value }, handle, true);
      else journal.requestDone(number);
    }
  }

  /** Says something to whoever asked; `final` where no host has anything to add. */
  answer(request: OpenRequest, text: string, final: boolean): void {
    const { journal, say } = this.#options;
    const answer = { to: request.asker, text, final: final && request.awaited };
    if (final) journal.requestDone(request.number);
    say([journal.owe(answer)]);
  }

  /** To a place of our own, unasked; false where there is none. */
  tell(places: readonly Place[], textFor: (place: Place) => string, messageClass = 0): boolean {
    const { journal, say, lastStation } = this.#options;
    for (const place of places) {
      const station = place.station ?? lastStation();
      const to: Addressee = { station, mnemonic: place.mnemonic, class: messageClass };
      this.counters.unsolicited++;
      say([journal.owe({ to, text: textFor(place), final: false })]);
    }
    return places.length > 0;
  }

  /** Where an agency, a mnemonic or our whole state is. */
  placesOf(destination: string): readonly Place[] {
    const { directory, routes, unasked } = this.#options;
    if (destination.length === 4) return [directory.place(destination)].filter(isPlace);
    const places = directory.placesOf(destination);
    if (places.length > 0) return places;
    const ours = destination.startsWith(routes.homeState);
    // With a directory an agency that is not in it is nobody's.
    const falls = ours && (!directory.known || destination === routes.homeState);
    return falls ? [unasked()].filter(isPlace) : [];
  }

  #isRepeat(message: LineMessage): boolean {
    if ((message.flags & flagPossibleDuplicate) === 0) return false;
    const { journal, now } = this.#options;
    return journal.knows(message, digestOf(message.body), now());
  }

  #write(message: LineMessage, judged: Judged, again: boolean): number {
    const { station, mnemonic, body } = message;
    const outcome = !judged.ok ? 'refused' : again ? 'duplicate' : 'taken';
    const header = judged.ok ? judged.value.header : judged.seen;
    const text = judged.ok ? judged.value.asked : judged.text;
    return this.#options.journal.add({
      atMs: this.#options.now(),
      station,
      mnemonic,
      oif: header?.oif,
      taf: header?.taf,
      suphdr: header?.suphdr,
      ori: text?.ori,
      mke: text?.mke,
      bytes: body.length,
      digest: digestOf(body),
      outcome,
      code: judged.ok ? undefined : judged.error.code,
    });
  }

  #keep(number: number, message: LineMessage, request: StateRequest): void {
    const { journal, run, directory } = this.#options;
    const { station, mnemonic, class: messageClass, body } = message;
    journal.keepRequest({
      ...{ number, reference: reference(run, number), station, mnemonic },
      ...{ class: messageClass, body },
    });
    directory.heard(station, mnemonic, request.asked.ori);
    this.#taken.push({ number, message, request });
  }

  #pass({ number, message, request }: Taken, handle: string, again: boolean): void {
    const { station, mnemonic, class: messageClass } = message;
    const { header, key, asked } = request;
    const errands = this.#errandsOf(request, handle);
    const awaited = key.answer === 'awaited';
    const open: OpenRequest = {
      ...{ number, reference: handle, mke: asked.mke, ori: asked.ori },
      asker: { station, mnemonic, class: messageClass, suphdr: header.suphdr },
      awaited,
      // Where nobody waits for an answer there is no last word either.
      legs: countsOf(awaited ? errands.map(({ host }) => host) : []),
      sinceMs: performance.now(),
    };
    this.open.add(open);
    this.#deliver(request, messageClass);
    if (!awaited || errands.length === 0) this.#options.journal.requestDone(number);
    const { oif, taf } = header;
    for (const { host, text } of errands)
      this.#options.hosts.hand(host, open, {
        ...{ reference: handle, mnemonic, class: messageClass, again, awaited },
        heard: { text, mnemonic, oif, taf },
      });
  }

  /** What goes to which host, in its dialect. */
  #errandsOf(
    { route, asked, home, away }: StateRequest,
    handle: string,
  ): readonly { readonly host: HostName; readonly text: string }[] {
    const { homeState } = this.#options.routes;
    const errands: { host: HostName; text: string }[] = [];
    const add = (target: Target, text: string): void => {
      if (target !== 'stations') errands.push({ host: target, text });
    };
    if (route.dialect === 'ncic') add(route.home, toNcic(asked, route.prefix, handle));
    else {
      if (home.length > 0 || away.length === 0)
        add(route.home, toNlets(asked, [homeState], handle));
      for (let from = 0; from < away.length; from += destinationsMax)
        add(route.away, toNlets(asked, away.slice(from, from + destinationsMax), handle));
    }
    return errands;
  }

  /** Text and hit confirmations between stations of our own. */
  #deliver({ route, asked, home }: StateRequest, messageClass: number): void {
    if (route.home !== 'stations') return;
    for (const { value } of home) this.#deliverTo(value, asked, messageClass);
  }

  #deliverTo(
    destination: Destination['value'],
    { mke, ori, content }: StateRequest['asked'],
    messageClass: number,
  ): void {
    const text = addressedText({ key: mke, sender: ori }, destination, content);
    if (!this.tell(this.placesOf(destination), () => text, messageClass)) this.counters.nobody++;
  }
}

/** Ten characters: a supplemental header, a header's tail and a control field at once. */
const reference = (run: string, number: number): string =>
  run + number.toString(36).toUpperCase().padStart(7, '0');

function countsOf(hosts: readonly HostName[]): Map<HostName, number> {
  const counts = new Map<HostName, number>();
  for (const host of hosts) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}

const isPlace = (place: Place | undefined): place is Place => place !== undefined;
