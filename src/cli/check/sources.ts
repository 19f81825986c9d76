// Where checks look: the control socket, the configuration and its files, the disk. Each is asked at most once
// for one command. Fails with coded faults alone.

import { createHash } from 'node:crypto';
import { configOf, loadConfig, readText } from '#src/config/load';
import type { StatusReport } from '#src/control/wire';
import { configuredFiles, describeFile } from '../cert-check.ts';
import { roomOf } from '../disk.ts';
import type { Flags } from '../flags.ts';
import { configFile, withSwitch } from '../installation.ts';
import type { CertificateLeft, Sources } from './kinds.ts';

export function openSources(flags: Flags): Sources {
  let asked: Promise<StatusReport> | undefined;
  const status = (): Promise<StatusReport> =>
    (asked ??= withSwitch(flags, (client) => client.call('status', {})));
  return {
    status,
    certificates: () => certificatesLeft(configFile(flags)),
    disk: async () => roomOf(await journalDisk(flags, status)),
    configuration: () => digestOfFile(configFile(flags)),
    nowMs: Date.now(),
  };
}

/** SHA-256 of a configuration that is right, in hex. @throws MscFault as `loadConfig` does */
export async function digestOfFile(file: string): Promise<string> {
  const toml = await readText(file);
  configOf(toml, file);
  return createHash('sha256').update(toml).digest('hex');
}

export async function certificatesLeft(file: string): Promise<readonly CertificateLeft[]> {
  const files = await configuredFiles(file);
  return Promise.all(
    files.map(async (each) => {
      const { subject, daysLeft } = await describeFile(each);
      return { name: subject.replace(/^CN=/, ''), daysLeft };
    }),
  );
}

/** The running switch says where its journal is; without it the configuration does. */
async function journalDisk(flags: Flags, status: () => Promise<StatusReport>): Promise<string> {
  try {
    return (await status()).journal.folder;
  } catch {
    // The disk is there also while the switch is down.
    return (await loadConfig(configFile(flags))).data.folder;
  }
}
