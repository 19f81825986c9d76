// What was stolen from an invented person, or lost: vehicles, plates, parts, boats, guns, articles and
// securities, as entries of the simulated NCIC. @source ncic 5.1 to 5.7

import type { Pair } from '../ncic/record.ts';
import type { Entries } from './entry.ts';
import type { Boat, Person, Vehicle } from './words.ts';

export interface Owned {
  readonly person: Person;
  readonly vehicles: readonly Vehicle[];
  readonly boats: readonly Boat[];
}

export function enterProperty(entries: Entries, owned: Owned): void {
  enterVehicle(entries, owned);
  enterPlate(entries, owned);
  enterPart(entries, owned.person);
  enterBoat(entries, owned);
  enterGun(entries, owned.person);
  enterArticle(entries, owned.person);
  enterSecurity(entries, owned.person);
}

export const platePairs = ({ lic, lis, liy, lit }: Vehicle): readonly Pair[] => [
  ['LIC', lic],
  ['LIS', lis],
  ['LIY', liy],
  ['LIT', lit],
];

export const vehiclePairs = (vehicle: Vehicle): readonly Pair[] => [
  ['VIN', vehicle.vin],
  ['VYR', vehicle.vyr],
  ['VMA', vehicle.vma],
  ['VMO', vehicle.vmo],
  ['VST', vehicle.vst],
  ['VCO', vehicle.vco],
];

/** The first vehicle may be gone; a felony vehicle is kept for 90 days alone. */
function enterVehicle(entries: Entries, { person, vehicles }: Owned): void {
  const { chance, parts } = entries;
  const [vehicle] = vehicles;
  const stolen = chance.happens(parts.often('stolenVehicle'));
  const felony = !stolen && chance.happens(parts.often('felonyVehicle'));
  if (vehicle === undefined || !(stolen || felony)) return;
  const entered = entries.daysAgo(0, felony ? 60 : 1_200);
  const suffix = chance.happens(500) ? { suffix: chance.pick(['P', 'A']) } : {};
  entries.add({
    ...{ letter: 'V', kind: felony ? 'EF' : 'EV', state: person.state, entered, ...suffix },
    fields: [
      ...platePairs(vehicle),
      ...vehiclePairs(vehicle),
      ['DOT', entered],
      ['OCA', entries.caseOf(entered)],
      chance.happens(3_000) ? ['MIS', chance.pick(parts.remarks)] : undefined,
    ],
  });
}

/** A plate that is gone from the last vehicle, where the first may be stolen whole. */
function enterPlate(entries: Entries, { person, vehicles }: Owned): void {
  const vehicle = vehicles.at(-1);
  if (vehicle === undefined || !entries.chance.happens(entries.parts.often('stolenPlate'))) return;
  const entered = entries.daysAgo(0, 250);
  entries.add({
    ...{ letter: 'P', kind: 'EL', state: person.state, entered },
    fields: [...platePairs(vehicle), ['DOT', entered], ['OCA', entries.caseOf(entered)]],
  });
}

function enterPart(entries: Entries, { state, id }: Person): void {
  const { chance, parts } = entries;
  if (!chance.happens(parts.often('part'))) return;
  const entered = entries.daysAgo(0, 1_200);
  const { brand, category, name } = chance.pick(parts.vehicleParts);
  entries.add({
    ...{ letter: 'V', kind: 'EP', state, entered },
    fields: [
      ['SER', serial('P', id)],
      ['BRA', brand],
      ['CAT', category],
      ['DOT', entered],
      ['OCA', entries.caseOf(entered)],
      ['MIS', name],
    ],
  });
}

function enterBoat(entries: Entries, { person, boats }: Owned): void {
  const [boat] = boats;
  if (boat === undefined || !entries.chance.happens(entries.parts.often('stolenBoat'))) return;
  const entered = entries.daysAgo(0, 1_200);
  entries.add({
    ...{ letter: 'B', kind: 'EB', state: person.state, entered },
    fields: [
      ['REG', boat.reg],
      ['RES', boat.res],
      ['REY', boat.rey],
      ['BHN', boat.bhn],
      ['BYR', boat.byr],
      ['BMA', boat.bma],
      ['BTY', boat.bty],
      ['BLE', boat.ble],
      ['BCO', boat.bco],
      ['HUL', boat.hul],
      ['PRO', boat.pro],
      ['DOT', entered],
      ['OCA', entries.caseOf(entered)],
    ],
  });
}

/** Of ten guns seven are stolen, one lost, one used in a felony, one found. @source ncic 5.5 */
function enterGun(entries: Entries, { state, id }: Person): void {
  const { chance, parts } = entries;
  if (!chance.happens(parts.often('gun'))) return;
  const kinds = ['EG', 'EG', 'EG', 'EG', 'EG', 'EG', 'EG', 'ELG', 'EFG', 'ERG'] as const;
  const kind = chance.pick(kinds);
  const gun = chance.pick(parts.guns);
  const entered = entries.daysAgo(0, kind === 'EFG' ? 60 : 600);
  entries.add({
    ...{ letter: 'G', kind, state, entered },
    fields: [
      ['SER', serial('G', id)],
      ['MAK', gun.make],
      ['CAL', gun.calibre],
      ['MOD', gun.model],
      ['TYP', gun.type],
      [kind === 'ERG' ? 'DOR' : 'DOT', entered],
      ['OCA', entries.caseOf(entered)],
    ],
  });
}

/** Single or consecutive, stolen or lost; kept for a year after the year of entry. @source ncic 5.6 */
function enterArticle(entries: Entries, { state, id }: Person): void {
  const { chance, parts } = entries;
  const single = chance.happens(parts.often('article'));
  const group = !single && chance.happens(parts.often('articleGroup'));
  if (!single && !group) return;
  const entered = entries.daysAgo(0, 300);
  const { type, brand, model } = chance.pick(parts.articles);
  const lost = chance.happens(2_000) ? 'EL' : 'E';
  entries.add({
    ...{ letter: 'A', kind: `${lost}${group ? 'AA' : 'A'}`, state, entered },
    fields: [
      ['TYP', type],
      ...serials('Q', id, group),
      ['BRA', brand],
      ['MOD', model],
      ['DOT', entered],
      ['OCA', entries.caseOf(entered)],
    ],
  });
}

/** @source ncic 5.7 */
function enterSecurity(entries: Entries, { state, id, nam, soc }: Person): void {
  const { chance, parts } = entries;
  const single = chance.happens(parts.often('security'));
  const group = !single && chance.happens(parts.often('securityGroup'));
  if (!single && !group) return;
  const entered = entries.daysAgo(0, 600);
  const { type, denomination, issuer, date } = chance.pick(parts.securities);
  entries.add({
    ...{ letter: 'S', kind: group ? 'ESS' : 'ES', state, entered },
    fields: [
      ['TYP', type],
      ...serials('S', id, group),
      ['DEN', denomination],
      ['ISS', issuer],
      ['OWN', nam],
      ['SDT', date],
      ['SOC', soc],
      ['DOT', entered],
      ['OCA', entries.caseOf(entered)],
    ],
  });
}

/** One number, or the first and the last of ten. */
function serials(letter: string, id: number, group: boolean): readonly Pair[] {
  const first = id * 10;
  if (!group) return [['SER', serial(letter, first)]];
  return [
    ['SER', serial(letter, first)],
    ['SER', serial(letter, first + 9)],
  ];
}

/** ZZ and a letter: no maker numbers so. */
const serial = (letter: string, number: number): string =>
  `ZZ${letter}${String(number).padStart(7, '0')}`;
