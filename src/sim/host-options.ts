// The flags of `msc-sim host`, as they come from the command line.

import { parseMnemonic } from '#protocol/ids';
import type { Mnemonic } from '#protocol/ids';
import { TurnedClock } from './clock.ts';
import { SimFault } from './fault.ts';
import type { LineFaults, Service } from './line/faults.ts';
import { noLineFaults } from './line/faults.ts';

/** Those that every host takes. */
export interface HostOptions {
  readonly listen: string;
  readonly name: string;
  readonly ori: string;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly station: readonly string[];
  readonly mnemonic?: readonly string[];
  readonly unsolicitedTo?: string;
  readonly window: number;
  readonly frameBytes: number;
  readonly keepAliveMs: number;
  readonly control?: string;
  readonly clock?: string;
  readonly slow: number;
  readonly silent?: boolean;
  readonly twice?: boolean;
  readonly swap?: boolean;
  readonly nobody?: boolean;
  readonly cross?: boolean;
  readonly garbage?: boolean;
  readonly out?: Service;
  readonly parts?: boolean;
  readonly final: boolean;
  readonly acks: boolean;
  readonly records?: string;
  readonly data?: string;
  /** A folder that `msc-sim world` made. */
  readonly world?: string;
  /** Other states say things that nobody asked for. */
  readonly chatter?: boolean;
}

/** Those of the hub. */
export interface StateOptions extends HostOptions {
  readonly directory?: string;
  readonly ncic?: string;
  readonly nlets?: string;
  readonly dmv?: string;
  readonly history?: string;
  readonly lineName?: string;
  readonly lineCert?: string;
  readonly lineKey?: string;
  readonly lineCa?: string;
  readonly whenDown: 'hold' | 'remove';
}

export function chosenFaults(options: HostOptions): LineFaults {
  const { slow, silent = false, twice = false, swap = false, garbage = false } = options;
  const { parts = false, final, acks, nobody = false, cross = false } = options;
  return {
    ...noLineFaults(),
    ...{ slowMs: slow, silent, twice, swap, garbage, parts, final, acks },
    reference: nobody ? 'nobody' : cross ? 'another' : 'own',
  };
}

/** @throws SimFault SIM-USAGE */
export function chosenClock({ clock }: HostOptions): TurnedClock {
  const turned = new TurnedClock();
  const done = turned.turn(clock ?? '');
  if (!done.ok) throw new SimFault('SIM-USAGE', done.error);
  return turned;
}

/** @throws SimFault SIM-USAGE */
export function checkedMnemonic(text: string): Mnemonic {
  const mnemonic = parseMnemonic(text);
  if (mnemonic === undefined) throw new SimFault('SIM-USAGE', `${text} is not a mnemonic`);
  return mnemonic;
}
