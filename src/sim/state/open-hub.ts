// Puts a hub together from its flags: directory, journal, routes, and its hosts, inside or at the end of a line.

import { randomBytes } from 'node:crypto';
import { parseAddress } from '../address.ts';
import type { Clock } from '../clock.ts';
import { SimFault } from '../fault.ts';
import { checkedMnemonic } from '../host-options.ts';
import type { StateOptions } from '../host-options.ts';
import { hostTable } from '../host-table.ts';
import type { Listener } from '../line/listener.ts';
import { readCredentials } from '../tls-profile.ts';
import type { Credentials } from '../tls-profile.ts';
import { HubBackstage } from './backstage.ts';
import { DialledHost } from './dialled-host.ts';
import { Directory, readDirectory } from './directory.ts';
import type { Place } from './directory.ts';
import { StateEar } from './ear.ts';
import { HostsBehind } from './hosts-behind.ts';
import type { HostSource } from './hosts-behind.ts';
import { Hub } from './hub.ts';
import { HubJournal } from './journal.ts';
import { readRoutes } from './routes.ts';
import type { HostName } from './routes.ts';

/** @throws SimFault SIM-USAGE, SIM-FILE, SIM-INPUT, SIM-CREATE */
export function openHub(
  options: StateOptions,
  clock: Clock,
  listener: Listener,
): { readonly hub: Hub; readonly backstage: HubBackstage } {
  const directory =
    options.directory === undefined ? new Directory(undefined) : readDirectory(options.directory);
  const sources = sourcesOf(options);
  const journal = new HubJournal(options.data);
  const ear: StateEar = new StateEar({
    hub: () => hub,
    hosts: () => hosts,
    ori: options.ori,
    sayStatus: (service, state) => listener.sayStatus(service, state),
  });
  const hosts: HostsBehind = new HostsBehind({ sources, clock, whenDown: options.whenDown, ear });
  const hub: Hub = new Hub({
    ...{ directory, journal, hosts, routes: readRoutes(), run: newRun() },
    now: () => clock.now(),
    say: (answers) => listener.say(answers),
    unasked: () => unaskedPlace(options, directory),
    lastStation: () => listener.lastStation,
  });
  hub.goOn();
  return { hub, backstage: new HubBackstage(hub, hosts, journal) };
}

/** Who gets what is to no station in particular: as told, else the first mnemonic. */
function unaskedPlace(
  { unsolicitedTo, mnemonic }: StateOptions,
  directory: Directory,
): Place | undefined {
  const name = unsolicitedTo ?? mnemonic?.[0];
  if (name === undefined) return undefined;
  return directory.place(name) ?? { mnemonic: checkedMnemonic(name), station: undefined };
}

function sourcesOf(options: StateOptions): ReadonlyMap<HostName, HostSource> {
  const sources = new Map<HostName, HostSource>();
  for (const row of hostTable) {
    const address = options[row.name];
    sources.set(
      row.name,
      address === undefined
        ? { kind: 'inside', open: () => row.open(options) }
        : dialled(address, options),
    );
  }
  return sources;
}

function dialled(text: string, options: StateOptions): HostSource {
  const address = { ...parseAddress(text), ...lineCredentials(options) };
  const station = options.lineName ?? options.name;
  return { kind: 'dialled', dial: (events) => new DialledHost({ address, station, events }) };
}

/** @throws SimFault SIM-USAGE, SIM-FILE */
function lineCredentials({ lineCert, lineKey, lineCa }: StateOptions): Credentials {
  if (lineCert === undefined || lineKey === undefined || lineCa === undefined)
    throw new SimFault(
      'SIM-USAGE',
      'a host at the end of a line needs --line-cert, --line-key, --line-ca',
    );
  return readCredentials({ cert: lineCert, key: lineKey, ca: lineCa });
}

const alnum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Three characters by chance. */
const newRun = (): string =>
  [...randomBytes(3)].map((octet) => alnum[octet % alnum.length] ?? 'A').join('');
