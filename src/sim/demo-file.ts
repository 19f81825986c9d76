// demo.json of a running demonstration (contracts 1): where the switch is, the work places, the people.

import type { StationAddress } from './dial.ts';
import { SimFault } from './fault.ts';
import { isObject, lacking, listOf, readJsonObject, textOf } from './json-file.ts';
import type { JsonObject } from './json-file.ts';
import { readCredentials } from './tls-profile.ts';

export interface WorkPlace {
  readonly address: StationAddress;
  readonly station: string;
  /** Named in SIGN_ON where the station has no mnemonic of its own. */
  readonly pool: string | undefined;
}

export interface Person {
  readonly user: string;
  readonly password: string;
}

/**
 * @param name Station or mnemonic; the first terminal without it.
 * @param user The first person without it.
 * @throws SimFault SIM-FILE, SIM-INPUT, SIM-USAGE
 */
export function readDemo(
  path: string,
  wanted: { readonly name?: string | undefined; readonly user?: string | undefined },
): { readonly place: WorkPlace; readonly person: Person } {
  const demo = readDemoFile(path);
  const terminals = listOf(demo['stations']).filter(({ role }) => role === 'terminal');
  const station = terminals.find(
    (one) => wanted.name === undefined || [one['name'], one['mnemonic']].includes(wanted.name),
  );
  const person = listOf(demo['users']).find(
    ({ user }) => wanted.user === undefined || user === wanted.user,
  );
  if (station === undefined)
    throw new SimFault('SIM-USAGE', `no such terminal; there are ${names(terminals, 'name')}`);
  if (person === undefined)
    throw new SimFault('SIM-USAGE', `no such user; there are ${names(demo['users'], 'user')}`);
  return {
    place: workPlace(demo, station, path),
    person: { user: textOf(person, 'user', path), password: textOf(person, 'password', path) },
  };
}

/** The whole file. @throws SimFault SIM-FILE, SIM-INPUT */
export const readDemoFile = (path: string): JsonObject =>
  readJsonObject(path, '; a demonstration that is up has one (npm start)');

/** How one of its stations reaches the switch. @throws SimFault SIM-FILE, SIM-INPUT */
export function demoAddress(demo: JsonObject, station: JsonObject, path: string): StationAddress {
  const address = demo['switch'];
  if (!isObject(address) || typeof address['port'] !== 'number') throw lacking(path, 'switch');
  const cert = textOf(station, 'cert', path);
  const credentials = { ca: textOf(demo, 'ca', path), cert, key: textOf(station, 'key', path) };
  return {
    ...readCredentials(credentials),
    host: textOf(address, 'host', path),
    port: address['port'],
  };
}

function workPlace(demo: JsonObject, station: JsonObject, path: string): WorkPlace {
  const { pool } = station;
  return {
    address: demoAddress(demo, station, path),
    station: textOf(station, 'name', path),
    pool: typeof pool === 'string' ? pool : undefined,
  };
}

const names = (list: unknown, name: string): string =>
  listOf(list)
    .map((one) => String(one[name]))
    .join(', ');
