// The agency directory: members of the network and their agencies, by ORI. Every sender and every
// destination is looked up in it on every message (nlets 3.1). From a file, and from what a world gives.

import { listAt, memberOf, objectAt, oneOf, openPlace, textAt, wrong } from './shape.ts';
import type { Place } from './shape.ts';
import { addressKinds } from './tables.ts';
import type { AddressKind, KeyClass } from './tables.ts';

/** @source nlets 3.3 */
export interface Agency {
  readonly ori: string;
  readonly name: string;
  readonly type: (typeof agencyTypes)[number];
  /** Letters of `A`, `C`, `D`, `Z`. */
  readonly authorisation: string;
  readonly service: (typeof serviceLetters)[number];
  readonly location: string;
}

/** A state, or another end that has a two-letter address. @source nlets 3.1 */
export interface Member {
  readonly code: string;
  readonly name: string;
  readonly kind: AddressKind;
  /** The ORI of its control terminal. */
  readonly control: string;
  /** The ORIs that its computers answer from: motor vehicle, criminal history. */
  readonly answers: { readonly D: string; readonly C: string };
}

export interface Directory {
  readonly members: ReadonlyMap<string, Member>;
  readonly agencies: ReadonlyMap<string, Agency>;
}

export const agencyTypes = [
  ...(['PD', 'SO', 'SA', 'LE', 'FE', 'JA', 'JG', 'JC', 'JJ', 'JF', 'CJ', 'NJ'] as const),
] as const;
export const serviceLetters = ['A', 'B', 'C', 'D'] as const;

/** Those that hear what is for law enforcement only. @source nlets 3.3 */
const lawEnforcement: ReadonlySet<string> = new Set(['PD', 'SO', 'SA', 'LE', 'FE']);

export const isLawEnforcement = (agency: Agency): boolean => lawEnforcement.has(agency.type);

export const mayUse = (agency: Agency, keyClass: KeyClass): boolean =>
  agency.authorisation.includes(keyClass);

export const oriForm = /^[A-Z]{2}[A-Z0-9]{7}$/;

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readDirectory(path: string): Directory {
  const file = openPlace(path);
  // A world's directory also names stations and telephones, which are others' to read.
  objectAt(file, ['note', 'mark', 'members', 'agencies', 'mnemonics']);
  oneOf(memberOf(file, 'mark'), ['S', 'K', 'P']);
  const agencies = byOri(listAt(memberOf(file, 'agencies'), readAgency));
  const members = new Map<string, Member>();
  for (const [place, member] of listAt(
    memberOf(file, 'members'),
    (item) => [item, readMember(item)] as const,
  )) {
    for (const ori of [member.control, member.answers.C, member.answers.D])
      if (!agencies.has(ori))
        throw wrong(place, `names ${ori}, which is no agency of the directory`);
    members.set(member.code, member);
  }
  return { members, agencies };
}

/** Both; what stands in `more`, as a world has it, counts before the same in `directory`. */
export const withDirectory = (directory: Directory, more: Directory): Directory => ({
  members: new Map([...directory.members, ...more.members]),
  agencies: new Map([...directory.agencies, ...more.agencies]),
});

const byOri = (agencies: Iterable<Agency>): Map<string, Agency> =>
  new Map([...agencies].map((agency) => [agency.ori, agency]));

function readAgency(place: Place): Agency {
  objectAt(place, ['ori', 'name', 'type', 'authorisation', 'service', 'location', 'phone']);
  return {
    ori: readOri(memberOf(place, 'ori')),
    name: textAt(memberOf(place, 'name'), /^.{1,40}$/, 'a name of at most 40 characters'),
    type: oneOf(memberOf(place, 'type'), agencyTypes),
    authorisation: textAt(memberOf(place, 'authorisation'), /^A?C?D?Z?$/, 'letters of ACDZ'),
    service: oneOf(memberOf(place, 'service'), serviceLetters),
    location: textAt(memberOf(place, 'location'), /^.{2,20}$/, 'a place of 2 to 20 characters'),
  };
}

function readMember(place: Place): Member {
  objectAt(place, ['code', 'name', 'kind', 'control', 'answers']);
  const answers = memberOf(place, 'answers');
  objectAt(answers, ['C', 'D']);
  return {
    code: textAt(memberOf(place, 'code'), /^[A-Z]{2}$/, 'a code of two letters'),
    name: textAt(memberOf(place, 'name')),
    kind: oneOf(memberOf(place, 'kind'), addressKinds),
    control: readOri(memberOf(place, 'control')),
    answers: { C: readOri(memberOf(answers, 'C')), D: readOri(memberOf(answers, 'D')) },
  };
}

const readOri = (place: Place): string => textAt(place, oriForm, 'an ORI of nine characters');
