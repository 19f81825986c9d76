// What `msc status` is told: counters and states of the running switch, nothing of the journal itself.

import { join } from 'node:path';
import type { StatusReport } from '#src/control/wire';
import { wallUs } from '#src/runtime/clock';
import type { Loop } from '#src/runtime/loop';
import { version } from '#src/runtime/version';
import type { StatusView } from '#switch/view';
import type { Loaded } from './reload.ts';
import { attentionOf } from './vigil.ts';

export interface StatusParts {
  readonly loaded: Loaded;
  readonly loop: Pick<Loop, 'blocked' | 'lastCommit'>;
  readonly view: StatusView;
  readonly startedAtUs: number;
  readonly notReady: string | undefined;
  readonly addresses: StatusReport['addresses'];
}

export function statusReport(parts: StatusParts): StatusReport {
  const { loaded, loop, view, startedAtUs, notReady, addresses } = parts;
  const { config, certificates } = loaded;
  return {
    version,
    county: config.switch.county,
    pid: process.pid,
    startedAtUs,
    ready: notReady === undefined,
    notReady,
    view,
    journal: {
      folder: journalFolder(config),
      entries: view.entries,
      lastCommitMs: loop.lastCommit.tookMs,
      blocked: loop.blocked,
    },
    configuration: { file: config.file, digest: loaded.digest },
    addresses,
    attention: attentionOf(certificates, wallUs() / 1000),
  };
}

export function journalFolder({ data }: Loaded['config']): string {
  return join(data.folder, 'journal');
}
