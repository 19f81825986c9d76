// `msc cert revoke`: the list grows, is the authority's own, and is never half written.

import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '#src/access/certificate';
import { plainHex } from '#src/access/der';
import { isSignedBy, readRevocationLists } from '#src/access/revocation';
import { type Ran, runMsc } from '#support/cli';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'msc-revoke-'));
  const now = new Date();
  const authority = await createAuthority({ name: 'Own', now });
  const other = await createAuthority({ name: 'Other', now });
  writeFileSync(at('ca.pem'), authority.certificatePem);
  writeFileSync(at('ca.key'), authority.keyPem);
  for (const [name, by] of [
    ['one', authority] as const,
    ['two', authority] as const,
    ['strange', other] as const,
  ]) {
    const issued = await issueCertificate({ authority: by, subject: name, usage: 'station', now });
    writeFileSync(at(`${name}.pem`), issued.certificatePem);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function revoke(...words: readonly string[]): Promise<Ran> {
  return runMsc(['cert', 'revoke', ...words, '--ca', folder, '--list', at('list.pem')]);
}

/** Serial numbers of the list, which is proved to be the authority's. */
function listed(): readonly string[] {
  const lists = readRevocationLists(readFileSync(at('list.pem'), 'utf8'));
  if (!lists.ok) throw new Error(lists.error);
  const own = new X509Certificate(readFileSync(at('ca.pem'), 'utf8'));
  expect(lists.value.map((list) => isSignedBy(list, own))).toEqual([true]);
  return lists.value.flatMap(({ revoked }) => [...revoked.keys()]);
}

const serial = (name: string): string =>
  plainHex(new X509Certificate(readFileSync(at(`${name}.pem`), 'utf8')).serialNumber);

it('makes the list, adds to it, and issues it anew as it is', async () => {
  expect(await revoke('--days', '1')).toMatchObject({ code: 0, stdout: `${at('list.pem')}\n` });
  expect(listed()).toEqual([]);
  expect((await revoke(at('one.pem'))).stderr).toContain('1 certificate revoked');
  expect((await revoke(at('two.pem'), at('one.pem'))).stderr).toContain('2 certificates revoked');
  const before = readFileSync(at('list.pem'), 'utf8');
  expect((await revoke()).code).toBe(0);
  expect(listed()).toEqual([serial('one'), serial('two')]);
  expect(readFileSync(at('list.pem'), 'utf8')).not.toBe(before);
  expect(existsSync(at('list.pem.new'))).toBe(false);
});

it('refuses what another signed, what is no list, and a list that holds too long', async () => {
  const before = readFileSync(at('list.pem'), 'utf8');
  expect(await revoke(at('strange.pem'))).toMatchObject({ code: 78, stdout: '' });
  expect(await revoke(at('none.pem'))).toMatchObject({ code: 66 });
  expect(await revoke('--days', '8')).toMatchObject({ code: 64 });
  expect(readFileSync(at('list.pem'), 'utf8')).toBe(before);
  writeFileSync(at('list.pem'), 'spoiled');
  const spoiled = await revoke(at('one.pem'));
  expect(spoiled.stderr).toContain('msc: MSC-2109: ');
  expect(spoiled.code).toBe(78);
  expect(readFileSync(at('list.pem'), 'utf8')).toBe('spoiled');
});
