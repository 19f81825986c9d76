// demo.json of a running demonstration (contracts 1): where the switch is, the work places, the people.

import { readFileSync } from 'node:fs';
import type { StationAddress } from './dial.ts';
import { SimFault } from './fault.ts';
import { isObject } from './records.ts';
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
  const demo = readJson(path);
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

type JsonObject = Readonly<Record<string, unknown>>;

function workPlace(demo: JsonObject, station: JsonObject, path: string): WorkPlace {
  const address = demo['switch'];
  if (!isObject(address) || typeof address['port'] !== 'number') throw broken(path, 'switch');
  const { pool } = station;
  const cert = textOf(station, 'cert', path);
  const credentials = { ca: textOf(demo, 'ca', path), cert, key: textOf(station, 'key', path) };
  return {
    address: {
      ...readCredentials(credentials),
      host: textOf(address, 'host', path),
      port: address['port'],
    },
    station: textOf(station, 'name', path),
    pool: typeof pool === 'string' ? pool : undefined,
  };
}

function readJson(path: string): JsonObject {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SimFault(
      'SIM-FILE',
      `${path} cannot be read; a demonstration that is up has one (npm start)`,
      cause,
    );
  }
  try {
    const value: unknown = JSON.parse(content);
    if (isObject(value)) return value;
  } catch (cause) {
    throw new SimFault('SIM-INPUT', `${path} is not JSON`, cause);
  }
  throw new SimFault('SIM-INPUT', `${path} is not a JSON object`);
}

const listOf = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

function textOf(object: JsonObject, name: string, path: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw broken(path, name);
  return value;
}

const names = (list: unknown, name: string): string =>
  listOf(list)
    .map((one) => String(one[name]))
    .join(', ');

const broken = (path: string, member: string): SimFault =>
  new SimFault('SIM-INPUT', `${path} lacks "${member}"`);
