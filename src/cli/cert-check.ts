// `msc cert check`: until when certificates are valid, and for what; and of the configuration's lists of
// revoked certificates, whose each is and until when it holds. Exit 1 when a certificate ends within 30 days,
// or a list within 72 hours.

import { readFile } from 'node:fs/promises';
import { describeCertificate } from '#src/access/certificate';
import type { CertificateDescription } from '#src/access/certificate';
import { nameOf, Trust } from '#src/access/trust';
import { loadConfig, readText, type Config } from '#src/config/load';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { configFile } from './installation.ts';
import { printRows } from './rows.ts';
import type { Row } from './rows.ts';

/** The alert of operator-experience 9: a certificate that ends in less than this many days. */
const warnDays = 30;
/** The first alarm about a list. @source security 3, Revocation */
const warnListMs = 72 * 3_600_000;
const dayMs = 86_400_000;

export async function checkCerts({ args, flags, output }: Call): Promise<number> {
  const rows =
    args.length > 0
      ? await describeAll(args)
      : await configured(await loadConfig(configFile(flags)));
  const columns = [
    { name: 'file', least: 16 },
    { name: 'subject', least: 10 },
    { name: 'usage', cell: (row: Row) => String(row['usage']) },
    { name: 'ends', cell: endsCell },
    { name: 'days_left', title: 'DAYS', right: true },
    { name: 'state' },
  ];
  const form = {
    ...{ schema: 'msc.cert-check/1', member: 'certificates', columns },
    members: ['names', 'fingerprint', 'revoked'],
  };
  await printRows(output, form, rows);
  return rows.every((row) => row['state'] === 'ok') ? 0 : 1;
}

async function configured(config: Config): Promise<readonly Row[]> {
  const { tls } = config;
  const lists =
    tls?.crlFile === undefined ? [] : await describeLists(tls.clientCaFile, tls.crlFile);
  return [...(await describeAll(filesIn(config))), ...lists];
}

/** The certificates that a configuration names. @throws MscFault as `loadConfig` does */
export async function configuredFiles(file: string): Promise<readonly string[]> {
  return filesIn(await loadConfig(file));
}

function filesIn({ tls, upstreams }: Config): readonly string[] {
  const own = tls === undefined ? [] : [tls.certFile, tls.clientCaFile];
  return [...new Set([...own, ...upstreams.flatMap(({ certFile, caFile }) => [certFile, caFile])])];
}

function describeAll(files: readonly string[]): Promise<readonly Row[]> {
  return Promise.all(files.map(describe));
}

/** One row for each authority: it has one list. @throws MscFault MSC-2109 where it has none, or two. */
async function describeLists(caFile: string, file: string): Promise<readonly Row[]> {
  const [authorities, lists] = await Promise.all([readText(caFile), readText(file)]);
  const nowMs = Date.now();
  return new Trust({ authorities, lists }).authorities.flatMap(({ certificate, list }) => {
    if (list === undefined) return [];
    const { thisUpdateMs, nextUpdateMs, revoked } = list;
    return {
      file,
      subject: nameOf(certificate),
      usage: 'list',
      ends: new Date(nextUpdateMs).toISOString(),
      days_left: Math.floor((nextUpdateMs - nowMs) / dayMs),
      state: listState({ beginsMs: thisUpdateMs, leftMs: nextUpdateMs - nowMs, nowMs }),
      revoked: revoked.size,
    };
  });
}

function listState(list: {
  readonly beginsMs: number;
  readonly leftMs: number;
  readonly nowMs: number;
}): string {
  if (list.beginsMs > list.nowMs) return 'not yet valid';
  if (list.leftMs <= 0) return 'expired';
  return list.leftMs <= warnListMs ? 'ends soon' : 'ok';
}

/** A list holds for days alone: of it the hour counts too. */
function endsCell(row: Row): string {
  const ends = String(row['ends']);
  return row['usage'] === 'list'
    ? `${ends.slice(0, 10)} ${ends.slice(11, 16)}Z`
    : ends.slice(0, 10);
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
