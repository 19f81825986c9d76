// What the doctor looks at, gathered once and without a running switch where there is none: what could not be
// had is a fault in its place, never a failure of the command. Nothing is changed, and no key is kept.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSegment } from '#journal/verify';
import { withoutIndex } from '#journal/verify-segments';
import { Trust } from '#src/access/trust';
import { loadConfig } from '#src/config/load';
import type { Config } from '#src/config/load';
import type { StatusReport } from '#src/control/wire';
import { MscFault } from '#src/errors';
import { configuredFiles, describeFile } from '../cert-check.ts';
import { digestOfFile } from '../check/sources.ts';
import { openNamedFiles } from '../config-files.ts';
import { roomOf } from '../disk.ts';
import type { Room } from '../disk.ts';
import type { Flags } from '../flags.ts';
import { healthUrl, httpGet } from '../http.ts';
import { configFile, withSwitch } from '../installation.ts';
import { version } from '../package.ts';

/** Something that was looked at, or why it could not be. */
export type Known<T> = { readonly value: T } | { readonly fault: MscFault };

export interface Facts {
  readonly nowMs: number;
  /** Of the program that looks. */
  readonly version: string;
  readonly file: Known<string>;
  readonly config: Known<Config>;
  /** SHA-256 of the file, in hex. */
  readonly digest: Known<string>;
  /** Every file it names was opened. */
  readonly files: Known<true>;
  readonly keys: readonly FileMode[];
  readonly certificates: Known<readonly Ends[]>;
  /** Lists of revoked certificates; absent where the configuration names none. */
  readonly lists: Known<readonly Ends[] | undefined>;
  readonly folder: Known<FileMode>;
  readonly journal: Known<'there' | 'none'>;
  /** First entries of sealed segments without a filter, or without an index that can be read. */
  readonly withoutIndex: Known<readonly number[]>;
  readonly room: Known<Room>;
  readonly status: Known<StatusReport>;
  readonly ready: Known<{ readonly status: number; readonly body: string }>;
  /** Descriptors the process of the switch may have open. */
  readonly descriptors: Known<number>;
}

export interface FileMode {
  readonly path: string;
  /** The nine bits of permissions. */
  readonly mode: number;
}

export interface Ends {
  readonly name: string;
  readonly endsMs: number;
}

/** The wait for each answer. */
const patienceMs = 5_000;

export async function gatherFacts(flags: Flags): Promise<Facts> {
  const file = await known(() => Promise.resolve(configFile(flags)));
  const config = await known(async () => loadConfig(valueOf(file)));
  const status = await known(() => withSwitch(flags, (client) => client.call('status', {})));
  return {
    nowMs: Date.now(),
    version,
    file,
    config,
    digest: await known(() => digestOfFile(valueOf(file))),
    files: await known(() => openNamedFiles(valueOf(config)).then(() => true as const)),
    keys: 'value' in config ? await keyModes(config.value) : [],
    certificates: await known(() => certificateEnds(valueOf(file), valueOf(config))),
    lists: await known(() => listEnds(valueOf(config))),
    folder: await known(() => modeOf(valueOf(config).data.folder)),
    journal: await known(() => journalIn(join(valueOf(config).data.folder, 'journal'))),
    withoutIndex: await known(() =>
      Promise.resolve(withoutIndex(join(valueOf(config).data.folder, 'journal'))),
    ),
    room: await known(() => roomOf(folderOf(status, config))),
    status,
    ready: await known(async () => httpGet(`${await healthUrl(flags)}/readyz`, patienceMs)),
    descriptors: await known(() => descriptorsOf(valueOf(status).pid)),
  };
}

/** @throws MscFault the reason why it is not known. */
export function valueOf<T>(fact: Known<T>): T {
  if ('fault' in fact) throw fact.fault;
  return fact.value;
}

async function known<T>(look: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    if (error instanceof MscFault) return { fault: error };
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    // What the system refused has a code; anything else is a bug of ours and ends the command.
    if (code === undefined) throw error;
    return { fault: new MscFault('MSC-1005', { detail: code, cause: error }) };
  }
}

function folderOf(status: Known<StatusReport>, config: Known<Config>): string {
  return 'value' in status ? status.value.journal.folder : valueOf(config).data.folder;
}

async function keyModes({ tls, upstreams }: Config): Promise<readonly FileMode[]> {
  const files = [
    ...(tls === undefined ? [] : [tls.keyFile]),
    ...upstreams.map(({ keyFile }) => keyFile),
  ];
  const modes = await Promise.all([...new Set(files)].map((path) => known(() => modeOf(path))));
  // One that is not there is told by the look at all files.
  return modes.flatMap((each) => ('value' in each ? [each.value] : []));
}

async function modeOf(path: string): Promise<FileMode> {
  return { path, mode: (await stat(path)).mode & 0o777 };
}

async function certificateEnds(file: string, { listen }: Config): Promise<readonly Ends[]> {
  if (listen.insecure) return [];
  return Promise.all(
    (await configuredFiles(file)).map(async (path) => {
      const { subject, notAfter } = await describeFile(path);
      return { name: subject.replace(/^CN=/, ''), endsMs: notAfter.getTime() };
    }),
  );
}

async function listEnds({ tls }: Config): Promise<readonly Ends[] | undefined> {
  if (tls?.crlFile === undefined) return undefined;
  const [authorities, lists] = await Promise.all([
    readFile(tls.clientCaFile, 'utf8'),
    readFile(tls.crlFile, 'utf8'),
  ]);
  return new Trust({ authorities, lists }).authorities.flatMap(({ certificate, list }) =>
    list === undefined
      ? []
      : [{ name: certificate.subject.replace(/^CN=/, ''), endsMs: list.nextUpdateMs }],
  );
}

async function journalIn(folder: string): Promise<'there' | 'none'> {
  try {
    const names = await readdir(folder);
    return names.some(isSegment) ? 'there' : 'none';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'none';
    throw error;
  }
}

/** `Max open files            65536                65536                files` */
async function descriptorsOf(pid: number): Promise<number> {
  const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0);
}
