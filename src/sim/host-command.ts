// `msc-sim host NAME`: starts a simulated host, says when it listens, obeys its control socket, and stops on
// SIGTERM or SIGINT with exit 0.

import { parseAddress } from './address.ts';
import { SimFault } from './fault.ts';
import { checkedMnemonic, chosenClock, chosenFaults } from './host-options.ts';
import type { HostOptions, StateOptions } from './host-options.ts';
import type { HostRow } from './host-table.ts';
import { openControl } from './line/control.ts';
import type { LineHandler } from './line/handler.ts';
import { Listener } from './line/listener.ts';
import type { ListenerOptions } from './line/listener.ts';
import { ServedHost } from './served-host.ts';
import type { Backstage } from './served-host.ts';
import { SingleBackstage } from './single-backstage.ts';
import { SingleHost } from './single-host.ts';
import { openHub } from './state/open-hub.ts';
import { readCredentials } from './tls-profile.ts';

/** How long the farewell to the stations may take. */
const stopMs = 300;

/** @throws SimFault SIM-USAGE, SIM-FILE, SIM-INPUT, SIM-CREATE */
export async function runSingleHost(row: HostRow, options: HostOptions): Promise<void> {
  const settings = lineSettings(options);
  const host = row.open(options);
  const listener: Listener = new Listener({ ...settings, handler: late(() => single) });
  const unasked = options.unsolicitedTo ?? options.mnemonic?.[0] ?? 'HOST';
  const mnemonic = checkedMnemonic(unasked);
  const single: SingleHost = new SingleHost({
    ...{ name: options.name, host, clock: settings.clock, ori: options.ori },
    unasked: () => ({ station: listener.lastStation, mnemonic }),
    say: (answers) => listener.say(answers),
  });
  single.serve(options.out ?? 'up');
  await serve(options, settings, listener, new SingleBackstage(row.name, single, listener));
}

/** @throws SimFault SIM-USAGE, SIM-FILE, SIM-INPUT, SIM-CREATE */
export async function runState(options: StateOptions): Promise<void> {
  const settings = lineSettings(options);
  const listener = new Listener({ ...settings, handler: late(() => opened.hub) });
  const opened = openHub(options, settings.clock, listener);
  if (options.out !== undefined)
    opened.backstage.command(undefined, { kind: 'out', service: options.out });
  await serve(options, settings, listener, opened.backstage);
}

type LineSettings = Omit<ListenerOptions, 'handler'> & {
  readonly clock: ReturnType<typeof chosenClock>;
};

function lineSettings(options: HostOptions): LineSettings {
  const { cert, key, ca, name, window, keepAliveMs, frameBytes } = options;
  const clock = chosenClock(options);
  return {
    ...{ name, window, keepAliveMs, clock },
    frameBytesMax: frameBytes,
    credentials: readCredentials({ cert, key, ca }),
    stations: options.station,
    mnemonics: (options.mnemonic ?? []).map(checkedMnemonic),
    faults: chosenFaults(options),
    now: () => clock.now(),
  };
}

/** The line and what stands behind it know each other: the second is made a moment later. */
function late(handler: () => LineHandler): LineHandler {
  return {
    take: (message) => handler().take(message),
    commit: () => handler().commit(),
    proceed: () => handler().proceed(),
    delivered: (receipt) => handler().delivered(receipt),
    lost: (receipt) => handler().lost(receipt),
  };
}

async function serve(
  options: HostOptions,
  settings: LineSettings,
  listener: Listener,
  behind: Backstage,
): Promise<void> {
  const served = new ServedHost({
    ...{ listener, behind },
    faults: settings.faults,
    clock: settings.clock,
  });
  const { host, port } = parseAddress(options.listen);
  const listening = await listener.listen(host, port).catch((cause: unknown) => {
    throw new SimFault('SIM-CREATE', `${options.listen} cannot be listened on`, cause);
  });
  const control =
    options.control === undefined
      ? undefined
      : await openControl(options.control, (line) => served.do(line));
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      control?.close();
      served.close();
      setTimeout(() => process.exit(0), stopMs);
    });
  process.stdout.write(`${JSON.stringify({ listening, pid: process.pid })}\n`);
}
