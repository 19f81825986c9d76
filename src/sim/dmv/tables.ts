// How the motor vehicle departments answer: keys, layouts and sentences of config/sim/dmv/layouts.json.

import { DataTables } from '../data-tables.ts';
import { parseSets } from '../member.ts';
import type { FieldSets } from '../member.ts';

const subjects = [
  'vehicle',
  'vehicles-of',
  'licence',
  'licences-by-name',
  'driver',
  'boat',
  'snowmobile',
] as const;
export type Subject = (typeof subjects)[number];

export type DmvTables = ReturnType<typeof readDmvTables>;

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readDmvTables(path = 'config/sim/dmv/layouts.json') {
  const tables = new DataTables(path);
  const sets = tables.rows('sets', ['about', 'sets']);
  const setsOf = (about: string): FieldSets =>
    parseSets(sets.find((row) => row.about === about)?.sets ?? '');
  const keys = tables.rows('keys', ['key', 'answer', 'about']);
  return {
    keys: new Map(
      keys.map(({ key, answer, about }) => {
        const subject = subjects.find((known) => known === about) ?? 'snowmobile';
        return [key, { answer, about: subject, sets: setsOf(about) }] as const;
      }),
    ),
    vehicle: tables.lines('vehicle'),
    licence: tables.lines('licence'),
    driver: tables.lines('driver'),
    boat: tables.lines('boat'),
    violation: tables.literal('violation'),
    noViolations: tables.literal('noViolations'),
    classes: new Map(tables.rows('classes', ['class', 'name']).map((row) => [row.class, row.name])),
    listHead: tables.literal('listHead'),
    listMore: tables.literal('listMore'),
    listPerson: tables.literal('listPerson'),
    listVehicle: tables.literal('listVehicle'),
    listBoat: tables.literal('listBoat'),
    none: tables.literal('none'),
    missing: tables.literal('missing'),
    notKept: tables.literal('notKept'),
  };
}
