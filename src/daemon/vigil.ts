// What time does to certificates and lists: links whose certificate ended or was revoked are told to the
// switch, and what ends soon or has ended is said once, in journal and log, and all the time in `msc status`.
// A sweep every few seconds, never one long timer (a delay above 2^31 - 1 ms fires at once).
// An alarm that could not be journalled (a full disk) is tried again at the next sweep.

import type { FaultCode } from '#src/errors';
import { faults } from '#src/errors';
import type { Clock } from '#src/net/ports';
import type { Links } from '#src/net/links';
import type { Log } from '#src/runtime/log';
import type { Certificates, Ending } from './certificates.ts';
import { utc } from './certificates.ts';

export interface VigilParts {
  readonly clock: Clock;
  readonly links: Links;
  /** Those in force now. */
  readonly certificates: () => Certificates;
  /** Entries cannot be written now: the switch will hear of it later, the link must end all the same. */
  readonly blocked: () => boolean;
  /** Resolves when the alarm is durable in the journal. */
  readonly note: (reason: string, alarm: Alarm) => Promise<unknown>;
  readonly log: Log;
}

export interface Alarm extends Readonly<Record<string, string>> {
  readonly code: FaultCode;
  readonly what: string;
  readonly setting: string;
  readonly until: string;
}

export interface Attention {
  readonly code: FaultCode;
  readonly text: string;
  readonly next: string;
}

interface Stage {
  /** So long before the end. */
  readonly aheadMs: number;
  readonly code: FaultCode;
}

const hourMs = 3_600_000;
/** The nearest last. @source security 3, Revocation; operator-experience 9 */
const stages: Readonly<Record<Ending['kind'], readonly Stage[]>> = {
  certificate: [
    { aheadMs: 30 * 24 * hourMs, code: 'MSC-2107' },
    { aheadMs: 0, code: 'MSC-2108' },
  ],
  list: [
    { aheadMs: 72 * hourMs, code: 'MSC-2110' },
    { aheadMs: 24 * hourMs, code: 'MSC-2110' },
    { aheadMs: 0, code: 'MSC-2111' },
  ],
};

export class Vigil {
  readonly #parts: VigilParts;
  /** By what ends, when, and which stage: each is said once in a run. */
  readonly #said = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: VigilParts) {
    this.#parts = parts;
  }

  /** Looks now and every so many milliseconds. */
  begin(everyMs: number): void {
    this.#timer = setInterval(() => this.look(), everyMs).unref();
    this.look();
  }

  /** At once, besides every few seconds: after a reload. @returns Links that must go. */
  look(): number {
    const { clock, links, blocked, certificates } = this.#parts;
    const stamp = clock.stamp();
    const distrusted = links.distrust(stamp);
    if (blocked()) for (const link of distrusted) links.cut(link);
    for (const ending of certificates().endings) this.#watch(ending, stamp.timeUs / 1000);
    return distrusted.length;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #watch(ending: Ending, nowMs: number): void {
    const place = stageOf(ending, nowMs);
    const stage = stages[ending.kind][place];
    if (stage === undefined) return;
    const { what, setting, endsMs } = ending;
    const key = [what, setting, endsMs, place].join(' ');
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#say({ code: stage.code, what, setting, until: utc(endsMs) }).catch(() => {
      // The journal takes nothing now: said again at the next sweep.
      this.#said.delete(key);
    });
  }

  async #say(alarm: Alarm): Promise<void> {
    const reason = faults[alarm.code].sentence;
    await this.#parts.note(reason, alarm);
    this.#parts.log.write('warn', 'certificates', { ...alarm, reason });
  }
}

/** The attention lines of `msc status`. */
export function attentionOf({ endings }: Certificates, nowMs: number): readonly Attention[] {
  return endings.flatMap((ending) => {
    const stage = stages[ending.kind][stageOf(ending, nowMs)];
    if (stage === undefined) return [];
    const { code } = stage;
    const { what, endsMs } = ending;
    return [{ code, text: `${what}: ${leftWords(endsMs - nowMs)}`, next: faults[code].next }];
  });
}

/** So long before the end of such a thing somebody is told first. */
export function expiryWarningMs(kind: Ending['kind']): number {
  return Math.max(...stages[kind].map(({ aheadMs }) => aheadMs));
}

/** The nearest stage that has come; -1 for none. */
function stageOf({ kind, endsMs }: Ending, nowMs: number): number {
  return stages[kind].findLastIndex(({ aheadMs }) => nowMs >= endsMs - aheadMs);
}

function leftWords(leftMs: number): string {
  if (leftMs <= 0) return 'ended';
  const days = Math.floor(leftMs / (24 * hourMs));
  return days >= 3 ? `${days} days left` : `${Math.floor(leftMs / hourMs)} hours left`;
}
