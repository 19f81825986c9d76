// The switch as a process: with src/daemon/ the only one who wires the rooms together. It recovers, opens
// its doors, reloads at SIGHUP, and at SIGTERM or SIGINT drains and leaves in order. It fails with a coded
// fault before it is up; afterwards a failed journal ends the process at once with 74, a fault of ours with 70.

import { dirname, join } from 'node:path';
import { keyTable } from '#protocol/keys';
import { checkNewPassword, hashPassword, HashQueue, verifyPassword } from '#src/access/password';
import { MscFault } from '#src/errors';
import type { Desk } from '#src/control/desk';
import { openControl } from '#src/control/server';
import type { StatusReport } from '#src/control/wire';
import { connectionsOf, listening, roomThatFits } from '#src/daemon/effective';
import { openManager, type Manager } from '#src/daemon/notify';
import { Observer, type Surroundings } from '#src/daemon/observer';
import { keepStarted } from '#src/daemon/configuration';
import { lookingDesks } from '#src/daemon/desks';
import { operatorDesk } from '#src/daemon/operators';
import { load, type Loaded } from '#src/daemon/reload';
import { Renewal } from '#src/daemon/renewal';
import { journalFolder, statusReport } from '#src/daemon/status';
import { openStores, type Stores } from '#src/daemon/stores';
import { Upstreams } from '#src/daemon/upstreams';
import { statusLine, Turns, Watch } from '#src/daemon/watch';
import { createTraces } from '#src/daemon/watches';
import { Links } from '#src/net/links';
import { formatAddress, listenOn, Listener } from '#src/net/listener';
import { systemClock as clock, wallUs } from '#src/runtime/clock';
import { PendingCommands } from '#src/runtime/commands';
import { watchDescriptors } from '#src/runtime/descriptors';
import { die, leaveAtOnce } from '#src/runtime/die';
import type { OutwardEffect } from '#src/runtime/detour';
import { createHealthServer } from '#src/runtime/health';
import { errorFields, openLog, type Log } from '#src/runtime/log';
import { Feed } from '#src/runtime/feed';
import { HangUps } from '#src/runtime/hang-ups';
import * as limits from '#src/runtime/limits';
import { Loop } from '#src/runtime/loop';
import { removePidFile, writePidFile } from '#src/runtime/pid-file';
import { randomOctets, systemRandom } from '#src/runtime/random';
import { Secrets } from '#src/runtime/secrets';
import { Stalls } from '#src/runtime/stalls';
import { startFault } from '#src/runtime/start-fault';
import type { Traces } from '#src/runtime/traces';
import { version } from '#src/runtime/version';
import type { Happening } from '#switch/event';
import { freeze } from '#switch/snapshot';
import { step } from '#switch/step';
import { awaitsVerdict, viewStatus } from '#switch/view';

/**
 * Runs the switch until it is told to end.
 *
 * @param file Its configuration.
 * @param tell Tells a person why it cannot start, where the process then leaves at once.
 * @returns The exit code: 0 after a drain, 75 when it had to leave before all was durable.
 * @throws MscFault when it cannot start.
 */
export async function serve(file: string, tell: (fault: Error) => void): Promise<number> {
  const hangUps = new HangUps();
  const loaded = await load(file);
  const log = openLog({
    level: loaded.config.log.level,
    out: process.stdout,
    bufferBytesMax: limits.logBytesMax,
  });
  // A bug of ours: the message may quote what was read, so Node must not print it.
  const onBug = (cause: unknown): void => die(log, 70, cause);
  process.on('uncaughtException', onBug);
  try {
    await using doors = new AsyncDisposableStack();
    const manager = await openManager(process.env, log);
    doors.defer(() => manager.close());
    const daemon = await Daemon.open({ loaded, log, doors, manager });
    hangUps.listen(() => daemon.renewal.hangUp());
    return await daemon.untilEnd();
  } catch (cause) {
    const fault = startFault(cause);
    if (!(fault instanceof MscFault) || fault.exit !== 74) throw fault;
    tell(fault);
    leaveAtOnce(fault.exit);
  } finally {
    process.off('uncaughtException', onBug);
    hangUps.close();
    await log.close();
  }
}

interface Beginning {
  /** As it was started; the renewal has what is in force. */
  readonly loaded: Loaded;
  readonly log: Log;
  /** What is open, to be closed in the opposite order. */
  readonly doors: AsyncDisposableStack;
  readonly manager: Manager;
}

type Parts = Beginning & Stores;

class Daemon {
  readonly #parts: Parts;
  readonly #startedAtMs = clock.atMs();
  readonly #observer: Observer;
  readonly #loop: Loop;
  readonly #feed: Feed;
  readonly #links: Links;
  readonly #secrets: Secrets;
  readonly #hashes: HashQueue;
  readonly #upstreams: Upstreams;
  readonly #renewal: Renewal;
  readonly #commands = new PendingCommands((happening) => this.#put(happening));
  readonly #turns = new Turns(() => this.#put({ kind: 'tick' }));
  readonly #traces: Traces;
  readonly #drained = Promise.withResolvers<undefined>();
  #stations = '';
  #http = '';
  #listener: Listener | undefined;
  #phase: 'starting' | 'open' | 'draining' = 'starting';

  get renewal(): Renewal {
    return this.#renewal;
  }

  static async open(beginning: Beginning): Promise<Daemon> {
    const daemon = new Daemon({ ...beginning, ...(await openStores(beginning)) });
    await daemon.#openDoors();
    return daemon;
  }

  private constructor(parts: Parts) {
    const { loaded, log, doors, state, entries } = parts;
    this.#parts = parts;
    const startedAtMs = this.#startedAtMs;
    const folder = journalFolder(loaded.config);
    this.#observer = doors.use(new Observer({ ...parts, journalFolder: folder, startedAtMs }));
    this.#traces = createTraces(state, this.#commands);
    doors.defer(() => this.#traces.stopAll());
    this.#feed = new Feed(parts.journal);
    this.#loop = new Loop({
      step: (event) => {
        this.#turns.stepped();
        return this.#traces.watch(event, () => step(state, event));
      },
      freeze: () => Buffer.from(freeze(state)),
      journal: doors.use(new Stalls(this.#observer.metered(), { clock, log, ...limits.stalls })),
      entries,
      clock,
      act: (effect) => this.#act(effect),
      flush: () => this.#links.flush(),
      publish: (entries) => this.#feed.publish(entries),
      holdReading: (link) => this.#links.hold(link),
      releaseReading: () => this.#links.releaseHeld(),
      onFailure: (exit, cause) => {
        this.#links.destroy();
        die(log, exit, cause);
      },
      onSnapshotFailed: (cause) => log.write('warn', 'snapshot-failed', errorFields(cause)),
      limits: limits.loopLimits,
    });
    doors.defer(() => this.#loop.stop());
    this.#links = new Links({
      clock,
      inbox: this.#loop,
      limits: limits.linkLimits(loaded.config.links.frameBytesMax),
      checkMs: limits.checkMs,
    });
    doors.defer(() => this.#links.destroy());
    this.#upstreams = this.#createUpstreams();
    doors.defer(() => this.#upstreams.stop());
    this.#hashes = new HashQueue({ waitingMax: connectionsOf(loaded.config) });
    this.#renewal = new Renewal({
      ...{ loaded, log, loop: this.#loop, links: this.#links, upstreams: this.#upstreams },
      ...{ hashes: this.#hashes, commands: this.#commands, listener: () => this.#listener },
      versions: parts.versions,
      closed: () => (this.#phase === 'open' ? undefined : this.#phase),
    });
    doors.defer(() => this.#renewal.stop());
    this.#secrets = this.#createSecrets();
  }

  #createSecrets(): Secrets {
    return new Secrets({
      store: this.#parts.store,
      queue: this.#hashes,
      verify: verifyPassword,
      hash: (password) => hashPassword(password, randomOctets),
      flaw: (user, password) => checkNewPassword(password, { user, banned: this.#parts.banned }),
      newId: systemRandom.token,
      isAwaited: (link) => awaitsVerdict(this.#parts.state, link),
      put: (happening) => this.#put(happening),
      fail: (cause) => die(this.#parts.log, 70, cause),
    });
  }

  #put(happening: Happening): void {
    this.#loop.put({ ...happening, ...clock.stamp() });
  }

  /** Stations and upstreams last: whoever finds a door open finds everything behind it. */
  async #openDoors(): Promise<void> {
    const { doors, log } = this.#parts;
    const { config, digest: configuration } = this.#parts.loaded;
    doors.use(watchDescriptors(log));
    const listener = this.#createListener();
    await this.#openHealth();
    const number = await keepStarted(this.#parts.versions, this.#parts.loaded, log);
    const numbered = number === undefined ? {} : { configurationVersion: number };
    const startId = systemRandom.token();
    this.#put({ kind: 'start', version, startId, configuration, ...numbered });
    await this.#loop.idle();
    await this.#openControl();
    this.#stations = formatAddress(await listener.listen());
    doors.defer(() => listener.close());
    this.#listener = listener;
    this.#renewal.begin();
    const pidFile = join(dirname(config.control.socket), 'switch.pid');
    await writePidFile(pidFile, process.pid, log);
    doors.defer(() => removePidFile(pidFile, log));
    this.#phase = 'open';
    doors.use(this.#createWatch());
    this.#parts.log.write('info', 'ready', { stations: this.#stations, http: this.#http });
  }

  #createWatch(): Watch {
    const { manager, journal, log, state } = this.#parts;
    const line = (): string =>
      statusLine(this.#notReady(), viewStatus(state, clock.atMs()), this.#links.size);
    return new Watch({
      ...{ manager, log, status: line, lookMs: limits.notify.lookMs },
      probes: { loop: () => this.#turns.next(), journal: journal.head },
      notReady: () => this.#notReady(),
    });
  }

  #createListener(): Listener {
    return new Listener({
      ...this.#parts.loaded.config.listen.address,
      ...listening(this.#parts.loaded, this.#parts.log),
      room: roomThatFits(),
      helloMs: limits.helloMs,
      reportMs: limits.turnedAwayMs,
      links: this.#links,
      clock,
      random: systemRandom,
      inbox: this.#loop,
    });
  }

  #createUpstreams(): Upstreams {
    return new Upstreams({
      links: this.#links,
      clock,
      random: systemRandom,
      inbox: this.#loop,
      onFailure: (failure) => {
        this.#observer.noteDialFailure(failure.upstream);
        this.#parts.log.write('warn', 'dial-failed', { code: 'MSC-2301', ...failure });
      },
    });
  }

  async #openControl(): Promise<void> {
    const control = await openControl(this.#parts.loaded.config.control.socket, {
      desk: this.#desk(),
      version,
      random: randomOctets,
      nowMs: () => wallUs() / 1000,
      log: (event, fields) => this.#parts.log.write('warn', event, fields),
    });
    this.#parts.doors.defer(() => control.close());
  }

  async #openHealth(): Promise<void> {
    const server = createHealthServer({
      version,
      notReady: () => this.#notReady(),
      metrics: () => this.#observer.metrics(() => this.#surroundings()),
      health: () => this.#observer.health(() => this.#surroundings()),
      onFault: (cause) => this.#parts.log.write('error', 'health-fault', errorFields(cause)),
    });
    this.#http = formatAddress(await listenOn(server, this.#parts.loaded.config.http.address));
    this.#parts.doors.defer(() => {
      server.close();
      server.closeAllConnections();
    });
  }

  #surroundings(): Surroundings {
    return {
      notReady: this.#notReady(),
      lastCommit: this.#loop.lastCommit,
      connections: this.#links.size,
      certificates: this.#renewal.loaded.certificates,
    };
  }

  #notReady(): string | undefined {
    if (this.#phase === 'starting') return 'starting';
    if (this.#phase === 'draining') return 'draining';
    return this.#loop.blocked ? 'the disk of the journal is full or does not answer' : undefined;
  }

  #desk(): Desk {
    return {
      ...operatorDesk({
        ...{ state: this.#parts.state, links: this.#links, upstreams: this.#upstreams, clock },
        ...{ loaded: () => this.#renewal.loaded, feed: this.#feed },
      }),
      status: (brief) => this.#status(brief),
      register: () => this.#parts.state.ledger.register,
      ...{ journal: this.#parts.journal, jobs: this.#parts.jobs },
      registerStore: this.#parts.store,
      passwordFlaw: (user, password) =>
        checkNewPassword(password, { user, banned: this.#parts.banned }),
      hash: (password) => this.#hashes.run(() => hashPassword(password, randomOctets)),
      act: (person, act) => this.#commands.ask(person, act),
      reload: (person, reason) => this.#renewal.reload({ person, reason }),
      ...lookingDesks({ ...this.#parts, renewal: this.#renewal, traces: this.#traces }),
      newId: systemRandom.token,
      keys: keyTable,
    };
  }

  #act(effect: OutwardEffect): void {
    this.#traces.acted(effect);
    switch (effect.kind) {
      case 'send':
        return this.#links.send(effect.link, effect.frame);
      case 'expect':
        return this.#links.expect(effect.link, effect.frames, effect.bodyBytesMax);
      case 'end':
        return this.#links.end(effect.link);
      case 'cut':
        return this.#links.cut(effect.link);
      case 'verify':
        return this.#secrets.verify(effect);
      case 'renew':
        return this.#secrets.renew(effect);
      case 'project':
        return this.#parts.store.project(effect.entry, effect.changes);
      case 'answer':
        return this.#commands.answer(effect);
      case 'dial':
        return this.#upstreams.dialAgain(effect.upstream, effect);
      case 'rest':
        return this.#upstreams.rest(effect.upstream);
      case 'log':
        return this.#parts.log.write(effect.level, effect.event, effect.fields);
      case 'drained':
        return this.#drained.resolve(undefined);
    }
  }

  /** What the wall clock, as it is set now, would have said then: a clock that was set ages nothing. */
  #wallUsOf(atMs: number): number {
    return (atMs + this.#parts.state.ledger.aheadMs) * 1000;
  }

  #status(brief: boolean): StatusReport {
    const parts = {
      loaded: this.#renewal.loaded,
      loop: this.#loop,
      upstreams: this.#upstreams,
      disk: this.#observer.disk,
      view: viewStatus(this.#parts.state, clock.atMs()),
      startedAtUs: this.#wallUsOf(this.#startedAtMs),
      notReady: this.#notReady(),
      addresses: { stations: this.#stations, http: this.#http },
    };
    return statusReport(parts, brief);
  }

  /** Waits for SIGTERM or SIGINT, then drains and leaves (link S9). */
  async untilEnd(): Promise<number> {
    const told = Promise.withResolvers<undefined>();
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => told.resolve(undefined));
    await told.promise;
    setTimeout(() => leaveAtOnce(75), limits.exitMs).unref();
    const late = Promise.withResolvers<number>();
    const timer = setTimeout(() => late.resolve(75), limits.leaveMs);
    this.#parts.doors.defer(() => clearTimeout(timer));
    return Promise.race([this.#leave(), late.promise]);
  }

  async #leave(): Promise<number> {
    this.#phase = 'draining';
    this.#parts.manager.tell({ STOPPING: '1' });
    this.#upstreams.stop();
    this.#put({ kind: 'drain', forMs: limits.drainMs });
    await this.#drained.promise;
    this.#listener?.close();
    await this.#links.whenEmpty();
    await this.#commands.ask('msc', { kind: 'note', event: 'stop' });
    await this.#loop.finish();
    this.#parts.log.write('info', 'stopped');
    return 0;
  }
}
