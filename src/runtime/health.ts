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

/** The exposition format of Prometheus. @source operator-experience 9 */
export function formatMetrics(ports: HealthPorts): string {
  const { view, links, startedAtUs, lastCommitAtUs } = ports.facts();
  const ready = ports.notReady() === undefined ? 1 : 0;
  const signedOn = view.stations.filter(({ state }) => state === 'signed-on').length;
  const depth = view.queues.reduce((sum, { waiting }) => sum + waiting, 0);
  const oldestMs = Math.max(0, ...view.queues.map(({ oldestMs }) => oldestMs));
  const stations = 'queue="stations"';
  return [
    metric('msc_build_info', 'gauge', [[`version="${ports.version}"`, 1]]),
    metric('msc_start_time_seconds', 'gauge', [['', startedAtUs / 1e6]]),
    metric('msc_ready', 'gauge', [['', ready]]),
    metric('msc_journal_entries_total', 'counter', [['', view.entries]]),
    metric('msc_journal_last_commit_timestamp_seconds', 'gauge', [['', lastCommitAtUs / 1e6]]),
    metric('msc_links', 'gauge', [['', links]]),
    metric('msc_terminals_signed_on', 'gauge', [['', signedOn]]),
    metric('msc_requests_open', 'gauge', [['', view.requests]]),
    metric('msc_intercept_depth', 'gauge', [['', view.intercept]]),
    metric('msc_queue_depth', 'gauge', [
      [stations, depth],
      ...view.upstreams.map(({ name, waiting }) => [`queue="${name}"`, waiting] as const),
    ]),
    metric('msc_queue_oldest_seconds', 'gauge', [[stations, oldestMs / 1000]]),
    metric(
      'msc_upstream_up',
      'gauge',
      view.upstreams.map(({ name, state }) => [`upstream="${name}"`, state === 'up' ? 1 : 0]),
    ),
    metric(
      'msc_upstream_unacknowledged',
      'gauge',
      view.upstreams.map(({ name, unacknowledged }) => [`upstream="${name}"`, unacknowledged]),
    ),
  ].join('');
}

type Sample = readonly [labels: string, value: number];

function metric(name: string, type: 'gauge' | 'counter', samples: readonly Sample[]): string {
  const lines = samples.map(
    ([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}\n`,
  );
  return `# TYPE ${name} ${type}\n${lines.join('')}`;
}
