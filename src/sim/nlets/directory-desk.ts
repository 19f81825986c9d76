// Questions about agencies, and changes: TQ TA TU TD, answered by TR. A member enters, changes and cancels
// its own agencies alone (nlets 3.3). The layout of the answer is ours [P].

import { agencyTypes, serviceLetters } from './directory.ts';
import type { Agency } from './directory.ts';
import { literal } from './tables.ts';
import type { NletsTables } from './tables.ts';

export interface DirectoryQuestion {
  readonly key: string;
  /** Who asks, by its two letters. */
  readonly member: string;
  /** The member that was asked, or `OD` for all. */
  readonly address: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Agencies of one directory; it is full before a flood of TA takes the memory. */
const agenciesMax = 100_000;
const listedMax = 20;

/** The answer in lines; `agencies` is changed. */
export function answerDirectory(
  agencies: Map<string, Agency>,
  question: DirectoryQuestion,
  tables: NletsTables,
): readonly string[] {
  if (question.key === 'TQ') return search(agencies, question, tables);
  const ori = question.values.get('ORI') ?? '';
  const why = refusal(agencies, question);
  if (why !== undefined) return [literal(tables, 'directoryRefused', { ORI: ori, WHY: why })];
  if (question.key === 'TD') agencies.delete(ori);
  else agencies.set(ori, changed(agencies.get(ori), question.values));
  return [literal(tables, 'directoryDone', { ORI: ori, DONE: done[question.key] ?? '' })];
}

const done: Readonly<Record<string, string>> = {
  TA: 'ENTERED',
  TU: 'CHANGED',
  TD: 'CANCELED',
};

function search(
  agencies: ReadonlyMap<string, Agency>,
  { address, values }: DirectoryQuestion,
  tables: NletsTables,
): readonly string[] {
  const ori = values.get('ORI');
  const among = ori === undefined ? [...agencies.values()] : [agencies.get(ori)];
  const found = among.filter(
    (agency) =>
      agency !== undefined &&
      (address === 'OD' || agency.ori.startsWith(address)) &&
      agency.location.startsWith(values.get('LOC') ?? '') &&
      agency.type.startsWith(values.get('ATY') ?? ''),
  );
  if (found.length === 0) return [literal(tables, 'directoryNone')];
  const more =
    found.length > listedMax ? [literal(tables, 'directoryMore', { MAX: listedMax })] : [];
  return [
    ...found.slice(0, listedMax).flatMap((agency) => (agency === undefined ? [] : shown(agency))),
    ...more,
  ];
}

const shown = (agency: Agency): readonly string[] => [
  `ORI/${agency.ori} AGN/${agency.name}`,
  `ATY/${agency.type} AUT/${agency.authorisation} SVC/${agency.service} LOC/${agency.location}`,
];

function refusal(
  agencies: ReadonlyMap<string, Agency>,
  { key, member, values }: DirectoryQuestion,
): string | undefined {
  const ori = values.get('ORI') ?? '';
  if (!/^[A-Z]{2}[A-Z0-9]{7}$/.test(ori)) return 'NOT AN ORI';
  if (!ori.startsWith(member)) return 'OF ANOTHER STATE';
  const known = agencies.has(ori);
  if (key === 'TA' && known) return 'ALREADY ON FILE';
  if (key === 'TA' && agencies.size >= agenciesMax) return 'DIRECTORY FULL';
  if (key !== 'TA' && !known) return 'NOT ON FILE';
  const type = values.get('ATY');
  if (type !== undefined && !agencyTypes.some((one) => one === type)) return 'ATY NOT KNOWN';
  const rights = values.get('AUT');
  return rights === undefined || /^A?C?D?Z?$/.test(rights) ? undefined : 'AUT NOT LETTERS OF ACDZ';
}

function changed(held: Agency | undefined, values: ReadonlyMap<string, string>): Agency {
  return {
    ori: values.get('ORI') ?? held?.ori ?? '',
    name: values.get('AGN') ?? held?.name ?? '',
    type: agencyTypes.find((one) => one === values.get('ATY')) ?? held?.type ?? 'LE',
    authorisation: values.get('AUT') ?? held?.authorisation ?? '',
    service: serviceLetters.find((one) => one === values.get('SVC')) ?? held?.service ?? 'A',
    location: values.get('LOC') ?? held?.location ?? '',
  };
}
