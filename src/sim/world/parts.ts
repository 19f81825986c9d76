// What a world is made of, read once from the data files of config/sim/world: lists to choose from.

import { DataTables } from '../data-tables.ts';

/** All lists, ready to choose from. */
export type Parts = ReturnType<typeof readParts>;

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readParts(folder = 'config/sim/world') {
  const people = new DataTables(`${folder}/people.json`);
  const places = new DataTables(`${folder}/places.json`);
  const property = new DataTables(`${folder}/property.json`);
  const records = new DataTables(`${folder}/records.json`);
  return {
    ...peopleParts(people),
    ...placeParts(places),
    ...propertyParts(property),
    ...recordParts(records),
  };
}

function peopleParts(tables: DataTables) {
  return {
    surnames: joined(tables, 'surnameStarts', 'surnameEnds'),
    givenNames: {
      M: joined(tables, 'givenStartsMale', 'givenEndsMale'),
      F: joined(tables, 'givenStartsFemale', 'givenEndsFemale'),
    },
    initials: tables.words('initials'),
    suffixes: tables.words('suffixes'),
    monikers: tables.words('monikers'),
    races: spread(tables.shares('races')),
    eyes: tables.words('eyes'),
    hairs: tables.words('hairs'),
    skins: tables.words('skins'),
    marks: tables.words('marks'),
    streets: tables.words('streets'),
    zips: tables.words('zips'),
  };
}

function placeParts(tables: DataTables) {
  const states = tables.rows('states', ['code', 'name', 'share', 'area']);
  return {
    home: tables.word('home'),
    states: spread(new Map(states.map(({ code, share }) => [code, Number(share)]))),
    stateNames: new Map(states.map(({ code, name }) => [code, name])),
    areas: new Map(states.map(({ code, area }) => [code, area])),
    towns: tables.words('towns'),
    agencyKinds: tables.rows('kinds', ['kind', 'name', 'type', 'authorisation', 'service']),
    offices: tables.rows('offices', ['office', 'end', 'name', 'type', 'authorisation', 'service']),
    fixedAgencies: tables.rows('fixed', ['ori', 'name', 'kind', 'phone']),
    stations: tables.rows('stations', ['mnemonic', 'ori']),
  };
}

function propertyParts(tables: DataTables) {
  const reserved = tables.words('plateReserved');
  const plateLetters = tables
    .words('plateFirst')
    .flatMap((first) => joined(tables, 'plateMiddle', 'plateLast').map((rest) => first + rest))
    .filter((letters) => !reserved.includes(letters));
  return {
    plateLetters,
    plateReserved: reserved,
    plateTypes: spread(tables.shares('plateTypes')),
    vinMaker: tables.word('vinMaker'),
    vinPlants: tables.words('vinPlants'),
    vinYears: tables.words('vinYears'),
    vehicles: tables.rows('vehicles', ['make', 'model', 'style', 'type']),
    colours: tables.words('colours'),
    boats: tables.rows('boats', ['type', 'length', 'hull', 'propulsion']),
    boatMakes: tables.words('boatMakes'),
    boatColours: tables.words('boatColours'),
    guns: tables.rows('guns', ['make', 'calibre', 'type', 'model']),
    articles: tables.rows('articles', ['type', 'brand', 'model']),
    securities: tables.rows('securities', ['type', 'denomination', 'issuer', 'date']),
    vehicleParts: tables.rows('parts', ['brand', 'category', 'name']),
  };
}

function recordParts(tables: DataTables) {
  const shares = tables.shares('often');
  return {
    today: tables.word('today'),
    /** In ten thousand; a name that the file does not have never happens. */
    often: (name: string): number => shares.get(name) ?? 0,
    offences: tables.rows('offences', ['code', 'name', 'felony']),
    extraditionFelony: tables.words('extraditionFelony'),
    extraditionMisdemeanour: tables.words('extraditionMisdemeanour'),
    extraditionRemarks: tables.words('extraditionRemarks'),
    cautions: tables.words('cautions'),
    missingKinds: tables.words('missingKinds'),
    unidentifiedKinds: tables.words('unidentifiedKinds'),
    orderConditions: tables.words('orderConditions'),
    identityTheftKinds: tables.words('identityTheftKinds'),
    passwords: tables.words('passwords'),
    remarks: tables.words('remarks'),
    violations: tables.rows('violations', ['code', 'name']),
    dispositions: tables.rows('dispositions', ['name', 'sentence']),
  };
}

const joined = (tables: DataTables, starts: string, ends: string): readonly string[] =>
  tables.words(starts).flatMap((start) => tables.words(ends).map((end) => start + end));

/** Each name as often as its share: one choice among them has the shares. */
const spread = (shares: ReadonlyMap<string, number>): readonly string[] =>
  [...shares].flatMap(([name, share]) => Array.from({ length: share }, () => name));
