// An auditor's five questions at a running switch, one command each, and how they behave for other people: in a
// terminal of 80 columns, in a pipe, without the role, with the switch down. docs/operations.md shows their output.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder, runMscAs } from '#support/cli';
import { Files } from '#support/files';
import { hasTerminal, Terminal } from '#support/terminal';
import { launcher, openWorld, question, until, type World } from '#support/world';

type Json = Readonly<Record<string, unknown>>;

let world: World;
let files: Files;
let asked = 0;
let printed = 0;
beforeAll(async () => {
  world = await openWorld();
  files = new Files(world);
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  await station.request(question);
  station.send('QZ01', 'AB13.AM.CA0990100.QP01.TXT\r\nFOR THE PRINTER');
  await until('all is taken', () => (station.session.outbox.open === 0 ? true : undefined));
  // A station that goes before its acknowledgement is heard has perhaps not seen its answer.
  await until('the answer is acknowledged', async () => {
    const came = await world.entries('--kind', 'delivered', '--direction', 'down');
    return came.length > 0 ? true : undefined;
  });
  station.cut();
  asked = Number((await world.entries('--mke', 'QV', '--direction', 'in'))[0]?.['entry']);
  printed = Number((await world.entries('--mke', 'AM', '--direction', 'in'))[0]?.['entry']);
  const why = ['--reason', 'records request', '--case', '26-00412', '--recipient', 'DA EXAMPLE'];
  expect((await world.msc('journal', 'thread', String(asked), ...why)).code).toBe(0);
  const registry = files.path('registry.toml');
  const text = readFileSync(registry, 'utf8');
  const operators = { daemon: 'admin', bin: 'operator', games: 'admin' };
  const tables = Object.entries(operators).map(
    ([login, role]) => `\n[operators."${login}"]\nroles = ["${role}"]\n`,
  );
  writeFileSync(registry, text + tables.join(''));
  const apply = ['registry', 'apply', registry, '--yes', '--reason', 'night shift'];
  expect((await world.msc(...apply)).code).toBe(0);
}, 60_000);
afterAll(() => world.close());

/** Each as typed, and the code it ends with. */
const commandLines = (): readonly (readonly [line: string, code: number])[] => [
  ['journal who-ran LIC:2ZZZ999', 0],
  [`journal who-saw ${asked}`, 0],
  [`journal delivered ${asked}`, 0],
  ['journal coverage', 0],
  ['journal changes operators', 0],
  ['journal stats --by key,outcome --direction in', 0],
];

describe('docs/operations.md', () => {
  it('shows what these commands print, with other times and numbers', async () => {
    const page = readFileSync(`${projectFolder}/docs/operations.md`, 'utf8');
    const block = /```\n(\$ msc journal who-ran[^]*?)\n```/.exec(page)?.[1] ?? '';
    const shown = block.split(/^\$ msc /m).slice(1);
    const ran: string[] = [];
    for (const [line] of commandLines()) ran.push(`${line}\n${(await onScreen(line)).trimEnd()}`);
    expect(shown.map((each) => masked(each.trimEnd()))).toEqual(ran.map(masked));
  });
});

/** In 80 columns, whatever a terminal there is here. */
async function onScreen(line: string): Promise<string> {
  const { stdout, stderr } = await world.msc(...line.split(' '), '--tz', 'America/Los_Angeles');
  return (stderr + stdout).replaceAll(world.folder, '/var/lib/msc');
}

/** Numbers are others each time, and so is the room that they take; the login is whoever runs the test. */
function masked(text: string): string {
  return text
    .replaceAll(/root [0-9a-f]{64}/g, 'ROOT')
    .replaceAll(/\d+ (d |days?|entry|entries)/g, '0 $1')
    .replaceAll(new RegExp(`\\b(${userInfo().username}|ann)\\b`, 'g'), 'PERSON')
    .replaceAll(/\bP[SD]T\b/g, 'PST')
    .replaceAll(/\d+/g, '0')
    .replaceAll(/ +/g, ' ');
}

describe('who ran it', () => {
  it('names person, agency, mnemonic and how often, also of what was refused', async () => {
    const { groups } = await json('journal', 'who-ran', 'LIC:2ZZZ999');
    expect(groups).toMatchObject([
      {
        ...{ user: 'jdoe', oif: 'J10442', agency: 'CA0990100', mnemonic: 'QZ01', mke: 'QV' },
        ...{ outcome: 'accepted', count: 1, first_entry: asked, last_entry: asked },
      },
    ]);
    expect((await world.msc('journal', 'who-ran', 'LIC:0NOBODY')).code).toBe(1);
    expect((await world.msc('journal', 'who-ran')).code).toBe(64);
  });
});

describe('who saw it', () => {
  it('names who typed it, whom it reached, and every release since with its reason', async () => {
    const { seen } = await json('journal', 'who-saw', String(asked));
    const rows = seen as readonly Json[];
    expect(rows.map(({ how }) => how)).toEqual(['typed', 'delivered', 'delivered', 'shown']);
    expect(rows[0]).toMatchObject({ user: 'jdoe', station: 'DEMO-DISP-01' });
    expect(rows[1]).toMatchObject({ upstream: 'STATE' });
    expect(rows[2]).toMatchObject({ user: 'jdoe', station: 'DEMO-DISP-01', mnemonic: 'QZ01' });
    expect(rows[3]).toMatchObject({
      ...{ reason: 'records request', case: '26-00412', recipient: 'DA EXAMPLE' },
      release: expect.stringMatching(/^\d{4}-000001$/) as unknown,
    });
    expect((await world.msc('journal', 'who-saw', '99999999')).code).toBe(1);
    expect((await world.msc('journal', 'who-saw', 'x')).code).toBe(64);
  });
});

it('programs get in csv what people get in a table', async () => {
  const csv = async (...words: readonly string[]) =>
    (await world.msc('journal', ...words, '-o', 'csv')).stdout.trimEnd().split('\n');
  const seen = await csv('who-saw', String(asked));
  expect(seen[0]).toMatch(/^time,entry,how,user,person,station,/);
  expect(seen[1]).toMatch(/,typed,jdoe,,DEMO-DISP-01,QZ01,/);
  expect(seen.at(-1)).toMatch(/,shown,.*,records request,26-00412,,DA EXAMPLE,\d{4}-000001/);
  const [head, first] = await csv('delivered', String(asked));
  expect(head).toMatch(/^delivery,mke,to,state,.*,upstream,code$/);
  expect(first).toMatch(/,QV,STATE,delivered,.*,STATE,$/);
  expect((await csv('coverage'))[0]).toBe('day,entries,first,last,silent_seconds');
});

describe('was it delivered', () => {
  it('tells each delivery with person and place; exit 1 where something waits', async () => {
    const whole = await json('journal', 'delivered', String(asked));
    expect(whole).toMatchObject({
      open: 0,
      deliveries: [
        { to: 'STATE', state: 'delivered', attempts: 1, upstream: 'STATE' },
        { to: 'jdoe', state: 'delivered', attempts: 1, user: 'jdoe', station: 'DEMO-DISP-01' },
      ],
    });
    const open = await world.msc('journal', 'delivered', String(printed), '--json');
    expect(open.code).toBe(1);
    expect(JSON.parse(open.stdout)).toMatchObject({
      open: 1,
      deliveries: [{ to: 'QP01', state: 'waiting', attempts: 0 }],
    });
    const printer = await world.connect('DEMO-PRT-01');
    await until('it is printed', async () => {
      const { code } = await world.msc('journal', 'delivered', String(printed));
      return code === 0 ? true : undefined;
    });
    printer.cut();
  });
});

describe('is anything missing', () => {
  it('has every day with its numbers and the proof, also with the switch down', async () => {
    await world.kill();
    const down = await json('journal', 'coverage');
    expect(down).toMatchObject({ chain: 'ok', without_entries: 0, silences: 0 });
    const days = down['days'] as readonly Json[];
    const counted = days.reduce((sum, day) => sum + Number(day['entries']), 0);
    expect(counted).toBe(down['journal_entries']);
    expect(days[0]?.['first']).toBe(1);
    const verified = JSON.parse((await world.msc('journal', 'verify', '--json')).stdout) as Json;
    expect(down['root']).toBe(verified['root']);
    const none = await world.msc('journal', 'coverage', '--period', '1999');
    expect([none.code, none.stdout]).toEqual([1, expect.stringContaining('nothing of that time')]);
    expect((await world.msc('journal', 'coverage', '--period', '1999-13')).code).toBe(64);
    await world.restart();
  }, 90_000);
});

describe('who changed this', () => {
  it('names person and reason, and what it was before and after', async () => {
    const { changes } = await json('journal', 'changes', 'operators.games');
    expect(changes).toMatchObject([
      { what: 'operators.games', change: 'add: login games; roles admin', reason: 'night shift' },
    ]);
    const more = files.path('registry.toml');
    writeFileSync(
      more,
      readFileSync(more, 'utf8').replace(
        /("games"\]\nroles = )\["admin"\]/,
        '$1["admin", "auditor"]',
      ),
    );
    const apply = ['registry', 'apply', more, '--yes', '--reason', 'audit week'];
    expect((await world.msc(...apply)).code).toBe(0);
    const again = await json('journal', 'changes', 'games');
    expect((again['changes'] as readonly Json[]).at(-1)).toMatchObject({
      ...{ change: 'change: roles admin → admin auditor', reason: 'audit week' },
      person: expect.any(String) as unknown,
    });
    expect((await world.msc('journal', 'changes', 'nobody')).code).toBe(1);
    expect((await world.msc('journal', 'changes', 'stations')).code).toBe(0);
  });
});

describe('how much there was', () => {
  it('is counted as a search counts, by day, key, agency or outcome', async () => {
    for (const by of ['day', 'key', 'agency', 'outcome', 'day,key']) {
      const { groups, entries } = await json('journal', 'stats', '--by', by, '--mke', 'Q*');
      const sum = (groups as readonly Json[]).reduce((all, row) => all + Number(row['count']), 0);
      expect(sum).toBe(entries);
      const { stdout } = await world.msc('journal', 'search', '--mke', 'Q*', '--count');
      expect(entries).toBe(Number(stdout));
    }
    expect((await world.msc('journal', 'stats', '--by', 'colour')).code).toBe(64);
  });
});

describe.skipIf(process.geteuid?.() !== 0)('another role', () => {
  beforeAll(() => chmodSync(world.folder, 0o711));

  // `daemon` administers and may not search; `bin` is an operator and may not see text.
  it.each([
    [1, ['journal', 'who-ran', 'LIC:2ZZZ999'], 77],
    [1, ['journal', 'who-saw', '4'], 77],
    [1, ['journal', 'delivered', '4'], 77],
    [1, ['journal', 'stats'], 77],
    [1, ['journal', 'changes'], 77],
    [2, ['journal', 'who-ran', 'LIC:2ZZZ999'], 0],
    [2, ['journal', 'stats'], 0],
    [2, ['journal', 'print', 'LIC:2ZZZ999', '--to', 'QP01', '--reason', 'r'], 77],
    [2, ['journal', 'export', 'LIC:2ZZZ999', '--to', '/tmp/msc-none.csv', '--reason', 'r'], 77],
    [2, ['journal', 'search', '--text', '--reason', 'r'], 77],
  ])('user %d, %j exits %d', async (uid, words, code) => {
    const before = (await world.entries('--event', 'release')).length;
    const ran = await runMscAs(uid, [...words, '--socket', world.demo.control]);
    expect(ran.code, ran.stderr).toBe(code);
    if (code === 77) expect(ran.stderr).toContain('MSC-1202');
    expect(await world.entries('--event', 'release')).toHaveLength(before);
  });

  it('that was refused is in the journal', async () => {
    const refused = await world.entries('--event', 'security');
    const commands = refused.map(({ detail }) => (detail as Json)['command']);
    expect(commands).toEqual(expect.arrayContaining(['print', 'export', 'search', 'who-saw']));
  });
});

describe.skipIf(!hasTerminal)('in a real terminal of 80 columns', () => {
  let terminal: Terminal;
  beforeAll(() => {
    const bin = files.path('msc');
    const script = `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`;
    writeFileSync(bin, script, { mode: 0o755 });
    const path = `${world.folder}:${process.env['PATH'] ?? ''}`;
    const env = { PATH: path, HOME: world.folder, TZ: 'UTC', MSC_CONFIG: world.demo.config };
    terminal = new Terminal(env, { rows: 200 });
  });
  afterAll(() => terminal.close());

  it('each fits', async () => {
    for (const [line] of [...commandLines(), ['journal print --help', 0] as const]) {
      const { lines, code } = await terminal.run(`msc ${line}`);
      expect([line, code]).toEqual([line, 0]);
      expect(lines.join('').length).toBeGreaterThan(0);
      const wide = terminal.screen({ joined: true }).filter((each) => each.length > 80);
      expect(wide).toEqual([]);
    }
  });

  it('each ends quietly when its reader goes away', async () => {
    const out = files.path('heads.txt');
    const script = commandLines().map(
      ([line]) => `msc ${line} | head -n 1; echo "exit \${PIPESTATUS[0]}"`,
    );
    writeFileSync(files.path('heads'), script.join('\n'));
    await terminal.run(`. ${files.path('heads')} >${out} 2>&1`);
    const said = readFileSync(out, 'utf8');
    expect(said).not.toMatch(/EPIPE|Error|msc: MSC-|\u001b/);
    const exits = said.split('\n').filter((each) => each.startsWith('exit '));
    expect(exits).toHaveLength(commandLines().length);
    for (const exit of exits) expect(exit).toMatch(/^exit (0|141)$/);
  });
});

describe('with the switch down', () => {
  it.each([
    ['journal who-ran LIC:1'],
    ['journal who-saw 1'],
    ['journal delivered 1'],
    ['journal changes'],
    ['journal stats'],
    ['journal print LIC:1 --to QP01 --reason r'],
    ['journal export LIC:1 --to /tmp/msc-none.csv --reason r'],
  ])('msc %s says so, exit 69', async (line) => {
    const down = files.path('down.toml');
    writeFileSync(down, files.read('msc.toml').replace(/control.sock/, 'nobody.sock'));
    const ran = await world.msc(...line.split(' '), '--config', down);
    expect([ran.code, ran.stdout]).toEqual([69, '']);
    expect(ran.stderr).toMatch(/^msc: MSC-1201: .+ \(next: .+\)\n$/);
  });
});

async function json(...words: readonly string[]): Promise<Json> {
  const ran = await world.msc(...words, '--json');
  expect(ran.code, ran.stderr).toBe(0);
  const value = JSON.parse(ran.stdout) as Json;
  expect(value['schema']).toMatch(/^msc\.journal-[a-z-]+\/1$/);
  return value;
}
