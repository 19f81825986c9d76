// What the switch says over HTTP: one GET, bounded in time and octets. It needs no control socket and no
// shell, so that a container can ask. Fails with MSC-1201 where nobody answers, also not in time.

import { loadConfig } from '#src/config/load';
import { MscFault } from '#src/errors';
import type { Flags } from './flags.ts';
import { configFile, withSwitch } from './installation.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Above any list of checks and any page of metrics; more is not read. */
const bodyBytesMax = 8 * 1_048_576;

/** `http://HOST:PORT` of the listener of health and metrics. @throws MscFault as the configuration gives it */
export async function healthUrl(flags: Flags): Promise<string> {
  // A socket alone names no file: then the switch says where it listens.
  if (flags.text('socket') !== undefined && flags.text('config') === undefined)
    return askedUrl(flags);
  const { host, port } = (await loadConfig(configFile(flags))).http.address;
  if (port === 0) return askedUrl(flags);
  return `http://${urlHost(host)}:${port}`;
}

/** @throws MscFault MSC-1201 */
export async function httpGet(url: string, timeoutMs: number): Promise<HttpAnswer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(url, { signal, redirect: 'error' });
    return { status: answer.status, body: await bounded(answer) };
  } catch (cause) {
    const late = cause instanceof Error && cause.name === 'TimeoutError';
    const detail = late ? `no answer in time at ${url}` : `nobody answers at ${url}`;
    throw new MscFault('MSC-1201', { detail, hint: 'systemctl status msc', cause });
  }
}

async function askedUrl(flags: Flags): Promise<string> {
  const { addresses } = await withSwitch(flags, (client) => client.call('status', {}));
  return `http://${addresses.http ?? ''}`;
}

/** Who listens everywhere is asked here. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

async function bounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  // The types of streams leave open what is in one; of an answer it is octets.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    octets += chunk.length;
    if (octets > bodyBytesMax) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
