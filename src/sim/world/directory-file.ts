// The directory of a world as the hub and the simulated Nlets read it: members, agencies, mnemonics.

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
    agencies: directory.all.map(({ ori, name, type, authorisation, service, city, phone }) => ({
      ...{ ori, name, type, authorisation, service, location: city, phone },
    })),
    mnemonics: parts.stations,
  };
}
