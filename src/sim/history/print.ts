// The lines of a criminal history: entries of the index, and a record with its arrests. Pure.

import { fillLine, fillLines } from '../layout.ts';
import type { LayoutValues } from '../layout.ts';
import type { Person } from '../world/words.ts';
import type { HistoryRecord } from './store.ts';
import type { HistoryTables } from './tables.ts';

/** Entries of one answer; what is more is not shown. */
const entriesMax = 20;

export function printIndex(
  tables: HistoryTables,
  found: readonly HistoryRecord[],
  asked: LayoutValues,
): readonly string[] {
  return [
    tables.indexHead,
    ...fillLines([tables.indexCount], { ...asked, COUNT: String(found.length) }),
    ...found
      .slice(0, entriesMax)
      .flatMap(({ person }) => fillLines(tables.indexEntry, personValues(person))),
    ...(found.length > entriesMax ? [tables.indexMore] : []),
    tables.indexFoot,
  ];
}

export function printRecord(
  tables: HistoryTables,
  { person, cycles }: HistoryRecord,
): readonly string[] {
  return [
    ...fillLines(tables.recordHead, personValues(person)),
    ...cycles.flatMap(({ date, agency, ori, oca, charges }, at) => [
      ...tables.cycle.map((line) =>
        fillLine(line, {
          ...{ NUMBER: String(at + 1), DATE: date, AGENCY: agency, ORI: ori, OCA: oca },
        }),
      ),
      ...charges.flatMap(({ code, name, court, disposition, sentence }) =>
        tables.charge.map((line) =>
          fillLine(line, {
            ...{ CODE: code, NAME: name, COURT: court },
            ...{ DISPOSITION: disposition, SENTENCE: sentence },
          }),
        ),
      ),
    ]),
    tables.recordFoot,
  ];
}

const personValues = (person: Person): LayoutValues => ({
  ...{ NAM: person.nam, FBI: person.fbi, SID: person.sid, SEX: person.sex, RAC: person.rac },
  ...{ DOB: person.dob, POB: person.pob, HGT: person.hgt, WGT: person.wgt, EYE: person.eye },
  ...{ HAI: person.hai, SKN: person.skn, SMT: person.smt, SOC: person.soc, AKA: person.aka },
});
