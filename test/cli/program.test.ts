import { describe, expect, test } from 'vitest';
import { helpText } from '../../src/cli/help.ts';
import { parseCommandLine } from '../../src/cli/program.ts';
import { commands } from '../../src/cli/table.ts';
import { commonFlags } from '../../src/cli/table/flags.ts';

/** Splits an example as a shell does, quotes and all. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/^'(.*)'$|"([^"]*)"/g, '$1$2'));
}

describe('the table of commands', () => {
  test.each(commands.map((spec) => [spec.name, spec] as const))(
    '%s: its examples parse',
    (name, spec) => {
      expect(spec.examples.length).toBeGreaterThan(0);
      for (const example of spec.examples) {
        const line = parseCommandLine(shellWords(example));
        expect(line.kind === 'run' ? line.spec.name : line.kind, example).toBe(name);
      }
    },
  );

  test.each(commands.map((spec) => [spec.name, spec] as const))(
    '%s: each flag has its text',
    (_, spec) => {
      for (const { flags, text } of [...spec.flags, ...commonFlags]) {
        expect(text.length, flags).toBeGreaterThan(5);
        expect(text, flags).not.toMatch(/\.$/);
      }
    },
  );

  test.each(commands.map((spec) => [spec.name, spec] as const))(
    '%s brings what it runs',
    async (_, spec) => {
      // serve needs the whole daemon, which has its own tests.
      if (spec.name !== 'serve') expect(await spec.load()).toBeTypeOf('function');
    },
  );

  test('full help begins with examples, short help says where the rest is', () => {
    expect(helpText(['journal', 'search'], true)).toMatch(/^examples:\n {2}msc journal search/);
    expect(helpText(['journal', 'search'], false)).toContain('more: msc journal search --help');
  });
});

describe('a command line', () => {
  test.each([
    [['jornal'], 'unknown command `jornal`; did you mean `journal`?'],
    [['journal', 'serch'], 'unknown command `serch`; did you mean `search`?'],
    [['j', 'serch'], 'unknown command `serch`; did you mean `search`?'],
    [['status', '--jsn'], 'unknown option `--jsn`; did you mean `--json`?'],
    [['journal', 'search', '--revers'], 'unknown option `--revers`; did you mean `--reverse`?'],
    [['journal', 'show'], 'missing required argument `entry`'],
    [['status', 'now'], 'too many arguments'],
    [['journal', 'search', '--limit'], 'argument missing'],
    [['user', 'add', 'x', '--password', 'never'], 'unknown option `--password`'],
  ])('%j is refused with one suggestion', (argv, words) => {
    expect(() => parseCommandLine(argv)).toThrow(words);
    expect(() => parseCommandLine(argv)).toThrow(
      expect.objectContaining({ code: 'MSC-1001', exit: 64 }),
    );
  });

  test('a repeated flag takes one value each time', () => {
    const line = parseCommandLine(['j', 'search', '--mke', 'QV', 'LIC:1', '--mke', 'QW', 'VIN:2']);
    expect(line.kind === 'run' ? [line.args, line.flags.all('mke')] : []).toEqual([
      ['LIC:1', 'VIN:2'],
      ['QV', 'QW'],
    ]);
  });

  test('what a search leaves out is no flag', () => {
    const args = ['j', 'search', '-not', 'a', '-LIC:1', '-"b c"', '-STOLEN', '--since', '-10m'];
    const line = parseCommandLine([...args, '-n', '5']);
    if (line.kind !== 'run') throw new Error('not a command');
    expect(line.args.map((arg) => arg.trim())).toEqual([
      '-not',
      'a',
      '-LIC:1',
      '-"b c"',
      '-STOLEN',
    ]);
    expect([line.flags.text('since'), line.flags.text('limit')]).toEqual(['-10m', '5']);
  });

  test('a value may begin with a hyphen', () => {
    const line = parseCommandLine(['j', 'search', '--since', '-2d']);
    expect(line.kind === 'run' ? line.flags.text('since') : '').toBe('-2d');
  });

  test('help is asked for anywhere; a noun alone misses its command', () => {
    expect(parseCommandLine(['journal', 'search', 'LIC:1', '-h'])).toEqual({
      ...{ kind: 'help', words: ['journal', 'search'], how: 'short' },
    });
    expect(parseCommandLine(['-o', 'json', 'j', '--help'])).toMatchObject({
      words: ['journal'],
      how: 'full',
    });
    expect(parseCommandLine(['journal'])).toMatchObject({ words: ['journal'], how: 'missing' });
    expect(parseCommandLine([])).toMatchObject({ words: [], how: 'missing' });
  });

  test('the version is also a flag', () => {
    const line = parseCommandLine(['--version']);
    expect(line.kind === 'run' ? line.spec.name : '').toBe('version');
  });
});
