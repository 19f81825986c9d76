// Alarms ring in time, once for many, and never early.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Alarms } from '#src/runtime/alarms';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function alarms(): { readonly alarms: Alarms; readonly rung: number[] } {
  const rung: number[] = [];
  return { rung, alarms: new Alarms(Date.now, () => rung.push(Date.now())) };
}

describe('an alarm', () => {
  it('rings at its time, whatever the order they were set in', () => {
    const { alarms: set, rung } = alarms();
    for (const at of [500, 20, 300, 20, 100, 400, 200]) set.add(at);
    vi.advanceTimersByTime(1000);
    expect(rung).toEqual([20, 100, 200, 300, 400, 500]);
  });

  it('is never early, and at most a grain late', () => {
    const { alarms: set, rung } = alarms();
    set.add(101.5);
    vi.advanceTimersByTime(1000);
    expect(rung).toEqual([110]);
  });

  it('a month away does not ring at once', () => {
    const { alarms: set, rung } = alarms();
    set.add(31 * 86_400_000);
    vi.advanceTimersByTime(60_000);
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(31 * 86_400_000);
    expect(rung).toEqual([31 * 86_400_000]);
  });
});
