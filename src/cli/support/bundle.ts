// `msc support bundle | inspect`: everything a support call needs in one file, and nothing that must not leave the
// house: never the journal, keys, passwords or message text. Works with the switch down. The file is the person's
// alone (mode 0600), and nothing is overwritten. What is sent is looked at first: `inspect`.

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { promisify } from 'node:util';
import { entryVersion } from '#journal/entry';
import { effectiveSettings } from '#src/config/effective';
import { MscFault } from '#src/errors';
import type { Call } from '../command.ts';
import { doctorChecks } from '../doctor/checks.ts';
import { gatherFacts } from '../doctor/facts.ts';
import type { Facts } from '../doctor/facts.ts';
import { diagnose } from '../doctor/run.ts';
import type { Flags } from '../flags.ts';
import { healthUrl, httpGet } from '../http.ts';
import { creating, mustBeNew } from '../new-file.ts';
import { counted, shown, wantsObject } from '../output.ts';
import { projectFolder, version } from '../package.ts';
import { manifestName, manifestOf, readBundle } from './manifest.ts';
import { closedWords, redactLog, redactSettings, redactStatus, redactText } from './redact.ts';
import { writeTar } from './ustar.ts';
import type { TarFile } from './ustar.ts';

const logLinesMax = 2_000;
const logBytesMax = 16 * 1_048_576;
const bundleBytesMax = 64 * 1_048_576;
const patienceMs = 5_000;

const leftOut = [
  'the journal and the register: all messages, all people',
  'keys, certificates and passwords: settings only name their files',
  'addresses, names of hosts, county and ORI in the settings',
  'users, addresses of peers and names of queues in the status',
  'every member of a log line that is no code, number or name of the configuration',
];

export async function makeBundle({ flags, output }: Call): Promise<number> {
  const made = new Date();
  const stamp = made.toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  const path = resolve(flags.text('file') ?? `msc-support-${stamp}.tar.gz`);
  mustBeNew([path]);
  const files = await contentOf(flags);
  const about = { made: made.toISOString(), version, removed: leftOut };
  const manifest = manifestOf(files, about);
  const all = [jsonFile(manifestName, manifest), ...files];
  const octets = gzipSync(writeTar(all, made.getTime()));
  await creating(path, () => writeFile(path, octets, { flag: 'wx', mode: 0o600 }));
  if (wantsObject(output))
    await output.print(JSON.stringify({ ...manifest, file: path, bytes: octets.length }));
  else await output.print(path);
  output.tell(`${counted(files.length, 'file')}; look at it first: msc support inspect ${path}`);
  return 0;
}

/** Exit 1 where a file is not as the manifest says. */
export async function inspectBundle({ args: [path = '', name], output }: Call): Promise<number> {
  const { manifest, files, flaws } = readBundle(await readBounded(path));
  if (name !== undefined) {
    const file = files.find((each) => each.name === name);
    if (file === undefined)
      throw new MscFault('MSC-1005', {
        detail: `${shown(name)} is not in it`,
        hint: `msc support inspect ${path}`,
      });
    for (const line of file.data.toString().trimEnd().split('\n')) await output.print(shown(line));
    return flaws.length === 0 ? 0 : 1;
  }
  if (wantsObject(output))
    await output.print(JSON.stringify({ ...manifest, holds: flaws.length === 0, flaws }));
  else {
    await output.print(shown(`made ${manifest.made} by msc ${manifest.version}`));
    for (const file of manifest.files)
      await output.print(
        shown(
          `${String(file.bytes).padStart(9)}  ${file.name.padEnd(16)}  ${file.sha256.slice(0, 24)}…`,
        ),
      );
    for (const what of manifest.removed) await output.print(shown(`not in it: ${what}`));
    await output.print(
      flaws.length === 0 ? 'every file is as it was made' : shown(flaws.join(', ')),
    );
  }
  return flaws.length === 0 ? 0 : 1;
}

async function contentOf(flags: Flags): Promise<readonly TarFile[]> {
  const facts = await gatherFacts(flags);
  const settings = 'value' in facts.config ? await effectiveSettings(facts.config.value.file) : [];
  const certificates = 'value' in facts.certificates ? facts.certificates.value : [];
  const closed = [...closedWords(settings), ...certificates.map(({ name }) => name)];
  const log = await recentLog(flags);
  const written = [
    jsonFile('versions.json', versions(facts)),
    jsonFile('doctor.json', { checks: diagnose(facts, doctorChecks, []) }),
    ...('value' in facts.status ? [jsonFile('status.json', redactStatus(facts.status.value))] : []),
    ...(await httpFiles(flags)),
    ...(log === undefined ? [] : [textFile('log.jsonl', log)]),
  ];
  return [
    ...written.map(({ name, data }) => textFile(name, redactText(data.toString(), closed))),
    ...(settings.length === 0
      ? []
      : [jsonFile('config.json', { settings: redactSettings(settings) })]),
    // What every setting may be: the same for everybody.
    { name: 'schema.json', data: await readFile(resolve(projectFolder, 'config/msc.schema.json')) },
  ];
}

function versions({ status, digest }: Facts): object {
  return {
    msc: version,
    entries: entryVersion,
    ...('value' in status ? { running: status.value.version } : {}),
    ...('value' in digest ? { configuration: digest.value } : {}),
    ...{ node: process.versions.node, sqlite: process.versions['sqlite'] },
    ...{ openssl: process.versions.openssl, platform: process.platform, arch: process.arch },
  };
}

async function httpFiles(flags: Flags): Promise<readonly TarFile[]> {
  const pages = [
    ['health.txt', '/healthz?verbose'],
    ['metrics.txt', '/metrics'],
  ] as const;
  try {
    const url = await healthUrl(flags);
    const answers = await Promise.all(
      pages.map(async ([name, path]) => ({ name, ...(await httpGet(url + path, patienceMs)) })),
    );
    return answers.flatMap(({ name, status, body }) =>
      status === 404 ? [] : [textFile(name, body)],
    );
  } catch (error) {
    if (error instanceof MscFault) return [];
    throw error;
  }
}

/** Lines of a file that was named, else of the service manager where there is one. */
async function recentLog(flags: Flags): Promise<string | undefined> {
  const named = flags.text('log');
  const text = named === undefined ? await serviceLog() : (await readBounded(named)).toString();
  if (text === undefined) return undefined;
  const { lines } = redactLog(text, logLinesMax);
  return lines.length === 0 ? undefined : `${lines.join('\n')}\n`;
}

async function serviceLog(): Promise<string | undefined> {
  const words = ['--unit', 'msc', '--lines', String(logLinesMax), '--output', 'cat', '--no-pager'];
  const options = { timeout: patienceMs, maxBuffer: logBytesMax };
  try {
    return (await promisify(execFile)('journalctl', words, options)).stdout;
  } catch {
    // No service manager here, or not for us: then there are no lines to be had.
    return undefined;
  }
}

/** @throws MscFault MSC-1005; MSC-1004 for more than anything of ours can be. */
async function readBounded(path: string): Promise<Buffer> {
  const octets = await readFile(path).catch((cause: unknown) => {
    throw new MscFault('MSC-1005', { detail: path, cause });
  });
  if (octets.length > bundleBytesMax)
    throw new MscFault('MSC-1004', { detail: `${path} is too long` });
  return octets;
}

function jsonFile(name: string, value: object): TarFile {
  return textFile(name, `${JSON.stringify(value, null, 2)}\n`);
}

function textFile(name: string, text: string): TarFile {
  return { name, data: Buffer.from(text) };
}
