// What a shell offers, asked of the shell itself; the cheat sheet and the manual pages, which come from the same
// table. zsh and fish check their scripts where they are.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mscProgram, projectFolder, runMsc } from '#support/cli';
import { manPages } from '#support/man-pages';
import { hasTerminal, Terminal } from '#support/terminal';
import { cheatLines } from '../../src/cli/cheat.ts';
import { cheatTopics } from '../../src/cli/cheat-sheet.ts';
import { parseCommandLine } from '../../src/cli/program.ts';
import { commands } from '../../src/cli/table.ts';

const folder = mkdtempSync(join(tmpdir(), 'msc-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

function has(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

describe('completion in bash', () => {
  const script = join(folder, 'msc.bash');
  beforeAll(async () => writeFileSync(script, (await runMsc(['completion', 'bash'])).stdout));

  /** What bash offers after these words; the last one is being typed. */
  function offered(...words: readonly string[]): readonly string[] {
    const code = `source ${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _msc; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const said = execFileSync('bash', ['-c', code, 'bash', 'msc', ...words], { encoding: 'utf8' });
    return said.split('\n').filter((word) => word !== '');
  }

  test('offers every command of the table, and nothing else', () => {
    const firsts = new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''));
    expect([...offered('')].sort()).toEqual([...firsts].sort());
    for (const { name } of commands) {
      const [noun = '', verb] = name.split(' ');
      if (verb !== undefined) expect(offered(noun, verb.slice(0, -1)), name).toContain(verb);
    }
  });

  test('offers every flag of every command', () => {
    for (const { name, flags } of commands) {
      const words = name.split(' ');
      const all = offered(...words, '--');
      for (const flag of flags) {
        const long = /--[a-z-]+/.exec(flag.flags)?.[0];
        if (long !== undefined) expect(all, name).toContain(long);
      }
      expect(all).toContain('--json');
    }
  });

  test.each([
    [['jou'], ['journal']],
    [['j', 'sea'], ['search']],
    [['check', 'ce'], ['certs']],
    [
      ['check', 'disk', '-o', ''],
      ['text', 'nagios', 'json', 'prometheus'],
    ],
    [
      ['status', '-o', 'json'],
      ['json', 'jsonl'],
    ],
    [['health', 'r'], ['ready']],
    [['cheat', 'mon'], ['monitoring']],
    [['--config', 'some/msc.toml', '--utc', 'config', 'roll'], ['rollback']],
    [['trace', 'start', '--term'], ['--terminal']],
    [['journal', 'search', '--since', ''], []],
  ])('%j gives %j', (words, wanted) => {
    expect(offered(...words)).toEqual(wanted);
  });

  test.skipIf(!hasTerminal)('completes what a person types in a real terminal', async () => {
    const bin = join(folder, 'msc');
    writeFileSync(bin, `#!/bin/sh\nexec "${process.execPath}" "${mscProgram}" "$@"\n`, {
      mode: 0o755,
    });
    const terminal = new Terminal({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });
    try {
      terminal.type(`source <(msc completion bash); echo "rea""dy"`, 'Enter');
      await terminal.sees(/^ready$/m);
      terminal.type('clear', 'Enter');
      terminal.type('msc hea', 'Tab');
      terminal.type('liv', 'Tab');
      terminal.type('--wa', 'Tab');
      terminal.type('30s');
      await terminal.sees(/^\$ msc health live --wait 30s$/m);
    } finally {
      terminal.close();
    }
  });
});

test('zsh takes its script', async ({ skip }) => {
  const { stdout, code } = await runMsc(['completion', 'zsh']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^#compdef msc\n/)]);
  for (const { name } of commands) expect(stdout).toContain(`'${name}')`);
  if (!has('zsh')) skip('there is no zsh here to check the syntax');
  writeFileSync(join(folder, '_msc'), stdout);
  execFileSync('zsh', ['-n', join(folder, '_msc')]);
});

test('fish takes its script', async ({ skip }) => {
  const { stdout, code } = await runMsc(['completion', 'fish']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('complete -c msc ')]);
  const quotes = stdout.split('\n').filter((line) => (line.match(/'/g)?.length ?? 0) % 2 !== 0);
  expect(quotes).toEqual([]);
  if (!has('fish')) skip('there is no fish here to check the syntax');
  writeFileSync(join(folder, 'msc.fish'), stdout);
  execFileSync('fish', ['--no-execute', join(folder, 'msc.fish')]);
});

test('a shell that there is not gets a suggestion', async () => {
  const ran = await runMsc(['completion', 'bsh']);
  expect([ran.code, ran.stderr]).toEqual([64, expect.stringContaining('did you mean `bash`?')]);
});

describe('the cheat sheet', () => {
  test.each(cheatTopics.map((topic) => [topic.name, topic] as const))(
    '%s is one screen, and each example is a command',
    async (name, topic) => {
      for (const { example } of topic.lines) {
        const words = (example.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) =>
          word.replaceAll('"', ''),
        );
        expect(parseCommandLine(words).kind, example).toBe('run');
      }
      const lines = cheatLines(topic);
      expect(lines.length).toBeLessThanOrEqual(22);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
      const { stdout, code } = await runMsc(['cheat', name]);
      expect([code, stdout]).toEqual([0, expect.stringContaining(lines.join('\n'))]);
    },
  );

  test('without a topic is for the night; one that there is not gets a suggestion', async () => {
    expect((await runMsc(['cheat'])).stdout).toMatch(/^night: /);
    const wrong = await runMsc(['cheat', 'confg']);
    expect([wrong.code, wrong.stderr]).toEqual([64, expect.stringContaining('`config`')]);
    expect(JSON.parse((await runMsc(['cheat', 'certs', '--json'])).stdout)).toMatchObject({
      ...{ schema: 'msc.cheat/1', name: 'certs' },
    });
  });
});

describe('the manual', () => {
  test('has a page for each command and no other, as the table says', () => {
    const pages = manPages();
    const there = readdirSync(join(projectFolder, 'man')).sort();
    expect(there).toEqual(pages.map(({ file }) => file.slice('man/'.length)).sort());
    for (const { file, text } of pages)
      expect(readFileSync(join(projectFolder, file), 'utf8'), file).toBe(text);
    expect(pages).toHaveLength(commands.length + 1);
  });

  test('groff has nothing to say against any page, and shows every flag', ({ skip }) => {
    if (!has('groff')) skip('there is no groff here');
    for (const { file } of manPages()) {
      const words = ['-man', '-ww', '-Tutf8', '-P-c', '-rLL=100n', join(projectFolder, file)];
      const { stdout, stderr, status } = spawnSync('groff', words, { encoding: 'utf8' });
      expect([status, stderr], file).toEqual([0, '']);
      const name = file.slice('man/msc-'.length, -'.1'.length);
      const spec = commands.find((each) => each.name.replaceAll(' ', '-') === name);
      for (const { flags } of spec?.flags ?? [])
        expect(stdout.replaceAll(/.[\b]/g, ''), file).toContain(flags.split(' ')[0]);
    }
  });
});
