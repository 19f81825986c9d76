// Health and metrics over HTTP: /livez, /readyz, /version, /metrics. Read only, no names of people, no
// text. Bounded in connections and time; it answers GET and HEAD and nothing else.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { StatusView } from '#switch/view';

export interface HealthPorts {
  readonly version: string;
  /** Why the switch takes nothing now, in words; undefined when it does. */
  readonly notReady: () => string | undefined;
  readonly facts: () => MetricFacts;
}

export interface MetricFacts {
  readonly view: StatusView;
  readonly links: number;
  readonly startedAtUs: number;
  readonly lastCommitAtUs: number;
}

const connectionsMax = 64;
const requestMs = 5_000;

/** The server; the caller listens and closes. */
export function createHealthServer(ports: HealthPorts): Server {
  const server = createServer((request, response) => answer(ports, request, response));
  server.maxConnections = connectionsMax;
  server.requestTimeout = requestMs;
  server.headersTimeout = requestMs;
  server.keepAliveTimeout = requestMs;
  return server;
}

function answer(ports: HealthPorts, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    say(response, 405, 'only GET\n');
    return;
  }
  switch (request.url?.split('?')[0]) {
    case '/livez':
      return say(response, 200, 'ok\n');
    case '/readyz': {
      const why = ports.notReady();
      return say(response, why === undefined ? 200 : 503, `${why ?? 'ok'}\n`);
    }
    case '/version':
      return say(response, 200, `${ports.version}\n`);
    case '/metrics':
      return say(response, 200, formatMetrics(ports));
    case undefined:
    default:
      return say(response, 404, 'not found\n');
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(text);
}

/**
 * The exposition format of Prometheus. Labels are names from the configuration and the register, never
 * people: queues of persons count in the one of all stations.
 * @source operator-experience 9
 */
export function formatMetrics(ports: HealthPorts): string {
  const facts = ports.facts();
  const { view, startedAtUs, lastCommitAtUs } = facts;
  const ready = ports.notReady() === undefined ? 1 : 0;
  const signedOn = view.stations.filter(({ state }) => state === 'signed-on').length;
  const oldestMs = Math.max(0, ...view.queues.map(({ oldestMs }) => oldestMs));
  return [
    gauge('msc_build_info', 'The version that runs; always 1.', [
      [label('version', ports.version), 1],
    ]),
    gauge('msc_start_time_seconds', 'When this process began, since 1970.', startedAtUs / 1e6),
    gauge('msc_ready', '1 while messages are taken.', ready),
    counter('msc_journal_entries_total', 'Entries of the journal.', view.entries),
    gauge(
      'msc_journal_last_commit_timestamp_seconds',
      'When entries last became durable, since 1970.',
      lastCommitAtUs / 1e6,
    ),
    gauge('msc_links', 'Connections; unknown: before HELLO or while closing.', linksOf(facts)),
    gauge(
      'msc_terminal_connected',
      '1 while a terminal with this mnemonic is connected.',
      terminalsOf(view),
    ),
    gauge('msc_terminals_signed_on', 'Terminals with a person signed on.', signedOn),
    gauge('msc_requests_open', 'Requests that await answers.', view.requests),
    gauge('msc_intercept_depth', 'Messages that await an operator.', view.intercept),
    gauge('msc_queue_depth', 'Messages that wait; stations: for all of them.', queuesOf(view)),
    gauge('msc_queue_oldest_seconds', 'How long the oldest of them has waited.', [
      [label('queue', 'stations'), oldestMs / 1000],
    ]),
    ...upstreamGauges(view),
  ].join('');
}

function upstreamGauges({ upstreams }: StatusView): readonly string[] {
  return [
    gauge(
      'msc_upstream_up',
      '1 while the link to this upstream is up.',
      upstreams.map(({ name, state }) => [label('upstream', name), state === 'up' ? 1 : 0]),
    ),
    gauge(
      'msc_upstream_unacknowledged',
      'Messages sent to this upstream that it has not acknowledged.',
      upstreams.map(({ name, unacknowledged }) => [label('upstream', name), unacknowledged]),
    ),
  ];
}

/** By kind, each also where it is 0; what is none of them yet, or no more, is `unknown`. */
function linksOf({ view, links }: MetricFacts): readonly Sample[] {
  const present = view.stations.filter(({ peer }) => peer !== undefined);
  const known = [
    ...roles.map(
      (role) => [role, present.filter((station) => station.role === role).length] as const,
    ),
    ['upstream', view.upstreams.filter(({ state }) => state === 'up').length] as const,
  ];
  const unknown = links - known.reduce((sum, [, count]) => sum + count, 0);
  return [...known, ['unknown', Math.max(0, unknown)] as const].map(([kind, count]) => [
    label('link_kind', kind),
    count,
  ]);
}

const roles = ['terminal', 'printer', 'host'] as const;

/** A mnemonic that several terminals share is connected while one of them is. */
function terminalsOf({ stations }: StatusView): readonly Sample[] {
  const connected = new Map<string, boolean>();
  for (const { role, mnemonics, peer } of stations) {
    if (role !== 'terminal') continue;
    for (const name of mnemonics) {
      connected.set(name, connected.get(name) === true || peer !== undefined);
    }
  }
  return [...connected].map(([name, up]) => [label('mnemonic', name), up ? 1 : 0]);
}

function queuesOf({ queues, upstreams }: StatusView): readonly Sample[] {
  const depth = queues.reduce((sum, { waiting }) => sum + waiting, 0);
  return [
    [label('queue', 'stations'), depth],
    ...upstreams.map(({ name, waiting }) => [label('queue', name), waiting] as const),
  ];
}

type Sample = readonly [label: string, value: number];

/** Names of ours have no quote, backslash or line feed: nothing is to be escaped. */
function label(name: string, value: string): string {
  return `{${name}="${value}"}`;
}

const gauge = (name: string, help: string, value: number | readonly Sample[]): string =>
  metric({ name, help, type: 'gauge' }, value);
const counter = (name: string, help: string, value: number): string =>
  metric({ name, help, type: 'counter' }, value);

function metric(
  { name, help, type }: { readonly name: string; readonly help: string; readonly type: string },
  value: number | readonly Sample[],
): string {
  const samples: readonly Sample[] = typeof value === 'number' ? [['', value]] : value;
  const lines = samples.map(([labels, number]) => `${name}${labels} ${number}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
