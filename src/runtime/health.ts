// Health and metrics over HTTP: /livez, /readyz, /healthz, /metrics, /version. Read only, no names of people,
// no text. Bounded in connections, headers and time; it answers GET and HEAD and nothing else.
// A fault in what it was to tell is told to the log, and answered 500: nobody who looks can stop the switch.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { contentType as metricsType } from './metrics/format.ts';

export interface HealthPorts {
  readonly version: string;
  /** Why the switch takes nothing now, in words; undefined when it does. */
  readonly notReady: () => string | undefined;
  /** The exposition format of Prometheus. */
  readonly metrics: () => Promise<string>;
  readonly health: () => Promise<Report>;
  readonly onFault: (cause: unknown) => void;
}

/** Of each check something; here only its worst counts. */
export interface Report {
  readonly status: 'ok' | 'warn' | 'fail';
}

const connectionsMax = 64;
/** For the whole request, and for a reader that stands still. */
const requestMs = 5_000;
const checkMs = 1_000;
const headerBytesMax = 8_192;
const requestsPerConnectionMax = 1_000;

const textType = 'text/plain; charset=utf-8';
const jsonType = 'application/json; charset=utf-8';

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly text: string;
}

/** The server; the caller listens and closes. */
export function createHealthServer(ports: HealthPorts): Server {
  const server = createServer(
    { maxHeaderSize: headerBytesMax, connectionsCheckingInterval: checkMs },
    (request, response) => {
      answer(ports, request).then(
        (answered) => say(response, answered),
        (cause: unknown) => {
          ports.onFault(cause);
          say(response, { status: 500, text: 'a fault of msc: see its log\n' });
        },
      );
    },
  );
  server.maxConnections = connectionsMax;
  server.maxRequestsPerSocket = requestsPerConnectionMax;
  server.requestTimeout = requestMs;
  server.headersTimeout = requestMs;
  server.keepAliveTimeout = requestMs;
  server.timeout = 2 * requestMs;
  return server;
}

async function answer(ports: HealthPorts, request: IncomingMessage): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, text: 'only GET\n' };
  const [path, query] = (request.url ?? '').split('?', 2);
  switch (path) {
    case '/livez':
      return { status: 200, text: 'ok\n' };
    case '/readyz': {
      const why = ports.notReady();
      return { status: why === undefined ? 200 : 503, text: `${why ?? 'ok'}\n` };
    }
    case '/healthz':
      return formatReport(await ports.health(), new URLSearchParams(query).has('verbose'));
    case '/version':
      return { status: 200, text: `${ports.version}\n` };
    case '/metrics':
      return { status: 200, type: metricsType, text: await ports.metrics() };
    case undefined:
    default:
      return { status: 404, text: 'not found\n' };
  }
}

/** A warning is for a person, not for whoever takes a switch out of service. */
function formatReport(report: Report, verbose: boolean): Answer {
  const status = report.status === 'fail' ? 503 : 200;
  if (!verbose) return { status, text: `${report.status}\n` };
  return { status, type: jsonType, text: `${JSON.stringify(report)}\n` };
}

function say(response: ServerResponse, { status, type, text }: Answer): void {
  response.writeHead(status, {
    'content-type': type ?? textType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, HEAD', connection: 'close' } : {}),
  });
  response.end(text);
}
