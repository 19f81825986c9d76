// The settings of the systemd unit, as the program uses them.

import { join } from 'node:path';
import { parseDurationMs, parseSizeBytes } from '#src/toml/units';
import { must } from './vouched.ts';
import type { Written } from './written.ts';

/** Sends what the switch says to systemd; it lies there wherever systemd does. */
export const notifyProgram = '/usr/bin/systemd-notify';

export interface ServiceConfig {
  readonly folder: string;
  readonly runtime: string;
  /** Absent: Node starts without it. */
  readonly fips?: { readonly config: string; readonly modules: string };
  readonly networks: readonly string[];
  readonly credentials: readonly Credential[];
  readonly watchdogMs: number;
  readonly restartMs: number;
  /** 0: systemd never gives up. */
  readonly startsMax: number;
  readonly startsMs: number;
  readonly memoryBytesMax: number;
  readonly filesMax: number;
  readonly tasksMax: number;
}

export interface Credential {
  readonly name: string;
  readonly file: string;
}

export function serviceOf(
  written: Written['service'],
  absolute: (path: string) => string,
): ServiceConfig {
  const { fips, runtime, networks, credentials } = written;
  const folder = absolute(written.folder);
  const modules = absolute(written.fips_modules);
  return {
    folder,
    runtime: runtime === undefined ? join(folder, 'node_modules/.bin/node') : absolute(runtime),
    ...(fips ? { fips: { config: absolute(written.fips_config), modules } } : {}),
    networks: networks ?? [],
    credentials: Object.entries(credentials).map(([name, file]) => ({
      name,
      file: absolute(file),
    })),
    watchdogMs: must(parseDurationMs(written.watchdog)),
    restartMs: must(parseDurationMs(written.restart_after)),
    startsMax: written.starts_max,
    startsMs: must(parseDurationMs(written.starts_period)),
    memoryBytesMax: must(parseSizeBytes(written.memory_max)),
    filesMax: written.files_max,
    tasksMax: written.tasks_max,
  };
}
