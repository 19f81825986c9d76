// How long things take, by the entries: until each delivery is acknowledged, until an upstream answers, and
// how long searches ran. Pure: the steady time of each entry comes in with it.
// It remembers when messages under way began, one small record for each that the switch itself remembers,
// and nothing when they are over. Of a message from before the start of the process it knows the beginning
// if it is told (`remember`); a question from before it is not timed.

import type {
  EventEntry,
  JournalEntry,
  OutcomeEntry,
  ReceivedEntry,
  SentEntry,
} from '#journal/entry';
import { classNames, classNameOf } from './classes.ts';
import { labels, type Sample } from './format.ts';
import { deliveryBuckets, Histogram, replyBuckets, searchBuckets } from './histogram.ts';

interface Begun {
  readonly sinceMs: number;
  /** Deliveries that have not ended. */
  left: number;
  /** It is a question that upstreams answer. */
  readonly asks: boolean;
}

/** Questions of one upstream whose answer is awaited, at most; the oldest was never answered. */
const askedMax = 10_000;

export class Durations {
  readonly #begun = new Map<number, Begun>();
  /** By upstream, then by the entry of the question: when it was sent last. */
  readonly #asked = new Map<string, Map<number, number>>();
  readonly #deliveries = {
    out: classNames.map(() => new Histogram(deliveryBuckets)),
    down: classNames.map(() => new Histogram(deliveryBuckets)),
  };
  readonly #replies = new Map<string, Histogram>();
  readonly #searches = new Histogram(searchBuckets);

  /** A delivery that waits since before this run. */
  remember(source: number, sinceMs: number): void {
    const begun = this.#begun.get(source);
    if (begun === undefined) this.#begun.set(source, { sinceMs, left: 1, asks: false });
    else begun.left += 1;
  }

  /** @param atMs Steady milliseconds of the entry. */
  count(entry: JournalEntry, atMs: number): void {
    switch (entry.kind) {
      case 'received':
        return this.#onReceived(entry, atMs);
      case 'sent':
        return this.#onSent(entry, atMs);
      case 'delivered':
      case 'expired':
        return this.#onEnd(entry, atMs);
      case 'event':
        return this.#onEvent(entry);
      case 'held':
      case 'released':
      case 'rerouted':
      case 'refused':
      case 'duplicate':
        return;
    }
  }

  /** Messages under way whose beginning is kept. */
  get underWay(): number {
    return this.#begun.size;
  }

  deliveries(): readonly Sample[] {
    return (['out', 'down'] as const).flatMap((direction) =>
      this.#deliveries[direction].flatMap((histogram, messageClass) =>
        // A message that was taken has a class.
        messageClass === 0
          ? []
          : histogram.samples(labels({ class: classNameOf(messageClass), direction })),
      ),
    );
  }

  /** Of an upstream that has not answered yet too: all zero. */
  replies(upstream: string): readonly Sample[] {
    return this.#replyTimes(upstream).samples(labels({ upstream }));
  }

  searches(): readonly Sample[] {
    return this.#searches.samples();
  }

  #onEvent({ event, detail }: EventEntry): void {
    const tookMs = event === 'search' ? detail?.['tookMs'] : undefined;
    if (typeof tookMs === 'number') this.#searches.observe(tookMs / 1000);
  }

  #onReceived(entry: ReceivedEntry, atMs: number): void {
    const { to, answers, upstream } = entry;
    if (to.length > 0) {
      const asks = entry.direction === 'in' && entry.answerMs !== undefined;
      this.#begun.set(entry.entry, { sinceMs: atMs, left: to.length, asks });
    }
    if (answers === undefined) return;
    // An SM is no answer (link M5).
    if (upstream !== undefined && entry.mke !== 'SM') this.#onAnswer(upstream, answers, atMs);
    else if (entry.notice === 'ended')
      for (const asked of this.#asked.values()) asked.delete(answers);
  }

  #onSent(entry: SentEntry, atMs: number): void {
    const { upstream } = entry;
    const source = sourceOf(entry);
    if (upstream === undefined || this.#begun.get(source)?.asks !== true) return;
    let asked = this.#asked.get(upstream);
    if (asked === undefined) this.#asked.set(upstream, (asked = new Map<number, number>()));
    asked.set(source, atMs);
    if (asked.size <= askedMax) return;
    for (const oldest of asked.keys()) {
      asked.delete(oldest);
      return;
    }
  }

  /** The first answer of each upstream counts: whoever waits for it goes on then. */
  #onAnswer(upstream: string, question: number, atMs: number): void {
    const asked = this.#asked.get(upstream);
    const sinceMs = asked?.get(question);
    if (sinceMs === undefined) return;
    asked?.delete(question);
    this.#replyTimes(upstream).observe((atMs - sinceMs) / 1000);
  }

  #onEnd(entry: OutcomeEntry, atMs: number): void {
    const source = sourceOf(entry);
    const begun = this.#begun.get(source);
    if (begun === undefined) return;
    begun.left -= 1;
    if (begun.left <= 0) this.#begun.delete(source);
    if (entry.kind !== 'delivered') return;
    const seconds = (atMs - begun.sinceMs) / 1000;
    const direction = entry.direction === 'out' ? 'out' : 'down';
    this.#deliveries[direction][entry.class ?? 0]?.observe(seconds);
  }

  #replyTimes(upstream: string): Histogram {
    let times = this.#replies.get(upstream);
    if (times === undefined) this.#replies.set(upstream, (times = new Histogram(replyBuckets)));
    return times;
  }
}

/** The message of a delivery: the number before its dot. */
function sourceOf({ delivery }: { readonly delivery: string }): number {
  return Number.parseInt(delivery, 10);
}
