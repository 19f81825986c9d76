// What changes something of a running switch: it is said what it would meet, asked, done, and the entry named
// (operator-experience 3). Without a terminal nothing is asked: `--yes` and `--reason` answer.

import type { ControlClient } from '#src/control/client';
import type { Acted } from '#src/control/wire';
import type { ActReport } from '#src/control/wire-views';
import type { Call } from './command.ts';
import { confirm, askReason } from './ask.ts';
import { withSwitch } from './installation.ts';
import { counted, shown, wantsObject } from './output.ts';

export interface Deed<R extends ActReport> {
  /** `msc.link-close/1`. */
  readonly schema: string;
  /** What is done, as in "close link 112". */
  readonly verb: string;
  /** What it is when it is done, as in "link 112 is closed". */
  readonly done: string;
  /** Whoever takes something away says why. */
  readonly needsReason: boolean;
  /** Nothing is asked before what takes nothing away. */
  readonly asks: boolean;
  readonly run: (client: ControlClient, how: Acted) => Promise<R>;
}

/** @returns The report of what was done; undefined where nothing was: the person said no, or only looked. */
export async function carryOut<R extends ActReport>(
  { flags, output }: Call,
  deed: Deed<R>,
): Promise<{ readonly exit: number; readonly done?: R }> {
  return withSwitch(flags, async (client) => {
    const met = await deed.run(client, { apply: false });
    const say = (report: object): Promise<void> =>
      wantsObject(output)
        ? output.print(JSON.stringify({ schema: deed.schema, ...report }))
        : Promise.resolve();
    if (met.already) {
      await say(met);
      output.tell(`${deed.done} already; nothing was changed`);
      return { exit: 0 };
    }
    if (flags.on('dryRun')) {
      await say(met);
      if (!wantsObject(output)) await output.print(`would ${deed.verb}${metWords(met)}`);
      return { exit: 0 };
    }
    const reason = deed.needsReason ? await askReason(flags, 'why: ') : flags.text('reason');
    if (deed.asks && !(await confirm(flags, `${deed.verb}${metWords(met)}?`))) return { exit: 1 };
    const how = { apply: true, ...(reason === undefined ? {} : { reason }) };
    const done = await deed.run(client, how);
    await say(done);
    return { exit: 0, done };
  });
}

/** Says that it is done. */
export async function carryOutAndTell(call: Call, deed: Deed<ActReport>): Promise<number> {
  const { exit, done } = await carryOut(call, deed);
  if (done?.entry !== undefined) call.output.tell(`${deed.done} (entry ${done.entry})`);
  return exit;
}

/** What it meets: `: station DISP1, mnemonic QZ01, link 112 from 10.20.3.45, jdoe signed on, 1 unacknowledged`. */
function metWords(met: ActReport): string {
  const { station, mnemonics, link, peer, user, unacknowledged } = met;
  const parts = [
    ...(station === undefined ? [] : [`station ${station}`]),
    ...(mnemonics.length === 0 ? [] : [`mnemonic ${mnemonics.join(' ')}`]),
    ...(link === undefined ? ['no link'] : [`link ${link} from ${peer ?? 'nowhere'}`]),
    ...(user === undefined ? [] : [`${user} signed on`]),
    ...(unacknowledged === 0 ? [] : [counted(unacknowledged, 'message') + ' not acknowledged']),
  ];
  return ` (${shown(parts.join(', '))})`;
}
