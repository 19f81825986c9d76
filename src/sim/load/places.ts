// The work places a load comes from: those of a demonstration, or of a file that a vendor wrote. One place
// is one link; a terminal speaks for one mnemonic, a host for each of its own.

import { dirname, resolve } from 'node:path';
import { demoAddress, readDemoFile } from '../demo-file.ts';
import type { Person } from '../demo-file.ts';
import type { StationAddress } from '../dial.ts';
import { SimFault } from '../fault.ts';
import { lacking, listOf, readJsonObject, textIn, textOf, textsIn } from '../json-file.ts';
import type { JsonObject } from '../json-file.ts';
import { readCredentials } from '../tls-profile.ts';
import { firstLine } from '../who-and-where.ts';

export type LoadPlace = LoadTerminal | LoadHost;

interface AnyPlace {
  readonly station: string;
  readonly address: StationAddress;
  /** The agency it asks for. */
  readonly ori: string;
}

export interface LoadTerminal extends AnyPlace {
  readonly role: 'terminal';
  readonly person: Person;
  readonly pool: string | undefined;
}

export interface LoadHost extends AnyPlace {
  readonly role: 'host';
  /** Whom it names in each message (link E5). */
  readonly oif: string;
  readonly mnemonics: readonly { readonly mnemonic: string; readonly taf: string | undefined }[];
}

/** More links than this one process can carry. */
export const linksMax = 5_000;

/**
 * All work places of a demonstration at which somebody can sit: each person at one terminal, and the hosts.
 * Printers send nothing.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function demoPlaces(path: string): LoadPlace[] {
  const demo = readDemoFile(path);
  const users = listOf(demo['users']);
  const free = [...users];
  const places: LoadPlace[] = [];
  for (const station of listOf(demo['stations'])) {
    const { role } = station;
    // A mobile station has no agency of its own; it is the person's.
    const agency = textIn(station, 'agency');
    // A host names a person with each message, and no person sits at it.
    const people = role === 'host' ? users : free;
    const user = people.find((one) => agency === undefined || one['agency'] === agency);
    if (user === undefined || (role !== 'terminal' && role !== 'host')) continue;
    const common = {
      station: textOf(station, 'name', path),
      address: demoAddress(demo, station, path),
      ori: agency ?? textOf(user, 'agency', path),
    };
    if (role === 'host') places.push({ ...common, ...hostOf(station, textOf(user, 'oif', path)) });
    else {
      free.splice(free.indexOf(user), 1);
      const person = { user: textOf(user, 'user', path), password: textOf(user, 'password', path) };
      places.push({ ...common, role, person, pool: textIn(station, 'pool') });
    }
  }
  return places;
}

/**
 * The places of a file of one's own. Paths in it count from its folder.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function filePlaces(path: string): LoadPlace[] {
  const file = readJsonObject(path);
  const stations = listOf(file['stations']);
  if (stations.length === 0) throw lacking(path, 'stations');
  return stations.map((station) => filePlace(file, station, path));
}

function filePlace(file: JsonObject, station: JsonObject, path: string): LoadPlace {
  const { role = 'terminal' } = station;
  const place = { station: textOf(station, 'name', path), ori: textOf(station, 'ori', path) };
  const common = { ...place, address: fileAddress(file, station, path) };
  if (role === 'host') {
    const host = hostOf(station, textOf(station, 'oif', path));
    if (host.mnemonics.length === 0) throw lacking(path, 'mnemonics');
    return { ...common, ...host };
  }
  if (role !== 'terminal')
    throw new SimFault('SIM-INPUT', `${path}: "role" is terminal or host; printers send nothing`);
  const password = firstLine(beside(path, textOf(station, 'passwordFile', path)));
  const person = { user: textOf(station, 'user', path), password };
  return { ...common, role, person, pool: textIn(station, 'pool') };
}

function fileAddress(file: JsonObject, station: JsonObject, path: string): StationAddress {
  const { port } = file;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw lacking(path, 'port');
  const inFile = (from: JsonObject, name: string): string => beside(path, textOf(from, name, path));
  const { host, serverName } = { host: textOf(file, 'host', path), ...serverNameOf(file) };
  const files = { cert: inFile(station, 'cert'), key: inFile(station, 'key') };
  return { ...readCredentials({ ...files, ca: inFile(file, 'ca') }), host, port, serverName };
}

const serverNameOf = (file: JsonObject): { readonly serverName: string | undefined } => ({
  serverName: textIn(file, 'serverName'),
});

const beside = (path: string, name: string): string => resolve(dirname(path), name);

function hostOf(station: JsonObject, oif: string): Pick<LoadHost, 'role' | 'oif' | 'mnemonics'> {
  const tafs = textsIn(station, 'tafs');
  const mnemonics = textsIn(station, 'mnemonics').map((mnemonic, at) => ({
    mnemonic,
    taf: tafs[at],
  }));
  return { role: 'host', oif, mnemonics };
}
