// Who watches everything: each entry, each effect, each frame that arrives, each word of a station, and
// says at once what breaks a promise. It reads the world and changes nothing in it.

import { flagPossibleDuplicate, type Frame, frameHeaderBytes } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { StationOutput } from '#src/net/station/output';
import type { OutwardEffect } from '#src/runtime/detour';
import { frameTypeAt } from '#src/runtime/detour';
import type { Effect } from '#switch/effect';
import type { Event, LinkId } from '#switch/event';
import type { SwitchSettings } from '#switch/settings';
import type { State } from '#switch/state';
import { poolDestination, undelivered } from './county.ts';
import type { Disk } from './disk.ts';
import type { Door } from './door.ts';
import { difference } from './ledgers.ts';
import { markOf, Pages } from './pages.ts';
import type { Post } from './post.ts';
import { storyOf, wordOf } from './story.ts';

/** A promise is broken: this seed has found something. */
export class Broken extends Error {}

interface Handed {
  readonly station: string;
  readonly user: string | undefined;
}

/** CLOSE codes that say nothing against the one who hears them. */
const orderly: readonly string[] = [
  ...['C02', 'C05', 'C07', 'C08', 'C09', 'C12', 'C13', 'C14', 'C15', 'C16', 'C17', 'C18'],
];
/** Types of frames by their octet; link 4. */
const types = {
  hello: 0x01,
  welcome: 0x02,
  signedOn: 0x04,
  message: 0x10,
  ack: 0x11,
  refused: 0x12,
};
const numberAt = 8;
const flagsAt = 4;
const refusalsMost = 1024;
const windowMost = 4;
const keptMost = 8;

export class Witness {
  readonly pages: Pages;
  /** Where somebody reads along: one line for each thing that happens. */
  trace: ((line: () => string) => void) | undefined;
  steps = 0;
  readonly #settings: () => SwitchSettings;
  readonly #handed = new Map<number, Handed>();
  readonly #unsolicited = new Map<string, string>();
  readonly #sessions = new Map<LinkId, string>();
  /** Deliveries whose octets have left, and on which links of which life. */
  readonly #left = new Map<string, string>();
  /** What each session of a station, or of an upstream, has handled and refused of ours. */
  readonly #handled = new Map<string, number>();
  readonly #declined = new Set<string>();
  readonly #atUpstream = new Set<string>();
  #life = 0;
  #marks = 0;

  constructor(disk: Disk, settings: () => SwitchSettings) {
    this.#settings = settings;
    this.pages = new Pages(disk, (what) => this.fails(what));
  }

  fails(what: string): never {
    throw new Broken(what);
  }

  newMessage(post: Post): number {
    const id = (this.#marks += 1);
    this.#handed.set(id, { station: post.place.station, user: post.user });
    return id;
  }

  newAnswer(): string {
    return `A${String((this.#marks += 1)).padStart(6, '0')}`;
  }

  newUnsolicited(mnemonic: string): string {
    const mark = `U${String((this.#marks += 1)).padStart(6, '0')}`;
    this.#unsolicited.set(mark, mnemonic);
    return mark;
  }

  /** A life of the process begins with this ledger. */
  recovered(state: State): void {
    this.#life += 1;
    this.#sessions.clear();
    this.#compare(state);
  }

  /** A life ends: what it stepped, replayed, is what it was; then only the disk counts. */
  dies(state: State): void {
    this.#compare(state);
  }

  #compare(state: State): void {
    const entries = this.pages.stepped;
    const differs = difference(state, { entries, settings: this.#settings() });
    if (differs !== undefined) this.fails(differs);
  }

  stepped(state: State, event: Event, effects: readonly Effect[]): void {
    this.steps += 1;
    this.trace?.(() => storyOf(event, effects));
    for (const effect of effects) {
      if (effect.kind === 'append') this.#entry(effect.stored);
      if (effect.kind !== 'send' || this.#sessions.has(effect.link)) continue;
      const link = state.links.get(effect.link);
      if (link?.phase === 'open') this.#sessions.set(effect.link, link.session);
    }
  }

  #entry(stored: Parameters<Pages['add']>[0]): void {
    const { entry } = stored;
    this.pages.add(stored);
    if (entry.kind !== 'delivered') return;
    const { session = '', number = 0 } = entry;
    const name = `${session} ${number}`;
    if (this.#declined.has(name)) this.fails(`${name} is delivered, and was refused there`);
    if ((this.#handled.get(session) ?? 0) < number)
      this.fails(`${name} is delivered, and was never handled there`);
  }

  /** Every queue, map and window has its bound; cheap, for it is done after each step. */
  countsMemory(state: State, keptEvents: number, doors: number): void {
    const { ledger, links, fetching, readers } = state;
    for (const session of ledger.sessions.values()) {
      const { inFlight, refused, again, stored, earlier } = session;
      if (inFlight.size > windowMost + windowMost) this.fails(`${inFlight.size} are in flight`);
      if (refused.size > refusalsMost) this.fails('too many refusals are remembered');
      if (again.length > windowMost) this.fails('too much was put off');
      if (stored.size > windowMost || earlier.size > windowMost) this.fails('too much is known');
    }
    if (links.size > doors + 64) this.fails(`${links.size} links for ${doors} doors`);
    const reading = [...links.values()].length * windowMost + ledger.deliveries.size;
    if (fetching.size > reading || readers.size > reading) this.fails('too much is being read');
    if (keptEvents > (doors + 64) * (keptMost + 4)) this.fails(`${keptEvents} events are kept`);
  }

  /** An effect happens, now. */
  acts(effect: OutwardEffect, doors: ReadonlyMap<LinkId, Door>): void {
    if (effect.kind === 'project' || (effect.kind === 'answer' && effect.entry !== undefined))
      this.#needs(effect.entry, `${effect.kind} of entry ${effect.entry}`);
    if (effect.kind !== 'send' || !doors.has(effect.link)) return;
    const { frame, link } = effect;
    const session = this.#sessions.get(link);
    if (session === undefined) return;
    const number = new DataView(frame.buffer, frame.byteOffset).getUint32(numberAt);
    const type = frame[frameTypeAt];
    const name = `${session} ${number}`;
    if (type === types.ack) this.#needs(this.pages.taken(session, number)?.entry, `ACK ${name}`);
    if (type === types.refused && number > 0) {
      const taken = this.pages.taken(session, number);
      if (taken?.kind !== 'refused') this.fails(`REFUSED ${name}, and it was not`);
      this.#needs(taken.entry, `REFUSED ${name}`);
    }
    if (type === types.welcome) this.#needs(this.pages.upAt(session), `WELCOME ${session}`);
    if (type === types.signedOn) {
      const user = /"user":"([^"]*)"/.exec(latin1(frame, frameHeaderBytes))?.[1] ?? '';
      this.#needs(this.pages.signOnAt(user), `SIGNED_ON ${user}`);
    }
    if (type === types.message) this.#sends(frame, { session, number, link });
  }

  #needs(entry: number | undefined, what: string): void {
    if (!this.pages.isDurable(entry)) this.fails(`${what} is said before its entry is durable`);
  }

  #sends(frame: Uint8Array, at: { session: string; number: number; link: LinkId }): void {
    const { session, number, link } = at;
    const name = `MESSAGE ${session} ${number}`;
    this.#needs(this.pages.sent(session, number)?.entry, name);
    const delivery = this.pages.deliverySent(session, number) ?? '';
    const line = `${this.#life} ${link}`;
    const before = this.#left.get(delivery);
    const flagged = ((frame[flagsAt] ?? 0) & flagPossibleDuplicate) !== 0;
    if (before !== undefined && before !== line && !flagged)
      this.fails(`${name} goes again, as ${delivery}, and is not flagged`);
    this.#left.set(delivery, line);
  }

  /** A station says something, or tells its person. */
  says(post: Post, output: StationOutput): void {
    const { station } = post.place;
    this.trace?.(() => `${station} ${wordOf(output)}`);
    switch (output.kind) {
      case 'send':
        return this.#stationSends(post, output.frame);
      case 'accepted':
        return this.#needs(this.pages.stored.get(markOfId(output.id)), `accepted ${output.id}`);
      case 'refused':
        return this.#needs(this.pages.refused.get(markOfId(output.id)), `refused ${output.id}`);
      case 'message':
        return this.#shows(post, output);
      case 'closed': {
        this.pages.count(`CLOSE ${output.code} by ${output.by}`);
        if (!orderly.includes(output.code))
          this.fails(`${station}: CLOSE ${output.code} by ${output.by}: ${output.text}`);
        return;
      }
      case 'dropped':
      case 'busy':
      case 'sign-on-refused':
      case 'signed-off':
        return this.pages.count(output.kind);
      case 'declined':
      case 'expect':
      case 'cut':
      case 'dial':
      case 'wake':
      case 'welcomed':
      case 'signed-on':
      case 'sign-on-lost':
      case 'status':
        return;
    }
  }

  #stationSends(post: Post, frame: Uint8Array): void {
    const { session } = post.state;
    if (session === undefined) return;
    const type = frame[frameTypeAt];
    const number = new DataView(frame.buffer, frame.byteOffset).getUint32(numberAt);
    if (type === types.refused) this.#declined.add(`${session} ${number}`);
    if (type === types.ack || type === types.refused) this.#handles(session, number);
    if (type === types.hello) this.#handles(session, post.state.inbox.handled);
  }

  #handles(session: string, number: number): void {
    this.#handled.set(session, Math.max(number, this.#handled.get(session) ?? 0));
  }

  #shows(post: Post, message: StationOutput & { kind: 'message' }): void {
    const { station, role } = post.place;
    const text = latin1(message.body);
    const mark = markOf(message.body);
    const asked = /^M(\d{6})\./.exec(text)?.[1];
    const way = this.pages.sent(post.state.session ?? '', message.number)?.way;
    if (asked !== undefined && role !== 'printer') {
      const by = this.#handed.get(Number(asked));
      const own = role === 'host' ? by?.station === station : by?.user === post.user;
      if (!own) this.fails(`${station} with ${post.user ?? 'nobody'} is shown ${text}`);
    }
    if (asked !== undefined && role === 'printer' && way?.to.rule !== 'pool-destination')
      this.fails(`${station} prints what a person asked: ${text}`);
    const to = mark === undefined ? undefined : this.#unsolicited.get(mark);
    if (to !== undefined && undelivered.includes(to))
      this.fails(`${station} is shown ${mark ?? ''} for ${to}, a pool without destination`);
    if (to?.startsWith('QM') === true && message.mnemonic !== poolDestination)
      this.fails(`${station} is shown ${mark ?? ''} for the pool of ${to}`);
  }

  /** An upstream has a message, or refuses it. */
  upstreamTakes(
    name: string,
    { session, frame, refused }: { session: string; frame: Frame; refused: boolean },
  ): void {
    const body = latin1(frame.body);
    const reference = `${name} ${body.slice(0, body.indexOf('.'))}`;
    const flagged = (frame.flags & flagPossibleDuplicate) !== 0;
    if (this.#atUpstream.has(reference) && !flagged)
      this.fails(`${reference} arrives twice, and is not flagged`);
    this.#handles(session, frame.number);
    if (refused) this.#declined.add(`${session} ${frame.number}`);
    else this.#atUpstream.add(reference);
    this.pages.count(refused ? 'refused by an upstream' : 'taken by an upstream');
  }

  /** The county has acknowledged what an upstream sent. */
  upstreamIsAnswered(name: string, body: Uint8Array): void {
    const mark = markOf(body) ?? '';
    this.#needs(this.pages.stored.get(mark), `ACK to ${name} of ${mark}`);
  }

  closedBySwitch(name: string, code: string): void {
    this.pages.count(`CLOSE ${code} to an upstream`);
    if (!orderly.includes(code)) this.fails(`${name} is told CLOSE ${code}`);
  }

  /** Deliveries that neither ended nor lie in operator intercept under a name. */
  unfinished(): readonly string[] {
    return [...this.pages.ways]
      .filter(
        ([, { ended, to, held }]) => ended === undefined && !(to.kind === 'intercept' && held),
      )
      .map(([id, { to }]) => `${id} to ${to.kind} ${to.user ?? to.mnemonic ?? to.upstream ?? ''}`);
  }
}

function markOfId(id: number): string {
  return `M${String(id).padStart(6, '0')}`;
}
