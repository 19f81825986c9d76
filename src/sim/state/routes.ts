// Where the hub passes a message on: data (config/sim/state/routes.json), the first rule that fits. A key goes
// to one place, or to one in our own state and to another elsewhere.

import { fileURLToPath } from 'node:url';
import type { KeyEntry } from '#protocol/keys';
import { SimFault } from '../fault.ts';
import { listOf, readJsonObject, textIn, textOf, textsIn } from '../json-file.ts';
import type { JsonObject } from '../json-file.ts';

export const hostNames = ['ncic', 'nlets', 'dmv', 'history'] as const;
export type HostName = (typeof hostNames)[number];
/** `stations`: those of our own state. */
export type Target = HostName | 'stations';
export type Dialect = 'ncic' | 'nlets';

export interface Route {
  /** The target of what goes to our own state, or to nowhere in particular. */
  readonly home: Target;
  /** The target of what goes to another one. */
  readonly away: Target;
  readonly dialect: Dialect;
  /** First four characters of the header in the NCIC dialect. @source ncic 1.5 */
  readonly prefix: string;
}

export interface Routes {
  readonly homeState: string;
  /** Undefined: nobody takes this key. */
  of(key: KeyEntry): Route | undefined;
}

const routesFile = fileURLToPath(new URL('../../../config/sim/state/routes.json', import.meta.url));

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readRoutes(path = routesFile): Routes {
  const file = readJsonObject(path);
  const prefix = textOf(file, 'prefix', path);
  const rules = listOf(file['routes']).map((row) => ({
    keys: textsIn(row, 'keys'),
    groups: textsIn(row, 'groups'),
    route: parseRoute(row, path, prefix),
  }));
  return {
    homeState: textOf(file, 'homeState', path),
    of: (key) =>
      rules.find(({ keys, groups }) => keys.includes(key.mke) || groups.includes(key.group))?.route,
  };
}

export const isHostName = (text: string): text is HostName =>
  (hostNames as readonly string[]).includes(text);

function parseRoute(row: JsonObject, path: string, prefix: string): Route {
  const home = textOf(row, 'home', path);
  const away = textIn(row, 'away') ?? home;
  const dialect = textOf(row, 'dialect', path);
  if (!isTarget(home) || !isTarget(away) || (dialect !== 'ncic' && dialect !== 'nlets'))
    throw new SimFault('SIM-INPUT', `${path} names a host or a dialect that does not exist`);
  return { home, away, dialect, prefix: textIn(row, 'prefix') ?? prefix };
}

const isTarget = (text: string): text is Target => text === 'stations' || isHostName(text);
