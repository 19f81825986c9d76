// What the motor vehicle departments of all states hold: people with their licence, vehicles and boats
// with their owner. A SQLite file, or memory; found by folded numbers and names.

import type { Database } from 'better-sqlite3';
import { foldName, foldNumber } from '../ncic/fold.ts';
import { openSqliteFile } from '../sqlite-file.ts';
import type { OpenOptions } from '../sqlite-file.ts';
import type { Boat, Household, Licence, Person, Vehicle } from '../world/words.ts';

export interface LicencedPerson {
  readonly person: Person;
  readonly licence: Licence;
}

export interface DmvStore {
  /** Stores people with what they own; all or nothing. Call `ready` after the last. */
  insertMany(households: Iterable<Household>): void;
  /** Makes what is searched by; without it all is found too, only slowly. */
  ready(): void;
  licences(oln: string): readonly LicencedPerson[];
  /** By surname; the caller looks at the rest of the name. @param dob Any where undefined. */
  namesakes(surname: string, dob: string | undefined): readonly LicencedPerson[];
  person(id: number): LicencedPerson | undefined;
  vehiclesByPlate(lic: string): readonly Owned<Vehicle>[];
  vehiclesByVin(vin: string): readonly Owned<Vehicle>[];
  vehiclesOf(owner: number): readonly Owned<Vehicle>[];
  boatsByNumber(number: string): readonly Owned<Boat>[];
  boatsByHull(hull: string): readonly Owned<Boat>[];
  boatsOf(owner: number): readonly Owned<Boat>[];
  /** Licences, vehicles, boats. */
  readonly counts: { readonly licences: number; readonly vehicles: number; readonly boats: number };
  close(): void;
}

export interface Owned<T> {
  readonly thing: T;
  /** Number of a person. */
  readonly owner: number;
}

/** One search finds at most so many. */
const foundMax = 200;

const kind = {
  what: 'motor vehicle records',
  version: 71,
  tables: `
CREATE TABLE people (id INTEGER PRIMARY KEY, oln TEXT NOT NULL, surname TEXT NOT NULL, dob TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE vehicles (lic TEXT NOT NULL, vin TEXT NOT NULL, owner INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE boats (reg TEXT NOT NULL, bhn TEXT NOT NULL, owner INTEGER NOT NULL, body TEXT NOT NULL);
`,
  indexes: `
CREATE INDEX IF NOT EXISTS people_oln ON people (oln);
CREATE INDEX IF NOT EXISTS people_name ON people (surname, dob);
CREATE INDEX IF NOT EXISTS vehicles_lic ON vehicles (lic);
CREATE INDEX IF NOT EXISTS vehicles_vin ON vehicles (vin);
CREATE INDEX IF NOT EXISTS vehicles_owner ON vehicles (owner);
CREATE INDEX IF NOT EXISTS boats_reg ON boats (reg);
CREATE INDEX IF NOT EXISTS boats_bhn ON boats (bhn);
CREATE INDEX IF NOT EXISTS boats_owner ON boats (owner);
`,
};

/**
 * @param path A file, made where there is none, or `:memory:`.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function openDmvStore(path: string, options: OpenOptions = {}): DmvStore {
  const db = openSqliteFile(path, kind, options);
  const sql = statements(db);
  const insertMany = db.transaction((households: Iterable<Household>) => {
    for (const household of households) insert(sql, household);
  });
  return {
    insertMany: (households) => {
      insertMany(households);
    },
    ready: () => {
      db.exec(kind.indexes);
    },
    licences: (oln) => sql.byOln.all(foldNumber(oln), foundMax).map(personIn),
    namesakes: (surname, dob) =>
      dob === undefined
        ? sql.bySurname.all(foldName(surname), foundMax).map(personIn)
        : sql.byName.all(foldName(surname), dob, foundMax).map(personIn),
    person: (id) => {
      const found = sql.byId.get(id);
      return found === undefined ? undefined : personIn(found);
    },
    vehiclesByPlate: (lic) => sql.byPlate.all(foldNumber(lic), foundMax).map(ownedIn<Vehicle>),
    vehiclesByVin: (vin) => sql.byVin.all(foldNumber(vin), foundMax).map(ownedIn<Vehicle>),
    vehiclesOf: (owner) => sql.vehiclesOf.all(owner, foundMax).map(ownedIn<Vehicle>),
    boatsByNumber: (number) => sql.byReg.all(foldNumber(number), foundMax).map(ownedIn<Boat>),
    boatsByHull: (hull) => sql.byHull.all(foldNumber(hull), foundMax).map(ownedIn<Boat>),
    boatsOf: (owner) => sql.boatsOf.all(owner, foundMax).map(ownedIn<Boat>),
    get counts() {
      return {
        licences: sql.countPeople.get()?.count ?? 0,
        vehicles: sql.countVehicles.get()?.count ?? 0,
        boats: sql.countBoats.get()?.count ?? 0,
      };
    },
    close: () => {
      db.close();
    },
  };
}

function insert(sql: Statements, { person, licence, vehicles, boats }: Household): void {
  const surname = foldName(person.nam.split(',')[0] ?? '');
  const body = JSON.stringify({ person, licence });
  sql.putPerson.run(person.id, foldNumber(licence.oln), surname, person.dob, body);
  for (const each of vehicles)
    sql.putVehicle.run(foldNumber(each.lic), foldNumber(each.vin), person.id, JSON.stringify(each));
  for (const each of boats)
    sql.putBoat.run(foldNumber(each.reg), foldNumber(each.bhn), person.id, JSON.stringify(each));
}

interface BodyRow {
  readonly body: string;
}

interface OwnedRow extends BodyRow {
  readonly owner: number;
}

/** As `insert` wrote it. */
const personIn = ({ body }: BodyRow): LicencedPerson => JSON.parse(body) as LicencedPerson;
const ownedIn = <T>({ body, owner }: OwnedRow): Owned<T> => ({
  // As `insert` wrote it.
  thing: JSON.parse(body) as T,
  owner,
});

type Statements = ReturnType<typeof statements>;

function statements(db: Database) {
  const people = (where: string) =>
    db.prepare<(string | number)[], BodyRow>(`SELECT body FROM people WHERE ${where} LIMIT ?`);
  const owned = (table: string, where: string) =>
    db.prepare<[string | number, number], OwnedRow>(
      `SELECT body, owner FROM ${table} WHERE ${where} LIMIT ?`,
    );
  const count = (table: string) =>
    db.prepare<[], { count: number }>(`SELECT count(*) AS count FROM ${table}`);
  return {
    putPerson: db.prepare<[number, string, string, string, string]>(
      'INSERT INTO people VALUES (?, ?, ?, ?, ?)',
    ),
    putVehicle: db.prepare<[string, string, number, string]>(
      'INSERT INTO vehicles VALUES (?, ?, ?, ?)',
    ),
    putBoat: db.prepare<[string, string, number, string]>('INSERT INTO boats VALUES (?, ?, ?, ?)'),
    byOln: people('oln = ?'),
    bySurname: people('surname = ?'),
    byName: people('surname = ? AND dob = ?'),
    byId: db.prepare<[number], BodyRow>('SELECT body FROM people WHERE id = ?'),
    byPlate: owned('vehicles', 'lic = ?'),
    byVin: owned('vehicles', 'vin = ?'),
    vehiclesOf: owned('vehicles', 'owner = ?'),
    byReg: owned('boats', 'reg = ?'),
    byHull: owned('boats', 'bhn = ?'),
    boatsOf: owned('boats', 'owner = ?'),
    countPeople: count('people'),
    countVehicles: count('vehicles'),
    countBoats: count('boats'),
  };
}
