// Nobody waits in vain: every key that goes to Nlets, to every kind of address it may go to, is answered, gets
// a service message, or is one that nobody waits for (docs/simulators.md says which).

import { describe, expect, it } from 'vitest';
import { keyTable } from '#protocol/keys';
import { readRoutes } from '../../../src/sim/state/routes.ts';
import type { AddressKind, KeyRow } from '../../../src/sim/nlets/tables.ts';
import { asker, network, plate, rap, tables, who } from './network.ts';

/** One of each kind that is in the directory. */
const address: Readonly<Partial<Record<AddressKind, string>>> = {
  ...{ state: 'NV', region: 'H1', all: 'Z1', ori: 'NV0990200', help: 'NVLICHELP', nl: 'NL' },
  ...{ od: 'OD', canada: 'CN', cg: 'CG', fa: 'FA' },
};

const hit = 'OCA/30-004417.NIC/V400118732.LIC/2ZZZ999';
const period = 'BEG/20310101.END/20310401';
const text: Readonly<Record<string, string>> = {
  ...{ RQ: plate, RQG: plate, RPQ: 'LIC/3FAKE77', RNQ: 'NAM/DOE,TESTMAN', DNQ: 'NAM/DOE,TESTMAN' },
  ...{ DQ: who, DQG: who, KQ: who, BQ: 'REG/NV0990ZZ', SQ: 'REG/SN0099', GQ: 'ATN/X.REG/N099ZZ' },
  ...{ IQ: rap + who, FQ: `${rap}SID/NV99000070`, AQ: `${rap}REM/ANY OTHER NAMES?` },
  ...{ WLQ: `${rap}SOC/000000070`, SOQ: who, CWQ: 'SOC/000000070' },
  ...{ PPQ: who, PBQ: who, PCQ: who, PAQ: who },
  ...{ NLQ: `TYP/ALL.${period}`, NFQ: 'NUM/1', TQ: 'ORI/NV0990200', TU: 'ORI/CA0990200' },
  ...{ TA: 'ORI/CA0991100.AGN/X.ATY/PD.AUT/A.SVC/A.LOC/TESTBURG', TD: 'ORI/CA0990200' },
  ...{ HS: 'CDC/T.TXT/INVENTED', HSL: 'CDC/T.TXT/INVENTED' },
  YQ: `RTY/SV.RNO/1.PRI/U.${hit}.RNA/A.RAG/B`,
  YR: `RTY/SV.CON/Y.${hit}.CNA/A.CAG/B`,
};

/** Texts, alerts and status: none is a question. */
const unasked = ['AA', 'AM', 'AML', 'HS', 'HSL', 'SM', 'SON'];

const rows = [...tables.keys.values()];
const everywhere = rows.flatMap((row) =>
  [...row.to].flatMap((kind) => {
    const to = address[kind];
    return to === undefined ? [] : [[row.mke, to, row] as const];
  }),
);

/** What comes back to the asker within half an hour. */
function heard(key: string, to: string) {
  const net = network();
  const body = text[key] ?? 'LIC/3FAKE77';
  const atOnce = net.send(`${key}.${asker}.${to}.*A7K0000412.TXT\r\n${body}`);
  return { said: [...atOnce, ...net.turn(30 * 60_000)], counters: net.host.counters() };
}

const questions = everywhere.filter(([, , { answer }]) => answer !== undefined);
const others = everywhere.filter(([, , { answer }]) => answer === undefined);

describe('every key of Nlets', () => {
  it('has an address to be tried at', () => {
    const tried = new Set(everywhere.map(([mke]) => mke));
    expect(rows.map(({ mke }) => mke).filter((mke) => !tried.has(mke))).toEqual(['ER']);
  });

  it.each(questions)('13.6 %s to %s is answered, or said to be taken by nobody', (mke, to, row) => {
    const { said, counters } = heard(mke, to);
    expect(counters).toMatchObject({ refused: 0, refusedPlayed: 0, lost: 0, planned: 0 });
    const [first] = said;
    expect(first?.control).toBe('A7K0000412');
    expect(said.at(-1)?.final).toBe(true);
    if (first?.key === 'SM') expect(first.text).toMatch(/^\.01\. /);
    else expect(answersOf(row)).toContain(first?.key);
  });

  it.each(others)(
    '%s to %s is no question: it goes on, and nobody waits',
    (mke, to, { class: of }) => {
      const { counters } = heard(mke, to);
      expect(counters).toMatchObject({ refused: 0, refusedPlayed: 0, lost: 0, planned: 0 });
      if (of === 'A') expect(unasked).toContain(mke);
      else expect(mke).toMatch(/R$|^(?:RRG|DRG)$/);
    },
  );

  it.each(['CPQ', 'IAQ', 'LQ'])('9.2 01: %s is never taken, whoever is asked', (mke) => {
    for (const to of ['NV', 'OR', 'WI']) expect(heard(mke, to).said[0]?.text).toMatch(/^\.01\. /);
  });

  it.each([
    ['MQ', 'MR', 'HAZARDOUS MATERIAL'],
    ['NPQ', 'NPR', 'NO POINTER'],
    ['LPQ', 'LPR', 'NO RECORD ON FILE'],
    ['ALQ', 'ALR', 'ALARM RECEIVED'],
    ['CCQ', 'CCR', 'CHARGE CODE'],
    ['GVQ', 'GVR', 'NO RECORD ON FILE'],
    ['MPQ', 'MPR', 'NO RECORD ON FILE'],
    ['NAQ', 'NAR', 'NO RECORD ON FILE'],
    ['NIQ', 'NIR', 'NO RECORD ON FILE'],
  ])('4 %s is answered by %s: %s', (mke, answer, words) => {
    const [said] = heard(mke, 'NV').said;
    expect(said?.key).toBe(answer);
    expect(said?.text).toContain(words);
  });
});

describe('every key of the switch that the hub passes on to Nlets', () => {
  const routes = readRoutes();
  const passed = keyTable.all.filter((key) => {
    const route = routes.of(key);
    return route?.home === 'nlets' || route?.away === 'nlets';
  });

  it('is a key of Nlets, and is answered there where the switch waits', () => {
    expect(passed.map(({ mke }) => mke)).toEqual(expect.arrayContaining(['RQ', 'YQ', 'AM', 'TQ']));
    for (const { mke, answer } of passed) {
      const row = tables.keys.get(mke);
      expect(row, mke).toBeDefined();
      expect(row?.answer !== undefined, mke).toBe(answer === 'awaited');
    }
  });

  it('has its fields edited where Nlets edits them, and never by the switch', () => {
    for (const { mke, edits, content } of passed) {
      if (content === 'fields') expect(edits?.by, mke).toBe('upstream');
    }
  });
});

/** A region is answered under the key of a state, or under its own. @source nlets 7.1, 7.2 */
function answersOf({ answer, regionKey }: KeyRow): readonly (string | undefined)[] {
  const region = regionKey === undefined ? undefined : tables.keys.get(regionKey)?.answer;
  return [answer, region];
}
