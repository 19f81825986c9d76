import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Delivery } from '#switch/ledger';
import { Queue } from '#switch/queue';

/** What a queue looks at: class, source and place. */
function delivery(source: number, messageClass: number): Delivery {
  const to = { kind: 'intercept', class: messageClass } as const;
  return {
    ...{ id: `${source}.0`, source, index: 0, to, thread: source, sinceMs: source },
    ...{ oif: undefined, taf: undefined, ori: undefined, agency: undefined, mke: undefined },
    ...{ state: 'queued', sentEntry: undefined, mayBeThere: false, sentTo: undefined },
  };
}

it('gives the highest class first and in it the order of receipt, whatever left and came back (link M6)', () => {
  const all = Array.from({ length: 300 }, (_, at) => delivery(at, 1 + (at % 3)));
  const moves = fc.array(fc.tuple(fc.nat(all.length - 1), fc.boolean()), {
    maxLength: 600,
    size: 'max',
  });
  fc.assert(
    fc.property(moves, (script) => {
      const queue = new Queue();
      const inside = new Set<Delivery>();
      for (const [at, comes] of script) {
        const one = all[at];
        // Also what is there already, or is not: then nothing changes.
        if (one === undefined) continue;
        if (comes) inside.add(one);
        else inside.delete(one);
        if (comes) queue.put(one);
        else queue.remove(one);
      }
      const sorted = [...inside].sort((a, b) => a.to.class - b.to.class || a.source - b.source);
      expect([...queue.all()]).toEqual(sorted);
      expect(queue.size).toBe(sorted.length);
      expect(queue.first(() => true)).toBe(sorted[0]);
      for (const since of [-1, 0, 100, 299])
        expect(queue.countSince(since)).toBe(sorted.filter((one) => one.sinceMs <= since).length);
      expect(queue.oldestMs()).toBe(
        sorted.length === 0 ? undefined : Math.min(...sorted.map((one) => one.sinceMs)),
      );
      const [first] = sorted;
      if (first !== undefined) queue.remove(delivery(-1, first.to.class));
      expect(queue.size).toBe(sorted.length);
    }),
    { numRuns: 200 },
  );
});

it('costs the same at any length, at both ends', () => {
  const queue = new Queue();
  const all = Array.from({ length: 200_000 }, (_, at) => delivery(at, 3));
  for (const one of all) queue.put(one);
  for (const one of all) {
    queue.remove(one);
    queue.put(one);
    queue.remove(one);
  }
  expect(queue.size).toBe(0);
}, 5000);
