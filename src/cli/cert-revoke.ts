// `msc cert revoke`: the authority's list of revoked certificates, written anew with some added. The list that
// is there must be the authority's own, and keeps what it holds. The file is replaced whole or not at all.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { createRevocationList } from '#src/access/certificate';
import { isSignedBy, readRevocationLists } from '#src/access/revocation';
import { MscFault } from '#src/errors';
import { readAuthority, readPem } from './cert.ts';
import type { Call } from './command.ts';
import { creating } from './new-file.ts';
import { counted } from './output.ts';

export async function revokeCerts({ args, flags, output }: Call): Promise<number> {
  const authority = await readAuthority(flags.need('ca', 'the folder of the authority'));
  const file = flags.need('list', 'the file of the list');
  const days = flags.integer('days', { least: 1, most: 7 }) ?? 7;
  const now = new Date();
  const own = certificateOf(authority.certificatePem, 'the authority');
  const before = await listed(file, own);
  const added = await Promise.all(args.map((name) => serialOf(name, own)));
  const fresh = added.filter((serial) => !before.some((old) => old.serial === serial));
  const revoked = [...before, ...fresh.map((serial) => ({ serial, date: now }))];
  const pem = await createRevocationList({ authority, revoked, days, now });
  await creating(file, async () => {
    await writeFile(`${file}.new`, pem, { mode: 0o644 });
    await rename(`${file}.new`, file);
  });
  output.tell(`${counted(revoked.length, 'certificate')} revoked; next: msc config reload`);
  await output.print(file);
  return 0;
}

/** What the list holds; nothing where there is none yet. */
async function listed(
  file: string,
  authority: X509Certificate,
): Promise<readonly { readonly serial: string; readonly date: Date }[]> {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new MscFault('MSC-1005', { detail: file, cause });
  });
  if (pem === undefined) return [];
  const lists = readRevocationLists(pem);
  if (!lists.ok) throw new MscFault('MSC-2109', { detail: `${file}: ${lists.error}` });
  const [list, another] = lists.value;
  if (list === undefined || another !== undefined || !isSignedBy(list, authority))
    throw new MscFault('MSC-2109', { detail: `${file} is not the list of this authority alone` });
  return [...list.revoked].map(([serial, dateMs]) => ({ serial, date: new Date(dateMs) }));
}

async function serialOf(file: string, authority: X509Certificate): Promise<string> {
  const certificate = certificateOf(await readPem(file), file);
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey))
    throw new MscFault('MSC-2101', { detail: `${file} was not signed by this authority` });
  return certificate.serialNumber.toLowerCase().replace(/^0+(?=.)/, '');
}

function certificateOf(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new MscFault('MSC-2101', { detail: `${what} is no certificate`, cause });
  }
}
