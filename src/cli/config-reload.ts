// `msc config reload`: the running switch reads its configuration, certificates and lists again, and says what
// changed. What is refused is its fault, with its exit code; nothing was changed then.

import type { Call } from './command.ts';
import { withSwitch } from './installation.ts';
import { counted } from './output.ts';
import { printRows } from './rows.ts';

export async function reloadConfig({ flags, output }: Call): Promise<number> {
  const reason = flags.text('reason');
  const args = reason === undefined ? {} : { reason };
  const done = await withSwitch(flags, (client) => client.call('reload', args));
  if (output.format === 'table' && output.columns === undefined)
    for (const { key, text } of done.changes) await output.print(`~ ${key}: ${text}`);
  else {
    const form = {
      ...{ schema: 'msc.config-reload/1', member: 'changes' },
      columns: [{ name: 'key' }, { name: 'text' }],
    };
    const rows = done.changes.map((change) => ({ ...change }));
    await printRows(output, form, rows);
  }
  const { changes, cut, entry } = done;
  const what = changes.length === 0 ? 'nothing changed' : counted(changes.length, 'change');
  const ended = cut === 0 ? '' : `, ${counted(cut, 'link')} ended`;
  output.tell(`reloaded: ${what}${ended} (entry ${entry})`);
  return 0;
}
