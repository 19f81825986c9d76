// File descriptors: how many connections fit beside what the switch itself needs, and whether any is left.
// With none left the system drops new connections by itself; links, journal and timers go on. It is said
// once, and once again when there are some; nothing else is done about it.

import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Log } from './log.ts';

/** Files, threads, operators, health, upstreams, a search or two: what is open beside stations, at most. */
const ownMost = 224;
/** Fewer are no switch: then operators and stations share what there is. */
const connectionsLeast = 16;
const placesLeast = 12;
const lookMs = 1_000;

/** So many connections leave enough for journal, control and health; says so where fewer than wanted do. */
export function connectionsThatFit(
  wanted: number,
  log: Log,
  { places, limit = descriptorLimit() }: { readonly places: number; readonly limit?: number },
): number {
  const fits = Math.max(connectionsLeast, Math.min(wanted, limit - ownMost - places));
  if (fits < wanted) log.write('warn', 'descriptors', { code: 'MSC-2203', limit, wanted, fits });
  return fits;
}

/** So many may wait before their TLS: a quarter of what is there for connections, since links come first. */
export function placesThatFit(wanted: number, limit = descriptorLimit()): number {
  return Math.min(wanted, Math.max(placesLeast, Math.floor((limit - ownMost) / 4)));
}

/** Of this process; Node has raised the soft limit to the hard one. Infinity where nothing says. */
export function descriptorLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'latin1');
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Infinity);
  } catch {
    // Not Linux, or no /proc here.
    return Infinity;
  }
}

/** Looks each second, until it is disposed of. */
export function watchDescriptors(log: Log): Disposable {
  let left = true;
  const look = (): void => {
    const now = isOneLeft();
    if (now !== left)
      log.write(now ? 'info' : 'error', 'descriptors', { code: 'MSC-2203', left: now });
    left = now;
  };
  const timer = setInterval(look, lookMs).unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
}

function isOneLeft(): boolean {
  try {
    closeSync(openSync('/dev/null', 'r'));
    return true;
  } catch {
    // EMFILE or ENFILE: either is what we look for.
    return false;
  }
}
