// Help fits a terminal of 80 columns: every page of both programs, as it is printed.

import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { helpText } from '../../src/cli/help.ts';
import { commands } from '../../src/cli/table.ts';
import { buildProgram } from '../../src/sim/program.ts';

const nouns = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))];
const ofMsc = ['', ...new Set([...nouns, ...commands.map(({ name }) => name)])].flatMap((name) =>
  [false, true].map((full) => ({
    page: `msc ${name} ${full ? '--help' : '-h'}`,
    text: helpText(name === '' ? [] : name.split(' '), full),
  })),
);
const ofSim = withChildren(buildProgram()).map((command) => ({
  page: `${pathOf(command)} --help`,
  text: printed(command),
}));

describe('every page of help', () => {
  test('is found: of both programs, of each command, with what is said after the flags', () => {
    expect(ofMsc.length).toBeGreaterThan(2 * commands.length);
    expect(ofSim.map(({ page }) => page)).toEqual([
      'msc-sim --help',
      ...['host', 'host state', 'host ncic', 'host nlets', 'host dmv', 'host history'].map(simPage),
      ...['journal', 'terminal', 'load', 'world'].map(simPage),
    ]);
    const terminal = ofSim.find(({ page }) => page === simPage('terminal'));
    expect(terminal?.text).toContain('Example: msc-sim terminal');
  });

  test.each([...ofMsc, ...ofSim])('$page fits 80 columns', ({ text }) => {
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('an example that is too long for a line', () => {
  test.each(
    commands.flatMap(({ name, examples }) => examples.map((line) => [name, line] as const)),
  )('%s: `msc %s` is printed so that a shell takes it', (name, example) => {
    const page = helpText(name.split(' '), true);
    const lines = page.slice(page.indexOf('\n') + 1, page.indexOf('\n\n')).split('\n');
    const pasted = lines.join('\n').replaceAll(/ \\\n +/g, ' ');
    expect(pasted.split('\n')).toContain(`  msc ${example}`);
    // Inside quotes a line end and the indent would be part of the word.
    for (const line of lines.filter((each) => each.endsWith('\\')))
      expect(line.replaceAll(/[^"']/g, '').length % 2, line).toBe(0);
  });
});

function simPage(name: string): string {
  return `msc-sim ${name} --help`;
}

function withChildren(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withChildren)];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** As it is printed where nothing says how wide the screen is, with what follows the flags. */
function printed(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}
