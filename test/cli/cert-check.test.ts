// `msc cert check` on the lists of revoked certificates that a configuration names.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  createAuthority,
  createRevocationList,
  issueCertificate,
  type CertificateAndKey,
} from '#src/access/certificate';
import { demoConfig } from '#src/cli/demo/plan';
import { type Ran, runMsc } from '#support/cli';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let folder: string;
let authority: CertificateAndKey;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'msc-check-'));
  mkdirSync(at('tls'));
  const now = new Date();
  authority = await createAuthority({ name: 'Own', now });
  writeFileSync(at('tls/ca.pem'), authority.certificatePem);
  for (const [subject, usage] of [
    ['switch', 'switch'],
    ['DEMO-SWITCH', 'station'],
  ] as const) {
    const pair = await issueCertificate({ authority, subject, usage, now });
    writeFileSync(at(`tls/${subject}.pem`), pair.certificatePem);
    writeFileSync(at(`tls/${subject}.key`), pair.keyPem);
  }
});
beforeEach(() => {
  const toml = demoConfig({ stations: 1, http: 2, state: 3 });
  const listed = toml.replace('client_ca_file', 'crl_file = "tls/list.pem"\nclient_ca_file');
  writeFileSync(at('msc.toml'), listed);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A list of an authority that holds about so long from now, to the half of an hour: no second matters. */
async function putList(leftMs: number, by = authority): Promise<Date> {
  const now = new Date(Date.now() + Math.min(0, leftMs) - dayMs);
  const revoked = [{ serial: '0a', date: now }];
  const endMs = (Math.floor((Date.now() + leftMs) / hourMs) + 0.5) * hourMs;
  const days = (endMs - now.getTime()) / dayMs;
  writeFileSync(
    at('tls/list.pem'),
    await createRevocationList({ authority: by, revoked, days, now }),
  );
  return new Date(endMs);
}

const check = (...words: readonly string[]): Promise<Ran> =>
  runMsc(['cert', 'check', '--config', at('msc.toml'), ...words]);

it.each([
  ['ok', 98 * hourMs, 0],
  ['ok', 74 * hourMs, 0],
  ['ends soon', 70 * hourMs, 1],
  ['expired', -2 * hourMs, 1],
])('a list is shown with its authority as %s when %i ms are left', async (state, leftMs, code) => {
  const end = await putList(leftMs);
  const shown = await check();
  const minute = end.toISOString().slice(0, 13).replace('T', ' ');
  const days = Math.floor(leftMs / dayMs);
  expect(shown.stdout).toMatch(
    new RegExp(`tls/list\\.pem +CN=Own +list +${minute}:\\d\\dZ +${days} +${state}\\n`),
  );
  expect([shown.code, shown.stderr]).toEqual([code, '']);
  const json = JSON.parse((await check('--json')).stdout) as { certificates: readonly unknown[] };
  expect(json.certificates).toHaveLength(4);
  expect(json.certificates.at(-1)).toMatchObject({ usage: 'list', state, revoked: 1 });
});

it('a list of another authority is refused, and without a list there is none', async () => {
  await putList(dayMs, await createAuthority({ name: 'Other', now: new Date() }));
  const strange = await check();
  expect([strange.code, strange.stdout]).toEqual([78, '']);
  expect(strange.stderr).toMatch(/^msc: MSC-2109: /);
  writeFileSync(at('msc.toml'), demoConfig({ stations: 1, http: 2, state: 3 }));
  const none = await check();
  expect([none.code, none.stdout.includes('list')]).toEqual([0, false]);
});
