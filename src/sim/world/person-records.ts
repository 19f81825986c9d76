// What NCIC holds about an invented person: wanted, missing, under an order, robbed of an identity, and
// people whom nobody knows. @source ncic 5.8 to 5.12

import type { Pair } from '../ncic/record.ts';
import { dateOf, dayOf, yearsBetween } from './calendar.ts';
import type { Entries } from './entry.ts';
import { inventName } from './person.ts';
import { platePairs, vehiclePairs } from './property-records.ts';
import type { Licence, Person, Vehicle } from './words.ts';

export interface Known {
  readonly person: Person;
  readonly licence: Licence;
  readonly vehicles: readonly Vehicle[];
  readonly wanted: boolean;
}

export function enterPerson(entries: Entries, known: Known): void {
  if (known.wanted) enterWanted(entries, known);
  else enterMissing(entries, known);
  enterOrder(entries, known);
  enterIdentityTheft(entries, known);
  enterUnidentified(entries, known.person);
}

/** How a person is described, as far as the file asks. @source ncic 6.2, the order of printing */
function describe({ person, licence }: Known, withLicence: boolean): readonly Pair[] {
  const { nam, sex, rac, pob, dob, hgt, wgt, eye, hai, fbi, skn, smt, soc } = person;
  const pairs: (readonly [string, string | undefined])[] = [
    ...([
      ['NAM', nam],
      ['SEX', sex],
      ['RAC', rac],
      ['POB', pob],
      ['DOB', dob],
    ] as const),
    ...([
      ['HGT', hgt],
      ['WGT', wgt],
      ['EYE', eye],
      ['HAI', hai],
      ['FBI', fbi],
    ] as const),
    ...([
      ['SKN', skn],
      ['SMT', smt],
      ['SOC', soc],
    ] as const),
    ...(withLicence && licence.cls !== 'ID' ? licencePairs(licence) : []),
  ];
  return pairs.flatMap(([code, value]) => (value === undefined ? [] : [[code, value] as const]));
}

const licencePairs = ({ oln, ols, oly }: Licence): readonly Pair[] => [
  ['OLN', oln],
  ['OLS', ols],
  ['OLY', oly],
];

/** An adult is wanted on a warrant or, for two days, without one; a child as a juvenile. */
function enterWanted(entries: Entries, known: Known): void {
  const { chance, parts } = entries;
  const { person } = known;
  const young = yearsBetween(person.dob, parts.today) < 18;
  const temporary = !young && chance.happens(parts.often('temporary'));
  const offence = chance.pick(parts.offences);
  const felony = offence.felony === 'true';
  const entered = temporary ? parts.today : entries.daysAgo(0, 1_500);
  const caution = chance.happens(parts.often('caution'));
  const limits = felony ? parts.extraditionFelony : parts.extraditionMisdemeanour;
  const limit = chance.pick(limits);
  // A limit is explained in MIS; full extradition needs none. @source ncic 3.7
  const remark = ['1', 'A'].includes(limit) ? parts.remarks : parts.extraditionRemarks;
  const warrant = dateOf(dayOf(entered) - (temporary ? 0 : chance.below(60)));
  entries.add({
    letter: 'W',
    kind: young ? 'EWJ' : temporary ? 'ET' : 'EW',
    ...(caution ? { suffix: 'C' } : {}),
    ...{ state: person.state, entered },
    fields: [
      ...describe(known, true),
      ['OFF', offence.code],
      young ? ['OOC', offence.code] : undefined,
      ['DOW', warrant],
      ['OCA', entries.caseOf(entered)],
      temporary ? undefined : ['WNO', `W${entries.caseOf(warrant)}`],
      temporary ? undefined : ['CTI', entries.courtOf(person.state)],
      ['EXL', limit],
      caution ? ['CMC', chance.pick(parts.cautions)] : undefined,
      ...vehicleOfPerson(entries, known),
      ['MIS', chance.pick(remark)],
    ],
    supplements: person.aka === undefined ? [] : [['AKA', person.aka]],
  });
}

/** Who is under 18 and in no other category is EMJ. @source ncic 5.9 */
function enterMissing(entries: Entries, known: Known): void {
  const { chance, parts } = entries;
  const { person } = known;
  if (!chance.happens(parts.often('missing'))) return;
  const age = yearsBetween(person.dob, parts.today);
  const young = age < 18;
  const kind = chance.pick(parts.missingKinds);
  const juvenile = young && kind === 'EMO';
  const entered = entries.daysAgo(0, 400);
  entries.add({
    ...{ letter: 'M', kind: juvenile ? 'EMJ' : kind, state: person.state, entered },
    fields: [
      ...describe(known, true),
      ['MNP', kind === 'EMV' ? 'DV' : 'MP'],
      ['DLC', entered],
      ['OCA', entries.caseOf(entered)],
      juvenile
        ? ['DOE', `${Number(person.dob.slice(0, 4)) + 18}${person.dob.slice(4)}`]
        : undefined,
      young ? ['MPC', 'R'] : age < 21 ? ['MPC', 'F'] : undefined,
      ...vehicleOfPerson(entries, known),
    ],
  });
}

/** @source ncic 5.11 */
function enterOrder(entries: Entries, known: Known): void {
  const { chance, parts } = entries;
  const { person } = known;
  if (yearsBetween(person.dob, parts.today) < 18 || !chance.happens(parts.often('protection')))
    return;
  const temporary = chance.happens(parts.often('temporaryProtection'));
  const entered = entries.daysAgo(0, temporary ? 20 : 700);
  const days = temporary ? 30 : chance.between(800, 1_800);
  const expires = !temporary && chance.happens(2_000) ? 'NONEXP' : dateOf(dayOf(entered) + days);
  const guarded = inventName(parts, chance);
  entries.add({
    ...{ letter: 'H', kind: temporary ? 'ETO' : 'EPO', state: person.state, entered },
    fields: [
      ...describe(known, false),
      ['PNO', `PO${entries.caseOf(entered)}`],
      ['BRD', chance.pick(['Y', 'N', 'U'])],
      ['ISD', entered],
      ['EXP', expires],
      ['CTI', entries.courtOf(person.state)],
      ['PCO', chance.pick(parts.orderConditions)],
      ['PPN', guarded.nam],
      ['PPB', guarded.dob],
      ['PSX', guarded.sex],
      ['OCA', entries.caseOf(entered)],
    ],
  });
}

/** The person is the victim. @source ncic 5.12 */
function enterIdentityTheft(entries: Entries, known: Known): void {
  const { chance, parts } = entries;
  if (known.wanted || !chance.happens(parts.often('identityTheft'))) return;
  const entered = entries.daysAgo(0, 500);
  entries.add({
    ...{ letter: 'J', kind: 'EID', state: known.person.state, entered },
    fields: [
      ...describe(known, true),
      ['IDT', chance.pick(parts.identityTheftKinds)],
      ['DOT', entered],
      ['DOP', `${Number(entered.slice(0, 4)) + 4}0101`],
      ['PWD', `${chance.pick(parts.passwords)} ${chance.between(10, 99)}`],
      ['OCA', entries.caseOf(entered)],
    ],
  });
}

/** Somebody was found near where the person lives; nobody knows who. @source ncic 5.10 */
function enterUnidentified(entries: Entries, { state, hgt, wgt, eye, hai, rac }: Person): void {
  const { chance, parts } = entries;
  if (!chance.happens(parts.often('unidentified'))) return;
  const kind = chance.pick(parts.unidentifiedKinds);
  const entered = entries.daysAgo(0, 1_000);
  const born = chance.between(1_950, 2_010);
  entries.add({
    ...{ letter: 'U', kind, state, entered },
    fields: [
      ['SEX', chance.pick(['M', 'F', 'U'])],
      ['RAC', rac],
      ['HGT', hgt],
      ['WGT', wgt],
      ['EYE', eye],
      ['HAI', hai],
      ['EYB', String(born)],
      ['DBF', entered],
      ...(kind === 'EUL'
        ? []
        : ([
            ['BPS', 'ALL'],
            ['CDA', 'U'],
          ] as const)),
      ['OCA', entries.caseOf(entered)],
    ],
  });
}

/** A person may be known to use a vehicle of theirs. @source ncic 4.4 */
function vehicleOfPerson(entries: Entries, { vehicles }: Known): readonly Pair[] {
  const vehicle = vehicles.at(-1);
  const { chance, parts } = entries;
  if (vehicle === undefined || !chance.happens(parts.often('vehicleOfPerson'))) return [];
  return [...platePairs(vehicle), ...vehiclePairs(vehicle)];
}
