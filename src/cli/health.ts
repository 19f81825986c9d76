// `msc health`: is the switch alive, ready, or well throughout? Asked over HTTP, so that a container can.
// Exit 0 healthy, 1 not, 69 where nobody answers; with --wait that of the last time it was asked.

import { setTimeout as pause } from 'node:timers/promises';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { oneOf } from './flags.ts';
import { healthUrl, httpGet } from './http.ts';
import type { HttpAnswer } from './http.ts';
import type { Output } from './output.ts';
import { shown, wantsObject } from './output.ts';

const paths = { live: '/livez', ready: '/readyz', deep: '/healthz?verbose' } as const;
const stages = ['live', 'ready', 'deep'] as const;
type Stage = (typeof stages)[number];

const pollMs = 250;

export interface Health {
  readonly stage: Stage;
  readonly healthy: boolean;
  /** `ok`, or why not. */
  readonly status: string;
  /** Of the deep stage: each with a name, and whatever else the switch says of it. */
  readonly checks?: readonly HealthCheck[];
}

export type HealthCheck = Readonly<Record<string, unknown>> & { readonly name: string };

export async function runHealth({ args, flags, output }: Call): Promise<number> {
  const stage = oneOf('the stage', args[0] ?? 'ready', stages);
  const timeoutMs = flags.durationMs('timeout') ?? 10_000;
  const endMs = performance.now() + (flags.durationMs('wait') ?? 0);
  for (;;) {
    const leftMs = endMs - performance.now();
    try {
      const url = `${await healthUrl(flags)}${paths[stage]}`;
      const patience = leftMs > 0 ? Math.min(timeoutMs, Math.max(leftMs, pollMs)) : timeoutMs;
      const health = readHealth(stage, await httpGet(url, patience));
      if (health.healthy || leftMs <= 0) {
        await tell(output, health);
        return health.healthy ? 0 : 1;
      }
    } catch (error) {
      const maybeLater = error instanceof MscFault && error.exit === 69;
      if (!maybeLater || leftMs <= 0) throw error;
    }
    await pause(Math.min(pollMs, Math.max(0, endMs - performance.now())));
  }
}

/** Reads what a switch of any version says. @throws MscFault MSC-1205 where it has no such check */
export function readHealth(stage: Stage, { status, body }: HttpAnswer): Health {
  if (status === 404) {
    const detail = `this switch has no ${stage} check`;
    throw new MscFault('MSC-1205', { detail, hint: 'msc health ready' });
  }
  const healthy = status === 200;
  const told = stage === 'deep' ? parseObject(body) : undefined;
  if (told === undefined) {
    const word = body.trim().split('\n')[0] ?? '';
    return { stage, healthy, status: word === '' ? `status ${status}` : word };
  }
  const { status: word, checks } = told;
  const named = Array.isArray(checks) ? checks.filter(isCheck) : [];
  const plain = typeof word === 'string' ? word : healthy ? 'ok' : `status ${status}`;
  return { stage, healthy, status: plain, checks: named };
}

async function tell(output: Output, health: Health): Promise<void> {
  if (wantsObject(output)) {
    await output.print(JSON.stringify({ schema: 'msc.health/1', ...health }));
    return;
  }
  await output.print(shown(`${health.stage}: ${health.status}`));
  for (const check of health.checks ?? []) await output.print(checkLine(check, output.width));
}

function checkLine({ name, status, observed, limit }: HealthCheck, width: number): string {
  const parts = [
    ...(observed === undefined ? [] : [plainText(observed)]),
    ...(limit === undefined ? [] : [`limit ${plainText(limit)}`]),
  ];
  const word = status === undefined ? '-' : plainText(status);
  const line = `  ${word.padEnd(5)} ${name.padEnd(14)} ${parts.join(', ')}`.trimEnd();
  return shown(line).slice(0, width);
}

/** A measured number is shown to four digits; --json has it whole. */
function plainText(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // An older switch answers in a word.
    return undefined;
  }
}

function isCheck(value: unknown): value is HealthCheck {
  return isRecord(value) && typeof value['name'] === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
