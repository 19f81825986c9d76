// Tells the service manager how the switch is: ready once, its state in a line, and signs of life, each only
// after the loop turned and the thread of the journal answered since the last. Whoever of the two is silent
// ends the signs; the manager then ends the process. It says so in the log, and does nothing else about it.

import type { Log } from '#src/runtime/log';
import type { StatusView } from '#switch/view';
import type { Manager } from './notify.ts';

export interface WatchParts {
  readonly manager: Pick<Manager, 'tell' | 'watchdogMs'>;
  /** Each resolves when it has answered a question that was asked now. */
  readonly probes: Readonly<Record<'loop' | 'journal', () => Promise<unknown>>>;
  /** As /readyz has it. */
  readonly notReady: () => string | undefined;
  readonly status: () => string;
  readonly log: Pick<Log, 'write'>;
  /** How often it looks where no signs of life are asked for. */
  readonly lookMs: number;
}

export class Watch implements Disposable {
  readonly #parts: WatchParts;
  readonly #timer: NodeJS.Timeout;
  /** Asked and not answered. */
  readonly #silent = new Set<keyof WatchParts['probes']>();
  #ready = false;
  #status: string | undefined;
  #missed = false;

  /** The doors are open. */
  constructor(parts: WatchParts) {
    this.#parts = parts;
    const { watchdogMs } = parts.manager;
    // A third of its patience: two signs may come late or be lost.
    const everyMs = watchdogMs === undefined ? parts.lookMs : Math.floor(watchdogMs / 3);
    this.#timer = setInterval(() => this.look(), everyMs).unref();
    this.look();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** Says what has changed, and asks for the next sign of life. */
  look(): void {
    const { manager, notReady, status } = this.#parts;
    const ready = !this.#ready && notReady() === undefined;
    const line = status();
    if (ready || line !== this.#status)
      manager.tell({ ...(ready ? { READY: '1' } : {}), STATUS: line });
    this.#ready ||= ready;
    this.#status = line;
    if (manager.watchdogMs !== undefined) this.#ask();
  }

  #ask(): void {
    if (this.#silent.size > 0) return this.#miss();
    const { probes, manager } = this.#parts;
    const names = ['loop', 'journal'] as const;
    for (const name of names) this.#silent.add(name);
    const answers = names.map((name) => probes[name]().then(() => this.#silent.delete(name)));
    Promise.all(answers).then(
      () => {
        this.#feed();
        manager.tell({ WATCHDOG: '1' });
      },
      // A journal that failed ends the process by itself (die.ts): there is nothing to feed.
      () => undefined,
    );
  }

  #miss(): void {
    if (this.#missed) return;
    this.#missed = true;
    this.#parts.log.write('error', 'watchdog', { fed: false, silent: [...this.#silent].join(' ') });
  }

  #feed(): void {
    if (!this.#missed) return;
    this.#missed = false;
    this.#parts.log.write('info', 'watchdog', { fed: true });
  }
}

/** Whether the loop turns: who asks is answered at the next step of the switch. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #turn: () => void;

  /** @param turn Gives the loop something to step. */
  constructor(turn: () => void) {
    this.#turn = turn;
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#turn();
    });
  }

  /** A step was done. */
  stepped(): void {
    if (this.#waiting.length === 0) return;
    for (const answer of this.#waiting.splice(0)) answer();
  }
}

/** One short line of counts; no names, no text. */
export function statusLine(
  notReady: string | undefined,
  view: Pick<StatusView, 'queues' | 'upstreams'>,
  links: number,
): string {
  const { queues, upstreams } = view;
  const waiting = [...queues, ...upstreams].reduce((sum, { waiting }) => sum + waiting, 0);
  const up = upstreams.filter(({ state }) => state === 'up').length;
  const dialled = upstreams.length === 0 ? '' : `, ${up} of ${upstreams.length} upstreams up`;
  return `${notReady ?? 'ready'}; ${links} links, ${waiting} waiting${dialled}`;
}
