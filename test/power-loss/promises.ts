// What the recorded switch promised, and when: each ACK, REFUSED, WELCOME, SIGNED_ON and MESSAGE that left
// on a socket, and each answer to an operator, with the entry that it stands on. Pure.
// Fails where a promise stands on no entry, or an entry does not hold what the station sent.

import type { EventName, StoredEntry } from '#journal/entry';
import { parseWelcome } from '#protocol/control';
import { Framer } from '#protocol/framer';
import type { Frame, FrameType } from '#protocol/frame';
import type { Call, Edge } from './trace.ts';

/** From the edge at place `at` on, entry `entry` and all before it may not be lost. */
export interface Promised {
  readonly at: number;
  readonly entry: number;
}

/** The promises, in the order of the trace. @param stored Every entry of the journal, as it was in the end. */
export function promisesOf(
  edges: readonly Edge[],
  stored: readonly StoredEntry[],
): readonly Promised[] {
  const entries = new EntryBook(stored);
  const lines = new Map<number, Line>();
  const promised: Promised[] = [];
  for (const [at, { edge, call }] of edges.entries()) {
    if (edge === 'end' && call.kind === 'accept') lines.set(call.fd, new Line());
    if (edge === 'begin' && call.kind === 'close') lines.delete(call.fd);
    // From its beginning on it may have left.
    if (edge === 'begin' && call.kind === 'said')
      for (const entry of lines.get(call.fd)?.hear(call, entries) ?? [])
        promised.push({ at, entry });
  }
  return promised;
}

/** The octets of each message, as the stations sent them, stand in the entries that acknowledge them. */
export function misheard(
  stored: readonly StoredEntry[],
  sent: ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>,
): readonly string[] {
  const entries = new EntryBook(stored);
  return [...sent].flatMap(([session, bodies]) =>
    [...bodies]
      .filter(([number, body]) => {
        const found = entries.body(session, number);
        return found === undefined || Buffer.compare(found, body) !== 0;
      })
      .map(([number]) => `${session} ${number}`),
  );
}

const everyFrame = new Set<FrameType>([
  ...(['WELCOME', 'SIGNED_ON', 'SIGN_OFF', 'MESSAGE', 'ACK', 'REFUSED', 'BUSY'] as const),
  ...(['PING', 'PONG', 'STATUS', 'CLOSE'] as const),
]);
const frameBytesMax = 1 << 20;
const magic = 0x4d;

/** What the switch says on one socket. */
class Line {
  #framer: Framer | undefined;
  #session = '';

  /** The entries that what leaves now stands on. */
  hear({ octets }: Call & { readonly kind: 'said' }, entries: EntryBook): number[] {
    // A station is greeted with a frame; an operator, or who asks for health, with text.
    if (this.#framer === undefined && octets[0] !== magic) return entriesAnswered(octets);
    this.#framer ??= new Framer({
      from: 'switch',
      bodyBytesMax: frameBytesMax,
      allowed: everyFrame,
    });
    this.#framer.push(octets);
    const found: number[] = [];
    for (let next = this.#framer.next(); next !== undefined; next = this.#framer.next()) {
      if (!next.ok) throw new Error(`the switch said what is no frame: ${next.error.reason}`);
      const entry = this.#entryOf(next.value, entries);
      if (entry !== undefined) found.push(entry);
    }
    return found;
  }

  #entryOf({ type, number, body }: Frame, entries: EntryBook): number | undefined {
    switch (type) {
      case 'WELCOME': {
        const welcome = parseWelcome(body);
        if (!welcome.ok) throw new Error('the switch said a WELCOME that is none');
        this.#session = welcome.value.session;
        return entries.nextEvent(this.#session, 'link-up');
      }
      case 'SIGNED_ON':
        return entries.nextEvent(this.#session, 'sign-on');
      case 'ACK':
        return entries.handled(this.#session, number);
      case 'REFUSED':
        return number === 0 ? undefined : entries.handled(this.#session, number);
      case 'MESSAGE':
        return entries.sent(this.#session, number, body);
      case 'HELLO':
      case 'SIGN_ON':
      case 'SIGN_OFF':
      case 'BUSY':
      case 'PING':
      case 'PONG':
      case 'STATUS':
      case 'CLOSE':
        return undefined;
    }
  }
}

/** The entry that an operator's answer names. */
function entriesAnswered(octets: Uint8Array): number[] {
  const text = Buffer.from(octets).toString();
  return [...text.matchAll(/^\{"id":\d+,"end":\{.*?"entry":(\d+)/gm)].map(([, entry]) =>
    Number(entry),
  );
}

/** Which entry stands behind what was said of a number in a session. */
class EntryBook {
  readonly #handled = new Map<string, StoredEntry>();
  /** A number goes to another message where its first was never handled (link S4a). */
  readonly #sent = new Map<string, StoredEntry[]>();
  readonly #events = new Map<string, number[]>();

  constructor(stored: readonly StoredEntry[]) {
    for (const each of stored) {
      const { entry } = each;
      const key = `${entry.session ?? ''} ${entry.number ?? ''}`;
      if ((entry.kind === 'received' || entry.kind === 'refused') && entry.direction === 'in')
        this.#handled.set(key, each);
      if (entry.kind === 'sent' && entry.direction === 'down') add(this.#sent, key, each);
      if (entry.kind === 'event')
        add(this.#events, `${entry.session ?? ''} ${entry.event}`, entry.entry);
    }
  }

  handled(session: string, number: number): number {
    return must(this.#handled.get(`${session} ${number}`)?.entry.entry, `${session} ${number}`);
  }

  body(session: string, number: number): Uint8Array | undefined {
    return this.#handled.get(`${session} ${number}`)?.body;
  }

  sent(session: string, number: number, body: Uint8Array): number {
    const key = `${session} ${number}`;
    const sent = this.#sent.get(key)?.find((each) => Buffer.compare(each.body ?? body, body) === 0);
    return must(sent?.entry.entry, key);
  }

  /** They were said in the order of their entries. */
  nextEvent(session: string, event: EventName): number {
    return must(this.#events.get(`${session} ${event}`)?.shift(), `${session} ${event}`);
  }
}

function add<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function must(entry: number | undefined, what: string): number {
  if (entry === undefined) throw new Error(`no entry stands behind ${what}`);
  return entry;
}
