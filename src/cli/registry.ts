// `msc registry apply FILE`: shows what would change, asks, applies. The switch checks and journals it.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MscFault } from '#src/errors';
import type { ChangeLine } from '#src/control/wire';
import type { Call } from './command.ts';
import { confirm } from './ask.ts';
import { withSwitch } from './installation.ts';
import { counted } from './output.ts';
import type { Output } from './output.ts';
import { printRows } from './rows.ts';

/** Exit 1 where the person says no. */
export async function applyRegistry({ args: [file = ''], flags, output }: Call): Promise<number> {
  const toml = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new MscFault('MSC-1005', { detail: file, cause });
  });
  const reason = flags.text('reason');
  const args = { toml, file: resolve(file), ...(reason === undefined ? {} : { reason }) };
  return withSwitch(flags, async (client) => {
    const { changes } = await client.call('registry', { ...args, apply: false });
    await printChanges(output, changes);
    if (changes.length === 0) output.tell('nothing to change');
    if (changes.length === 0 || flags.on('dryRun')) return 0;
    if (!(await confirm(flags, `apply ${counted(changes.length, 'change')}?`))) return 1;
    const applied = await client.call('registry', { ...args, apply: true });
    output.tell(
      `${counted(applied.changes.length, 'change')} applied (entry ${applied.entry ?? '-'})`,
    );
    return 0;
  });
}

const signs = { add: '+', change: '~', remove: '-' } as const;

async function printChanges(output: Output, changes: readonly ChangeLine[]): Promise<void> {
  if (output.format === 'table' && output.columns === undefined)
    for (const { op, table, key, text } of changes)
      await output.print(`${signs[op]} ${table} ${key}${text === '' ? '' : `: ${text}`}`);
  else {
    const columns = ['op', 'table', 'key', 'text'].map((name) => ({ name }));
    const form = { schema: 'msc.registry-apply/1', member: 'changes', columns };
    await printRows(
      output,
      form,
      changes.map((change) => ({ ...change })),
    );
  }
}
