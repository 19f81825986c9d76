// A trace holds what concerns it and nothing else: no text; bounded in time, count and octets.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ackFrame, controlFrame, messageFrame } from '#protocol/frame';
import { asciiBytes } from '#protocol/octets';
import { parseMnemonic, parseStationName } from '#protocol/ids';
import { Traces, type Trace, type TraceTarget, type TraceWish } from '#src/runtime/traces';
import type { Effect } from '#switch/effect';
import type { Event } from '#switch/event';

const secret = 'MARKED-TEXT-4711';
const stamp = { atMs: 0, timeUs: 0 };
const qz01 = parseMnemonic('QZ01');
const ended: Trace[] = [];

let nowUs = 1_000_000;
let traces: Traces;
beforeEach(() => {
  vi.useFakeTimers();
  ended.length = 0;
  nowUs = 1_000_000;
  traces = new Traces({
    peer: (link) => (link === 1 ? { phase: 'open', station: 'DISP1' } : { phase: 'open' }),
    nowUs: () => (nowUs += 10),
    onEnd: (trace) => void ended.push(trace),
  });
});
afterEach(() => {
  traces.stopAll();
  vi.useRealTimers();
});

const wish = (target: TraceTarget, more: Partial<TraceWish> = {}): TraceWish => ({
  ...{ target, person: 'root', reason: 'why', forMs: 60_000 },
  ...more,
});

function begin(target: TraceTarget = { of: 'terminal', name: 'DISP1' }, more = {}): Trace {
  const trace = traces.prepare(wish(target, more));
  if (trace === undefined) throw new Error('too many');
  traces.run(trace);
  return trace;
}

function message(link: number, text = secret): Event {
  const body = asciiBytes(`JQ8F000000.QV.CA0990100.${text}`);
  const frame = { type: 'MESSAGE', flags: 1, class: 3, number: 7, mnemonic: qz01, body } as const;
  return { kind: 'frame', link, frame, ...stamp };
}

const received: Effect = {
  kind: 'append',
  stored: {
    entry: {
      ...{ entry: 12, time: 1, kind: 'received', direction: 'in', thread: 12, to: [] },
      ...{ station: parseStationName('DISP1'), outcome: 'accepted', requester: secret },
      fields: { NAM: [secret] },
    },
    body: asciiBytes(secret),
  },
};

describe('a trace', () => {
  it('shows frames both ways, entries and the link: type, number, size, class', () => {
    const trace = begin();
    traces.watch({ kind: 'opened', link: 1, peer: '10.0.0.1', token: secret, ...stamp }, () => []);
    traces.watch(message(1), () => [received]);
    traces.acted({ kind: 'send', link: 1, frame: ackFrame(7) });
    traces.acted({ kind: 'cut', link: 1 });
    expect(trace.records).toEqual([
      { time: expect.any(Number) as number, way: '-', what: 'link opened', link: 1 },
      {
        ...{ time: expect.any(Number) as number, way: 'in', what: 'MESSAGE', number: 7, bytes: 40 },
        ...{ flags: 1, class: 3, mnemonic: 'QZ01', link: 1 },
      },
      {
        ...{ time: expect.any(Number) as number, way: '-', what: 'entry received', entry: 12 },
        ...{ outcome: 'accepted', thread: 12 },
      },
      { time: expect.any(Number) as number, way: 'out', what: 'ACK', number: 7, bytes: 0, link: 1 },
      { time: expect.any(Number) as number, way: '-', what: 'link cut', link: 1 },
    ]);
    const times = trace.records.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('holds no text, no password and no body, whatever goes by', () => {
    const trace = begin();
    const signOn = { type: 'SIGN_ON', flags: 0, class: 0, number: 0, mnemonic: undefined } as const;
    const body = asciiBytes(JSON.stringify({ user: secret, password: secret }));
    traces.watch({ kind: 'frame', link: 1, frame: { ...signOn, body }, ...stamp }, () => [
      received,
    ]);
    traces.watch(message(1), () => [received]);
    if (qz01 === undefined) throw new Error('QZ01');
    const frame = { flags: 0, class: 3, number: 1, mnemonic: qz01, body: asciiBytes(secret) };
    traces.acted({ kind: 'send', link: 1, frame: messageFrame(frame) });
    const close = controlFrame('CLOSE', { code: 'C02', text: secret });
    traces.acted({ kind: 'send', link: 1, frame: close });
    expect(trace.records.map(({ what }) => what)).toEqual([
      ...['SIGN_ON', 'entry received', 'MESSAGE', 'entry received', 'MESSAGE', 'CLOSE'],
    ]);
    expect(JSON.stringify(trace.records)).not.toContain(secret);
  });

  it('sees its own link, station or message alone, and nothing before it runs', () => {
    const [station, link, thread] = [
      traces.prepare(wish({ of: 'terminal', name: 'DISP1' })),
      begin({ of: 'link', link: 2 }),
      begin({ of: 'entry', entry: 12 }),
    ];
    traces.watch(message(1), () => [received]);
    traces.watch(message(2), () => []);
    expect(station?.records).toEqual([]);
    expect(link.records.map(({ link: id }) => id)).toEqual([2]);
    expect(thread.records).toMatchObject([{ what: 'entry received', entry: 12 }]);
  });

  it('changes nothing of what the switch does', () => {
    begin();
    const effects: readonly Effect[] = [received];
    expect(traces.watch(message(1), () => effects)).toBe(effects);
  });

  it('ends by itself when its time is over, once', () => {
    const trace = begin(undefined, { forMs: 5_000 });
    vi.advanceTimersByTime(4_999);
    traces.watch(message(1), () => []);
    vi.advanceTimersByTime(1);
    traces.watch(message(1), () => []);
    expect([trace.state, trace.records.length, ended]).toEqual(['ended', 1, [trace]]);
  });

  it('ends when it is full: in records, and in octets', () => {
    const trace = begin();
    for (let i = 0; i < 6_000; i++) traces.watch(message(1), () => []);
    expect([trace.state, trace.records.length <= 5_000, ended.length]).toEqual(['full', true, 1]);
    expect(trace.bytes).toBeLessThanOrEqual(1_048_576 + 1_000);
    const long = begin({ of: 'link', link: 2 });
    const why = 'x'.repeat(400_000);
    for (let i = 0; i < 10; i++) traces.watch({ kind: 'closed', link: 2, why, ...stamp }, () => []);
    expect([long.state, long.records.length]).toEqual(['full', 3]);
  });

  it('is one of four at a time, and of eight that are kept', () => {
    const first = begin();
    for (let i = 0; i < 3; i++) begin();
    expect(traces.prepare(wish({ of: 'link', link: 1 }))).toBeUndefined();
    for (let i = 0; i < 8; i++) {
      const running = traces.all.find(({ state }) => state === 'running');
      if (running !== undefined) traces.stop(running);
      begin();
    }
    expect(traces.all).toHaveLength(8);
    expect(traces.find(first.id)).toBeUndefined();
    expect(traces.all.filter(({ state }) => state === 'running')).toHaveLength(4);
    // One that was stopped by hand ended without a word of its own.
    expect(ended).toEqual([]);
  });
});
