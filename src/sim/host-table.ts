// The hosts that a simulated state has behind its hub: one table, from which the commands, their flags and the
// hosts inside a hub come.

import { fileURLToPath } from 'node:url';
import type { SimHost } from './host.ts';
import type { HostOptions } from './host-options.ts';
import { openNlets } from './nlets/open.ts';
import { withNletsWords } from './nlets-words.ts';
import { readRecords } from './records.ts';
import { recordsHost } from './records-host.ts';
import type { HostName } from './state/routes.ts';

export interface HostFlag {
  readonly flags: string;
  readonly description: string;
}

export interface HostRow {
  readonly name: HostName;
  readonly description: string;
  /** Where it listens unless told. */
  readonly listen: string;
  /** Its own flags; the hub takes them too. */
  readonly flags: readonly HostFlag[];
  /** @throws SimFault SIM-FILE, SIM-INPUT */
  open(options: HostOptions): SimHost;
}

const nletsFolder = fileURLToPath(new URL('../../config/sim/nlets', import.meta.url));
const inventedRecords = fileURLToPath(new URL('../../config/sim/records.json', import.meta.url));

export const hostTable: readonly HostRow[] = [
  {
    name: 'ncic',
    description: 'the national files: vehicles, plates, guns, articles, boats, persons',
    listen: '127.0.0.1:7455',
    flags: [
      { flags: '--records <file>', description: 'other records than config/sim/records.json' },
    ],
    open: ({ records }) => recordsHost(readRecords(records ?? inventedRecords)),
  },
  {
    name: 'nlets',
    description: 'the network between the states, with the other states played by scripts',
    listen: '127.0.0.1:7456',
    flags: [],
    open: () => withNletsWords(openNlets({ folder: nletsFolder })),
  },
];
