// What the service manager is told, and when: against a manager that may be slow, deaf or gone.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { Manager, watchdogMsOf, type Facts, type Send } from '#src/daemon/notify';
import { statusLine, Turns, Watch, type WatchParts } from '#src/daemon/watch';

type Line = readonly [event: string, fields: unknown];

function logOf(lines: Line[]) {
  return {
    write: (_level: string, event: string, fields?: unknown) => void lines.push([event, fields]),
  };
}

/** Lets all that is ready to run run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function open(send: Send | undefined, watchdogMs?: number) {
  const lines: Line[] = [];
  const manager = await Manager.open({ send, watchdogMs, log: logOf(lines), closeMs: 50 });
  return { manager, lines };
}

describe('what is told', () => {
  it('is gathered while one is being said, the newest of each kind', async () => {
    const said: Facts[] = [];
    let take = (): void => undefined;
    const { manager } = await open(async (facts) => {
      said.push(facts);
      if (facts.STATUS !== 'starting') await new Promise<void>((resolve) => (take = resolve));
    });
    manager.tell({ READY: '1', STATUS: 'one' });
    manager.tell({ STATUS: 'two' });
    manager.tell({ STATUS: 'three', WATCHDOG: '1' });
    await settled();
    expect(said).toHaveLength(2);
    take();
    await settled();
    expect(said).toEqual([
      { STATUS: 'starting' },
      { READY: '1', STATUS: 'one' },
      { STATUS: 'three', WATCHDOG: '1' },
    ]);
    take();
  });

  it('is said again with the next where it was not heard, but for a sign of life', async () => {
    const said: Facts[] = [];
    let deaf = false;
    const { manager, lines } = await open((facts) => {
      said.push(facts);
      return deaf ? Promise.reject(new Error('deaf')) : Promise.resolve();
    });
    deaf = true;
    manager.tell({ READY: '1', STATUS: 'one', WATCHDOG: '1' });
    await settled();
    manager.tell({ STATUS: 'two' });
    await settled();
    deaf = false;
    manager.tell({ WATCHDOG: '1' });
    await settled();
    expect(said.slice(2)).toEqual([
      { READY: '1', STATUS: 'two' },
      { READY: '1', STATUS: 'two', WATCHDOG: '1' },
    ]);
    expect(lines).toEqual([
      ['notify', { heard: false }],
      ['notify', { heard: true }],
    ]);
  });

  it('is waited for at the end within its time', async () => {
    const { manager } = await open(({ STATUS }) =>
      STATUS === 'starting' ? Promise.resolve() : new Promise(() => undefined),
    );
    manager.tell({ STOPPING: '1' });
    await manager.close();
  });

  it('is nothing without a service manager', async () => {
    const { manager, lines } = await open(undefined);
    manager.tell({ READY: '1' });
    await manager.close();
    expect(lines).toEqual([]);
  });
});

describe('a watchdog', () => {
  it.each([
    ['that nobody can feed', undefined],
    ['that does not hear', () => Promise.reject(new Error('deaf'))],
  ])('%s is a start refused', async (_, send) => {
    await expect(open(send, 30_000)).rejects.toMatchObject({ code: 'MSC-2401', exit: 78 });
  });

  it('is that of this process alone, in microseconds', () => {
    expect(watchdogMsOf({}, 7)).toBeUndefined();
    expect(watchdogMsOf({ WATCHDOG_USEC: '30000000' }, 7)).toBe(30_000);
    expect(watchdogMsOf({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, 7)).toBe(30_000);
    expect(watchdogMsOf({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }, 7)).toBeUndefined();
    for (const wrong of ['', '0', '30s', '-1'])
      expect(() => watchdogMsOf({ WATCHDOG_USEC: wrong }, 7)).toThrow(/no number of microseconds/);
  });
});

const watches: Watch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch[Symbol.dispose]();
});

function watched(more: Partial<WatchParts> = {}) {
  const told: Facts[] = [];
  const lines: Line[] = [];
  const watch = new Watch({
    manager: { tell: (facts) => void told.push(facts), watchdogMs: 30_000 },
    probes: { loop: () => Promise.resolve(), journal: () => Promise.resolve() },
    notReady: () => undefined,
    status: () => 'ready',
    log: logOf(lines),
    lookMs: 10_000,
    ...more,
  });
  watches.push(watch);
  return { watch, told, lines };
}

describe('the watch', () => {
  it('says ready once, and not before it is', async () => {
    let why: string | undefined = 'the disk is full';
    const { watch, told } = watched({ notReady: () => why, status: () => why ?? 'ready' });
    expect(told).toEqual([{ STATUS: 'the disk is full' }]);
    why = undefined;
    watch.look();
    watch.look();
    await settled();
    expect(told.filter(({ READY }) => READY === '1')).toEqual([{ READY: '1', STATUS: 'ready' }]);
  });

  it('says its state when it has changed', () => {
    let line = 'one';
    const { watch, told } = watched({ status: () => line });
    watch.look();
    line = 'two';
    watch.look();
    watch.look();
    expect(told.flatMap(({ STATUS }) => STATUS ?? [])).toEqual(['one', 'two']);
  });

  it.each(['loop', 'journal'] as const)(
    'gives no sign of life while the %s is silent, and says which it was',
    async (silent) => {
      const answer = Promise.withResolvers<undefined>();
      const probes = { loop: () => Promise.resolve(), journal: () => Promise.resolve() };
      const { watch, told, lines } = watched({
        probes: { ...probes, [silent]: () => answer.promise },
      });
      const signs = (): number => told.filter(({ WATCHDOG }) => WATCHDOG === '1').length;
      await settled();
      watch.look();
      watch.look();
      await settled();
      expect(signs()).toBe(0);
      expect(lines).toEqual([['watchdog', { fed: false, silent }]]);
      answer.resolve(undefined);
      await settled();
      expect(signs()).toBe(1);
      expect(lines).toHaveLength(2);
    },
  );

  it('asks for no sign of life where none is waited for', () => {
    const journal = vi.fn(() => Promise.resolve());
    const manager = { tell: () => undefined, watchdogMs: undefined };
    watched({ manager, probes: { loop: journal, journal } });
    expect(journal).not.toHaveBeenCalled();
  });
});

describe('the loop', () => {
  it('turns when something was stepped after the question', async () => {
    let put = 0;
    const turns = new Turns(() => (put += 1));
    turns.stepped();
    let turned = false;
    const next = turns.next().then(() => (turned = true));
    await settled();
    expect([put, turned]).toEqual([1, false]);
    turns.stepped();
    await next;
  });
});

describe('the line of status', () => {
  it('holds counts alone', () => {
    const queue = { name: 'QZ01', waiting: 2, oldestMs: 5 };
    const up = { name: 'STATE', state: 'up', sinceMs: 0, waiting: 1, unacknowledged: 0 } as const;
    const down = { ...up, name: 'OTHER', state: 'down' } as const;
    expect(statusLine(undefined, { queues: [queue], upstreams: [up, down] }, 44)).toBe(
      'ready; 44 links, 4 waiting, 1 of 2 upstreams up',
    );
    expect(statusLine('draining', { queues: [], upstreams: [] }, 1)).toBe(
      'draining; 1 links, 0 waiting',
    );
  });
});
