// The state's message switch: takes what the switches of the counties send, writes it down, checks it, and
// passes it on to the hosts behind; what they say goes back to whoever asked. Nothing is acknowledged before
// it stands in the journal; what is to nobody is counted.

import { flagPossibleDuplicate } from '#protocol/frame';
import type { Addressee, Answer, LineHandler, LineMessage, LineReject } from '../line/handler.ts';
import { Confirmations } from './confirmations.ts';
import { addressedText, nletsAnswer, toNcic, toNlets } from './dialect.ts';
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
  /** Notices to agencies of other states: their own hubs have them. */
  elsewhere: number;
  unsolicited: number;
}

/** Destinations of one message to the other network. @source clets 11 */
const destinationsMax = 5;

interface Taken {
  readonly number: number;
  readonly message: LineMessage;
  readonly request: StateRequest;
  /** By what the hosts know it. */
  readonly reference: string;
  /** For stations of our own, and written down already. */
  readonly home: readonly Answer[];
  readonly errands: readonly HostErrand[];
}

/** What a station of our own is told. */
interface HomeText {
  readonly text: string;
  readonly class: number;
  readonly again: boolean;
}

interface HostErrand {
  readonly host: HostName;
  readonly text: string;
}

export class Hub implements LineHandler {
  readonly open = new OpenRequests();
  readonly counters: HubCounters = { duplicates: 0, nobody: 0, elsewhere: 0, unsolicited: 0 };
  readonly #options: HubOptions;
  readonly #reader: RequestReader;
  readonly #confirmations = new Confirmations();
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
    for (const one of taken) {
      for (const answer of one.home) this.#options.say([answer]);
      this.#pass(one);
    }
  }

  delivered(receipt: number): void {
    this.#options.journal.paid(receipt);
  }

  lost(receipt: number): void {
    this.#options.journal.paid(receipt);
  }

  /**
   * Goes on where an earlier run ended: what our own stations are owed, then requests that a host has not ended.
   * All of it may have left before, and is flagged.
   */
  goOn(): void {
    const { journal, say } = this.#options;
    for (const answer of journal.owed) say([{ ...answer, again: true }]);
    for (const { number, body, reference, ...from } of journal.requests) {
      const message = { ...from, flags: flagPossibleDuplicate, body };
      const judged = this.#reader.judge(message);
      // The directory may have changed meanwhile: what may not be asked any more is not asked.
      if (!judged.ok) journal.requestDone(number);
      else {
        const request = judged.value;
        const errands = this.#errandsOf(request, reference);
        this.#pass({ number, message, reference, request, home: [], errands });
      }
    }
  }

  /** Says something to whoever asked; `final` where no host has anything to add. */
  answer(request: OpenRequest, text: string, final: boolean): void {
    const { journal, say } = this.#options;
    const answer = { to: request.asker, text, final: final && request.awaited };
    if (final) this.done(request);
    say([journal.owe(answer)]);
  }

  /** Every host has ended it: it will not be passed on again. */
  done({ number }: OpenRequest): void {
    this.#options.journal.requestDone(number);
  }

  /** To an address of our own, unasked; what is to nobody is counted. */
  tell(destination: string, text: string): void {
    const { say } = this.#options;
    for (const answer of this.#owe(destination, { text, class: 0, again: false })) say([answer]);
  }

  /** A notice to the agency it is about; that of another state does not come to us. */
  notify(ori: string, text: string): void {
    const ours = ori.startsWith(this.#options.routes.homeState);
    if (ours || this.#placesOf(ori).length > 0) this.tell(ori, text);
    else this.counters.elsewhere++;
  }

  /** Written down for each place of an address. */
  #owe(destination: string, { text, class: messageClass, again }: HomeText): readonly Answer[] {
    const { journal, lastStation } = this.#options;
    const places = this.#placesOf(destination);
    if (places.length === 0) this.counters.nobody++;
    this.counters.unsolicited += places.length;
    return places.map(({ station = lastStation(), mnemonic }) => {
      const to: Addressee = { station, mnemonic, class: messageClass };
      return journal.owe({ to, text, final: false, ...(again ? { again } : {}) });
    });
  }

  /** Where an agency, a mnemonic or our whole state is. */
  #placesOf(destination: string): readonly Place[] {
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
    if (!isRepeat(message.flags)) return false;
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

  /** All that is owed for it is written down with it, before its ACK: nothing is lost or doubled by a crash. */
  #keep(number: number, message: LineMessage, request: StateRequest): void {
    const { run, directory, journal } = this.#options;
    const { station, mnemonic, class: messageClass, body } = message;
    const reference = referenceOf(run, number);
    directory.heard(station, mnemonic, request.asked.ori);
    const home = this.#forHome(message, request);
    const errands = this.#errandsOf(request, reference);
    if (errands.length > 0 || asksStations(request))
      journal.keepRequest({ number, reference, station, mnemonic, class: messageClass, body });
    this.#taken.push({ number, message, request, reference, home, errands });
  }

  #pass(taken: Taken): void {
    const { message, request, reference, errands } = taken;
    const { mnemonic, class: messageClass, flags } = message;
    const { header, key } = request;
    const open = this.#open(taken);
    const { oif, taf } = header;
    for (const { host, text } of errands)
      this.#options.hosts.hand(host, open, {
        ...{ reference, mnemonic, class: messageClass },
        again: isRepeat(flags),
        awaited: key.answer === 'awaited',
        heard: { text, mnemonic, oif, taf },
      });
  }

  #open({ number, message, request, reference, errands }: Taken): OpenRequest {
    const { station, mnemonic, class: messageClass } = message;
    const { header, key, asked } = request;
    const open: OpenRequest = {
      ...{ number, reference, mke: asked.mke, ori: asked.ori },
      asker: { station, mnemonic, class: messageClass, suphdr: header.suphdr },
      awaited: key.answer === 'awaited',
      legs: countsOf(errands.map(({ host }) => host)),
      sinceMs: performance.now(),
    };
    if (asksStations(request)) {
      open.legs.set('stations', 1);
      this.#confirmations.asked(open, asked.content);
    }
    for (const forgotten of this.open.add(open)) this.#forget(forgotten);
    return open;
  }

  /** Nobody waits for it any longer, nor does a later run. */
  #forget(request: OpenRequest): void {
    this.done(request);
    for (const target of request.legs.keys())
      if (target !== 'stations') this.#options.hosts.done(target, request.reference);
    request.legs.clear();
  }

  /** What goes to which host, in its dialect. */
  #errandsOf({ route, asked, home, away }: StateRequest, handle: string): readonly HostErrand[] {
    const { homeState } = this.#options.routes;
    const errands: HostErrand[] = [];
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
  #forHome(message: LineMessage, { route, asked, home }: StateRequest): readonly Answer[] {
    if (route.home !== 'stations') return [];
    const { mke, ori, content } = asked;
    const again = isRepeat(message.flags);
    return home.flatMap(({ value }) => {
      const reply = mke === 'YR' ? this.#confirmed(value, ori, content) : undefined;
      if (reply !== undefined) return [reply];
      const text = addressedText({ key: mke, sender: ori }, value, content);
      return this.#owe(value, { text, class: message.class, again });
    });
  }

  /** A YR is the reply to the YQ that it answers, in the form in which another state's comes. @source link M5, X6 */
  #confirmed(to: string, sender: string, content: string): Answer | undefined {
    const confirmed = this.#confirmations.answered(to, content);
    if (confirmed === undefined) return undefined;
    const { open, final } = confirmed;
    if (final) open.legs.delete('stations');
    const last = final && open.legs.size === 0;
    if (last) this.done(open);
    const text = nletsAnswer('YR', open.ori, sender, content);
    return this.#options.journal.owe({ to: open.asker, text, final: last });
  }
}

/** Ten characters: a supplemental header, a header's tail and a control field at once. */
const referenceOf = (run: string, number: number): string =>
  run + number.toString(36).toUpperCase().padStart(7, '0');

/** Whether a station of our own is to answer it. */
const asksStations = ({ route, key, home }: StateRequest): boolean =>
  route.home === 'stations' && key.answer === 'awaited' && home.length > 0;

function countsOf(hosts: readonly HostName[]): Map<Target, number> {
  const counts = new Map<Target, number>();
  for (const host of hosts) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}

const isRepeat = (flags: number): boolean => (flags & flagPossibleDuplicate) !== 0;

const isPlace = (place: Place | undefined): place is Place => place !== undefined;
