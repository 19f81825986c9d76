// The simulated network as the project ships it, with a clock that the test turns.

import { join } from 'node:path';
import { expect } from 'vitest';
import type { Said } from '../../../src/sim/host.ts';
import { readDirectory } from '../../../src/sim/nlets/directory.ts';
import type { Directory } from '../../../src/sim/nlets/directory.ts';
import { createNlets } from '../../../src/sim/nlets/nlets.ts';
import type { NletsHost } from '../../../src/sim/nlets/nlets-host.ts';
import { parseOutput } from '../../../src/sim/nlets/output.ts';
import { readStates } from '../../../src/sim/nlets/script.ts';
import type { Rule, States } from '../../../src/sim/nlets/script.ts';
import { nletsSettings } from '../../../src/sim/nlets/settings.ts';
import type { NletsSettings } from '../../../src/sim/nlets/settings.ts';
import { readNletsTables } from '../../../src/sim/nlets/tables.ts';

export const folder = join(import.meta.dirname, '../../../config/sim/nlets');
export const tables = readNletsTables(folder);
export const directory = readDirectory(join(folder, 'directory.json'));
export const states = readStates(folder, directory, tables);

/** 2031-03-02 09:14:00 at -07:00. */
export const morning = Date.UTC(2031, 2, 2, 16, 14);
export const asker = 'CA0990100';

export interface Network {
  readonly host: NletsHost;
  /** Sends now; what is said at once. */
  send(text: string): readonly Delivered[];
  /** Turns the clock; all that is said on the way, each at its time. */
  turn(ms: number): readonly Delivered[];
  now(): number;
}

export type Delivered = NonNullable<ReturnType<typeof parseOutput>> & {
  readonly final: boolean;
  readonly raw: string;
  /** Milliseconds since the network began. */
  readonly atMs: number;
};

export function network(
  more: {
    readonly settings?: Partial<NletsSettings>;
    readonly directory?: Directory;
    readonly states?: Partial<States>;
    /** Stand before the rules of the file. */
    readonly rules?: readonly Rule[];
  } = {},
): Network {
  const host = createNlets({
    directory: more.directory ?? directory,
    tables,
    states: { ...states, rules: [...(more.rules ?? []), ...states.rules], ...more.states },
    settings: { ...nletsSettings, ownTraffic: false, ...more.settings },
  });
  let nowMs = morning;
  const heard = (said: readonly Said[]): readonly Delivered[] =>
    said.map(({ text, final }) => delivered(text, { final: final ?? true, atMs: nowMs - morning }));
  return {
    host,
    now: () => nowMs,
    send: (text) => heard(host.take({ text }, nowMs)),
    turn: (ms) => {
      const all: Delivered[] = [];
      const untilMs = nowMs + ms;
      for (;;) {
        const nextMs = host.nextAtMs;
        if (nextMs === undefined || nextMs > untilMs) break;
        nowMs = Math.max(nowMs, nextMs);
        all.push(...heard(host.due(nowMs)));
      }
      nowMs = untilMs;
      return all;
    },
  };
}

/** Every text that is said has the output header. */
export function delivered(
  raw: string,
  more: { readonly final: boolean; readonly atMs: number },
): Delivered {
  const output = parseOutput(raw);
  expect(output, raw).toBeDefined();
  if (output === undefined) throw new Error('no output header');
  return { ...output, ...more, raw };
}

/** One rule that answers so. */
export const rule = (
  at: string,
  key: string,
  ...plays: readonly (readonly Partial<Rule['plays'][number][number]>[])[]
): Rule => ({
  at: new Set([at]),
  keys: new Set([key]),
  when: new Map(),
  plays: plays.map((steps) =>
    steps.map((step) => ({
      after: { min: 1_000, max: 1_000 },
      say: { kind: 'none' },
      times: 1,
      skipCounts: 0,
      ...step,
    })),
  ),
});

export const plate = 'LIC/3FAKE77.LIY/2031.LIT/PC';
export const who = 'NAM/DOE,TESTMAN.DOB/19700101.SEX/M';
export const rap = 'PUR/C.ATN/DET EXAMPLE.';
export const minute = 60_000;

/** A message of our own asker. */
export const ask = (key: string, to: string, text: string, control = 'A7K0000412'): string =>
  `${key}.${asker}.${to}.*${control}.TXT\r\n${text}`;

/** What is said within so long, and nothing at once. */
export const after = (net: Network, text: string, ms = 30_000): readonly Delivered[] => {
  expect(net.send(text)).toEqual([]);
  return net.turn(ms);
};

export const from = (said: readonly Delivered[]): string[] =>
  said.map(({ key, sender }) => `${key} ${sender}`);
