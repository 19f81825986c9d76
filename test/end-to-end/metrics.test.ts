// Metrics and health of a running switch with traffic: they say what the journal says, Prometheus takes them,
// what ships for dashboards and alerts asks for nothing else, and no secret is in them.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { HealthReport } from '#src/daemon/checks';
import { namesIn, readExposition, valueOf, type ReadSample } from '#support/exposition';
import { metricsIn, readAlerts, readQueries, selectorsIn } from '#support/monitoring';
import { hasPromtool, promtool, promtoolMissing } from '#support/promtool';
import { openWorld, until, type World } from '#support/world';

const marked = '2ZZZ999';
const driveMs = 240_000;
let world: World;
/** Everything that was scraped. */
let scraped = '';
/** The same switch with somebody there, without its upstream, and with it again. */
const seen: Record<'there' | 'down' | 'back', readonly ReadSample[]> = {
  there: [],
  down: [],
  back: [],
};
let outage: Awaited<ReturnType<typeof health>> & { readonly ready: number };

beforeAll(async () => {
  world = await openWorld();
  await drive();
  await loseTheState();
}, driveMs);
afterAll(() => world.close());

const get = (path: string): Promise<Response> => fetch(`${world.demo.switch.http}${path}`);

async function scrape(): Promise<readonly ReadSample[]> {
  const text = await (await get('/metrics')).text();
  scraped += text;
  return readExposition(text);
}

async function health(): Promise<{ readonly code: number; readonly report: HealthReport }> {
  const answer = await get('/healthz?verbose');
  return { code: answer.status, report: (await answer.json()) as HealthReport };
}

/** Hits and misses, a refusal, a wrong password, a stranger's mnemonic, and searches. */
async function drive(): Promise<void> {
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  await station.request(`QV.CA0990100.LIC/${marked}.LIS/CA`);
  await station.request('QV.CA0990100.LIC/2ZZZ998.LIS/CA');
  seen.there = await scrape();
  await station.request('QV.CA0990200.LIC/2ZZZ998.LIS/CA');
  station.send('QZ02', 'AB99.QV.CA0990100.LIC/2ZZZ998.LIS/CA');
  const other = await world.connect('DEMO-DISP-02');
  await other.signOn({ user: 'jdoe', password: 'not the password' });
  await other.leave();
  await world.msc('journal', 'search', `LIC:${marked}`);
  await until('the refusal of the mnemonic', async () => {
    const refused = await world.entries('--kind', 'refused');
    return refused.length >= 2 ? true : undefined;
  });
  await station.leave();
}

/** The state goes, a question waits for it, and it comes back. */
async function loseTheState(): Promise<void> {
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  process.kill(world.demo.upstreams[0]?.pid ?? 0, 'SIGKILL');
  await until('the upstream is down', async () =>
    valueOf(await scrape(), 'msc_upstream_up', { upstream: 'STATE' }) === 0 ? true : undefined,
  );
  station.send('QZ01', `AB77.QV.CA0990100.LIC/${marked}.LIS/CA`);
  const waits = { queue: 'STATE', class: 'inquiry' };
  await until('the question waits, and nobody can be dialled', async () => {
    seen.down = await scrape();
    const waiting = valueOf(seen.down, 'msc_queue_oldest_by_class_seconds', waits) !== undefined;
    const failures = valueOf(seen.down, 'msc_upstream_dial_failures_total') ?? 0;
    return waiting && failures > 0 ? true : undefined;
  });
  outage = { ...(await health()), ready: (await get('/readyz')).status };
  world.restartState();
  // It is dialled less and less often; on a slow machine that may be half a minute.
  const answered = async (): Promise<void> => {
    seen.back = await scrape();
    const reply = { upstream: 'STATE' };
    expect(valueOf(seen.back, 'msc_upstream_reply_seconds_count', reply)).toBe(3);
  };
  await vi.waitFor(answered, { timeout: 90_000, interval: 500 });
  await station.leave();
}

/** Messages by way, class and outcome: as the journal has them. */
async function inJournal(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { kind, direction, class: number, outcome } of await world.entries()) {
    if (kind === 'event') continue;
    // What the switch itself says has no outcome of its own.
    const what = outcome ?? (kind === 'received' ? 'accepted' : kind);
    const key = `${String(direction)} ${classes[Number(number ?? 0)]} ${String(what)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The same, as the metrics have them. */
async function counted(): Promise<ReadonlyMap<string, number>> {
  const some = (await scrape()).filter(
    ({ name, value }) => name === 'msc_messages_total' && value > 0,
  );
  return new Map(
    some.map(({ labels, value }) => {
      const { direction, class: name, outcome } = labels;
      return [`${direction} ${name} ${outcome}`, value];
    }),
  );
}

describe('the metrics of a switch with traffic', () => {
  it.skipIf(!hasPromtool)(`are taken by Prometheus without a word${promtoolMissing}`, async () => {
    const text = await (await get('/metrics')).text();
    expect(promtool(['check', 'metrics'], text)).toEqual({ code: 0, said: '' });
  });

  it('count the messages that the journal holds, one by one', async () => {
    // The last acknowledgement may come between the two looks.
    await vi.waitFor(async () => expect(await counted()).toEqual(await inJournal()), {
      timeout: 20_000,
      interval: 500,
    });
    expect((await inJournal()).size).toBeGreaterThan(10);
  });

  it('count refusals, sign-ons, searches and the time that things took', async () => {
    const samples = await scrape();
    const refused = (await world.entries('--kind', 'refused')).map(({ code }) => String(code));
    for (const code of refused) expect(valueOf(samples, 'msc_rejects_total', { code })).toBe(1);
    expect(valueOf(samples, 'msc_rejects_total', { code: 'U01' })).toBe(1);
    const failed = { link_kind: 'terminal', event: 'sign-on-failed' };
    expect(valueOf(samples, 'msc_link_events_total', failed)).toBe(1);
    expect(valueOf(samples, 'msc_searches_total', { outcome: 'complete' })).toBeGreaterThan(0);
    expect(valueOf(samples, 'msc_search_seconds_count')).toBeGreaterThan(0);
    const reply = { upstream: 'STATE' };
    expect(valueOf(samples, 'msc_upstream_reply_seconds_count', reply)).toBe(3);
    expect(valueOf(samples, 'msc_upstream_reply_seconds_sum', reply)).toBeGreaterThan(0);
    const down = { class: 'inquiry', direction: 'down' };
    expect(valueOf(samples, 'msc_delivery_seconds_count', down)).toBe(3);
    expect(valueOf(samples, 'msc_journal_append_seconds_count')).toBeGreaterThan(5);
    expect(valueOf(samples, 'msc_disk_free_bytes')).toBeGreaterThan(0);
    expect(valueOf(samples, 'msc_journal_bytes')).toBeGreaterThan(0);
    expect(valueOf(samples, 'msc_certificate_expiry_timestamp_seconds')).toBeGreaterThan(
      Date.now() / 1000,
    );
  });

  it('have as many entries as the journal, all of them durable', async () => {
    await until('the same number', async () => {
      const before = valueOf(await scrape(), 'msc_journal_entries_total');
      const last = (await world.entries()).at(-1)?.['entry'];
      // The search itself was one entry more, and a heart-beat may be.
      return before === last ? true : undefined;
    });
  });

  it('know who is there, and who is not', () => {
    const { there } = seen;
    expect(valueOf(there, 'msc_terminal_connected', { mnemonic: 'QZ01' })).toBe(1);
    expect(valueOf(there, 'msc_terminal_connected', { mnemonic: 'QM01' })).toBe(0);
    expect(valueOf(there, 'msc_links', { link_kind: 'terminal', state: 'signed-on' })).toBe(1);
    expect(valueOf(there, 'msc_links', { link_kind: 'upstream' })).toBe(1);
    const activity = { mnemonic: 'QZ01' };
    const last = valueOf(there, 'msc_terminal_last_activity_timestamp_seconds', activity) ?? 0;
    expect(Math.abs(Date.now() / 1000 - last)).toBeLessThan(600);
  });
});

describe('when the state is gone', () => {
  it('the metrics say so, and what waits for it; and that it is back', () => {
    const { down, back } = seen;
    expect(valueOf(down, 'msc_links', { link_kind: 'upstream' })).toBe(0);
    expect(valueOf(down, 'msc_queue_depth', { queue: 'STATE' })).toBe(1);
    expect(valueOf(down, 'msc_queue_oldest_seconds', { queue: 'STATE' })).toBeGreaterThan(0);
    expect(valueOf(back, 'msc_upstream_up', { upstream: 'STATE' })).toBe(1);
    expect(valueOf(back, 'msc_upstream_reconnects_total', { upstream: 'STATE' })).toBe(1);
    expect(valueOf(back, 'msc_queue_depth', { queue: 'STATE' })).toBe(0);
  });

  it('health fails by that check, and the switch is as ready as ever', () => {
    const { code, report, ready } = outage;
    expect([code, report.status, ready]).toEqual([503, 'fail', 200]);
    const check = report.checks.find(({ name }) => name === 'upstreams');
    expect(check).toMatchObject({ status: 'fail', observed: 1, limit: 0, unit: 'count' });
    expect(check?.text).toMatch(/^STATE down for \d+ s$/);
  });
});

it('health lists every check with what was seen, its limit and the time', async () => {
  const { report } = await health();
  expect(report.schema).toBe('msc.health/1');
  expect(report.checks.map(({ name }) => name)).toEqual([
    ...['ready', 'event-loop', 'journal-thread', 'disk', 'certificates', 'upstreams'],
    ...['clock', 'intercept', 'inquiries'],
  ]);
  for (const check of report.checks) {
    expect(check.observed).toBeTypeOf('number');
    expect(check.limit).toBeTypeOf('number');
    expect(Math.abs(Date.now() - Date.parse(check.time))).toBeLessThan(120_000);
  }
});

it('every metric and label value that rules and dashboard ask for is one that the switch has', () => {
  const names = namesIn(scraped);
  const queries = [...readAlerts().map(({ query }) => query), ...readQueries()];
  expect(queries.length).toBeGreaterThan(50);
  expect(queries.flatMap(metricsIn).filter((name) => !names.has(name))).toEqual([]);
  const samples = readExposition(scraped);
  const unknown = queries
    .flatMap(selectorsIn)
    .filter(({ label }) => label !== 'instance')
    .filter(
      ({ metric, label, value }) =>
        !samples.some(({ name, labels }) => name === metric && labels[label] === value),
    );
  expect(unknown).toEqual([]);
});

it('no text, person, ORI or secret is in any of it', async () => {
  const all = scraped + (await (await get('/healthz?verbose')).text());
  const secrets = world.demo.users.flatMap(({ user, password, oif }) => [user, password, oif]);
  for (const secret of [...secrets, marked, 'CA0990100', 'AB77', 'STOLEN', 'not the password'])
    expect(all).not.toMatch(new RegExp(`(?<![A-Za-z])${RegExp.escape(secret)}(?![A-Za-z])`));
});

const classes = [
  ...['unknown', 'status', 'urgent', 'inquiry', 'update', 'routine', 'bulletin', 'background'],
];
