// The hosts that a simulated state has behind its hub: one table, from which the commands, their flags and the
// hosts inside a hub come.

import type { SimHost } from './host.ts';
import type { HostOptions } from './host-options.ts';
import { openDmvHost, openHistoryHost, openNcicHost, openNletsHost } from './open-hosts.ts';
import type { HostName } from './state/routes.ts';

export interface HostFlag {
  readonly flags: string;
  readonly description: string;
  /** The hub takes it too. */
  readonly ofHub: boolean;
}

export interface HostRow {
  readonly name: HostName;
  readonly description: string;
  /** Where it listens unless told. */
  readonly listen: string;
  readonly flags: readonly HostFlag[];
  /** @throws SimFault SIM-FILE, SIM-INPUT */
  open(options: HostOptions): SimHost;
}

const records = '--records <file>';
const data = '--data <dir>';
const chatterText = 'other states say what nobody asked for (config/sim/nlets/chatter.json)';

export const hostTable: readonly HostRow[] = [
  {
    name: 'ncic',
    description: 'the national files: vehicles, plates, guns, articles, boats, persons',
    listen: '127.0.0.1:7455',
    flags: [
      { flags: records, description: 'other records than config/sim/records.json', ofHub: true },
      { flags: data, description: 'where entered records lie; in memory without it', ofHub: false },
    ],
    open: openNcicHost,
  },
  {
    name: 'nlets',
    description: 'the network between the states, with the other states played by scripts',
    listen: '127.0.0.1:7456',
    flags: [{ flags: '--chatter', description: chatterText, ofHub: true }],
    open: openNletsHost,
  },
  {
    name: 'dmv',
    description: 'registration and licences of our own state',
    listen: '127.0.0.1:7457',
    flags: [],
    open: openDmvHost,
  },
  {
    name: 'history',
    description: 'criminal history of our own state',
    listen: '127.0.0.1:7458',
    flags: [],
    open: openHistoryHost,
  },
];
