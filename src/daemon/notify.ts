// The switch's end of sd_notify: what the service manager is told, by a child, because Node has no datagram
// sockets of this kind. One child at a time, each ended after its time; what comes meanwhile is gathered, the
// newest of each kind counts. The loop never waits for one. Without a service manager nothing is said.
// Fails with MSC-2401 at the start alone, where signs of life are waited for and none can be sent.

import { spawn, type ChildProcess } from 'node:child_process';
import { notifyProgram } from '#src/config/service';
import { MscFault } from '#src/errors';
import { notify } from '#src/runtime/limits';
import type { Log } from '#src/runtime/log';

/** Of the protocol of systemd; no secret, no name of a person. */
export type Facts = Readonly<Partial<Record<'READY' | 'STOPPING' | 'WATCHDOG' | 'STATUS', string>>>;

/** Resolves when the manager has taken it. @throws Error when it has not */
export type Send = (facts: Facts) => Promise<void>;

export interface ManagerParts {
  /** Absent: there is no service manager. */
  readonly send: Send | undefined;
  /** It ends a process that is silent for so long. */
  readonly watchdogMs: number | undefined;
  readonly log: Pick<Log, 'write'>;
  /** At the end, what is left to say is waited for so long. */
  readonly closeMs: number;
}

/** The manager that this process was started by, if any. @throws MscFault MSC-2401 */
export function openManager(env: NodeJS.ProcessEnv, log: Log): Promise<Manager> {
  const { NOTIFY_SOCKET: socket } = env;
  const send =
    socket === undefined || socket === ''
      ? undefined
      : sendByChild({ program: notifyProgram, socket, childMs: notify.childMs });
  return Manager.open({
    ...{ send, watchdogMs: watchdogMsOf(env, process.pid), log },
    closeMs: notify.closeMs,
  });
}

export class Manager {
  readonly watchdogMs: number | undefined;
  readonly #parts: ManagerParts;
  #waiting: Facts = {};
  #sending: Promise<void> | undefined;
  #deaf = false;

  /** @throws MscFault MSC-2401 */
  static async open(parts: ManagerParts): Promise<Manager> {
    const { send, watchdogMs, log } = parts;
    const manager = new Manager(parts);
    if (send === undefined) {
      if (watchdogMs === undefined) return manager;
      throw new MscFault('MSC-2401', { detail: 'WATCHDOG_USEC is set, NOTIFY_SOCKET is not' });
    }
    try {
      await send({ STATUS: 'starting' });
    } catch (cause) {
      // The reason is ours: it quotes no input.
      const detail = cause instanceof Error ? cause.message : undefined;
      if (watchdogMs !== undefined) throw new MscFault('MSC-2401', { detail, cause });
      manager.#deaf = true;
      log.write('warn', 'notify', { heard: false });
    }
    return manager;
  }

  private constructor(parts: ManagerParts) {
    this.#parts = parts;
    this.watchdogMs = parts.watchdogMs;
  }

  /** Says it as soon as what was said before is taken. */
  tell(facts: Facts): void {
    if (this.#parts.send === undefined) return;
    this.#waiting = { ...this.#waiting, ...facts };
    this.#sending ??= this.#sendAll(this.#parts.send).finally(() => (this.#sending = undefined));
  }

  /** Waits for what is being said, within its time. */
  async close(): Promise<void> {
    if (this.#sending === undefined) return;
    const over = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => over.resolve(undefined), this.#parts.closeMs);
    await Promise.race([this.#sending, over.promise]);
    clearTimeout(timer);
  }

  async #sendAll(send: Send): Promise<void> {
    while (Object.keys(this.#waiting).length > 0) {
      const facts = this.#waiting;
      this.#waiting = {};
      try {
        await send(facts);
        this.#note(true);
      } catch {
        this.#note(false);
        // Said again with what is told next; an old sign of life is none.
        this.#waiting = { ...withoutSign(facts), ...this.#waiting };
        return;
      }
    }
  }

  #note(heard: boolean): void {
    if (heard !== this.#deaf) return;
    this.#deaf = !heard;
    this.#parts.log.write(heard ? 'info' : 'warn', 'notify', { heard });
  }
}

function withoutSign(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => name !== 'WATCHDOG'));
}

/** How the environment says that signs of life are waited for. @throws MscFault MSC-2401 */
export function watchdogMsOf(env: NodeJS.ProcessEnv, pid: number): number | undefined {
  const { WATCHDOG_USEC: micros, WATCHDOG_PID: whose } = env;
  if (micros === undefined || (whose !== undefined && whose !== String(pid))) return undefined;
  const ms = /^[0-9]{1,16}$/.test(micros) ? Number(micros) / 1000 : 0;
  if (ms > 0) return ms;
  throw new MscFault('MSC-2401', { detail: 'WATCHDOG_USEC is no number of microseconds' });
}

export interface ChildOptions {
  readonly program: string;
  /** NOTIFY_SOCKET */
  readonly socket: string;
  /** It is killed after so long. */
  readonly childMs: number;
}

/** Sends by a child that knows nothing of this process but the socket. */
export function sendByChild({ program, socket, childMs }: ChildOptions): Send {
  let child: ChildProcess | undefined;
  // None is left behind; after a hard end it goes by itself, within systemd-notify's own 5 s.
  process.once('exit', () => child?.kill('SIGKILL'));
  return async (facts) => {
    const words = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
    const options = { stdio: 'ignore', cwd: '/', env: { NOTIFY_SOCKET: socket } } as const;
    child = spawn(program, words, { ...options, timeout: childMs, killSignal: 'SIGKILL' });
    // It holds up nobody's exit.
    child.unref();
    await endOf(child, program);
  };
}

function endOf(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new Error(`${program} cannot be started`, { cause }));
    });
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ${code === null ? 'was killed' : `ended with ${code}`}`));
    });
  });
}
