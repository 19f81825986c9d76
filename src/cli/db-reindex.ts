// `msc db reindex`: the running switch makes the indexes anew; with the switch down it is done here, in the folder,
// by the user the switch runs as. Exit 0 when it has begun, or with --wait when it is over and all is sound.

import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reindexing, ReindexWish } from '#journal/reindexing';
import type { ControlClient } from '#src/control/client';
import type { ReindexView } from '#src/control/wire-search';
import { MscFault } from '#src/errors';
import { journalFaults } from '#src/journal-faults';
import type { Call } from './command.ts';
import { usage } from './flags.ts';
import type { Flags } from './flags.ts';
import { withSwitch } from './installation.ts';
import { isDown } from './journal-client.ts';
import { readableJournal } from './journal-verify.ts';
import { counted, wantsObject } from './output.ts';
import type { Output } from './output.ts';

const askAgainMs = 300;

export async function runReindex(call: Call): Promise<number> {
  const wish = wishOf(call.flags);
  if (call.flags.text('journal') !== undefined) return inFolder(call, wish);
  try {
    return await bySwitch(call, wish);
  } catch (error) {
    // Who named a socket alone did not say where the folder is.
    if (!isDown(error) || call.flags.text('socket') !== undefined) throw error;
    return inFolder(call, wish);
  }
}

function wishOf(flags: Flags): ReindexWish {
  const entry = flags.integer('segment', { least: 1, most: Number.MAX_SAFE_INTEGER });
  if (entry !== undefined && flags.on('damaged'))
    throw usage('--segment or --damaged, not both', 'msc db reindex --help');
  if (entry !== undefined) return { kind: 'segment', entry };
  return { kind: flags.on('damaged') ? 'damaged' : 'all' };
}

async function bySwitch({ flags, output }: Call, wish: ReindexWish): Promise<number> {
  const reason = flags.text('reason');
  return withSwitch(flags, async (client) => {
    const args = { wish, ...(reason === undefined ? {} : { reason }) };
    const begun = await client.call('reindex', args);
    if (!flags.on('wait')) return tellBegun(output, begun);
    return tellEnd(output, { ...(await waitFor(client, output, begun)), ...entryOf(begun) });
  });
}

async function waitFor(
  client: ControlClient,
  output: Output,
  begun: ReindexView,
): Promise<Reindexing> {
  const progress = new Progress(output);
  for (let view: Reindexing = begun; ;) {
    progress.see(view);
    if (view.state !== 'running') return view;
    await pause(askAgainMs);
    const { view: next } = await client.call('reindex-show', {});
    // A switch that started anew knows of none.
    if (next === undefined) return { ...view, state: 'broken off' };
    view = next;
  }
}

/** @throws MscFault MSC-3103 where a switch has the folder, MSC-3124 for anybody but its user. */
async function inFolder({ flags, output }: Call, wish: ReindexWish): Promise<number> {
  const folder = await readableJournal(flags);
  const { uid } = statSync(folder);
  // Files of another owner would keep the switch out of its own journal.
  if (process.getuid?.() !== uid) throw new MscFault('MSC-3124', { detail: folder });
  output.tell(`the switch is down: this is done in ${folder}, and is not journalled`);
  const { reindexFolder } = await import('#journal/sqlite/reindex-folder');
  const progress = new Progress(output);
  const end = named(() => reindexFolder(folder, wish, (report) => progress.see(report)));
  if (wish.kind === 'segment' && end.segments === 0)
    throw new MscFault('MSC-3121', { detail: `entry ${wish.entry}` });
  return tellEnd(output, end);
}

/** What keeps a switch from starting keeps this from beginning, and is called the same. */
function named<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'JournalFault' || !('code' in error))
      throw error;
    const code = journalFaults[String(error.code)] ?? 'MSC-3101';
    throw new MscFault(code, { detail: error.message, cause: error });
  }
}

const entryOf = ({ entry }: ReindexView): Pick<ReindexView, 'entry'> =>
  entry === undefined ? {} : { entry };

async function tellBegun(output: Output, begun: ReindexView): Promise<number> {
  await printObject(output, begun);
  const entry = begun.entry === undefined ? '' : ` (entry ${begun.entry})`;
  output.tell(
    `begun: ${counted(begun.segments, 'sealed segment')}${entry}; --wait waits for its end`,
  );
  return 0;
}

/** @throws MscFault MSC-3122, MSC-3123 */
async function tellEnd(output: Output, end: ReindexView): Promise<number> {
  await printObject(output, end);
  const { state, segments, renewed, unproved, why } = end;
  if (state !== 'done')
    throw new MscFault('MSC-3123', { detail: [state, why].filter(Boolean).join(': ') });
  const looked = renewed === segments ? '' : ` of ${segments} looked at`;
  output.tell(`done: ${counted(renewed, 'sealed segment')}${looked} with a new index`);
  if (unproved.length > 0)
    throw new MscFault('MSC-3122', { detail: `the segments from entry ${unproved.join(', ')}` });
  return 0;
}

async function printObject(output: Output, { wish, ...view }: ReindexView): Promise<void> {
  if (!wantsObject(output)) return;
  const what = wish.kind === 'segment' ? { entry_wanted: wish.entry } : {};
  await output.print(
    JSON.stringify({ schema: 'msc.db-reindex/1', what: wish.kind, ...what, ...view }),
  );
}

/** A line for each segment, where somebody looks on. */
class Progress {
  readonly #output: Output;
  #at: number | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  see({ at, looked, segments }: Reindexing): void {
    // `isTTY` is undefined where there is none, whatever its type says.
    if (!process.stderr.isTTY || at === undefined || at === this.#at) return;
    this.#at = at;
    this.#output.tell(`segment ${looked + 1} of ${segments}, from entry ${at}`);
  }
}
