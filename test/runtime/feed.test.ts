// The live feed: what fits, once, in order, also for a follower that is slower than the journal; and nothing is
// kept for one that has gone.

import { describe, expect, it } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import { openMemoryJournal } from '#journal/memory';
import type { Query } from '#journal/query';
import { Feed } from '#src/runtime/feed';

const all: Query = { where: [], reverse: true, limit: 0 };

function stored(entry: number, event: 'start' | 'stop' = 'start', bytes = 0): StoredEntry {
  const plain = { entry: { kind: 'event', event, entry, time: entry } } as const;
  return bytes === 0 ? plain : { ...plain, body: new Uint8Array(bytes) };
}

function bench() {
  const journal = openMemoryJournal({ random: (octets) => new Uint8Array(octets) });
  const feed = new Feed(journal);
  const publish = async (...entries: readonly StoredEntry[]): Promise<void> => {
    await journal.append(entries);
    feed.publish(entries);
  };
  const end = new AbortController();
  return { feed, publish, end };
}

async function take(
  source: AsyncIterable<readonly StoredEntry[]>,
  count: number,
): Promise<readonly number[]> {
  const numbers: number[] = [];
  for await (const batch of source) {
    numbers.push(...batch.map(({ entry }) => entry.entry));
    if (numbers.length >= count) break;
  }
  return numbers;
}

const upTo = (count: number, from = 1): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + at);

describe('a follower', () => {
  it('hears what comes from now on and fits', async () => {
    const { feed, publish, end } = bench();
    await publish(stored(1));
    const any = [{ kind: 'is', value: 'stop' }] as const;
    const stops: Query = { ...all, where: [{ on: 'column', column: 'event', any }] };
    const heard = take(feed.follow(stops, end.signal), 2);
    await publish(stored(2, 'stop'), stored(3));
    await publish(stored(4, 'stop'));
    expect(await heard).toEqual([2, 4]);
  });

  it('hears by the words of a message, but never by those that are withheld', async () => {
    const { feed, publish, end } = bench();
    const any = [['SECRET']];
    const heard = take(feed.follow({ ...all, where: [{ on: 'text', any }] }, end.signal), 1);
    const said = (entry: number, text: string): StoredEntry => ({
      ...stored(entry),
      body: new TextEncoder().encode(text),
    });
    await publish({ ...said(1, 'a secret'), withheld: true }, said(2, 'other'), said(3, 'Secret.'));
    expect(await heard).toEqual([3]);
  });

  it('that is slow misses nothing, hears nothing twice, and is kept little for', async () => {
    const { feed, publish, end } = bench();
    const source = feed.follow(all, end.signal);
    // Nobody reads meanwhile: what is over the bound is read from the journal.
    for (let at = 1; at <= 5_000; at += 100) await publish(...upTo(100, at).map((n) => stored(n)));
    const heard = take(source, 5_100);
    await publish(...upTo(100, 5_001).map((n) => stored(n)));
    expect(await heard).toEqual(upTo(5_100));
  });

  it('that is slow with large bodies is bounded in octets', async () => {
    const { feed, publish, end } = bench();
    const source = feed.follow(all, end.signal);
    for (const entry of upTo(20)) await publish(stored(entry, 'start', 1_048_576));
    expect(await take(source, 20)).toEqual(upTo(20));
  });

  it('that goes is forgotten at once, also while nothing comes', async () => {
    const { feed, end } = bench();
    const heard = take(feed.follow(all, end.signal), 1);
    expect(feed.followers).toBe(1);
    end.abort();
    expect([await heard, feed.followers]).toEqual([[], 0]);
  });
});
