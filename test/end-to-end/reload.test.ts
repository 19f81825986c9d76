// A running switch takes a new configuration whole, or nothing of it, and says so to whoever asked, in the log
// and in the journal. Old links go on with what WELCOME told them; the TLS profile never loosens.

import { spawn } from 'node:child_process';
import { constants, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '#src/access/certificate';
import type { Station } from '#src/sim/station';
import { askReload, authorityOf, detailOf, eventOf, Files, listFor, reload } from '#support/files';
import { openWorld, until, type World } from '#support/world';

let world: World;
let files: Files;
/** Signed on before everything: it must never notice. */
let old: Station;
beforeAll(async () => {
  world = await openWorld();
  files = new Files(world);
  old = (await world.signOn('DEMO-DISP-02', 'mroe')).station;
});
afterAll(() => world.close());
afterEach(async () => {
  files.restore();
  await askReload(world);
  expect(old.open).toBe(true);
  expect(await old.request(question)).toMatchObject({ kind: 'answered' });
});

const question = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';
const links = '\n[links]\nwindow = 7\nframe_bytes_max = "8KiB"\nkeep_alive = "6s"\n';
const log = (): string => readFileSync(files.path('log/switch.log'), 'utf8');

async function welcomeOf(name: string): Promise<{ window: number; frameBytesMax: number }> {
  const station = await world.connect(name);
  const { window, frameBytesMax, keepAliveMs } = station.welcome;
  await station.leave();
  return { window, frameBytesMax, ...(keepAliveMs === 30_000 ? {} : { keepAliveMs }) };
}

describe('a reload', () => {
  it('takes limits for new links, and says what changed, in words and in an entry', async () => {
    files.write('msc.toml', files.read('msc.toml') + links);
    const { stdout, stderr, code } = await reload(world, '--reason', 'fewer at once');
    expect(code).toBe(0);
    expect(stdout).toContain('~ links.window: 32 → 7');
    expect(stdout).toContain('~ links.frame_bytes_max: "32KiB" → "8KiB"');
    expect(stderr).toMatch(/reloaded: 3 changes \(entry \d+\)/);
    const now = await welcomeOf('DEMO-DISP-03');
    expect(now).toEqual({ window: 7, frameBytesMax: 8192, keepAliveMs: 6000 });
    expect(old.welcome.window).toBe(32);
    const digest = createHash('sha256').update(files.read('msc.toml')).digest('hex');
    const row = await eventOf(world, 'config');
    expect(row).toMatchObject({ reason: 'fewer at once' });
    expect(row['person']).toEqual(expect.any(String));
    expect(detailOf(row)).toMatchObject({ outcome: 'applied', configuration: digest });
    expect(String(detailOf(row)['changed'])).toContain('links.window');
    expect(JSON.stringify(row)).not.toContain('PRIVATE KEY');
  });

  it('comes by SIGHUP too, and the log level changes with it', async () => {
    files.write('msc.toml', `${files.read('msc.toml')}\n[log]\nlevel = "error"\n`);
    process.kill(world.pid, 'SIGHUP');
    const row = await eventOf(world, 'config', ({ reason }) => reason === 'SIGHUP');
    expect(detailOf(row)).toMatchObject({ outcome: 'applied', changed: 'log.level' });
    const before = log().length;
    await (await world.connect('DEMO-DISP-03')).leave();
    await eventOf(world, 'link-down', ({ station }) => station === 'DEMO-DISP-03');
    expect(log().slice(before)).not.toContain('DEMO-DISP-03');
  });

  it('takes policy times: an idle terminal is signed off sooner', async () => {
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const off = new Promise((resolve) => station.once('signOff', resolve));
    files.write('msc.toml', `${files.read('msc.toml')}\n[policy]\nsign_on_idle = "5s"\n`);
    const stop = setInterval(() => old.send('QZ02', 'KEEP1.' + question), 300);
    await askReload(world);
    expect(await off).toBe('idle');
    clearInterval(stop);
    files.restore();
    await askReload(world);
    await station.leave();
  });

  it('takes the limit of connections', async () => {
    const { port } = world.demo.switch;
    files.edit(
      `address = "127.0.0.1:${port}"`,
      `address = "127.0.0.1:${port}"\nconnections_max = 2`,
    );
    expect((await reload(world)).stdout).toContain('~ listen.connections_max: 500 → 2');
    // STATE and the old one are two.
    await expect(world.connect('DEMO-DISP-03')).rejects.toThrow(/C08/);
  });

  it('of nothing new says so', async () => {
    expect((await reload(world)).stderr).toMatch(/nothing changed/);
  });
});

describe('a wrong file changes nothing:', () => {
  const wrongs: readonly (readonly [string, string, number, () => Promise<void> | void])[] = [
    ['not TOML', 'MSC-1103', 78, () => files.edit('[tls]', '[tls')],
    ['an unknown key', 'MSC-1104', 78, () => files.edit('[tls]', '[tls]\nkeyfile = "x"')],
    ['a bad value', 'MSC-1101', 78, () => files.edit('window = 7', 'window = 5000')],
    ['a file that is gone', 'MSC-1005', 66, () => files.remove('tls/switch.pem')],
    ['a key of another', 'MSC-2101', 78, () => files.write('tls/switch.key', otherKey())],
    ['a certificate that is none', 'MSC-2101', 78, writeNoAuthority],
    ['a certificate that ended', 'MSC-2108', 78, writeEnded],
    ['a list that is none', 'MSC-2109', 78, () => writeList('no list')],
    ['a list that expired', 'MSC-2111', 78, async () => writeList(await listOf(-60))],
    ['a list of nobody of ours', 'MSC-2109', 78, async () => writeList(await foreignList())],
    ["an upstream's key that is gone", 'MSC-1005', 66, () => files.remove('tls/DEMO-SWITCH.key')],
    [
      "an upstream's authority that is none",
      'MSC-2101',
      78,
      () => files.edit('ca_file = "tls/ca.pem"\nroutes', 'ca_file = "tls/ca.key"\nroutes'),
    ],
    ['another address', 'MSC-1105', 78, () => files.edit(ownAddress(), '127.0.0.1:0')],
    ['another folder', 'MSC-1105', 78, () => files.edit('folder = "."', 'folder = "data"')],
    ['another socket', 'MSC-1105', 78, () => files.edit('run/control.sock', 'run/other.sock')],
  ];

  it.each(wrongs)('%s is %s', async (_, code, exit, spoil) => {
    // A good change beside the bad one: it must not slip in.
    files.write('msc.toml', files.read('msc.toml') + links);
    await spoil();
    const before = log().length;
    await expect(askReload(world)).rejects.toMatchObject({ code, exit });
    const lines = log()
      .slice(before)
      .split('\n')
      .filter((line) => line.includes('"reload-refused"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ code, level: 'error' });
    const row = await eventOf(world, 'config');
    expect(detailOf(row)).toMatchObject({ outcome: 'refused', code });
    expect(JSON.stringify([row, lines])).not.toContain('PRIVATE KEY');
    expect(await welcomeOf('DEMO-DISP-03')).toEqual({ window: 32, frameBytesMax: 32_768 });
  });

  it('a setting that needs a restart is named', async () => {
    files.edit('folder = "."', 'folder = "elsewhere"');
    files.edit('name = "DEMO-099"', 'name = "DEMO-098"');
    const { stderr, stdout, code } = await reload(world);
    expect(stderr).toMatch(/^msc: MSC-1105: .*nothing was changed: switch\.name, data\.folder/);
    expect({ stdout, code }).toEqual({ stdout: '', code: 78 });
  });
});

const ownAddress = (): string => `127.0.0.1:${world.demo.switch.port}`;
const otherKey = (): string => files.read('tls/state.key');
const listOf = (seconds: number): Promise<string> => listFor(authorityOf(world), seconds);

function writeList(pem: string): void {
  files.write('tls/crl.pem', pem);
  files.edit('client_ca_file', 'crl_file = "tls/crl.pem"\nclient_ca_file');
}

async function foreignList(): Promise<string> {
  return listFor(await createAuthority({ name: 'Foreign CA', now: new Date() }), 3600);
}

function writeNoAuthority(): void {
  files.write('tls/none.pem', 'none');
  files.edit('client_ca_file = "tls/ca.pem"', 'client_ca_file = "tls/none.pem"');
}

async function writeEnded(): Promise<void> {
  const now = new Date(Date.now() - 86_400_000);
  const authority = authorityOf(world);
  const wish = { authority, subject: 'localhost', usage: 'switch', days: 0.5, now } as const;
  const issued = await issueCertificate(wish);
  files.write('tls/switch.pem', issued.certificatePem);
  files.write('tls/switch.key', issued.keyPem);
}

describe('the certificate of the switch', () => {
  it('is another for whoever comes after the reload', async () => {
    const before = (await handshake({})).serial;
    const authority = authorityOf(world);
    const wish = { authority, subject: 'localhost', usage: 'switch', now: new Date() } as const;
    const issued = await issueCertificate({ ...wish, addresses: ['127.0.0.1'] });
    files.write('tls/switch.pem', issued.certificatePem);
    files.write('tls/switch.key', issued.keyPem);
    const { stdout } = await reload(world);
    expect(stdout).toContain('~ tls.cert_file: certificate CN=localhost until ');
    expect(stdout).toContain('~ tls.key_file: a private key');
    const after = (await handshake({})).serial;
    expect(after).not.toBe(before);
    expect(await welcomeOf('DEMO-DISP-03')).toEqual({ window: 32, frameBytesMax: 32_768 });
  });
});

describe('before and after a reload with a list', () => {
  it('TLS 1.2, weak groups, resumption and who is revoked are refused alike', async () => {
    await expectProfile();
    const serial = files.serial('DEMO-MDT-03');
    writeList(await listFor(authorityOf(world), 3600, [serial]));
    await askReload(world);
    await expectProfile();
    await expect(world.connect('DEMO-MDT-03')).rejects.toThrow();
    // Once more, with nothing but another list.
    files.write('tls/crl.pem', await listFor(authorityOf(world), 7200, [serial]));
    await askReload(world);
    await expectProfile();
    await expect(world.connect('DEMO-MDT-03')).rejects.toThrow();
    expect(await welcomeOf('DEMO-DISP-03')).toEqual({ window: 32, frameBytesMax: 32_768 });
  });

  it('TLS 1.2 is taken where the configuration says so, without renegotiation, and not before', async () => {
    expect((await handshake({ maxVersion: 'TLSv1.2' })).error).toBeDefined();
    files.edit('[tls]', '[tls]\nminimum = "1.2"');
    await askReload(world);
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toMatchObject({ protocol: 'TLSv1.2' });
    const cbc = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA384' } as const;
    expect((await handshake(cbc)).error).toBeDefined();
    files.restore();
    await askReload(world);
    expect((await handshake({ maxVersion: 'TLSv1.2' })).error).toBeDefined();
  });
});

async function expectProfile(): Promise<void> {
  expect((await handshake({ maxVersion: 'TLSv1.2' })).error).toBeDefined();
  expect((await handshake({ ecdhCurve: 'X25519' })).error).toBeDefined();
  expect((await handshake({ ciphers: 'TLS_CHACHA20_POLY1305_SHA256' })).error).toBeDefined();
  expect((await handshake({ cert: '', key: '' })).error).toBeDefined();
  const good = await handshake({});
  expect(good.protocol).toBe('TLSv1.3');
  expect(good.group).toMatch(/^(prime256v1|secp384r1)$/);
  // TLS 1.3 names the session all the same; to name it again gives nothing.
  expect((await handshake({ session: good.session })).reused).toBe(false);
  const said = await openssl('-tls1_2');
  expect(said).toMatch(/alert protocol version|no protocols available|Cipher is \(NONE\)/);
  expect(await openssl('-tls1_3', '-groups', 'X25519')).toMatch(
    /handshake failure|Cipher is \(NONE\)/,
  );
  expect(await openssl('-tls1_3', '-groups', 'P-384')).toMatch(
    /New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384/,
  );
}

interface Handshake {
  readonly error?: string;
  readonly protocol?: string | null;
  readonly group?: string;
  readonly serial?: string | undefined;
  readonly reused?: boolean;
  /** The last that the switch offered to resume by. */
  readonly session?: Buffer | undefined;
}

/** A station's handshake with a few options its own; alive long enough for the server to refuse it. */
function handshake(own: ConnectionOptions): Promise<Handshake> {
  const { host, port, ca, cert, key } = world.options('DEMO-MDT-02');
  return new Promise((resolve) => {
    let session: Buffer | undefined;
    let seen: Handshake = {};
    const secureOptions = constants.SSL_OP_NO_RENEGOTIATION;
    const socket = connect({ host, port, ca, cert, key, secureOptions, ...own });
    socket.on('session', (offered: Buffer) => (session = offered));
    socket.on('error', (error: NodeJS.ErrnoException) => (seen = { error: error.code ?? 'error' }));
    socket.on('secureConnect', () => {
      const info: unknown = socket.getEphemeralKeyInfo();
      const group = typeof info === 'object' && info !== null && 'name' in info ? info.name : '';
      const { serialNumber: serial } = socket.getPeerCertificate();
      seen = {
        protocol: socket.getProtocol(),
        group: String(group),
        serial,
        reused: socket.isSessionReused(),
      };
      // Not the protocol: whoever was let in hears CLOSE, which proves that TLS was done on both sides.
      socket.write('GET / HTTP/1.1\r\nHost: switch\r\n\r\n');
    });
    let octets = 0;
    socket.on('data', (chunk: Buffer) => {
      octets += chunk.length;
      socket.end();
    });
    socket.on('close', () => {
      if (octets === 0 && seen.error === undefined) seen = { error: 'closed without a word' };
      resolve({ ...seen, session });
    });
  });
}

function openssl(...words: readonly string[]): Promise<string> {
  const { port } = world.demo.switch;
  const { ca } = world.demo;
  const { cert, key } = world.station('DEMO-MDT-02');
  const pair = ['-cert', cert, '-key', key, '-CAfile', ca];
  return new Promise((resolve) => {
    const all = ['s_client', '-connect', `127.0.0.1:${port}`, ...pair, ...words];
    const child = spawn('openssl', all, { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('close', () => resolve(said));
    child.stdin.end();
  });
}

describe('upstreams', () => {
  it('are left, added and dialled anew by a reload', async () => {
    const upstream = (state: string): Promise<unknown> =>
      until(`the upstream ${state}`, async () => {
        const { stdout } = await world.msc('status', '--json');
        const report = JSON.parse(stdout) as { upstreams: { state: string }[] };
        const now = report.upstreams[0]?.state ?? 'gone';
        return now === state ? now : undefined;
      });
    await upstream('up');
    const toml = files.read('msc.toml');
    files.write('msc.toml', toml.slice(0, toml.indexOf('[upstreams.STATE]')));
    expect((await reload(world)).stdout).toContain('~ upstreams.STATE.address');
    await upstream('gone');
    expect(await eventOf(world, 'link-down', (row) => row['upstream'] === 'STATE')).toMatchObject({
      code: 'C18',
    });
    files.restore();
    await askReload(world);
    await upstream('up');
    const ups = (await world.entries('--event', 'link-up', '--upstream', 'STATE')).length;
    // Another certificate of ours there: the link that stood on the old one goes, and comes again.
    const authority = authorityOf(world);
    const wish = { authority, subject: 'DEMO-SWITCH', usage: 'station', now: new Date() } as const;
    const issued = await issueCertificate(wish);
    files.write('tls/DEMO-SWITCH.pem', issued.certificatePem);
    files.write('tls/DEMO-SWITCH.key', issued.keyPem);
    expect((await reload(world)).stdout).toContain('~ upstreams.STATE.cert_file');
    await until('the upstream again', async () => {
      const rows = await world.entries('--event', 'link-up', '--upstream', 'STATE');
      return rows.length > ups ? true : undefined;
    });
    // A change of nothing that concerns it leaves it alone.
    files.write('msc.toml', files.read('msc.toml') + links);
    await askReload(world);
    const after = await world.entries('--event', 'link-up', '--upstream', 'STATE');
    expect(after).toHaveLength(ups + 1);
  });
});
