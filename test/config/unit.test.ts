// The files for systemd: what a configuration makes of them, and what systemd's own tools say of the result.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configOf, type Config } from '#src/config/load';
import { serviceUnit } from '#src/config/unit';
import { sysusersFile, tmpfilesFile } from '#src/config/unit-files';
import { projectFolder, runMsc } from '#support/cli';
import { directives, systemdIsThere, systemdMissing } from '#support/service-manager';

const example = readFileSync(join(projectFolder, 'config/msc.example.toml'), 'utf8');
const least = '[switch]\nname = "MSC-099"\ncounty = "EXAMPLE"\nori = "CA0990100"\n';
const plain = `${least}\n[listen]\ninsecure = true\n`;

const at = (toml: string, file = '/etc/msc/msc.toml'): Config => configOf(toml, file);
const unitOf = (toml: string): string => serviceUnit(at(toml));

describe('the files that come with msc', () => {
  it.each([
    ['config/msc.service', serviceUnit],
    ['config/msc.sysusers', sysusersFile],
    ['config/msc.tmpfiles', tmpfilesFile],
  ])('%s is what the example gives', (file, make) => {
    expect(readFileSync(join(projectFolder, file), 'utf8')).toBe(make(at(example)));
  });
});

describe('the unit', () => {
  it('takes runtime, limits and restarts from the settings', () => {
    const unit = unitOf(`${plain}
[service]
folder = "/srv/msc"
runtime = "/usr/local/bin/node"
watchdog = "45s"
restart_after = "1500ms"
starts_max = 10
starts_period = "2m"
memory_max = "4GiB"
files_max = 20000
tasks_max = 80
`);
    const [start = ''] = directives(unit, 'ExecStart');
    expect(start).toBe(
      '/usr/local/bin/node --disable-proto=delete --unhandled-rejections=strict --max-semi-space-size=8 /srv/msc/src/cli/msc.js serve --config /etc/msc/msc.toml',
    );
    const value = (name: string): string | undefined => directives(unit, name)[0];
    expect(value('ExecPaths')).toMatch(/^\/srv\/msc\/node_modules \/usr\/local\/bin\/node /);
    expect(value('WatchdogSec')).toBe('45');
    expect(value('RestartSec')).toBe('1500ms');
    expect([value('StartLimitIntervalSec'), value('StartLimitBurst')]).toEqual(['120', '10']);
    expect([value('MemoryHigh'), value('MemoryMax')]).toEqual(['3072M', '4096M']);
    expect([value('LimitNOFILE'), value('TasksMax')]).toEqual(['20000', '80']);
  });

  it('never gives up unless told', () => {
    expect(directives(unitOf(plain), 'StartLimitIntervalSec')).toEqual(['0']);
    expect(directives(unitOf(plain), 'StartLimitBurst')).toEqual([]);
  });

  it('has FIPS, in all its commands and with both variables, where it is set, and else nothing of it', () => {
    const without = directives(unitOf(plain), 'ExecStart').concat(
      directives(unitOf(plain), 'Environment'),
    );
    expect(without.join('\n')).not.toMatch(/fips|OPENSSL/i);
    const unit = unitOf(`${plain}\n[service]\nfips = true\nfips_modules = "/opt/fips"\n`);
    for (const name of ['ExecStartPre', 'ExecStart', 'ExecReload'])
      expect(directives(unit, name)[0]).toContain('/node --force-fips ');
    expect(directives(unit, 'Environment')).toContain(
      'OPENSSL_CONF=/etc/msc/openssl.cnf OPENSSL_MODULES=/opt/fips',
    );
    expect(directives(unit, 'ExecPaths')[0]).toContain(' /opt/fips ');
  });

  it('lets in stations, upstreams that are addresses, and nobody else', () => {
    expect(directives(unitOf(plain), 'IPAddressAllow')).toEqual(['localhost']);
    const named = example.replace('"10.99.0.1:9000"', '"state.example:9000"');
    expect(directives(unitOf(example), 'IPAddressAllow')).toEqual([
      'localhost 10.20.0.5 10.99.0.1 10.20.0.0/16',
    ]);
    expect(directives(unitOf(named), 'IPAddressAllow')).toEqual([
      'localhost 10.20.0.5 10.20.0.0/16',
    ]);
    const anywhere = example.replace('"10.20.0.5:7443"', '"0.0.0.0:7443"');
    expect(directives(unitOf(anywhere), 'IPAddressAllow')).toEqual([
      'localhost 10.99.0.1 10.20.0.0/16',
    ]);
  });

  it('hands over each credential, and gives folders elsewhere to the switch', () => {
    expect(directives(unitOf(example), 'LoadCredential')).toEqual([
      'switch-key:/etc/msc/tls/switch.key',
      'state-key:/etc/msc/tls/COUNTY-099.key',
    ]);
    const elsewhere = `${plain}\n[data]\nfolder = "/srv/journal"\n[control]\nsocket = "/srv/run/c.sock"\n`;
    const unit = unitOf(elsewhere);
    expect(directives(unit, 'ReadWritePaths')).toEqual(['/srv/journal /srv/run']);
    expect(directives(unit, 'StateDirectory')).toEqual([]);
    expect(directives(unit, 'RuntimeDirectory')).toEqual([]);
    expect(tmpfilesFile(at(elsewhere))).toContain('d /srv/run 0755 msc msc -\n');
  });

  it.each(['/srv/a b', '/srv/50%', '/srv/$x', '/srv/a"b', '/srv/ä', '/srv/a:b'])(
    'is refused for a path that would have to be quoted: %s',
    (path) => {
      const toml = `${plain}\n[service]\nfolder = ${JSON.stringify(path)}\n`;
      expect(() => unitOf(toml)).toThrow(expect.objectContaining({ code: 'MSC-1101' }) as Error);
    },
  );
});

describe('keys that are credentials', () => {
  const credential = (name: string): Config =>
    at(example.replace('credential:switch-key', `credential:${name}`));

  it('are the file they are made from, or the copy that was handed over', () => {
    expect(credential('switch-key').tls?.keyFile).toBe('/etc/msc/tls/switch.key');
    const folder = mkdtempSync(join(tmpdir(), 'msc-credentials-'));
    process.env['CREDENTIALS_DIRECTORY'] = folder;
    try {
      expect(credential('switch-key').tls?.keyFile).toBe('/etc/msc/tls/switch.key');
      writeFileSync(join(folder, 'switch-key'), '');
      expect(credential('switch-key').tls?.keyFile).toBe(join(folder, 'switch-key'));
    } finally {
      delete process.env['CREDENTIALS_DIRECTORY'];
      rmSync(folder, { recursive: true });
    }
  });

  it.each(['other', '', '../switch-key', 'constructor'])(
    'are refused where not named: %j',
    (name) => {
      expect(() => credential(name)).toThrow(/names a credential that service.credentials/);
    },
  );
});

it.each(['10.20.0.0/33', '10.20.0', '::1/129', 'abcd'])('refuses the network %s', (network) => {
  const toml = `${plain}\n[service]\nnetworks = ["${network}"]\n`;
  expect(() => at(toml)).toThrow(/no address and no network|must be/);
});

describe.skipIf(!systemdIsThere)(`what systemd says${systemdMissing}`, () => {
  let folder: string;
  let unit: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'msc-unit-'));
    const config = join(folder, 'msc.toml');
    const fips = '\nfips = true\nstarts_max = 5\n[service.credentials]\nkey = "tls/a.key"\n';
    writeFileSync(config, `${plain}\n[service]\nfolder = "${projectFolder}"${fips}`);
    const { stdout, stderr, code } = await runMsc(['service', 'unit', config]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^warning: service.networks/)]);
    unit = join(folder, 'msc.service');
    writeFileSync(unit, stdout);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('finds nothing to say against the unit', () => {
    const { status, stdout, stderr } = tool('systemd-analyze', ['verify', unit]);
    expect([status, stdout + stderr]).toEqual([0, '']);
  });

  it('finds it exposed by 1.5 at most', () => {
    const words = ['security', '--offline=yes', '--threshold=15', unit];
    const { status, stdout, stderr } = tool('systemd-analyze', words);
    const exposure = /exposure level for msc\.service: ([0-9.]+) /.exec(stdout + stderr)?.[1];
    expect(Number(exposure)).toBeLessThanOrEqual(1.5);
    expect(status).toBe(0);
  });

  it.skipIf(process.getuid?.() !== 0)('makes the user and the folders (only as root)', () => {
    const root = join(folder, 'root');
    for (const name of ['etc/msc/tls', 'var/lib', 'run'])
      mkdirSync(join(root, name), { recursive: true });
    const [users, files] = ['msc.sysusers', 'msc.tmpfiles'].map((name) =>
      join(projectFolder, 'config', name),
    );
    writeFileSync(join(root, 'etc/msc/tls/switch.key'), '', { mode: 0o644 });
    expect(tool('systemd-sysusers', [`--root=${root}`, users ?? '']).status).toBe(0);
    const passwd = readFileSync(join(root, 'etc/passwd'), 'utf8');
    expect(passwd).toMatch(/^msc:x:\d+:\d+:[^:]*:\/var\/lib\/msc:\/usr\/sbin\/nologin$/m);
    expect(tool('systemd-tmpfiles', [`--root=${root}`, '--create', files ?? '']).status).toBe(0);
    const mode = (name: string): string => (statSync(join(root, name)).mode & 0o777).toString(8);
    expect(['etc/msc', 'etc/msc/tls', 'etc/msc/tls/switch.key', 'var/lib/msc'].map(mode)).toEqual([
      '755',
      '750',
      '600',
      '700',
    ]);
    expect(statSync(join(root, 'var/lib/msc')).uid).toBe(Number(/^msc:x:(\d+)/m.exec(passwd)?.[1]));
  });
});

function tool(program: string, words: readonly string[]) {
  return spawnSync(program, words, { encoding: 'utf8' });
}
