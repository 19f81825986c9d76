// What `msc status` is told: counters and states of the running switch, nothing of the journal itself.

import { join } from 'node:path';
import type { StatusReport } from '#src/control/wire';
import { wallUs } from '#src/runtime/clock';
import type { DiskFacts } from '#src/runtime/disk';
import type { Loop } from '#src/runtime/loop';
import { version } from '#src/runtime/version';
import type { StatusView } from '#switch/view';
import type { Loaded } from './reload.ts';
import type { Upstreams } from './upstreams.ts';
import { attentionOf } from './vigil.ts';

export interface StatusParts {
  readonly loaded: Loaded;
  readonly loop: Pick<Loop, 'blocked' | 'lastCommit'>;
  readonly upstreams: Pick<Upstreams, 'facts'>;
  readonly view: StatusView;
  /** As it was looked at last; undefined before the first look. */
  readonly disk: DiskFacts | undefined;
  readonly startedAtUs: number;
  readonly notReady: string | undefined;
  readonly addresses: StatusReport['addresses'];
}

const darkMax = 20;

/** @param brief Stations as counts alone: a county has thousands. */
export function statusReport(parts: StatusParts, brief: boolean): StatusReport {
  const { loaded, loop, view, disk, startedAtUs, notReady, addresses } = parts;
  const { config, certificates } = loaded;
  return {
    version,
    county: config.switch.county,
    pid: process.pid,
    startedAtUs,
    ready: notReady === undefined,
    notReady,
    view: brief ? { ...view, stations: [] } : view,
    terminals: countsOf(view),
    dialling: diallingOf(parts),
    journal: {
      folder: journalFolder(config),
      entries: view.entries,
      lastCommitMs: loop.lastCommit.tookMs,
      blocked: loop.blocked,
      diskUsed: usedPart(disk),
    },
    configuration: { file: config.file, digest: loaded.digest },
    addresses,
    attention: attentionOf(certificates, wallUs() / 1000),
  };
}

export function journalFolder({ data }: Loaded['config']): string {
  return join(data.folder, 'journal');
}

function countsOf({ stations }: StatusView): NonNullable<StatusReport['terminals']> {
  const count = (...states: readonly string[]): number =>
    stations.filter(({ state }) => states.includes(state)).length;
  const dark = stations.filter(({ state }) => state === 'absent').map(({ name }) => name);
  return {
    known: stations.length,
    connected: count('connected', 'signed-on'),
    signedOn: count('signed-on'),
    disabled: count('disabled'),
    dark: dark.slice(0, darkMax),
  };
}

function diallingOf({ view, upstreams }: StatusParts): NonNullable<StatusReport['dialling']> {
  return view.upstreams
    .filter(({ state }) => state !== 'up')
    .map(({ name }) => {
      const { nextInMs: nextMs, why, state } = upstreams.facts(name) ?? {};
      return { name, nextMs, why, resting: state === 'resting' };
    });
}

/** As `df` counts it: what only root may still use is taken. */
function usedPart(disk: DiskFacts | undefined): number | undefined {
  if (disk === undefined || disk.sizeBytes === 0) return undefined;
  return 1 - disk.freeBytes / disk.sizeBytes;
}
