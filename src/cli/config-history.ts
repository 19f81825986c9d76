// `msc config history | rollback N`: which configurations were in force, since when and by whom; and the way back
// to one of them, which is checked, journalled and taken like a reload.

import { settingChanges } from '#src/config/changes';
import type { ConfigurationText, RollbackReport } from '#src/control/wire';
import { confirm, mustBeTerminal } from './ask.ts';
import type { Call } from './command.ts';
import { changeLine, changeRow, diffColumns } from './config-diff.ts';
import { usage } from './flags.ts';
import { withSwitch } from './installation.ts';
import type { Output } from './output.ts';
import { counted, wantsObject } from './output.ts';
import { printRows, RowWriter } from './rows.ts';
import type { Row } from './rows.ts';
import { formatRowTime } from './time.ts';

/** Exit 1 where there is none. */
export async function configHistory({ flags, output }: Call): Promise<number> {
  const columns = [
    { name: 'version', title: 'N', right: true, cell: (row: Row) => numberCell(row) },
    {
      name: 'time',
      cell: (row: Row) => formatRowTime(String(row['time']), output.zone),
      plain: true,
    },
    { name: 'how' },
    { name: 'person', least: 6 },
    { name: 'changed', least: 12 },
    { name: 'reason', least: 8 },
    { name: 'entry', right: true },
  ];
  const members = ['digest', 'kept', 'rollback'];
  const writer = new RowWriter(output, {
    ...{ schema: 'msc.config-history/1', member: 'changes', columns, members },
  });
  const { count } = await withSwitch(flags, (client) =>
    client.call('config-history', {}, (rows) => writer.write(rows)),
  );
  await writer.end();
  output.tell('N is kept and can come back: msc config rollback N; (N) is not kept any more');
  return count === 0 ? 1 : 0;
}

export async function rollbackConfig({ args: [text = ''], flags, output }: Call): Promise<number> {
  const version = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (version === 0) throw usage('a version is a number', 'msc config history');
  const dryRun = flags.on('dryRun');
  if (!dryRun && !flags.on('yes')) mustBeTerminal('--yes, or --dry-run to see what would change');
  const [present, wanted] = await withSwitch(flags, async (client) => [
    await client.call('config', {}),
    await client.call('config', { version }),
  ]);
  if (dryRun || !wantsObject(output)) await printChanges(output, present, wanted);
  if (dryRun) return 0;
  if (!(await confirm(flags, `take version ${version} instead of what is in force?`))) return 1;
  const reason = flags.text('reason');
  const args = reason === undefined ? { version } : { version, reason };
  const done = await withSwitch(flags, (client) => client.call('config-rollback', args));
  await report(output, done);
  return 0;
}

async function printChanges(
  output: Output,
  present: ConfigurationText,
  wanted: ConfigurationText,
): Promise<void> {
  const rows = settingChanges(present.toml, wanted.toml).map(changeRow);
  const form = { schema: 'msc.config-rollback/1', member: 'changes', columns: diffColumns };
  if (output.format === 'table' && output.columns === undefined)
    for (const row of rows) await output.print(changeLine(row));
  else await printRows(output, form, rows, { dry_run: true });
}

async function report(output: Output, done: RollbackReport): Promise<void> {
  const { version, changes, cut, entry, digest, setAside } = done;
  if (wantsObject(output)) {
    const aside = setAside === undefined ? {} : { set_aside: setAside };
    const told = { version, changes, links_ended: cut, digest, entry, ...aside };
    await output.print(JSON.stringify({ schema: 'msc.config-rollback/1', ...told }));
    return;
  }
  const what = changes.length === 0 ? 'nothing changed' : counted(changes.length, 'change');
  output.tell(`version ${version} is in force and in the file: ${what} (entry ${entry})`);
  if (setAside !== undefined)
    output.tell(`what stood in the file and was never loaded is in ${setAside}`);
}

function numberCell({ version, kept }: Row): string {
  if (typeof version !== 'number') return '-';
  return kept === true ? `${version}` : `(${version})`;
}
