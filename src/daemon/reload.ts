// A reload: everything is read and checked first, then journalled, then taken, whole or not at all.
// Each attempt is one entry and one line of the log, whatever came of it; one runs at a time.
// It fails with the coded fault that `msc config check` or the start would give. It asks nobody to restart
// anything behind his back: a change that cannot be taken live refuses the rest with it.

import { settingChanges, type SettingChange } from '#src/config/changes';
import { configOf, readText, type Config } from '#src/config/load';
import { MscFault } from '#src/errors';
import type { ReloadReport, RollbackReport } from '#src/control/wire';
import type { Log } from '#src/runtime/log';
import type { Certificates } from './certificates.ts';
import { digestOf, readCertificateSet, requireCurrent } from './certificates.ts';
import type { ConfigVersions } from './config-versions.ts';
import { prepareReplacement, type Replacement } from './rollback.ts';

/** A configuration with everything it names, as it was read. */
export interface Loaded {
  readonly config: Config;
  readonly toml: string;
  /** SHA-256 of the file, in hex: what `sha256sum` says. */
  readonly digest: string;
  readonly certificates: Certificates;
}

/** @throws MscFault what is wrong with the file, or with one that it names. */
export async function load(file: string): Promise<Loaded> {
  return loadText(await readText(file), file);
}

/** The same of a text that is to be the file. @throws MscFault As `load`. */
async function loadText(toml: string, file: string): Promise<Loaded> {
  const config = configOf(toml, file);
  const certificates = await readCertificateSet(config);
  return { config, toml, digest: digestOf(toml), certificates };
}

export interface ReloadParts {
  /** What is in force. */
  readonly current: () => Loaded;
  /** Takes it; cannot fail. @returns Links that end for it. */
  readonly take: (loaded: Loaded) => number;
  /** Why nothing is taken now; undefined when it is. */
  readonly closed: () => string | undefined;
  readonly versions: ConfigVersions;
  readonly note: (person: string, note: ReloadNote) => Promise<{ readonly entry: number }>;
  readonly nowMs: () => number;
  readonly log: Log;
}

export interface ReloadNote {
  readonly reason?: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

export interface ReloadAsked {
  readonly person: string;
  readonly reason?: string | undefined;
}

export class Reloads {
  readonly #parts: ReloadParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ReloadParts) {
    this.#parts = parts;
  }

  /** After those before it. @throws MscFault why nothing was changed. */
  run(asked: ReloadAsked): Promise<ReloadReport> {
    return this.#inTurn(() => this.#reload(asked));
  }

  /** The same with an earlier version, which takes the place of the file. @throws MscFault also MSC-1106 */
  rollback(asked: ReloadAsked, version: number): Promise<RollbackReport> {
    return this.#inTurn(() => this.#rollback(asked, version));
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(job);
    // Its failure is its caller's; the next one starts all the same.
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #reload(asked: ReloadAsked): Promise<ReloadReport> {
    try {
      this.#requireOpen();
      const loaded = await load(this.#parts.current().config.file);
      return await this.#apply(asked, loaded);
    } catch (cause) {
      throw await this.#refused(asked, cause);
    }
  }

  async #rollback(asked: ReloadAsked, version: number): Promise<RollbackReport> {
    const { current, versions } = this.#parts;
    const { config, toml: inForce } = current();
    let replacement: Replacement | undefined;
    try {
      this.#requireOpen();
      const wanted = await versions.read(version);
      // Checked as it will stand: relative paths begin at the folder of the file.
      const loaded = await loadText(wanted.toml, config.file);
      replacement = await prepareReplacement(config.file, { version: wanted, inForce, versions });
      const report = await this.#apply(asked, loaded, { version, take: replacement.take });
      const { setAside } = replacement;
      return { ...report, version, ...(setAside === undefined ? {} : { setAside }) };
    } catch (cause) {
      await replacement?.drop();
      throw await this.#refused(asked, cause, { rollback: version });
    }
  }

  /** Kept, journalled, put in place of the file where that is wanted, and taken: in this order. */
  async #apply(asked: ReloadAsked, loaded: Loaded, rollback?: Rollback): Promise<ReloadReport> {
    const { current, take, note, log, versions } = this.#parts;
    requireCurrent(loaded.certificates, this.#parts.nowMs());
    const changes = changesBetween(current(), loaded);
    const pending = await versions.prepare(loaded.toml);
    const detail = {
      ...detailOf(loaded),
      configurationVersion: pending.version,
      ...(rollback === undefined ? {} : { rollback: rollback.version }),
      changed: changes.map(({ key }) => key).join(' '),
    };
    const { entry } = await note(asked.person, { ...why(asked), detail });
    this.#requireOpen();
    await rollback?.take();
    await pending.keep();
    const cut = take(loaded);
    log.write('info', 'reload', { ...detail, entry, cut, person: asked.person });
    return { changes, cut, digest: loaded.digest, entry };
  }

  #requireOpen(): void {
    const why = this.#parts.closed();
    if (why !== undefined) throw new MscFault('MSC-1203', { detail: why });
  }

  async #refused(
    asked: ReloadAsked,
    cause: unknown,
    further: ReloadNote['detail'] = {},
  ): Promise<MscFault> {
    const { current, note, log } = this.#parts;
    const fault = cause instanceof MscFault ? cause : new MscFault('MSC-9001', { cause });
    const { config, digest } = current();
    const detail = {
      ...{ outcome: 'refused', code: fault.code, file: config.file },
      ...{ why: oneLine(fault.message), configuration: digest },
      ...further,
    };
    log.write('error', 'reload-refused', { ...detail, person: asked.person });
    try {
      await note(asked.person, { ...why(asked), detail });
    } catch {
      // A full disk or a drain: the log has it, and the caller hears the fault that counts.
      log.write('error', 'reload-not-journalled', { code: fault.code });
    }
    return fault;
  }
}

/** What is different where an earlier version comes back. */
interface Rollback {
  readonly version: number;
  /** It takes the place of the file. */
  readonly take: () => Promise<void>;
}

/** @throws MscFault MSC-1105 that names every setting which needs a restart. */
function changesBetween(before: Loaded, after: Loaded): ReloadReport['changes'] {
  const settings = settingChanges(before.toml, after.toml);
  const fixed = settings.filter(({ restart }) => restart).map(({ key }) => key);
  if (fixed.length > 0) throw new MscFault('MSC-1105', { detail: fixed.join(', ') });
  const old = new Map(before.certificates.files.map((file) => [file.setting, file.digest]));
  const files = after.certificates.files
    .filter(({ setting, digest }) => old.get(setting) !== digest)
    .map(({ setting, text }) => ({ key: setting, text }));
  const named = new Set(files.map(({ key }) => key));
  const plain = settings.filter(({ key }) => !named.has(key));
  return [...plain.map((change) => ({ key: change.key, text: changeText(change) })), ...files];
}

function changeText({ before, after }: SettingChange): string {
  const word = (value: SettingChange['before']): string =>
    value === undefined ? 'not set' : JSON.stringify(value);
  return `${word(before)} → ${word(after)}`;
}

/** Which configuration, certificates and lists hold from here on; no key, no value of a setting. */
function detailOf({ config, digest, certificates }: Loaded): ReloadNote['detail'] {
  const read = certificates.files
    .filter(({ text }) => text !== 'a private key')
    .map(({ setting, text }) => `${setting}: ${text}`);
  return {
    ...{ outcome: 'applied', file: config.file, configuration: digest },
    ...(read.length === 0 ? {} : { certificates: read.join('; ') }),
  };
}

function why({ reason }: ReloadAsked): { readonly reason?: string } {
  return reason === undefined ? {} : { reason };
}

const lineMax = 500;

function oneLine(text: string): string {
  return text.replaceAll('\n', ' | ').slice(0, lineMax);
}
