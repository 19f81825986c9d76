// Inquiries of NCIC over a million invented records: how many a second one core answers in the host, and how
// long the slowest of a hundred takes. Run by hand: node test/bench/ncic.ts [records] [seconds]

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNcic } from '#src/sim/ncic/ncic';
import type { NewRecord, Pair } from '#src/sim/ncic/record';
import { openNcicStore } from '#src/sim/ncic/store';
import { readNcicTables } from '#src/sim/ncic/tables';

const [records = 1_000_000, seconds = 10] = process.argv.slice(2).map(Number);
const enteredMs = Date.UTC(2030, 1, 1);
const owners = ['NV0990200', 'CA0990100', 'OR0990300'];
const endings = ['QUILL', 'SIMMER', 'MOCKER', 'TESTER', 'ZANDER', 'FICTON', 'OTTER', 'PELLUC'];

function measure(path: string): void {
  const tables = readNcicTables();
  const store = openNcicStore(path, { tables });
  store.putAgencies(
    owners.map((ori) => ({
      ori,
      name: 'TESTBURG PD',
      state: ori.slice(0, 2),
      phone: '916 555-0188',
    })),
  );
  const before = performance.now();
  store.insertMany(invented(records));
  const tookMs = performance.now() - before;
  console.log(
    `${records} records in ${(tookMs / 1_000).toFixed(1)} s, ${Math.round((records / tookMs) * 1_000)} a second`,
  );
  const host = createNcic({ store, tables });
  const dice = new Dice(7);
  for (const [name, ask] of Object.entries(questions)) {
    const waits: number[] = [];
    const from = performance.now();
    let hits = 0;
    while (performance.now() - from < (seconds * 1_000) / 5) {
      const text = `1N01SIM000001.${ask(dice)}`;
      const began = performance.now();
      const said = host.take({ text }, enteredMs + 86_400_000);
      waits.push(performance.now() - began);
      if (said[0]?.text.includes('MKE/') === true) hits += 1;
    }
    report(name, waits, { hits, tookMs: performance.now() - from });
  }
  host.close();
}

function report(
  name: string,
  waits: number[],
  { hits, tookMs }: { readonly hits: number; readonly tookMs: number },
): void {
  waits.sort((a, b) => a - b);
  const at = (share: number): string => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(3);
  const perSecond = Math.round((waits.length / tookMs) * 1_000);
  console.log(
    `${name}: ${perSecond} a second, median ${at(0.5)} ms, 99th ${at(0.99)} ms, most ${(waits.at(-1) ?? 0).toFixed(1)} ms, ${hits} hits of ${waits.length}`,
  );
}

/** Small, seeded, enough for invented numbers. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
}

const plate = (number: number): string => `${number % 10}SIM${String(number).padStart(6, '0')}`;
const surname = (number: number): string =>
  `${endings[number % 8] ?? ''}${String.fromCharCode(65 + (number % 26), 65 + ((number >> 3) % 26), 65 + ((number >> 6) % 26))}`;
const birth = (number: number): string =>
  `${1940 + (number % 65)}${String(1 + (number % 12)).padStart(2, '0')}${String(1 + (number % 28)).padStart(2, '0')}`;

function* invented(count: number): Generator<NewRecord> {
  for (let at = 0; at < count; at += 1) {
    const ori = owners[at % 3] ?? '';
    const base = { ori, enteredMs: enteredMs + (at % 30) * 86_400_000, updatedMs: enteredMs };
    const oca: Pair = ['OCA', `30-${at}`];
    if (at % 10 < 5)
      yield { ...base, kind: 'EV', nic: `V${400_000_000 + at}`, fields: [...vehicle(at), oca] };
    else if (at % 10 < 8)
      yield {
        ...base,
        kind: 'EW',
        nic: `W${400_000_000 + at}`,
        fields: [...person(at), ['OFF', '2299'], ['DOW', '20291130'], ['EXL', '1'], oca],
      };
    else if (at % 10 < 9)
      yield {
        ...base,
        kind: 'EG',
        nic: `G${400_000_000 + at}`,
        fields: [
          ['SER', `SIM${at}`],
          ['MAK', 'GLC'],
          ['CAL', '9'],
          ['TYP', 'PI'],
          ['DOT', '20300101'],
          oca,
        ],
      };
    else
      yield {
        ...base,
        kind: 'EMO',
        nic: `M${400_000_000 + at}`,
        fields: [...person(at), ['DLC', '20300101'], ['MNP', 'MP'], oca],
      };
  }
}

const vehicle = (at: number): readonly Pair[] => [
  ...([
    ['LIC', plate(at)],
    ['LIS', 'CA'],
    ['LIY', '2031'],
    ['LIT', 'PC'],
    ['VIN', `9ZZTS7X41K${String(at).padStart(7, '0')}`],
    ['VYR', '2019'],
  ] as const),
  ...([
    ['VMA', 'TOYT'],
    ['VMO', 'COR'],
    ['VST', '4D'],
    ['VCO', 'SIL'],
    ['DOT', '20300101'],
  ] as const),
];

const person = (at: number): readonly Pair[] => [
  ...([
    ['NAM', `${surname(at)}, ${endings[at % 7] ?? ''} T`],
    ['SEX', at % 2 === 0 ? 'M' : 'F'],
    ['RAC', 'W'],
    ['DOB', birth(at * 7)],
  ] as const),
  ...([
    ['HGT', '602'],
    ['WGT', String(100 + (at % 150))],
    ['EYE', 'GRN'],
    ['HAI', 'BRO'],
    ['SOC', `000${String(at).padStart(6, '0').slice(-6)}`],
  ] as const),
];

const questions: Readonly<Record<string, (dice: Dice) => string>> = {
  'QV by plate': (dice) => `QV.CA0990100.LIC/${plate(dice.below(records))}`,
  'QV by plate and number': (dice) => {
    const at = dice.below(records);
    return `QV.CA0990100.LIC/${plate(at)}.LIS/CA.VIN/9ZZTS7X41K${String(at).padStart(7, '0')}`;
  },
  'QW by name and birth': (dice) => {
    const at = dice.below(records);
    return `QW.CA0990100.NAM/${surname(at)}, ${endings[at % 7] ?? ''}.DOB/${birth(at * 7)}`;
  },
  'QG by serial': (dice) => `QG.CA0990100.SER/SIM${dice.below(records)}`,
  'QW by number': (dice) => `QW.CA0990100.SOC/000${String(dice.below(1_000_000)).padStart(6, '0')}`,
  'QM by description': (dice) =>
    `QM.CA0990100.AGE/${20 + dice.below(60)}.SEX/M.RAC/W.HGT/602.WGT/${100 + dice.below(150)}.EYE/GRN.HAI/BRO`,
};

const folder = mkdtempSync(join(tmpdir(), 'msc-ncic-bench-'));
try {
  measure(join(folder, 'ncic.db'));
} finally {
  rmSync(folder, { recursive: true });
}
