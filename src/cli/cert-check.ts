// `msc cert check`: until when certificates are valid, and for what. Exit 1 when one ends within 30 days.

import { readFile } from 'node:fs/promises';
import { describeCertificate } from '#src/access/certificate';
import type { CertificateDescription } from '#src/access/certificate';
import { loadConfig } from '#src/config/load';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { configFile } from './installation.ts';
import { printRows } from './rows.ts';
import type { Row } from './rows.ts';

/** The alert of operator-experience 9: a certificate that ends in less than this many days. */
const warnDays = 30;

export async function checkCerts({ args, flags, output }: Call): Promise<number> {
  const files = args.length > 0 ? args : await configuredFiles(configFile(flags));
  const rows = await Promise.all(files.map(describe));
  const columns = [
    { name: 'file', least: 16 },
    { name: 'subject', least: 10 },
    { name: 'usage', cell: (row: Row) => String(row['usage']) },
    { name: 'ends', cell: (row: Row) => String(row['ends']).slice(0, 10) },
    { name: 'days_left', title: 'DAYS', right: true },
    { name: 'state' },
  ];
  const form = {
    ...{ schema: 'msc.cert-check/1', member: 'certificates', columns },
    members: ['names', 'fingerprint'],
  };
  await printRows(output, form, rows);
  return rows.every((row) => row['state'] === 'ok') ? 0 : 1;
}

/** The certificates that a configuration names. @throws MscFault as `loadConfig` does */
export async function configuredFiles(file: string): Promise<readonly string[]> {
  const { tls, upstreams } = await loadConfig(file);
  const own = tls === undefined ? [] : [tls.certFile, tls.clientCaFile];
  return [...new Set([...own, ...upstreams.flatMap(({ certFile, caFile }) => [certFile, caFile])])];
}

/** @throws MscFault MSC-1005, MSC-2101 */
export async function describeFile(file: string): Promise<CertificateDescription> {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new MscFault('MSC-1005', { detail: file, cause });
  });
  return described(file, pem);
}

async function describe(file: string): Promise<Row> {
  const found = await describeFile(file);
  return {
    file,
    subject: found.subject,
    names: found.names,
    usage: found.isAuthority ? 'authority' : found.usage.join(' '),
    ends: found.notAfter.toISOString(),
    days_left: found.daysLeft,
    state: stateOf(found),
    fingerprint: found.fingerprint,
  };
}

function described(file: string, pem: string): CertificateDescription {
  try {
    return describeCertificate(pem, new Date());
  } catch (cause) {
    const hint = 'name a file that holds a certificate as PEM';
    throw new MscFault('MSC-2101', { detail: `${file} is no certificate`, hint, cause });
  }
}

function stateOf({
  daysLeft,
  notBefore,
}: {
  readonly daysLeft: number;
  readonly notBefore: Date;
}): string {
  if (notBefore > new Date()) return 'not yet valid';
  if (daysLeft < 0) return 'expired';
  return daysLeft < warnDays ? 'ends soon' : 'ok';
}
