// `msc journal search` as a person sees it, against a control socket that answers as told.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryRow, FakeSwitch } from './fake-switch.ts';
import { runHere, type RanHere } from './in-process.ts';

const holders = [
  { oif: 'J10442', user: 'aroe', name: 'ROE, ANN', agency: 'CA0990100', sinceUs: 0, untilUs: 6e13 },
  { oif: 'J10442', user: 'bdoe', name: 'DOE, BOB\u001b[2J', agency: 'CA0990100', sinceUs: 6e13 },
];
const fake = new FakeSwitch({
  search: { rows: [[entryRow(7)]], end: { count: 1, tookMs: 4, entry: 9, holders } },
  'search-settings': { end: { timezone: 'UTC', shifts: { night: '22:00-06:00' } } },
});
beforeAll(() => fake.open());
afterAll(() => fake.close());

function msc(...words: readonly string[]): Promise<RanHere> {
  return runHere(['journal', 'search', ...words, '--socket', fake.socket]);
}

/** The arguments of the last request. */
function asked(): Readonly<Record<string, unknown>> {
  return fake.asked.at(-1)?.args ?? {};
}

describe('a search', () => {
  test('asks the switch for its shifts where a time names one, and prints the instants', async () => {
    const { stdout, code } = await msc('--on', 'shift:night@2026-11-20');
    expect(code).toBe(0);
    expect(fake.asked.slice(-2).map(({ command }) => command)).toEqual([
      'search-settings',
      'search',
    ]);
    const since = Date.UTC(2026, 10, 20, 22) * 1000;
    expect(asked()).toMatchObject({
      query: { since, until: since + 8 * 3_600_000_000 },
      asked: '--on shift:night@2026-11-20',
    });
    expect(stdout).toContain('2026-11-20 22:00:00 UTC … 2026-11-21 06:00:00 UTC');
    await msc('--on', 'today');
    expect(fake.asked.at(-2)?.command).toBe('search');
  });

  test('refuses a shift that there is not, exit 64', async () => {
    const { stderr, code } = await msc('--since', 'shift:late');
    expect([code, stderr]).toEqual([64, expect.stringContaining('there are night')]);
  });

  test('names who held the OIF, in words and as objects', async () => {
    const { stdout } = await msc('--oif', 'j10442', '--since', '@0');
    expect(stdout).toContain(
      'OIF J10442: ROE, ANN (aroe, CA0990100) 1970-01-01 00:00:00 UTC … 1971-11-26 10:40:00 UTC',
    );
    // What a name holds cannot move the cursor.
    expect(stdout).toContain('DOE, BOB?[2J (bdoe, CA0990100) since 1971-11-26');
    const { stdout: json } = await msc('--oif', 'J10442', '--json');
    expect(JSON.parse(json)).toMatchObject({
      holders: [
        {
          user: 'aroe',
          since: '1970-01-01T00:00:00.000000Z',
          until: '1971-11-26T10:40:00.000000Z',
        },
        { user: 'bdoe', since: '1971-11-26T10:40:00.000000Z' },
      ],
    });
  });
});
