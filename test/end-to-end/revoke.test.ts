// A certificate that is revoked, has ended, or whose authority is gone: its links end by themselves, with their
// sign-on, and it is not let in again. Lists that end soon or have ended are said, once, in time.

import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '#src/access/certificate';
import type { Station } from '#src/sim/station';
import {
  askReload,
  authorityOf,
  connectWith,
  detailOf,
  endOf,
  enrolled,
  eventOf,
  eventsOf,
  Files,
  listFor,
  reload,
} from '#support/files';
import { openWorld, until, type World } from '#support/world';

let world: World;
let files: Files;
/** Signed on before everything, with a good certificate: it must never notice. */
let old: Station;
/** The last test leaves the upstream without a good certificate. */
let stateIsGone = false;
beforeAll(async () => {
  world = await openWorld();
  files = new Files(world);
  old = (await world.signOn('DEMO-DISP-02', 'mroe')).station;
});
afterAll(() => world.close());
afterEach(async () => {
  expect(old.open).toBe(true);
  if (!stateIsGone) expect(await old.request(question)).toMatchObject({ kind: 'answered' });
  files.restore();
  await askReload(world);
});

const question = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';
const cutMs = 5_000;

function withList(more = ''): void {
  files.edit('client_ca_file', `${more}crl_file = "tls/revoked.pem"\nclient_ca_file`);
}

/** The events of that station since the one before. */
async function lastOf(station: string, event: string): Promise<Readonly<Record<string, unknown>>> {
  return eventOf(world, event, (row) => row['station'] === station);
}

describe('a certificate on the list', () => {
  it('loses its live link within 5 s, its sign-on, and its way in; a new one is let in', async () => {
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const end = endOf(station);
    const list = files.path('tls/revoked.pem');
    const pem = files.path('tls/DEMO-DISP-01.pem');
    const made = await world.msc(
      ...['cert', 'revoke', pem, '--ca', files.path('tls'), '--list', list],
    );
    expect(made).toMatchObject({ code: 0, stdout: `${list}\n` });
    withList();
    const sinceMs = Date.now();
    const done = await reload(world);
    expect(done.stderr).toMatch(/, 1 link ended \(entry/);
    expect(done.stdout).toMatch(/~ tls\.crl_file: list of CN=msc demo authority, 1 revoked, until/);
    expect(await end).toBe('C02');
    expect(Date.now() - sinceMs).toBeLessThan(cutMs);
    expect(await lastOf('DEMO-DISP-01', 'security')).toMatchObject({
      code: 'C02',
      reason: 'the certificate is revoked',
    });
    expect(await lastOf('DEMO-DISP-01', 'sign-off')).toMatchObject({ user: 'jdoe' });
    expect(await lastOf('DEMO-DISP-01', 'link-down')).toMatchObject({ code: 'C02' });
    await expect(world.connect('DEMO-DISP-01')).rejects.toThrow(/is not reachable/);

    const issued = await enrolled(world, 'DEMO-DISP-01');
    const again = await connectWith(world, 'DEMO-DISP-01', issued);
    expect(again.welcome).toMatchObject({ mnemonics: ['QZ01'] });
    expect(again.welcome.user).toBeUndefined();
    await again.leave();
    // Issued anew with one more: what was revoked stays so.
    const more = files.path('tls/DEMO-MDT-03.pem');
    await world.msc('cert', 'revoke', more, '--ca', files.path('tls'), '--list', list);
    expect((await reload(world)).stdout).toContain(', 2 revoked, ');
    await expect(world.connect('DEMO-DISP-01')).rejects.toThrow(/is not reachable/);
    await expect(world.connect('DEMO-MDT-03')).rejects.toThrow(/is not reachable/);
  });

  it('is cut off though it has said nothing yet, or reads nothing', async () => {
    const { host, port, ca, cert, key } = world.options('DEMO-DISP-03');
    const silent = connect({ host, port, ca, cert, key });
    silent.on('error', () => silent.destroy());
    await once(silent, 'secureConnect');
    silent.pause();
    const deaf = await world.connect('DEMO-PRT-01');
    const serials = ['DEMO-DISP-03', 'DEMO-PRT-01'].map((name) => files.serial(name));
    files.write('tls/revoked.pem', await listFor(authorityOf(world), 3600, serials));
    withList();
    await until('both links', async () => ((await unknownLinks()) === 1 ? true : undefined));
    const end = endOf(deaf);
    const sinceMs = Date.now();
    expect((await askReload(world)).cut).toBe(2);
    expect(await end).toBe('C02');
    await until('no link', async () => ((await unknownLinks()) === 0 ? true : undefined));
    expect(Date.now() - sinceMs).toBeLessThan(cutMs);
    silent.destroy();
  });
});

describe('an authority', () => {
  it('that leaves the file takes its links along, and comes back with it', async () => {
    const authority = await createAuthority({ name: 'Second CA', now: new Date() });
    const both = files.read('tls/ca.pem') + authority.certificatePem;
    files.write('tls/both.pem', both);
    files.edit('client_ca_file = "tls/ca.pem"', 'client_ca_file = "tls/both.pem"');
    await askReload(world);
    const issued = await enrolled(world, 'DEMO-MDT-01', { authority });
    const station = await connectWith(world, 'DEMO-MDT-01', issued);
    const end = endOf(station);
    files.write('tls/both.pem', files.read('tls/ca.pem'));
    expect((await askReload(world)).cut).toBe(1);
    expect(await end).toBe('C02');
    expect(await lastOf('DEMO-MDT-01', 'security')).toMatchObject({
      reason: 'the authority of the certificate is not trusted here',
    });
    await expect(connectWith(world, 'DEMO-MDT-01', issued)).rejects.toThrow(/is not reachable/);
    files.write('tls/both.pem', both);
    await askReload(world);
    await (await connectWith(world, 'DEMO-MDT-01', issued)).leave();
  });
});

describe('a list', () => {
  const alarms = async (): Promise<readonly Record<string, unknown>[]> =>
    (await eventsOf(world, 'alarm')).map((row) => detailOf(row));
  const attention = async (): Promise<string> => (await world.msc('status')).stdout;

  it('that ends in less than 72 h, then less than 24 h, is alarmed of once each', async () => {
    files.write('tls/revoked.pem', await listFor(authorityOf(world), 30 * 3600));
    withList();
    const before = (await alarms()).length;
    await askReload(world);
    await eventOf(world, 'alarm', (row) => detailOf(row)['code'] === 'MSC-2110');
    expect(await attention()).toMatch(/MSC-2110 list of CN=msc demo authority: 29 hours left/);
    await askReload(world);
    files.write('tls/revoked.pem', await listFor(authorityOf(world), 20 * 3600));
    await askReload(world);
    await until('the second', async () =>
      (await alarms()).length >= before + 2 ? true : undefined,
    );
    await askReload(world);
    const said = (await alarms()).slice(before);
    expect(said.map(({ code }) => code)).toEqual(['MSC-2110', 'MSC-2110']);
    expect(files.read('log/switch.log')).toContain('"code":"MSC-2110"');
  });

  it('that has ended keeps new links out, or only alarms, as configured; who is revoked stays out', async () => {
    const serials = [files.serial('DEMO-MDT-03')];
    files.write('tls/revoked.pem', await listFor(authorityOf(world), 3, serials));
    withList();
    await askReload(world);
    await (await world.connect('DEMO-MDT-02')).leave();
    await eventOf(world, 'alarm', (row) => detailOf(row)['code'] === 'MSC-2111');
    expect(await attention()).toMatch(/MSC-2111 list of CN=msc demo authority: ended/);
    await expect(world.connect('DEMO-MDT-02')).rejects.toThrow(/is not reachable/);
    await expect(askReload(world)).rejects.toMatchObject({ code: 'MSC-2111', exit: 78 });

    files.edit('crl_file', 'crl_expired = "alarm"\ncrl_file');
    await askReload(world);
    await (await world.connect('DEMO-MDT-02')).leave();
    await expect(world.connect('DEMO-MDT-03')).rejects.toThrow(/is not reachable/);
    // A restart of the switch is no way around it.
    await world.stop();
    await world.restart();
    old = await world.connect('DEMO-DISP-02', { session: old.session });
    expect(old.user).toBe('mroe');
    await (await world.connect('DEMO-MDT-02')).leave();
    await expect(world.connect('DEMO-MDT-03')).rejects.toThrow(/is not reachable/);
  });
});

describe('a certificate that ends', () => {
  it('takes its link along: of a station, and ours to an upstream, which then needs a good one', async () => {
    const authority = authorityOf(world);
    const wish = { authority, subject: 'localhost', usage: 'switch', days: 5 / 86_400 } as const;
    stateIsGone = true;
    process.kill(world.demo.upstreams[0]?.pid ?? 0, 'SIGKILL');
    await eventOf(world, 'link-down', (row) => row['upstream'] === 'STATE');
    const ups = (await eventsOf(world, 'link-up')).length;
    const issued = await issueCertificate({ ...wish, now: new Date() });
    files.write('tls/state.pem', issued.certificatePem);
    files.write('tls/state.key', issued.keyPem);
    world.restartState();
    await until('the upstream', async () =>
      (await eventsOf(world, 'link-up')).length > ups ? true : undefined,
    );
    const short = await enrolled(world, 'DEMO-DISP-03', { seconds: 3 });
    const station = await connectWith(world, 'DEMO-DISP-03', short);
    expect(await endOf(station)).toBe('C02');
    expect(Date.now()).toBeLessThan(short.notAfter.getTime() + 60_000);
    const reason = 'the certificate has ended';
    expect(await lastOf('DEMO-DISP-03', 'security')).toMatchObject({ reason });
    await expect(connectWith(world, 'DEMO-DISP-03', short)).rejects.toThrow(/is not reachable/);

    const row = await eventOf(world, 'security', ({ upstream }) => upstream === 'STATE');
    expect(row).toMatchObject({ reason });
    expect(Date.now()).toBeLessThan(issued.notAfter.getTime() + 60_000);
    await until('a refused attempt', () =>
      world.log.includes('CERT_HAS_EXPIRED') ? true : undefined,
    );
  });
});

/** Links that are before their HELLO or closing. */
async function unknownLinks(): Promise<number> {
  const answer = await fetch(`${world.demo.switch.http}/metrics`);
  const text = await answer.text();
  return Number(/msc_links\{link_kind="unknown"[^}]*\} (\d+)/.exec(text)?.[1]);
}
