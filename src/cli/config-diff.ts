// `msc config diff [F]`: what would change if the file were taken now, setting by setting, and which of it needs a
// restart. Against what the switch has in force; with the switch down, against the file of the installation.

import { resolve } from 'node:path';
import { settingChanges } from '#src/config/changes';
import type { SettingChange } from '#src/config/changes';
import { configOf, readText } from '#src/config/load';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import type { Flags } from './flags.ts';
import { configFile, withSwitch } from './installation.ts';
import { counted } from './output.ts';
import { printRows } from './rows.ts';
import type { Row } from './rows.ts';

/** Exit 0 when both are the same, 1 when they differ. */
export async function diffConfig({ args: [named], flags, output }: Call): Promise<number> {
  const file = named === undefined ? configFile(flags) : resolve(named);
  const wanted = await rightText(file);
  const against = await comparedWith(flags, named !== undefined);
  const changes = settingChanges(against.toml, wanted);
  const rows = changes.map(changeRow);
  if (output.format === 'table' && output.columns === undefined)
    for (const row of rows) await output.print(changeLine(row));
  else {
    const extra = { file, against: against.what, same: against.toml === wanted };
    const form = { schema: 'msc.config-diff/1', member: 'changes', columns: diffColumns };
    await printRows(output, form, rows, extra);
  }
  output.tell(summary(changes, against));
  return changes.length === 0 ? 0 : 1;
}

export const diffColumns = [
  { name: 'key', least: 20 },
  { name: 'before', least: 10 },
  { name: 'after', least: 10 },
  { name: 'restart' },
] as const;

/** As a program reads it: absent where a setting is not there. */
export function changeRow({ key, before, after, restart }: SettingChange): Row {
  return {
    key,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    restart,
  };
}

/** `~ links.window: 32 → 16` */
export function changeLine({ key, before, after, restart }: Row): string {
  const word = (value: unknown): string =>
    value === undefined ? 'not set' : JSON.stringify(value);
  const note = restart === true ? '   (needs a restart)' : '';
  return `~ ${String(key)}: ${word(before)} → ${word(after)}${note}`;
}

interface Against {
  readonly toml: string;
  /** What it is, in words. */
  readonly what: string;
}

/** @throws MscFault MSC-1201 where nothing is in force and no other file was named. */
async function comparedWith(flags: Flags, hasOther: boolean): Promise<Against> {
  try {
    const { toml, digest } = await withSwitch(flags, (client) => client.call('config', {}));
    return { toml, what: `in force (${digest.slice(0, 12)})` };
  } catch (error) {
    const isDown = error instanceof MscFault && error.code === 'MSC-1201';
    if (!isDown || !hasOther) throw error;
    const file = configFile(flags);
    return { toml: await rightText(file), what: `${file}, because the switch does not answer` };
  }
}

/** @throws MscFault as `loadConfig` does */
async function rightText(file: string): Promise<string> {
  const toml = await readText(file);
  configOf(toml, file);
  return toml;
}

function summary(changes: readonly SettingChange[], { what }: Against): string {
  const fixed = changes.filter(({ restart }) => restart).length;
  const restart = fixed === 0 ? '' : `, ${fixed} of them with a restart`;
  const many = changes.length === 0 ? 'no setting differs' : counted(changes.length, 'change');
  return `${many}${restart}; compared with what is ${what}`;
}
