// Searches against a real switch: the language, counts, following, cursors, jobs and saved searches, through pipes
// and in a real terminal; what they leave in the journal, and that no text is where it should not be.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detailOf, eventsOf } from '#support/files';
import { hasTerminal, mscTerminal } from '#support/terminal';
import { launcher, openWorld, question, run, until, type Ran, type World } from '#support/world';

let world: World;
const home = mkdtempSync(join(tmpdir(), 'msc-search-'));
beforeAll(async () => {
  world = await openWorld();
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  await station.request(question);
  await station.request('QW.CA0990100.NAM/DOE, TESTMAN.DOB/19700101');
  await station.request('QV.CA0990100.LIC/2ZZZ998.LIS/CA');
  await station.leave();
}, 120_000);
afterAll(async () => {
  await world.close();
  rmSync(home, { recursive: true, force: true });
});

const everything = ['--since', '1970-01-01', '-n', '0'];

function search(...words: readonly string[]): Promise<Ran> {
  const environment = { MSC_CONFIG: world.demo.config, XDG_CONFIG_HOME: home };
  return run([launcher, 'journal', 'search', ...words], environment);
}

function msc(...words: readonly string[]): Promise<Ran> {
  return run([launcher, ...words], { MSC_CONFIG: world.demo.config, XDG_CONFIG_HOME: home });
}

/** The rows of a run in `jsonl`. */
function rowsOf({ stdout }: Ran): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

async function keysOf(...words: readonly string[]): Promise<readonly unknown[]> {
  const ran = await search(...words, '--direction', 'in', ...everything, '-o', 'jsonl');
  return rowsOf(ran).map(({ mke, fields }) => [mke, fields]);
}

describe('the language', () => {
  it('finds a name in any order, identifiers, and alternatives', async () => {
    const doe = ['QW', { NAM: ['DOE, TESTMAN'] }];
    const plates = [
      ['QV', { LIC: ['2ZZZ998'] }],
      ['QV', { LIC: ['2ZZZ999'] }],
    ];
    expect(await keysOf('NAM:TESTM* DOE')).toMatchObject([doe]);
    expect(await keysOf('NAM:"doe, t*"')).toMatchObject([doe]);
    expect(await keysOf('NAM:DOE, TESTMA')).toEqual([]);
    expect(await keysOf('LIC:*998', 'OR', 'LIC:2zzz-999')).toMatchObject(plates);
    expect(await keysOf('NAM:DOE', 'OR', 'LIC:*999')).toMatchObject([doe, plates[1]]);
    expect(await keysOf('LIC:2*', '-not', 'LIC:*999')).toMatchObject([plates[0]]);
  });

  it('finds words and phrases of the text, also asked for with --scan', async () => {
    const stolen = await search('stolen vehicle', '--scan', ...everything, '-o', 'jsonl');
    expect(stolen.code).toBe(0);
    const rows = rowsOf(stolen);
    expect(new Set(rows.map(({ thread }) => thread)).size).toBe(1);
    expect(rows.every((row) => !('text' in row))).toBe(true);
    const other = await search('vehicle stolen', '--scan', '-o', 'jsonl');
    expect(other).toMatchObject({ code: 1, stdout: '' });
    // What is narrowed by something else needs no scan.
    const answers = await search('LIC:2ZZZ999', '-LIC:1*', 'stolen', '--explain', '--json');
    const { expression } = JSON.parse(answers.stdout) as { expression: string };
    expect(expression).toBe('LIC:"2ZZZ999" -LIC:"1*" "STOLEN"');
  });

  it('finds a word without --scan, also in a journal so young that no index has it yet', async () => {
    expect(await search('stolen', '--count')).toMatchObject({ code: 0 });
    expect(await search('lighthouse', '--count')).toMatchObject({ code: 1, stdout: '0\n' });
  });

  it('names the holder of an OIF', async () => {
    const { stdout } = await search('--oif', 'J10442', '--json', ...everything);
    expect(JSON.parse(stdout)).toMatchObject({ holders: [{ oif: 'J10442', user: 'jdoe' }] });
  });
});

describe('counting', () => {
  it('prints the number, and how many of each value', async () => {
    const own = ['--direction', 'in', '--kind', 'received', ...everything];
    expect(await search(...own, '--count')).toMatchObject({ code: 0, stdout: '3\n' });
    const { stdout } = await search(...own, '--by', 'mke', '-o', 'csv');
    expect(stdout).toBe('value,count\nQV,2\nQW,1\n');
    const hours = await search(...own, '--by', 'hour', '--utc', '--json');
    const { groups } = JSON.parse(hours.stdout) as { groups: { value: string; count: number }[] };
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(groups[0]?.value).toMatch(/^\d{4}-\d\d-\d\d \d\d:00\+00:00$/);
  });
});

describe('explaining', () => {
  it('says what it would take, runs nothing, and leaves an entry', async () => {
    const ran = await search('LIC:2ZZZ999', '--mke', 'QV', '--last', '2h', '--explain', '--json');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      schema: 'msc.journal-explain/1',
      expression: 'LIC:"2ZZZ999"',
      filters: '--mke QV',
      would: 'run at once',
    });
    const text = await search('stolen', '--explain', '--last', '2h');
    expect(text.stdout).toContain('run at once');
    const [last] = (await eventsOf(world, 'search')).slice(-1);
    expect(detailOf(last ?? {})).toMatchObject({ command: 'explain', asked: 'stolen --last 2h' });
  });
});

describe('following', () => {
  it('ends at the first match, which is printed once', async () => {
    const waiting = search(
      'LIC:9ZZZ123',
      '--direction',
      'in',
      '-f',
      '--until-match',
      '-o',
      'jsonl',
    );
    await until('the follower', async () =>
      (await eventsOf(world, 'search')).some(
        (event) => detailOf(event)['asked'] === 'LIC:9ZZZ123 --direction in',
      )
        ? true
        : undefined,
    );
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    await station.request('QV.CA0990100.LIC/9ZZZ123.LIS/CA');
    await station.leave();
    const ran = await waiting;
    expect(ran.code).toBe(0);
    expect(rowsOf(ran)).toMatchObject([{ fields: { LIC: ['9ZZZ123'] } }]);
  });

  it('ends after its time, exit 1 without a match, with what was there before', async () => {
    expect(await search('LIC:NEVER', '-f', '--exit-after', '1s')).toMatchObject({ code: 1 });
    const past = await search(
      'LIC:2ZZZ999',
      '--direction',
      'in',
      '-f',
      '-n',
      '5',
      '--exit-after',
      '2s',
      '--json',
    );
    expect(past.code).toBe(0);
    expect(rowsOf(past)).toMatchObject([{ mke: 'QV', fields: { LIC: ['2ZZZ999'] } }]);
  });

  it.each([
    [['-f', '--until', 'now'], /--until/],
    [['-f', '--count'], /--count/],
    [['-f', '--text', '--reason', 'r'], /--text/],
    [['--until-match', '--job'], /--job/],
    [['--cursor-file', '/nonexistent/c', '--on', 'today'], /--cursor-file/],
    [['--cursor-file', '/nonexistent/c', '--count'], /--cursor-file/],
    [['--text', '--reason', 'r', '--by', 'user'], /--text/],
    [['--by', 'text'], /--by is one of/],
  ])('%j is refused, exit 64', async (words, said) => {
    const ran = await search(...words);
    expect([ran.code, ran.stdout]).toEqual([64, '']);
    expect(ran.stderr).toMatch(said);
  });
});

describe('a cursor', () => {
  const file = join(home, 'in.cursor');
  const own = ['--direction', 'in', '--cursor-file', file, '-o', 'jsonl'];

  it('goes on exactly where the last run ended', async () => {
    const first = rowsOf(await search(...own)).map(({ entry }) => entry);
    expect(first.length).toBeGreaterThan(3);
    expect(first).toEqual([...first].sort((a, b) => Number(a) - Number(b)));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await search(...own)).toMatchObject({ code: 1, stdout: '' });
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    await station.request('QV.CA0990100.LIC/9ZZZ124.LIS/CA');
    await station.leave();
    const next = rowsOf(await search(...own));
    expect(next.some(({ fields }) => JSON.stringify(fields ?? {}).includes('9ZZZ124'))).toBe(true);
    expect(next.every(({ entry }) => !first.includes(entry))).toBe(true);
  });

  it('takes a limit a piece at a time, and every row once', async () => {
    const pieces = join(home, 'pieces.cursor');
    const piece = ['--direction', 'in', '--cursor-file', pieces, '-n', '2', '-o', 'jsonl'];
    const all: unknown[] = [];
    for (;;) {
      const ran = await search(...piece);
      all.push(...rowsOf(ran).map(({ entry }) => entry));
      if (ran.code === 1) break;
    }
    const whole = rowsOf(await search('--direction', 'in', '--reverse', '-n', '0', '-o', 'jsonl'));
    expect(all).toEqual(whole.map(({ entry }) => entry));
  });

  it('is refused to another search, and where it is none; never holds what was asked', async () => {
    expect(await search('LIC:1', '--cursor-file', file)).toMatchObject({ code: 65 });
    expect(readFileSync(file, 'utf8')).not.toContain('direction');
    const odd = join(home, 'odd.cursor');
    writeFileSync(odd, '{"entry":"x"}');
    expect(await search('--cursor-file', odd)).toMatchObject({ code: 65 });
    // A journal that has not what was searched in it before is another one.
    const { schema, asked } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(odd, JSON.stringify({ schema, entry: 999_999_999, asked }));
    expect(await search('--direction', 'in', '--cursor-file', odd)).toMatchObject({ code: 65 });
  });

  it('is kept while the journal is followed', async () => {
    const followed = join(home, 'followed.cursor');
    const words = ['--direction', 'in', '--cursor-file', followed, '-o', 'jsonl'];
    const first = rowsOf(await search(...words, '--exit-after', '1s'));
    expect(first.length).toBeGreaterThan(3);
    expect(await search(...words)).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('a job', () => {
  it('is begun, shown, fetched and journalled; only numbers are on the disk', async () => {
    const begun = await search('LIC:2ZZZ999', ...everything, '--job', '--json');
    const { job } = (JSON.parse(begun.stdout) as { job: { job: number } }).job;
    const show = async () =>
      JSON.parse((await msc('journal', 'jobs', 'show', String(job), '--json')).stdout) as {
        state: string;
        count: number;
      };
    const view = await until('the job', async () => {
      const seen = await show();
      return seen.state === 'running' ? undefined : seen;
    });
    const now = rowsOf(await search('LIC:2ZZZ999', ...everything, '-o', 'jsonl'));
    expect(view).toMatchObject({ state: 'done', count: now.length });
    const fetched = await msc('journal', 'jobs', 'fetch', String(job), '-o', 'jsonl');
    expect(fetched.code).toBe(0);
    expect(rowsOf(fetched)).toEqual(now);
    expect((await msc('journal', 'jobs', '--json')).stdout).toContain(`"job":${job}`);

    const withText = ['journal', 'jobs', 'fetch', String(job), '--text', '-o', 'jsonl'];
    expect(await msc(...withText)).toMatchObject({ code: 64, stdout: '' });
    const given = ['--reason', 'audit', '--for-case', '26-1', '--for-recipient', 'DA EXAMPLE'];
    const fetchedText = await msc(...withText, ...given);
    expect(fetchedText.stderr).toMatch(/^release \d{4}-\d{6}$/m);
    const texts = rowsOf(fetchedText);
    expect(texts.some(({ text }) => String(text).includes('2ZZZ999'))).toBe(true);
    const [release] = (await eventsOf(world, 'release')).slice(-1);
    expect(release).toMatchObject({ reason: 'audit', case: '26-1', recipient: 'DA EXAMPLE' });
    const details = (await eventsOf(world, 'search')).map(detailOf);
    expect(details.filter((detail) => detail['command'] === 'job')).toMatchObject([
      { asked: 'LIC:2ZZZ999 --since 1970-01-01', ended: 'not yet' },
      { job, count: now.length, ended: 'complete' },
    ]);

    const folder = join(world.folder, 'jobs');
    const kept = readdirSync(folder).map((name) => join(folder, name));
    expect(kept.map((file) => statSync(file).mode & 0o777)).toEqual(kept.map(() => 0o600));
    expect(kept.some((file) => readFileSync(file, 'latin1').includes('MKE/STOLEN'))).toBe(false);
  });

  it('is there after a restart, and is nobody else’s', async () => {
    const [{ job } = { job: 0 }] = (
      JSON.parse((await msc('journal', 'jobs', '--json')).stdout) as { jobs: { job: number }[] }
    ).jobs;
    await world.stop();
    await world.restart();
    const again = await msc('journal', 'jobs', 'fetch', String(job), '-o', 'jsonl');
    expect([again.code, rowsOf(again).length > 0]).toEqual([0, true]);
    expect(await msc('journal', 'jobs', 'fetch', '1')).toMatchObject({ code: 1, stdout: '' });
    expect(await msc('journal', 'jobs', 'fetch', 'x')).toMatchObject({ code: 64 });
  });

  it('counts too', async () => {
    const own = ['--direction', 'in', '--kind', 'received', ...everything];
    const begun = await search(...own, '--by', 'mke', '--job', '--json');
    const { job } = (JSON.parse(begun.stdout) as { job: { job: number } }).job;
    const fetched = await until('the job', async () => {
      const ran = await msc('journal', 'jobs', 'fetch', String(job), '-o', 'csv');
      return ran.code === 75 ? undefined : ran;
    });
    expect(fetched.stdout).toMatch(/^value,count\nQV,\d+\nQW,1\n$/);
  });
});

describe('a saved search', () => {
  it('is run by its name, with what is typed beside it', async () => {
    const saved = ['journal', 'saved'];
    expect(await msc(...saved)).toMatchObject({ code: 1 });
    const words = ['save', 'plates', 'LIC:2*', '--direction', 'in', '--since', '@0', '--mke', 'QV'];
    expect(await msc(...saved, ...words)).toMatchObject({ code: 0, stdout: '' });
    expect((await msc(...saved, '--json')).stdout).toContain(
      'LIC:2* --mke QV --direction in --since @0',
    );
    expect(statSync(join(home, 'msc', 'searches.json')).mode & 0o777).toBe(0o600);
    expect(await search('@plates', '--count')).toMatchObject({ stdout: '2\n' });
    expect(await search('@plates', 'LIC:*999', '--count')).toMatchObject({ stdout: '1\n' });
    expect(await search('@plates', '--mke', 'QW', '--count')).toMatchObject({ stdout: '2\n' });
    expect(await search('@plates', '--since', 'now', '--count')).toMatchObject({ code: 1 });
    const [last] = (await eventsOf(world, 'search')).slice(-1);
    expect(detailOf(last ?? {})['asked']).toContain('LIC:2*');
  });

  it('is not saved when it could not be run, and is not found under another name', async () => {
    const bad = await msc('journal', 'saved', 'save', 'bad', 'LIC:*1*');
    expect([bad.code, bad.stderr]).toEqual([64, expect.stringContaining('asterisk')]);
    expect(await msc('journal', 'saved', 'save', 'Bad Name', 'LIC:1')).toMatchObject({ code: 64 });
    expect(await search('@bad')).toMatchObject({ code: 1, stdout: '' });
    expect(await msc('journal', 'saved', 'rm', 'plates')).toMatchObject({ code: 0 });
    expect(await msc('journal', 'saved', 'rm', 'plates')).toMatchObject({ code: 1 });
  });
});

describe.runIf(hasTerminal)('on a terminal of 80 columns', () => {
  it('nothing is wider than it, and Ctrl-C ends what follows', { timeout: 120_000 }, async () => {
    const terminal = await mscTerminal({ MSC_CONFIG: world.demo.config, XDG_CONFIG_HOME: home });
    try {
      const found = await terminal.run('msc journal search LIC:2ZZZ999 --direction in -n 1');
      // Two lines say what was searched, one names the columns, one is the row.
      expect(found.lines.at(-1)).toContain('QV');
      expect(found.code).toBe(0);
      const counted = await terminal.run('msc journal search --direction in --by mke');
      expect(counted.lines.at(-2)).toMatch(/^QV +\d+$/);
      terminal.type('clear; msc journal search --direction in -f', 'Enter');
      await terminal.sees(/Ctrl-C ends it/);
      terminal.type('', 'C-c');
      await terminal.sees(/\^C/);
      terminal.type('echo "ended $?"', 'Enter');
      await terminal.sees(/^ended 130$/m);
    } finally {
      terminal.close();
    }
  });
});
