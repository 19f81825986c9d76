// The switch as a process: the only file that wires the rooms together. It recovers, opens its doors,
// and at SIGTERM or SIGINT drains and leaves in order. It fails with a coded fault before it is up;
// afterwards a failed journal ends the process at once with 74, a fault of ours with 70.

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import type { Journal } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { openRegisterStore } from '#journal/sqlite/register-store';
import type { RegisterStore } from '#journal/register-store';
import { keyTable } from '#protocol/keys';
import {
  checkNewPassword,
  hashPassword,
  HashQueue,
  parseBannedPasswords,
  verifyPassword,
} from '#src/access/password';
import { describeCertificate } from '#src/access/certificate';
import { readText, switchSettings, type Config } from '#src/config/load';
import type { Desk } from '#src/control/desk';
import { openControl } from '#src/control/server';
import type { StatusReport } from '#src/control/wire';
import { Links } from '#src/net/links';
import { formatAddress, listenOn, Listener } from '#src/net/listener';
import { dialTlsOptions, listenerTlsOptions } from '#src/net/tls';
import { Upstream } from '#src/net/upstream';
import { systemClock as clock, wallUs } from '#src/runtime/clock';
import { PendingCommands } from '#src/runtime/commands';
import type { OutwardEffect } from '#src/runtime/detour';
import { createHealthServer } from '#src/runtime/health';
import { errorFields, openLog, type Log } from '#src/runtime/log';
import * as limits from '#src/runtime/limits';
import { Loop } from '#src/runtime/loop';
import { removePidFile, writePidFile } from '#src/runtime/pid-file';
import { randomOctets, systemRandom } from '#src/runtime/random';
import { recover } from '#src/runtime/recover';
import { Secrets } from '#src/runtime/secrets';
import { startFault } from '#src/runtime/start-fault';
import { version } from '#src/runtime/version';
import type { Happening } from '#switch/event';
import { freeze, thaw } from '#switch/snapshot';
import { createState, type State } from '#switch/state';
import { replay, step } from '#switch/step';
import { awaitsVerdict, viewStatus } from '#switch/view';

/**
 * Runs the switch until it is told to end.
 *
 * @returns The exit code: 0 after a drain, 75 when it had to leave before all was durable.
 * @throws MscFault when it cannot start.
 */
export async function serve(config: Config): Promise<number> {
  const log = openLog({
    level: config.log.level,
    out: process.stdout,
    bufferBytesMax: limits.logBytesMax,
  });
  // A bug of ours: the message may quote what was read, so Node must not print it.
  const onBug = (cause: unknown): void => die(log, 70, cause);
  process.on('uncaughtException', onBug);
  try {
    await using doors = new AsyncDisposableStack();
    const daemon = await Daemon.open(config, log, doors);
    return await daemon.untilEnd();
  } catch (cause) {
    throw startFault(cause);
  } finally {
    process.off('uncaughtException', onBug);
    await log.close();
  }
}

/** At once: nothing more is acknowledged. The next start recovers. */
function die(log: Log, exit: 70 | 74, cause: unknown): void {
  log.write('error', exit === 74 ? 'journal-failed' : 'bug', errorFields(cause));
  void log.close().then(() => process.exit(exit));
}

interface Parts {
  readonly config: Config;
  readonly log: Log;
  /** What is open, to be closed in the opposite order. */
  readonly doors: AsyncDisposableStack;
  readonly journal: Journal;
  readonly store: RegisterStore;
  readonly state: State;
  /** Of the journal, at the start. */
  readonly entries: number;
  readonly banned: ReadonlySet<string>;
}

class Daemon {
  readonly #parts: Parts;
  readonly #startedAtUs = wallUs();
  readonly #loop: Loop;
  readonly #links: Links;
  readonly #secrets: Secrets;
  readonly #hashes: HashQueue;
  readonly #upstreams = new Map<string, Upstream>();
  readonly #commands = new PendingCommands((happening) => this.#put(happening));
  /** Our own certificates, as they were read. */
  readonly #certificates: string[] = [];
  readonly #drained = Promise.withResolvers<undefined>();
  #stations = '';
  #http = '';
  #listener: Listener | undefined;
  #phase: 'starting' | 'open' | 'draining' = 'starting';

  static async open(config: Config, log: Log, doors: AsyncDisposableStack): Promise<Daemon> {
    const banned = parseBannedPasswords(await readFile(bannedFile, 'utf8'));
    const journal = await openJournal(journalFolder(config), { random: randomOctets });
    doors.defer(() => journal.close());
    const store = openRegisterStore(config.data.folder);
    doors.defer(() => store.close());
    const settings = switchSettings(config, `msc ${version}`);
    const { state, fromEntry, entries } = await recover(journal, {
      create: () => createState(settings, keyTable),
      thaw,
      replay,
    });
    store.reconcile(entries, state.ledger.register);
    log.write('info', 'recovered', { entries, fromEntry });
    const daemon = new Daemon({ config, log, doors, journal, store, state, entries, banned });
    await daemon.#openDoors();
    return daemon;
  }

  private constructor(parts: Parts) {
    const { config, log, doors, journal, state, entries } = parts;
    this.#parts = parts;
    this.#loop = new Loop({
      step: (event) => step(state, event),
      freeze: () => freeze(state),
      journal,
      entries,
      clock,
      act: (effect) => this.#act(effect),
      flush: () => this.#links.flush(),
      holdReading: (link) => this.#links.hold(link),
      releaseReading: () => this.#links.releaseHeld(),
      onFailure: (exit, cause) => {
        this.#links.destroy();
        die(log, exit, cause);
      },
      limits: limits.loopLimits,
    });
    doors.defer(() => this.#loop.stop());
    this.#links = this.#createLinks();
    doors.defer(() => this.#links.destroy());
    const waitingMax = limits.socketsMax(config.listen.connectionsMax);
    this.#hashes = new HashQueue({ waitingMax });
    this.#secrets = this.#createSecrets();
  }

  #createLinks(): Links {
    return new Links({
      clock,
      inbox: this.#loop,
      limits: limits.linkLimits(this.#parts.config.links.frameBytesMax),
      checkMs: limits.checkMs,
    });
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
    const { config, doors } = this.#parts;
    const upstreams = await Promise.all(config.upstreams.map((to) => this.#upstream(to)));
    const listener = await this.#createListener();
    await this.#openHealth();
    this.#put({ kind: 'start', version, startId: systemRandom.token() });
    await this.#loop.idle();
    await this.#openControl();
    this.#stations = formatAddress(await listener.listen());
    doors.defer(() => listener.close());
    this.#listener = listener;
    for (const upstream of upstreams) upstream.start();
    const pidFile = join(dirname(config.control.socket), 'switch.pid');
    await writePidFile(pidFile, process.pid);
    doors.defer(() => removePidFile(pidFile));
    this.#phase = 'open';
    this.#parts.log.write('info', 'ready', { stations: this.#stations, http: this.#http });
  }

  async #createListener({ listen } = this.#parts.config): Promise<Listener> {
    return new Listener({
      ...listen.address,
      tls: await this.#listenerTls(),
      connectionsMax: limits.socketsMax(listen.connectionsMax),
      perAddress: listen.connectionsPerSecond,
      room: limits.roomLimits,
      helloMs: limits.helloMs,
      reportMs: limits.turnedAwayMs,
      links: this.#links,
      clock,
      random: systemRandom,
      inbox: this.#loop,
    });
  }

  async #listenerTls(): Promise<TlsOptions | undefined> {
    const { listen, tls } = this.#parts.config;
    if (tls === undefined || listen.insecure) return undefined;
    return listenerTlsOptions({
      certPem: await this.#certificate(tls.certFile),
      keyPem: await readText(tls.keyFile),
      clientCaPem: await readText(tls.clientCaFile),
      crlPem: tls.crlFile === undefined ? undefined : await readText(tls.crlFile),
      minimum: tls.minimum,
      handshakeMs: limits.helloMs,
    });
  }

  async #certificate(file: string): Promise<string> {
    const pem = await readText(file);
    this.#certificates.push(pem);
    return pem;
  }

  async #upstream(to: Config['upstreams'][number]): Promise<Upstream> {
    const upstream = new Upstream({
      name: to.name,
      ...to.address,
      tls: dialTlsOptions({
        certPem: await this.#certificate(to.certFile),
        keyPem: await readText(to.keyFile),
        caPem: await readText(to.caFile),
        serverName: to.serverName,
      }),
      connectMs: limits.helloMs,
      backOff: limits.backOff,
      links: this.#links,
      clock,
      random: systemRandom,
      inbox: this.#loop,
      onFailure: (failure) =>
        this.#parts.log.write('warn', 'dial-failed', { code: 'MSC-2301', ...failure }),
    });
    this.#upstreams.set(to.name, upstream);
    this.#parts.doors.defer(() => upstream.stop());
    return upstream;
  }

  async #openControl(): Promise<void> {
    const control = await openControl(this.#parts.config.control.socket, {
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
      facts: () => ({
        view: viewStatus(this.#parts.state, clock.atMs()),
        links: this.#links.size,
        startedAtUs: this.#startedAtUs,
        lastCommitAtUs: this.#loop.lastCommit.atMs * 1000,
      }),
    });
    this.#http = formatAddress(await listenOn(server, this.#parts.config.http.address));
    this.#parts.doors.defer(() => {
      server.close();
      server.closeAllConnections();
    });
  }

  #notReady(): string | undefined {
    if (this.#phase === 'starting') return 'starting';
    if (this.#phase === 'draining') return 'draining';
    return this.#loop.blocked ? 'the disk of the journal is full' : undefined;
  }

  #desk(): Desk {
    return {
      status: () => this.#status(),
      register: () => this.#parts.state.ledger.register,
      journal: this.#parts.journal,
      registerStore: this.#parts.store,
      passwordFlaw: (user, password) =>
        checkNewPassword(password, { user, banned: this.#parts.banned }),
      hash: (password) => this.#hashes.run(() => hashPassword(password, randomOctets)),
      act: (person, act) => this.#commands.ask(person, act),
      newId: systemRandom.token,
      keys: keyTable,
    };
  }

  #act(effect: OutwardEffect): void {
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
        return this.#upstreams.get(effect.upstream)?.dialAgain(effect);
      case 'log':
        return this.#parts.log.write(effect.level, effect.event, effect.fields);
      case 'drained':
        return this.#drained.resolve(undefined);
    }
  }

  #status(): StatusReport {
    const { config, state } = this.#parts;
    const view = viewStatus(state, clock.atMs());
    const notReady = this.#notReady();
    return {
      version,
      county: config.switch.county,
      pid: process.pid,
      startedAtUs: this.#startedAtUs,
      ready: notReady === undefined,
      notReady,
      view,
      journal: {
        folder: journalFolder(config),
        entries: view.entries,
        lastCommitMs: this.#loop.lastCommit.tookMs,
        blocked: this.#loop.blocked,
      },
      addresses: { stations: this.#stations, http: this.#http },
      attention: this.#attention(),
    };
  }

  /** Certificates of ours that end soon. */
  #attention(): StatusReport['attention'] {
    const now = new Date(wallUs() / 1000);
    return this.#certificates.flatMap((pem) => {
      const { subject, daysLeft } = describeCertificate(pem, now);
      if (daysLeft >= limits.certificateSoonDays) return [];
      const text = `certificate ${subject}: ${daysLeft} days left`;
      return [{ code: daysLeft < 0 ? 'MSC-2108' : 'MSC-2107', text }];
    });
  }

  /** Waits for SIGTERM or SIGINT, then drains and leaves (link S9). */
  async untilEnd(): Promise<number> {
    const told = Promise.withResolvers<undefined>();
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => told.resolve(undefined));
    await told.promise;
    const late = Promise.withResolvers<number>();
    const timer = setTimeout(() => late.resolve(75), limits.leaveMs);
    this.#parts.doors.defer(() => clearTimeout(timer));
    return Promise.race([this.#leave(), late.promise]);
  }

  async #leave(): Promise<number> {
    this.#phase = 'draining';
    for (const upstream of this.#upstreams.values()) upstream.stop();
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

const bannedFile = new URL('../config/banned-passwords.txt', import.meta.url);
const journalFolder = ({ data }: Config): string => join(data.folder, 'journal');
