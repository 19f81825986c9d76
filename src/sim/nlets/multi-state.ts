// The multi-state queries that are under way: who was asked, what is gathered, when one is sent.
//
// @source nlets 7.6

import { isWhole, merged } from './merge.ts';
import type { Merge } from './merge.ts';
import type { Message } from './message.ts';
import type { NletsTables } from './tables.ts';
import type { Voice } from './voice.ts';

export interface MultiStatePorts {
  readonly tables: NletsTables;
  readonly voice: Voice;
  readonly ask: (message: Message, atMs: number) => void;
  /** The minute is over at that time. */
  readonly wake: (id: number, atMs: number) => void;
  /** The ORI a member answers from. */
  readonly oriOf: (member: string) => string | undefined;
  readonly waitMs: number;
}

export class MultiState {
  readonly #ports: MultiStatePorts;
  readonly #open = new Map<number, Merge>();
  #id = 0;

  constructor(ports: MultiStatePorts) {
    this.#ports = ports;
  }

  /** @param message To `NL`. */
  begin(message: Message, asked: readonly string[], atMs: number): void {
    const id = ++this.#id;
    const { key, control, sender: asker, thread, receivedAtMs, receivedCount } = message;
    const answerKey = this.#ports.tables.keys.get(key)?.answer ?? key;
    const from = { key, control, asker, thread, receivedAtMs, receivedCount };
    this.#open.set(id, { id, ...from, answerKey, asked, answers: new Map() });
    if (thread !== undefined) thread.open++;
    for (const destination of asked) this.#ports.ask({ ...message, destination, merge: id }, atMs);
    // Nobody to ask: said at once.
    this.#ports.wake(id, asked.length === 0 ? atMs : atMs + this.#ports.waitMs);
  }

  /** True where an answer is kept for the merged one; one that comes later is passed on by itself. */
  gather(asked: Message, answer: Message, atMs: number): boolean {
    const merge = asked.merge === undefined ? undefined : this.#open.get(asked.merge);
    if (merge === undefined) return false;
    const { text, miss } = answer;
    const before = merge.answers.get(asked.destination) ?? [];
    merge.answers.set(asked.destination, [...before, { text, miss }]);
    if (isWhole(merge)) this.finish(merge.id, atMs);
    return true;
  }

  /** Nothing happens where it was sent when all had answered. */
  finish(id: number, atMs: number): void {
    const merge = this.#open.get(id);
    if (merge === undefined) return;
    this.#open.delete(id);
    const { answerKey: key, asker: to, control, thread, receivedAtMs, receivedCount } = merge;
    if (thread !== undefined) thread.open--;
    const { voice, oriOf, tables } = this.#ports;
    const { text, rest } = merged(merge, tables);
    const about = { key, to, control, thread, atMs, receivedAtMs, receivedCount };
    voice.say({ ...about, text });
    for (const one of rest) voice.say({ ...about, text: one.text, from: oriOf(one.member) });
  }
}
