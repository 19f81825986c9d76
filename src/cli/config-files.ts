// The files that a configuration names, opened as the switch opens them at its start: each can be read,
// holds what it should, and fits the others. Lists all that is wrong, in one fault; opens no port.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { Trust } from '#src/access/trust';
import type { Config } from '#src/config/load';
import { MscFault } from '#src/errors';

/** @throws MscFault MSC-1005 when files cannot be read and nothing else is wrong, else MSC-2101. */
export async function openNamedFiles(config: Config): Promise<void> {
  const flaws = (await Promise.all(identities(config).map(flawsOf))).flat();
  if (flaws.length === 0) return;
  const unread = flaws.every(({ code }) => code === 'MSC-1005');
  throw new MscFault(unread ? 'MSC-1005' : 'MSC-2101', {
    detail: flaws.map(({ text }) => text).join('\n'),
    hint: `put them in place, then: msc config check ${config.file}`,
  });
}

/** What one end of TLS is made from. */
interface Identity {
  readonly table: string;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly crl?: string | undefined;
}

interface Flaw {
  readonly code: 'MSC-1005' | 'MSC-2101';
  readonly text: string;
}

function identities({ listen, tls, upstreams }: Config): readonly Identity[] {
  const dialled = upstreams.map(({ name, certFile, keyFile, caFile }) => ({
    ...{ table: `upstreams.${name}`, cert: certFile, key: keyFile, ca: caFile },
  }));
  if (tls === undefined || listen.insecure) return dialled;
  const { certFile: cert, keyFile: key, clientCaFile: ca, crlFile: crl } = tls;
  return [{ table: 'tls', cert, key, ca, crl }, ...dialled];
}

async function flawsOf({ table, ...files }: Identity): Promise<readonly Flaw[]> {
  const flaws: Flaw[] = [];
  const read = async (file: string): Promise<string> => {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      const text = `${table}: ${file} ${gone ? 'is not there' : 'cannot be read'}`;
      flaws.push({ code: 'MSC-1005', text });
      return '';
    }
  };
  const [cert, key, ca, crl] = await Promise.all([
    ...[read(files.cert), read(files.key), read(files.ca)],
    ...(files.crl === undefined ? [] : [read(files.crl)]),
  ]);
  if (flaws.length > 0) return flaws;
  const certificate = 'is not a certificate';
  const tries: readonly (readonly [string, () => unknown])[] = [
    [`${files.cert} ${certificate}`, () => new X509Certificate(cert ?? '')],
    [`${files.ca} ${certificate}`, () => new X509Certificate(ca ?? '')],
    [`${files.key} is not a private key`, () => createPrivateKey(key ?? '')],
    [`${files.key} is not the key of ${files.cert}`, () => createSecureContext({ cert, key, ca })],
    [
      `${files.crl ?? ''} has not one list of each authority`,
      () => new Trust({ authorities: ca ?? '', lists: crl }),
    ],
  ];
  const failed = tries.find(([, attempt]) => fails(attempt));
  return failed === undefined ? [] : [{ code: 'MSC-2101', text: `${table}: ${failed[0]}` }];
}

function fails(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch {
    // Why is said by which attempt it was; what OpenSSL says helps nobody.
    return true;
  }
}
