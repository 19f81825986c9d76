// What leaves on the home line in one go: the higher priority first, each with its clock lines, and whether more
// is to come for what it answers.

import type { Said } from '../host.ts';
import type { Counts } from './counts.ts';
import type { Message, Thread } from './message.ts';
import { formatOutput } from './output.ts';
import type { NletsSettings } from './settings.ts';

interface Waiting {
  readonly message: Message;
  /** What it answers; undefined for what nobody has asked for. */
  readonly answers: Thread | undefined;
}

export class Outbound {
  readonly #settings: NletsSettings;
  readonly #counts: Counts;
  #waiting: Waiting[] = [];

  constructor(settings: NletsSettings, counts: Counts) {
    this.#settings = settings;
    this.#counts = counts;
  }

  put(message: Message, answers: Thread | undefined): void {
    this.#waiting.push({ message, answers });
  }

  flush(atMs: number): readonly Said[] {
    if (this.#waiting.length === 0) return [];
    const waiting = this.#waiting.toSorted((a, b) => a.message.priority - b.message.priority);
    this.#waiting = [];
    const last = new Map(waiting.map(({ answers }, i) => [answers, i] as const));
    return waiting.map(({ message, answers }, i) => {
      const text = this.#stamped(message, atMs);
      const isFinal = answers === undefined || (answers.open === 0 && last.get(answers) === i);
      return isFinal ? { text } : { text, final: false };
    });
  }

  #stamped(message: Message, atMs: number): string {
    const { homeState: line, zone, controlPlace } = this.#settings;
    return formatOutput(message, {
      received: { atMs: message.receivedAtMs, count: message.receivedCount },
      sent: { atMs, count: this.#counts.next(line, atMs) },
      zone,
      controlPlace,
    });
  }
}
