// The invented agencies: those of the contract's records, some more in each state, and the offices that
// keep a state's motor vehicles, criminal history and court. All lie in county 099, which is none.

import type { Parts } from './parts.ts';
import type { Agency } from './words.ts';

/** Agencies by state, and offices by state and kind. */
export interface Directory {
  readonly all: readonly Agency[];
  /** Those that enter records. */
  readonly police: ReadonlyMap<string, readonly Agency[]>;
  /** @returns The ORI of an office of a state, known or not: the form alone tells it. */
  readonly office: (state: string, office: string) => string;
}

/** The same for every seed. */
export function inventAgencies(parts: Parts): Directory {
  const states = [...parts.areas.keys()];
  const police = new Map(states.map((state) => [state, policeOf(parts, state)]));
  const offices = states.flatMap((state) => officesOf(parts, state));
  const ends = new Map(parts.offices.map(({ office, end }) => [office, end]));
  return {
    all: [...[...police.values()].flat(), ...offices],
    police,
    office: (state, office) => officeOri(state, ends.get(office) ?? '0000'),
  };
}

/** County 099 of a state. */
const officeOri = (state: string, end: string): string => `${state}099${end}`;
const agenciesPerState = 12;

function policeOf(parts: Parts, state: string): readonly Agency[] {
  return Array.from({ length: agenciesPerState }, (_, at) => {
    // 07 and 08 are offices.
    const number = at < 6 ? at + 1 : at + 3;
    const ori = officeOri(state, `${String(number).padStart(2, '0')}00`);
    const fixed = parts.fixedAgencies.find((agency) => agency.ori === ori);
    const town = parts.towns[at % parts.towns.length] ?? '';
    // Two of three are police departments; the third kind changes from one to the next.
    const other = parts.agencyKinds[1 + (Math.floor(at / 3) % (parts.agencyKinds.length - 1))];
    const wanted = fixed?.kind ?? (at % 3 === 2 ? other?.kind : 'PD');
    const kind = parts.agencyKinds.find((each) => each.kind === wanted) ?? parts.agencyKinds[0];
    return {
      ...{ ori, state, city: town, type: kind?.type ?? '' },
      name: fixed?.name ?? `${town} ${kind?.name ?? ''}`,
      phone: fixed?.phone ?? phoneOf(parts, state, at),
      ...{ authorisation: kind?.authorisation ?? '', service: kind?.service ?? '' },
    };
  });
}

function officesOf(parts: Parts, state: string): readonly Agency[] {
  return parts.offices.map(({ office, end, name, type, authorisation, service }, at) => ({
    ...{ ori: officeOri(state, end), name: `${state} ${name}`, state, city: parts.towns[0] ?? '' },
    ...{ phone: phoneOf(parts, state, 90 + at), type, authorisation, service, office },
  }));
}

const phoneOf = (parts: Parts, state: string, at: number): string =>
  `${parts.areas.get(state) ?? ''} 555-01${String(at).padStart(2, '0')}`;
