// The directory of a world as the hub and the simulated Nlets read it: members, agencies, mnemonics.

import { SimFault } from '../fault.ts';
import { listOf, readJsonObject, textOf } from '../json-file.ts';
import { agencyTypes, serviceLetters } from '../nlets/directory.ts';
import type { Agency as NletsAgency } from '../nlets/directory.ts';
import type { Directory } from './agencies.ts';
import type { Parts } from './parts.ts';

/** @source nlets 3.3, clets 3.1 */
export function directoryFile(parts: Parts, directory: Directory) {
  return {
    note: 'Invented: every agency is of county 099, which is no county.',
    mark: 'P',
    members: [...parts.stateNames].map(([code, name]) => ({
      ...{ code, name, kind: 'state', control: directory.office(code, 'control') },
      answers: {
        D: directory.office(code, 'motor-vehicles'),
        C: directory.office(code, 'history'),
      },
    })),
    agencies: directory.all.map(({ ori, name, type, authorisation, service, city }) => ({
      ...{ ori, name, type, authorisation, service, location: city },
    })),
    mnemonics: parts.stations,
  };
}

/** The agencies of a directory.json. @throws SimFault SIM-FILE, SIM-INPUT */
export function readWorldAgencies(path: string): readonly NletsAgency[] {
  return listOf(readJsonObject(path)['agencies']).map((row) => {
    const text = (name: string): string => textOf(row, name, path);
    const type = agencyTypes.find((known) => known === row['type']);
    const service = serviceLetters.find((known) => known === row['service']);
    if (type === undefined || service === undefined)
      throw new SimFault('SIM-INPUT', `${path} has an agency without a known type and service`);
    const [ori, name, location] = [text('ori'), text('name'), text('location')];
    return { ori, name, type, service, location, authorisation: text('authorisation') };
  });
}
