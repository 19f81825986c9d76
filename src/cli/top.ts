// `msc top`: the switch and its links on the whole screen, anew each second. It needs a terminal and leaves it
// as it was, however it ends: q, Ctrl-C, a signal, a switch that goes away, a fault of ours.

import type { ControlClient } from '#src/control/client';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { withSwitch } from './installation.ts';
import { allRows } from './list.ts';
import { frameLines } from './top/frame.ts';
import { keysOf } from './top/keys.ts';
import { createView, noteSample, onKey, type View } from './top/view.ts';
import { Screen } from './top/screen.ts';

const everyMs = 1_000;
/** Looking takes a tenth of the time at most, however many links there are. */
const restFactor = 10;

export async function runTop({ flags, output }: Call): Promise<number> {
  // `isTTY` is undefined where there is none, whatever its type says.
  if (!process.stdout.isTTY || !process.stdin.isTTY) throw new MscFault('MSC-1603');
  return withSwitch(flags, async (client) => {
    const view = createView(output.zone);
    await look(client, view);
    const screen = new Screen();
    try {
      return await watch(client, screen, view);
    } finally {
      screen.close();
    }
  });
}

/** @returns 0 for q, 130 for Ctrl-C. */
async function watch(client: ControlClient, screen: Screen, view: View): Promise<number> {
  const left = Promise.withResolvers<number>();
  const draw = (): void => screen.draw(frameLines(view, screen.size, Date.now()));
  screen.onResize(draw);
  screen.onInput((chunk) => {
    for (const key of keysOf(chunk)) {
      const exit = onKey(view, key, screen.size);
      if (exit !== undefined) left.resolve(exit);
    }
    draw();
  });
  const looking = lookAgain(client, view, draw);
  try {
    draw();
    return await Promise.race([left.promise, looking.failed]);
  } finally {
    looking.stop();
  }
}

/** One look after the other; a pause still looks, so that a switch that goes away is noticed. */
function lookAgain(
  client: ControlClient,
  view: View,
  draw: () => void,
): { readonly failed: Promise<never>; readonly stop: () => void } {
  const failed = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const next = async (): Promise<void> => {
    const sinceMs = performance.now();
    await look(client, view);
    if (isOver) return;
    draw();
    const tookMs = performance.now() - sinceMs;
    timer = setTimeout(again, Math.max(everyMs - tookMs, tookMs * restFactor));
  };
  const again = (): void => {
    next().catch((error: unknown) => {
      if (!isOver) failed.reject(error instanceof Error ? error : new Error('looking failed'));
    });
  };
  timer = setTimeout(again, everyMs);
  const stop = (): void => {
    isOver = true;
    clearTimeout(timer);
  };
  return { failed: failed.promise, stop };
}

async function look(client: ControlClient, view: View): Promise<void> {
  const status = await client.call('status', { brief: true });
  const links = await allRows(client, 'links');
  noteSample(view, { status, links, atMs: performance.now() });
}
