// The operator's tools against a real switch: what they say of it, what they change, what they leave in the
// journal, and what they never show.

import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detailOf, eventOf, eventsOf, Files } from '#support/files';
import { openWorld, type Ran, until, type World } from '#support/world';

let world: World;
let files: Files;
beforeAll(async () => {
  world = await openWorld();
  files = new Files(world);
});
afterAll(() => world.close());

const marked = '9MARKED9';
const question = `QV.CA0990100.LIC/${marked}.LIS/CA`;
const json = (ran: Ran): Record<string, unknown> =>
  JSON.parse(ran.stdout) as Record<string, unknown>;

async function ask(): Promise<void> {
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  await station.request(question);
  await station.leave();
}

describe('health and check', () => {
  it('say that it is well, each in its form', async () => {
    expect(await world.msc('health', 'live')).toMatchObject({ code: 0, stdout: 'live: ok\n' });
    expect(json(await world.msc('health', '--json'))).toMatchObject({
      stage: 'ready',
      healthy: true,
    });
    for (const what of ['daemon', 'links', 'queues', 'journal', 'certs', 'config']) {
      const ran = await world.msc('check', what, '-o', 'nagios');
      expect([ran.code, ran.stdout], what).toEqual([
        0,
        expect.stringMatching(new RegExp(`^MSC ${what.toUpperCase()} OK - [^|]+ \\| \\S+=`)),
      ]);
    }
    const disk = json(await world.msc('check', 'disk', '--json', '--warn', '100%', '--crit', '0%'));
    expect(disk).toMatchObject({ schema: 'msc.check/1', level: 'warning', exit: 1 });
    const { stdout, code } = await world.msc('check', 'certs', '--warn', '400d', '-o', 'nagios');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^MSC CERTS WARNING - \S+ ends in \d+ d \| min_days=\d+;400;7\n$/);
  });

  it('health waits while the switch starts, and check tells one that is down', async () => {
    await world.stop();
    expect(await world.msc('health', '--wait', '300ms')).toMatchObject({ code: 69 });
    expect(await world.msc('check', 'daemon')).toMatchObject({ code: 2 });
    expect(await world.msc('check', 'queues')).toMatchObject({ code: 3 });
    expect(await world.msc('check', 'certs')).toMatchObject({ code: 0 });
    expect(await world.msc('check', 'disk', '--warn', '0%', '--crit', '0%')).toMatchObject({
      code: 0,
    });
    const down = await world.msc('doctor', '--ignore', 'D005', '--json');
    expect(down.code).toBe(1);
    expect(json(down)).toMatchObject({ findings: 1 });
    const waiting = world.msc('health', 'ready', '--wait', '60s');
    await world.restart();
    expect(await waiting).toMatchObject({ code: 0, stdout: 'ready: ok\n' });
  });
});

describe('the doctor', () => {
  it('finds nothing in the demonstration but that nobody can be revoked', async () => {
    const ran = await world.msc('doctor', '--json');
    const { checks } = json(ran) as { checks: { id: string; level: string }[] };
    expect(checks.filter(({ level }) => level !== 'ok').map(({ id }) => id)).toEqual(['D005']);
    expect(await world.msc('doctor', '--ignore', 'D005')).toMatchObject({ code: 0 });
  });

  it('finds a file that is not in force, a key that others may read, a file that is wrong', async () => {
    const key = files.path('tls/switch.key');
    chmodSync(key, 0o644);
    files.write('msc.toml', `${files.read('msc.toml')}\n[links]\nwindow = 7\n`);
    const found = await world.msc('doctor', 'D003', 'D012');
    files.write('msc.toml', `${files.read('msc.toml')}windw = 7\n`);
    const wrong = await world.msc('doctor', 'D001');
    chmodSync(key, 0o600);
    files.restore();
    expect([found.code, found.stdout]).toEqual([1, expect.stringContaining('warn  D003')]);
    expect(found.stdout).toContain('warn  D012 in force        the file was changed since');
    expect([wrong.code, wrong.stdout]).toEqual([1, expect.stringContaining('MSC-1104')]);
  });
});

describe('the configuration', () => {
  const history = async (): Promise<readonly Record<string, unknown>[]> => {
    const { stdout } = await world.msc('config', 'history', '-o', 'jsonl');
    const lines = stdout.trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('changes, is known by its number, and comes back: who, why, and what', async () => {
    const first = files.read('msc.toml');
    expect(await world.msc('config', 'diff')).toMatchObject({ code: 0, stdout: '' });
    files.write('msc.toml', `${first}\n[links]\nwindow = 7\n`);
    const diff = await world.msc('config', 'diff');
    expect([diff.code, diff.stdout]).toEqual([1, '~ links.window: 32 → 7\n']);
    await world.msc('config', 'reload', '--reason', 'fewer at once');
    const [one, two] = await history();
    expect(one).toMatchObject({ version: 1, how: 'start', kept: true });
    expect(two).toMatchObject({ version: 2, how: 'reload', changed: 'links.window' });
    expect(two).toMatchObject({ reason: 'fewer at once', kept: true });

    const dry = await world.msc('config', 'rollback', '1', '--dry-run');
    expect([dry.code, dry.stdout]).toEqual([0, '~ links.window: 7 → 32\n']);
    expect(files.read('msc.toml')).toContain('window = 7');
    expect(await world.msc('config', 'rollback', '1')).toMatchObject({ code: 64 });

    // An edit that was never loaded is not lost.
    writeFileSync(files.path('msc.toml'), `${first}# not loaded yet\n`);
    const back = await world.msc('config', 'rollback', '1', '--yes', '--reason', 'wrong', '--json');
    expect(back.code).toBe(0);
    const told = json(back);
    expect(told).toMatchObject({ version: 1, changes: [{ key: 'links.window', text: '7 → 32' }] });
    expect(readFileSync(String(told['set_aside']), 'utf8')).toBe(`${first}# not loaded yet\n`);
    expect(files.read('msc.toml')).toBe(first);
    const event = await eventOf(world, 'config');
    expect(event).toMatchObject({ entry: told['entry'], reason: 'wrong' });
    expect(event['person']).toEqual(expect.any(String));
    expect(detailOf(event)).toMatchObject({
      outcome: 'applied',
      rollback: 1,
      changed: 'links.window',
    });
    expect((await history()).at(-1)).toMatchObject({ version: 3, how: 'rollback', rollback: 1 });
    expect(await world.msc('config', 'diff')).toMatchObject({ code: 0 });
    const { window } = (await world.connect('DEMO-DISP-03')).welcome;
    expect(window).toBe(32);
  });

  it('does not come back where it would not load: nothing changes, and the journal says who tried', async () => {
    const before = files.read('msc.toml');
    const none = await world.msc('config', 'rollback', '99', '--yes');
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('MSC-1106')]);
    // Version 1 names certificates: without them it would not load.
    files.remove('tls/switch.pem');
    const refused = await world.msc(
      'config',
      'rollback',
      '2',
      '--yes',
      '--socket',
      world.demo.control,
    );
    files.restore();
    expect(refused.code).toBe(66);
    expect(files.read('msc.toml')).toBe(before);
    expect(detailOf(await eventOf(world, 'config'))).toMatchObject({
      outcome: 'refused',
      rollback: 2,
    });
    expect(await world.msc('config', 'diff')).toMatchObject({ code: 0 });
  });

  it('is remembered over a restart: the same again is no new version, another one is', async () => {
    const count = (await history()).length;
    await world.stop();
    await world.restart();
    expect(await history()).toHaveLength(count);
    await world.stop();
    const first = files.read('msc.toml');
    files.write('msc.toml', `${first}\n[links]\nwindow = 9\n`);
    await world.restart();
    expect((await history()).at(-1)).toMatchObject({
      ...{ version: 4, how: 'start', person: 'msc', changed: 'links.window', kept: true },
    });
    const there = readdirSync(files.path('config')).filter((name) => /^\d/.test(name));
    expect(there).toHaveLength(4);
    for (const name of there)
      expect(statSync(files.path(`config/${name}`)).mode & 0o777).toBe(0o600);
    await world.msc('config', 'rollback', '3', '--yes');
    expect(files.read('msc.toml')).toBe(first);
  });

  it('with the switch down is compared with a file that is named', async () => {
    await world.stop();
    const other = files.path('other.toml');
    writeFileSync(other, `${files.read('msc.toml')}\n[links]\nwindow = 7\n`);
    const ran = await world.msc('config', 'diff', other);
    expect([ran.code, ran.stdout]).toEqual([1, '~ links.window: 32 → 7\n']);
    expect(ran.stderr).toContain('the switch does not answer');
    expect(await world.msc('config', 'diff')).toMatchObject({ code: 69 });
    await world.restart();
  });
});

describe('a route', () => {
  it('is what the switch does, and a test of it leaves nothing behind', async () => {
    const before = json(await world.msc('status', '--json'))['journal'];
    const words = ['route', 'test', '--from', 'QZ01', '--mke', 'QV', '--user', 'jdoe'];
    const heard = await world.msc(...words, '--field', `LIC=${marked}`, '--json');
    expect(heard.code).toBe(0);
    expect(json(heard)).toMatchObject({
      verdict: 'heard',
      to: [{ kind: 'upstream', name: 'STATE' }],
    });
    const refused = await world.msc(...words, '--ori', 'CA0990200');
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringMatching(/^refused X05: /)]);
    const nobody = await world.msc('route', 'test', '--from', 'QZ01', '--mke', 'QV');
    expect([nobody.code, nobody.stdout]).toEqual([1, expect.stringContaining('--user')]);
    expect(await world.msc('route', 'test', '--from', 'ZZZZ', '--mke', 'QV')).toMatchObject({
      code: 1,
    });
    expect(await world.msc('route', 'test', '--mke', 'QV')).toMatchObject({ code: 64 });
    const show = await world.msc(
      'route',
      'show',
      '--columns',
      'mke,to',
      '--no-header',
      '-o',
      'plain',
    );
    expect(show.stdout).toContain('QV\tupstream STATE\n');
    const after = json(await world.msc('status', '--json'))['journal'] as { entries: number };
    // A heart-beat may have come; a test is no entry.
    expect(after.entries - (before as { entries: number }).entries).toBeLessThanOrEqual(1);
    const log = readFileSync(files.path('log/switch.log'), 'utf8') + world.log;
    expect(log).not.toContain(marked);
  });
});

describe('a trace', () => {
  it('shows the frames of a terminal, no text; its start and end are journalled with who and why', async () => {
    const words = ['trace', 'start', '--terminal', 'QZ01', '--for', '5m'];
    expect(await world.msc(...words)).toMatchObject({ code: 64 });
    const started = json(await world.msc(...words, '--reason', 'no answers', '--json'));
    expect(started).toMatchObject({ of: 'terminal DEMO-DISP-01', state: 'running' });
    const id = String(started['id']);
    await ask();
    const shown = await world.msc('trace', 'show', id, '-o', 'jsonl');
    const records = shown.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { what: string; way: string });
    const line = records.map(({ way, what }) => `${way} ${what}`);
    for (const wanted of [
      'in HELLO',
      'out WELCOME',
      'in SIGN_ON',
      'out SIGNED_ON',
      'in MESSAGE',
      'out ACK',
      'out MESSAGE',
    ])
      expect(line).toContain(wanted);
    expect(line).toContain('- entry sign-on');
    expect(line).toContain('- entry received');
    const everything = shown.stdout + (await world.msc('trace', 'show', id)).stdout;
    for (const secret of [marked, world.password('jdoe'), 'LIC'])
      expect(everything).not.toContain(secret);
    const stopped = json(await world.msc('trace', 'stop', id, '--reason', 'seen', '--json'));
    expect(stopped).toMatchObject({ state: 'stopped' });
    const acts = await eventsOf(world, 'trace');
    expect(
      acts.slice(-2).map((row) => [row['reason'], detailOf(row)['act'], detailOf(row)['of']]),
    ).toEqual([
      ['no answers', 'start', 'terminal DEMO-DISP-01'],
      ['seen', 'stop', 'terminal DEMO-DISP-01'],
    ]);
    expect(acts.at(-1)?.['person']).toEqual(expect.any(String));
    const list = await world.msc('trace', 'ls', '-o', 'jsonl');
    expect(list.stdout).toContain('"state":"stopped"');
  });

  it('ends by itself, and says so in the journal', async () => {
    const words = ['trace', 'start', '--upstream', 'STATE', '--for', '1s', '--reason', 'short'];
    const { id } = json(await world.msc(...words, '--json'));
    await until('the end of the trace', async () => {
      const rows = await eventsOf(world, 'trace');
      return rows.find((row) => detailOf(row)['trace'] === id && detailOf(row)['act'] === 'stop');
    });
    expect(await eventOf(world, 'trace')).toMatchObject({
      person: 'msc',
      reason: 'its time was over',
    });
  });

  it.each([
    [['--terminal', 'NOBODY'], 1, 'MSC-1401'],
    [['--link', '999999'], 1, 'MSC-1401'],
    [['--entry', '99999999'], 1, 'MSC-1401'],
    [['--upstream', 'STATE', '--link', '1'], 64, '--terminal'],
    [[], 64, '--terminal'],
    [['--upstream', 'STATE', '--for', '2h'], 64, '--for'],
  ])('of %j is refused: %d', async (words, code, why) => {
    const ran = await world.msc('trace', 'start', ...words, '--reason', 'x');
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(why)]);
  });
});

describe('a support bundle', () => {
  it('holds no message, password, key, certificate, person or address', async () => {
    await ask();
    const out = files.path('bundle.tar.gz');
    const log = files.path('log/switch.log');
    const made = await world.msc('support', 'bundle', '-f', out, '--log', log, '--json');
    expect(made.code).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const names = (json(made)['files'] as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'versions.json',
        'doctor.json',
        'status.json',
        'config.json',
        'metrics.txt',
        'log.jsonl',
      ]),
    );
    // The schema is the same for everybody, with its examples.
    const words = ['xOzf', out, '--exclude', 'schema.json'];
    const all = execFileSync('tar', words, { encoding: 'latin1' });
    const tls = readdirSync(files.path('tls')).map((name) => files.read(`tls/${name}`));
    // Each line of a key or certificate is a secret of its own.
    const pem = tls.flatMap((text) => text.split('\n').filter((line) => line.length > 40));
    const secrets = [
      ...[marked, 'LIC/', 'STOLEN', 'PRIVATE KEY', 'BEGIN CERTIFICATE', 'EXAMPLE', 'CA0990100'],
      ...world.demo.users.flatMap(({ user, password, oif }) => [`"${user}"`, password, oif]),
      ...['127.0.0.1', 'localhost'],
      ...pem,
    ];
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
    // The look itself works: what must be there is found by it.
    expect(all).toContain('DEMO-DISP-01');
    expect(all).toContain('[removed]');
    const shown = await world.msc('support', 'inspect', out);
    expect([shown.code, shown.stdout]).toEqual([
      0,
      expect.stringContaining('every file is as it was made'),
    ]);
    rmSync(out);
  });
});

it('nothing of all this is in the log of the switch but names and codes', () => {
  const log = readFileSync(join(world.folder, 'log/switch.log'), 'utf8') + world.log;
  for (const secret of [marked, world.password('jdoe')]) expect(log).not.toContain(secret);
});
