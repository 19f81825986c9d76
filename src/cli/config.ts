// `msc config check|show`: the settings of a file, by the code that the switch uses, and the files they name.

import { resolve } from 'node:path';
import { effectiveSettings } from '#src/config/effective';
import { loadConfig } from '#src/config/load';
import type { Call } from './command.ts';
import { openNamedFiles } from './config-files.ts';
import { configFile } from './installation.ts';
import { counted, wantsObject } from './output.ts';
import { printRows } from './rows.ts';

/** Exit 78 lists everything that is wrong; 66 the files that are not there. */
export async function checkConfig(call: Call): Promise<number> {
  const file = fileOf(call);
  const config = await loadConfig(file);
  await openNamedFiles(config);
  const { output } = call;
  if (wantsObject(output))
    await output.print(JSON.stringify({ schema: 'msc.config-check/1', file, ok: true }));
  else
    await output.print(
      `ok: ${file}: county "${config.switch.county}", ${counted(config.upstreams.length, 'upstream')}, 0 unknown keys`,
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
