// `msc config check|show`: the settings of a file, by the code that the switch uses.

import { resolve } from 'node:path';
import { effectiveSettings } from '#src/config/effective';
import { loadConfig } from '#src/config/load';
import type { Call } from './command.ts';
import { configFile } from './installation.ts';
import { printRows } from './rows.ts';

/** Exit 78 lists everything that is wrong. */
export async function checkConfig(call: Call): Promise<number> {
  const file = fileOf(call);
  const config = await loadConfig(file);
  const { output } = call;
  if (output.format === 'json' || output.format === 'jsonl')
    await output.print(JSON.stringify({ schema: 'msc.config-check/1', file, ok: true }));
  else
    await output.print(
      `ok: ${file}: county "${config.switch.county}", ${config.upstreams.length} upstreams, 0 unknown keys`,
    );
  return 0;
}

export async function showConfig(call: Call): Promise<number> {
  const settings = await effectiveSettings(fileOf(call));
  const columns = [
    { name: 'key', least: 20 },
    {
      name: 'value',
      cell: (row: Readonly<Record<string, unknown>>) => JSON.stringify(row['value']),
      least: 16,
    },
    { name: 'origin' },
  ];
  const rows = settings.map((setting) => ({ ...setting }));
  await printRows(call.output, { schema: 'msc.config-show/1', member: 'settings', columns }, rows);
  return 0;
}

function fileOf({ args: [file], flags }: Call): string {
  return file === undefined ? configFile(flags) : resolve(file);
}
