// Every setting can be explained, in 80 columns, and the explanation says what the schema says.

import { expect, test } from 'vitest';
import { explainSetting, settingKeys } from '#src/config/explain';
import { runMsc } from '#support/cli';

const keys = settingKeys().map((key) => [key] as const);

test.each(keys)('%s is explained', (key) => {
  const found = explainSetting(key.replace('NAME', 'STATE'));
  expect(found?.key).toBe(key);
  expect(found?.text.length).toBeGreaterThan(5);
  expect(found?.form).not.toBe('');
});

test('a setting: meaning, default, limits, and what a change needs', async () => {
  const window = await runMsc(['config', 'explain', 'links.window']);
  expect(window.stdout).toBe(
    [
      'links.window',
      '  Messages sent and not yet handled, each way (link M4).',
      '  default   32',
      '  form      a whole number from 1 to 1024',
      '  a change  is taken by msc config reload',
      '',
    ].join('\n'),
  );
  const name = await runMsc(['config', 'explain', 'switch.name', '--json']);
  expect(JSON.parse(name.stdout)).toMatchObject({
    ...{ schema: 'msc.config-explain/1', key: 'switch.name', change: 'restart', needed: true },
  });
  const table = await runMsc(['config', 'explain', 'links']);
  expect(table.stdout).toContain('links.frame_bytes_max links.window links.keep_alive');
  expect(Math.max(...table.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test.each(['links.windw', 'lnks', 'upstreams.state.address', '', 'constructor', '__proto__'])(
  '%j is no setting, and gets a suggestion',
  async (key) => {
    expect(explainSetting(key)).toBeUndefined();
    const { code, stderr } = await runMsc(['config', 'explain', key]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/MSC-1107.*did you mean/)]);
  },
);
