// contracts 1: what a newcomer's two commands do, and what other programs rely on in demo.json.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, launcher, openWorld, type Ran, run, until, type World } from '#support/world';

const home = mkdtempSync(join(tmpdir(), 'msc-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const folder = join(home, 'demo');
const file = join(folder, 'demo.json');

describe('msc demo', () => {
  let script: Ran;
  let kept: Kept;
  let world: World;
  beforeAll(async () => {
    script = await run([launcher, 'demo', '--script', '--dir', folder, '--port-base', '0']);
    kept = await whatIsKept();
    world = await openWorld({ folder });
  }, 60_000);
  afterAll(() => world.close());

  it('--script does the main job, and ends with nothing left over', () => {
    expect(script.stderr).toBe('');
    expect(script.code).toBe(0);
    expect(script.stdout.split('\n', 1)[0]).toContain(folder);
    for (const line of [
      /^\s*MKE\/STOLEN VEHICLE\r?$/m,
      /^\s*NO RECORD/m,
      /^\s*MKE\/WANTED PERSON - CAUTION\r?$/m,
      /^\s*MKE\/STOLEN GUN\r?$/m,
      // The hit is confirmed by its owner, and located.
      /^\s*RTY\/SV\.CON\/Y\.OCA\/30-004400\.NIC\/V400120037\.$/m,
      /^\s*LOCATE LIC\/2ZZZ999 OCA\/30-004400$/m,
      /^\s*LOCATED\/\d{8} CA0990100 CA-0091$/m,
    ])
      expect(script.stdout).toMatch(line);
    expect(kept.demoFile).toBe(false);
  });

  it('writes demo.json with just the members that others rely on', () => {
    const demo = readDemo();
    expect(shape(demo)).toEqual({
      switch: ['host', 'http', 'ori', 'pid', 'port'],
      members: [
        ...['ca', 'config', 'control', 'journal', 'pools', 'stations', 'switch', 'upstreams'],
        'users',
      ],
      stations: [
        ...['DEMO-DISP-01', 'DEMO-DISP-02', 'DEMO-DISP-03'].map((name) => [
          name,
          ...['agency', 'cert', 'key', 'mnemonic', 'name', 'role', 'taf'],
        ]),
        ...['DEMO-MDT-01', 'DEMO-MDT-02', 'DEMO-MDT-03'].map((name) => [
          name,
          ...['cert', 'key', 'name', 'pool', 'role', 'taf'],
        ]),
        // contracts 1 has no agency for these two; more may be said, never less.
        [
          'DEMO-CAD-01',
          'agency',
          'cert',
          'key',
          'mnemonics',
          'name',
          'role',
          'tafRequired',
          'tafs',
        ],
        ['DEMO-PRT-01', 'agency', 'cert', 'key', 'mnemonics', 'name', 'role'],
      ],
      users: ['jdoe', 'mroe', 'lock', 'poe', 'hroe'].map((user) => [
        user,
        ...['agency', 'oif', 'password', 'user'],
      ]),
      pools: [['MDT', 'destination', 'mnemonics', 'name', 'sharing']],
      upstreams: [['STATE', 'host', 'name', 'pid', 'port']],
    });
    expect(demo).toMatchObject({
      switch: { host: '127.0.0.1', ori: 'CA0990100' },
      pools: [{ mnemonics: ['QM01', 'QM02'], sharing: 'exclusive', destination: 'QP01' }],
    });
    expect(world.demo.switch.http).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('names files that are there, by absolute paths', () => {
    const { demo } = world;
    const named = [demo.config, demo.ca, demo.control, demo.journal];
    const paths = [...named, ...demo.stations.flatMap(({ cert, key }) => [cert, key])];
    expect(paths.filter((path) => !isAbsolute(path) || !existsSync(path))).toEqual([]);
  });

  it('run again on the same folder keeps certificates, people and journal', async () => {
    const now = await whatIsKept();
    expect(now.certificates).toEqual(kept.certificates);
    expect(now.certificates.length).toBeGreaterThan(20);
    expect(now.people).toBe(kept.people);
    const rows = await world.entries();
    expect(rows.map((row) => row['entry'])).toEqual(rows.map((_, index) => index + 1));
    expect(rows.length).toBeGreaterThan(kept.entries);
    const asked = rows.slice(0, kept.entries).filter((row) => row['event'] === 'sign-on');
    expect(asked).toMatchObject([{ user: 'jdoe' }, { user: 'hroe' }]);
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    await station.leave();
  });

  it('ends with Ctrl-C: exit 0, no demo.json, no child left', async () => {
    const { demo } = world;
    const children = [demo.switch.pid, ...demo.upstreams.map(({ pid }) => pid)];
    expect(children.map(isAlive)).toEqual([true, true]);
    expect(await world.interrupt()).toBe(0);
    expect(existsSync(file)).toBe(false);
    expect(children.map(isAlive)).toEqual([false, false]);
  });
});

describe('msc demo in a folder with a long path', () => {
  const long = join(home, 'a-folder-with-a-name-that-is-too-long-for-a-socket'.repeat(2));
  let base: number;
  let world: World;
  beforeAll(async () => {
    base = await freeBase();
    world = await openWorld({ folder: long, portBase: base });
  }, 60_000);
  afterAll(async () => {
    await world.close();
    rmSync(dirname(world.demo.control), { recursive: true, force: true });
  });

  it('uses the port named and those after it', () => {
    const { switch: own, upstreams } = world.demo;
    expect(own).toMatchObject({ port: base, http: `http://127.0.0.1:${base + 1}` });
    expect(upstreams.map(({ port }) => port)).toEqual([base + 2]);
  });

  it('moves the control socket, names the real one, and every command finds it', async () => {
    const { control, config } = world.demo;
    expect(Buffer.byteLength(join(long, 'run', 'control.sock'))).toBeGreaterThan(100);
    expect(Buffer.byteLength(control)).toBeLessThanOrEqual(100);
    expect(statSync(control).isSocket()).toBe(true);
    for (const where of [
      ['--config', config],
      ['--socket', control],
    ]) {
      const { code, stdout } = await run([launcher, 'status', ...where]);
      expect(stdout).toMatch(/· ready$/m);
      expect(code).toBe(0);
    }
  });

  it('neither restarts a switch that is killed nor ends with it; msc serve takes its place', async () => {
    await world.kill();
    await until('the word of it', () => (world.said.includes('has ended') ? true : undefined));
    expect(world.stays).toBe(true);
    expect(await fetch(`${world.demo.switch.http}/readyz`).catch(() => 'nobody')).toBe('nobody');
    await world.restart();
    const pidFile = join(long, 'run', 'switch.pid');
    expect(readFileSync(pidFile, 'utf8').trim()).toBe(String(world.pid));
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    expect(await station.request('QV.CA0990100.LIC/2ZZZ999.LIS/CA')).toMatchObject({
      kind: 'answered',
    });
    await station.leave();
    expect(world.stays).toBe(true);
  });
});

interface Kept {
  readonly demoFile: boolean;
  readonly certificates: readonly string[];
  readonly people: string;
  /** Entries of the journal. */
  readonly entries: number;
}

/** What a second start must find as the first one left it. */
async function whatIsKept(): Promise<Kept> {
  const tls = join(folder, 'tls');
  const { stdout } = await run([
    launcher,
    'journal',
    'verify',
    '--journal',
    join(folder, 'journal'),
  ]);
  return {
    demoFile: existsSync(file),
    certificates: readdirSync(tls).map((name) => readFileSync(join(tls, name), 'utf8')),
    people: readFileSync(join(folder, 'people.json'), 'utf8'),
    entries: Number(/(\d+) entries/.exec(stdout)?.[1]),
  };
}

type Table = Readonly<Record<string, unknown>>;

function readDemo(): Table {
  return JSON.parse(readFileSync(file, 'utf8')) as Table;
}

/** Names of members, in alphabetical order; each list's rows begin with who they are of. */
function shape(demo: Table): Table {
  const rows = (name: string): unknown[] =>
    (demo[name] as Table[]).map((row) => [row['name'] ?? row['user'], ...Object.keys(row).sort()]);
  return {
    members: Object.keys(demo).sort(),
    switch: Object.keys(demo['switch'] as Table).sort(),
    ...Object.fromEntries(
      ['stations', 'users', 'pools', 'upstreams'].map((name) => [name, rows(name)]),
    ),
  };
}

/** Three ports in a row that nobody has. */
async function freeBase(): Promise<number> {
  for (let base = 21_000; base < 31_000; base += 3) {
    const free = await Promise.all([0, 1, 2].map((more) => isFree(base + more)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no three free ports in a row');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
