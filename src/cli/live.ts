// Entries as they become durable, until the reader, the person or the switch goes: `journal tail`, `link watch`.
// Each line is whole when it is printed, so that an interrupt leaves what came before it valid.

import type { Commands } from '#src/control/wire';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { withSwitch } from './installation.ts';
import { RowWriter } from './rows.ts';
import type { RowForm } from './rows.ts';

/** One object without an end would be no JSON: here `json` is `jsonl`. */
export async function printLive<C extends 'follow' | 'link-watch'>(
  { flags, output }: Call,
  form: RowForm,
  { command, args }: { readonly command: C; readonly args: Commands[C]['args'] },
): Promise<number> {
  const format = output.format === 'json' ? 'jsonl' : output.format;
  const writer = new RowWriter({ ...output, format }, form);
  if (Number.isFinite(output.width)) output.tell('following the journal; Ctrl-C ends it');
  await withSwitch(flags, (client) => client.call(command, args, (rows) => writer.write(rows)));
  // It ends with us alone: an end of theirs is one that was not asked for.
  throw new MscFault('MSC-1201', { detail: 'it stopped telling', hint: 'msc status' });
}
