// `msc cert init-ca|issue`: the authority of an installation and what it signs. Keys are written with
// mode 0600; nothing is ever overwritten.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority, issueCertificate } from '#src/access/certificate';
import type { CertificateAndKey } from '#src/access/certificate';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import type { Flags } from './flags.ts';
import { usage } from './flags.ts';
import { withSwitch } from './installation.ts';
import { creating, mustBeNew } from './new-file.ts';
import type { Output } from './output.ts';

export async function initAuthority({ args: [folder = ''], flags, output }: Call): Promise<number> {
  const name = flags.text('name') ?? 'msc station authority';
  const years = flags.integer('years', { least: 1, most: 30 }) ?? 10;
  const authority = await createAuthority({ name, years, now: new Date() });
  await writePair(folder, 'ca', authority);
  output.tell(`keep ${join(folder, 'ca.key')} offline; whoever has it can make stations`);
  await output.print(join(folder, 'ca.pem'));
  return 0;
}

export async function issueCert({ args: [subject = ''], flags, output }: Call): Promise<number> {
  const kind = flags.choice('usage', ['station', 'switch']);
  if (kind === undefined) throw usage('--usage is needed: station or switch');
  // It is the name of the files too.
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(subject))
    throw new MscFault('MSC-2102', { detail: 'a name is of A-Z, a-z, 0-9, ., _ and -' });
  const folder = flags.text('out') ?? '.';
  const issued = await issueCertificate({
    authority: await readAuthority(flags.need('ca', 'the folder of the authority')),
    subject,
    usage: kind,
    names: flags.all('dns'),
    addresses: flags.all('ip'),
    days: flags.integer('days', { least: 1, most: 825 }) ?? 90,
    now: new Date(),
  });
  await writePair(folder, subject, issued);
  await output.print(join(folder, `${subject}.pem`));
  await output.print(join(folder, `${subject}.key`));
  await output.print(`fingerprint ${issued.fingerprint}`);
  if (kind === 'station') await enrol(subject, issued.fingerprint, flags, output);
  return 0;
}

/** The certificate is made whether or not a switch is there; what is missing is said plainly. */
async function enrol(
  station: string,
  fingerprint: string,
  flags: Flags,
  output: Output,
): Promise<void> {
  try {
    const { entry } = await withSwitch(flags, (client) =>
      client.call('enrol', { station, fingerprint }),
    );
    output.tell(`enrolled for station ${station} (entry ${entry})`);
  } catch (error) {
    if (!(error instanceof MscFault)) throw error;
    process.stderr.write(
      `not enrolled: ${error.message} (${error.code})\n` +
        `put the fingerprint into the registry file: [stations.${station}] fingerprints = ["${fingerprint}"]\n`,
    );
  }
}

export async function readAuthority(folder: string): Promise<CertificateAndKey> {
  const [certificatePem, keyPem] = await Promise.all([
    readPem(join(folder, 'ca.pem')),
    readPem(join(folder, 'ca.key')),
  ]);
  return { certificatePem, keyPem };
}

export async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new MscFault('MSC-1005', { detail: file, cause });
  }
}

/** The key first: a certificate without its key is of no use, a key without certificate does no harm. */
async function writePair(folder: string, name: string, pair: CertificateAndKey): Promise<void> {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  mustBeNew([key, certificate]);
  await creating(folder, () => mkdir(folder, { recursive: true }));
  await creating(key, () => writeFile(key, pair.keyPem, { mode: 0o600, flag: 'wx' }));
  await creating(certificate, () =>
    writeFile(certificate, pair.certificatePem, { mode: 0o644, flag: 'wx' }),
  );
}
