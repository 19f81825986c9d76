// The same on a real terminal of 80 columns and 24 lines: nothing wider than it, and questions that are asked.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mscTerminal, type Terminal } from '#support/terminal';
import { FakeSwitch } from './fake-switch.ts';
import { answers } from './operator-answers.ts';

const fake = new FakeSwitch(answers);
beforeAll(() => fake.open());
afterAll(() => fake.close());

describe('on a terminal of 80 columns', () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await mscTerminal({ MSC_SOCKET: fake.socket });
  });
  afterAll(() => terminal.close());

  const shownBy = async (line: string): Promise<readonly string[]> =>
    (await terminal.run(`msc ${line}`)).lines;

  test.each([
    ['link ls', 4],
    ['terminal ls', 3],
    ['terminal places', 3],
    ['upstream ls', 2],
    ['queue ls', 4],
    ['queue shape', 4],
    ['queue show QP01', 5],
    ['upstream probe UPCA', 3],
  ])('%s has a line for each row, and names of ten characters whole', async (line, rows) => {
    const lines = await shownBy(line);
    // A longer line would go on below and make one more.
    expect(lines).toHaveLength(rows);
    if (line.startsWith('terminal ls')) expect(lines[1]).toContain('PD-DISPATC');
  });

  test('a question is asked, and no is an answer', async () => {
    terminal.type('clear; msc upstream down UPCA; echo "ended $?"', 'Enter');
    await terminal.until('the question for a reason', (text) => text.includes('why:'));
    terminal.type('the state asks for it', 'Enter');
    await terminal.until('the question', (text) => text.includes('[y/N]'));
    terminal.type('n', 'Enter');
    await terminal.until('the end', (text) => /^ended 1$/m.test(text));
    expect(fake.asked.at(-1)).toMatchObject({ command: 'upstream-set', args: { apply: false } });
  });

  test('top needs the terminal it is given', async () => {
    const [line] = await shownBy('top | cat');
    expect(line).toContain('MSC-1603: this needs a terminal to draw on');
  });
});
