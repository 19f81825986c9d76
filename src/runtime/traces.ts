// Watches over single links and messages, for a supervisor: frames with their type, number and size, entries,
// and what became of the link. Never a text, a password or a body: only lengths.
// Bounded in watches, time, records and octets; it lives in memory alone and is gone with the process.

import {
  helloOnly,
  parseFrameHeader,
  stationFrames,
  switchFrames,
  welcomeOnly,
  type FrameHeader,
  type FrameType,
} from '#protocol/frame';
import type { JournalEntry } from '#journal/entry';
import type { Effect } from '#switch/effect';
import type { Event, LinkId } from '#switch/event';
import type { OutwardEffect } from './detour.ts';

export type TraceTarget =
  | { readonly of: 'terminal'; readonly name: string }
  | { readonly of: 'upstream'; readonly name: string }
  | { readonly of: 'link'; readonly link: LinkId }
  | { readonly of: 'entry'; readonly entry: number };

export interface TraceWish {
  readonly target: TraceTarget;
  readonly person: string;
  readonly reason: string;
  readonly forMs: number;
}

export interface TracePeer {
  readonly station?: string | undefined;
  readonly upstream?: string | undefined;
  readonly phase: string;
}

export interface TracePorts {
  /** Whose link it is; undefined where it is not there any more. */
  readonly peer: (link: LinkId) => TracePeer | undefined;
  /** Microseconds since 1970 by the wall clock. */
  readonly nowUs: () => number;
  /** A watch is over by itself. */
  readonly onEnd: (trace: Trace) => void;
}

export interface Trace extends TraceWish {
  readonly id: number;
  readonly startedMs: number;
  readonly untilMs: number;
  state: 'prepared' | 'running' | 'stopped' | 'ended' | 'full';
  readonly records: TraceRecord[];
  bytes: number;
  timer: NodeJS.Timeout | undefined;
}

/** One thing that was seen: names, numbers and sizes. */
export interface Sighting extends Readonly<Record<string, string | number>> {
  /** `in` and `out` as the switch sees it; `-` for what is not on the line. */
  readonly way: 'in' | 'out' | '-';
  readonly what: string;
}

/** `time`: microseconds since 1970. */
export type TraceRecord = Sighting & { readonly time: number };

const runningMax = 4;
const keptMax = 8;
const recordsMax = 5_000;
const bytesMax = 1_048_576;

const everyFrame: ReadonlySet<FrameType> = new Set([
  ...[...stationFrames.terminal, ...switchFrames.host, ...switchFrames.terminal],
  ...[...helloOnly, ...welcomeOnly],
]);

export class Traces {
  readonly #ports: TracePorts;
  readonly #traces: Trace[] = [];
  #running: readonly Trace[] = [];
  #last = 0;

  constructor(ports: TracePorts) {
    this.#ports = ports;
  }

  get all(): readonly Trace[] {
    return this.#traces;
  }

  /** Undefined where too many run. It sees nothing before `run`. */
  prepare(wish: TraceWish): Trace | undefined {
    const busy = this.#traces.filter(({ state }) => state === 'prepared' || state === 'running');
    if (busy.length >= runningMax) return undefined;
    const over = this.#traces.findIndex((trace) => !busy.includes(trace));
    if (this.#traces.length >= keptMax && over !== -1) this.#traces.splice(over, 1);
    const startedMs = this.#ports.nowUs() / 1000;
    const untilMs = startedMs + wish.forMs;
    const more = { startedMs, untilMs, records: [], bytes: 0, timer: undefined } as const;
    const trace: Trace = { ...wish, ...more, records: [], id: ++this.#last, state: 'prepared' };
    this.#traces.push(trace);
    return trace;
  }

  run(trace: Trace): void {
    trace.state = 'running';
    trace.timer = setTimeout(() => this.#finish(trace, 'ended'), trace.forMs).unref();
    this.#running = this.#traces.filter(({ state }) => state === 'running');
  }

  find(id: number): Trace | undefined {
    return this.#traces.find((trace) => trace.id === id);
  }

  stop(trace: Trace): void {
    if (trace.state === 'running' || trace.state === 'prepared') this.#close(trace, 'stopped');
  }

  stopAll(): void {
    for (const trace of this.#running) this.#close(trace, 'stopped');
  }

  /** Steps, and writes down what concerns somebody who watches. Free of cost while nobody does. */
  watch(event: Event, step: () => readonly Effect[]): readonly Effect[] {
    if (this.#running.length === 0) return step();
    const link = 'link' in event ? event.link : undefined;
    const before = link === undefined ? undefined : this.#ports.peer(link);
    const effects = step();
    const after = link === undefined ? undefined : this.#ports.peer(link);
    const peer = (after?.station ?? after?.upstream) ? after : (before ?? after);
    for (const trace of this.#running) {
      if (link !== undefined && concerns(trace.target, link, peer)) this.#note(trace, seen(event));
      for (const effect of effects)
        if (effect.kind === 'append') this.#entry(trace, effect.stored.entry);
    }
    return effects;
  }

  /** What leaves, when it leaves. */
  acted(effect: OutwardEffect): void {
    if (this.#running.length === 0) return;
    if (effect.kind !== 'send' && effect.kind !== 'end' && effect.kind !== 'cut') return;
    const peer = this.#ports.peer(effect.link);
    for (const trace of this.#running)
      if (concerns(trace.target, effect.link, peer)) this.#note(trace, leaves(effect));
  }

  #entry(trace: Trace, entry: JournalEntry): void {
    if (!isOf(trace.target, entry)) return;
    const { entry: number, kind, mnemonic, mke, code } = entry;
    const outcome = 'outcome' in entry ? entry.outcome : undefined;
    const name = kind === 'event' ? entry.event : kind;
    this.#note(trace, {
      ...{ way: '-', what: `entry ${name}`, entry: number },
      ...plain({ mnemonic, mke, code, outcome, thread: entry.thread }),
    });
  }

  #note(trace: Trace, seen: Sighting | undefined): void {
    if (seen === undefined || trace.state !== 'running') return;
    const record: TraceRecord = { time: this.#ports.nowUs(), ...seen };
    trace.records.push(record);
    trace.bytes += JSON.stringify(record).length;
    if (trace.records.length >= recordsMax || trace.bytes >= bytesMax) this.#finish(trace, 'full');
  }

  #finish(trace: Trace, state: 'ended' | 'full'): void {
    if (trace.state !== 'running') return;
    this.#close(trace, state);
    this.#ports.onEnd(trace);
  }

  #close(trace: Trace, state: Trace['state']): void {
    clearTimeout(trace.timer);
    trace.state = state;
    this.#running = this.#running.filter((each) => each !== trace);
  }
}

function concerns(target: TraceTarget, link: LinkId, peer: TracePeer | undefined): boolean {
  switch (target.of) {
    case 'terminal':
      return peer?.station === target.name;
    case 'upstream':
      return peer?.upstream === target.name;
    case 'link':
      return link === target.link;
    case 'entry':
      return false;
  }
}

/** Entries of that station, upstream or thread; those of a link are its station's. */
function isOf(target: TraceTarget, entry: JournalEntry): boolean {
  switch (target.of) {
    case 'terminal':
      return entry.station === target.name;
    case 'upstream':
      return entry.upstream === target.name;
    case 'entry':
      return entry.thread === target.entry || entry.entry === target.entry;
    case 'link':
      return false;
  }
}

function seen(event: Event): Sighting | undefined {
  switch (event.kind) {
    case 'frame': {
      const { body, ...header } = event.frame;
      return { ...ofFrame({ ...header, length: body.length }), way: 'in', link: event.link };
    }
    case 'opened':
    case 'dialled':
      return { way: '-', what: `link ${event.kind}`, link: event.link };
    case 'closed':
    case 'distrusted':
      return { way: '-', what: `link ${event.kind}`, link: event.link, why: event.why };
    case 'garbled': {
      const { code } = event.reject;
      return { way: 'in', what: 'garbled', link: event.link, code };
    }
    case 'verified':
      return { way: '-', what: `sign-on judged ${event.verdict}`, link: event.link };
    case 'heard':
    case 'renewed':
    case 'start':
    case 'turned-away':
    case 'body':
    case 'committed':
    case 'journal':
    case 'drain':
    case 'settings':
    case 'command':
    case 'tick':
      return undefined;
  }
}

function leaves(effect: Extract<OutwardEffect, { kind: 'send' | 'end' | 'cut' }>): Sighting {
  if (effect.kind !== 'send')
    return { way: '-', what: effect.kind === 'end' ? 'link ends' : 'link cut', link: effect.link };
  const header = headerOf(effect.frame);
  const frame = header === undefined ? { what: 'frame' } : ofFrame(header);
  return { ...frame, way: 'out', link: effect.link };
}

function ofFrame({ type, number, length, flags, mnemonic, ...header }: FrameHeader) {
  const isMessage = type === 'MESSAGE';
  return {
    what: type,
    number,
    bytes: length,
    ...(isMessage ? { flags, class: header.class, mnemonic: mnemonic ?? '' } : {}),
  };
}

/** Of a frame of ours: to a station we speak as the switch, to an upstream as a station. */
function headerOf(frame: Uint8Array): FrameHeader | undefined {
  for (const from of ['switch', 'station'] as const) {
    const rules = { from, bodyBytesMax: Number.MAX_SAFE_INTEGER, allowed: everyFrame };
    const header = parseFrameHeader(frame, rules);
    if (header.ok) return header.value;
  }
  return undefined;
}

function plain(
  values: Readonly<Record<string, string | number | undefined>>,
): Record<string, string | number> {
  const known: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) known[name] = value;
  return known;
}
