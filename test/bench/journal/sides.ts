// The sides beside each other: every question of every side in turn, run after run, so that what else the machine
// does meets all alike.

import { spawnSync } from 'node:child_process';
import { dropCaches, say, spread } from './ground.ts';
import type { Asked } from './questions.ts';

export interface Answered {
  readonly tookMs: number;
  readonly found: number;
}

export interface Side {
  readonly name: string;
  /** What a reader of the table must know of this question; undefined where there is nothing. */
  remark?(asked: Asked): string | undefined;
  /** On an empty page cache; undefined where it has no way to ask it. */
  askCold(asked: Asked): Promise<Answered | undefined>;
  /** Asked just before. */
  askWarm(asked: Asked): Promise<Answered | undefined>;
}

interface Cell {
  readonly cold: number[];
  readonly warm: number[];
  /** The same every time. */
  readonly found: Set<number>;
}

export async function compare(
  questions: readonly Asked[],
  sides: readonly Side[],
  runs: number,
): Promise<void> {
  const hasCold = dropCaches();
  if (!hasCold) say('\nthe page cache is not ours to empty: everything is warm');
  const rows = questions.flatMap((asked) =>
    sides.map((side) => ({ asked, side, cell: emptyCell() })),
  );
  for (let run = 0; run < runs; run += 1) {
    for (const { asked, side, cell } of hasCold ? rows : [])
      note(cell, 'cold', await side.askCold(asked));
    for (const { asked, side, cell } of rows) note(cell, 'warm', await side.askWarm(asked));
  }
  say('\n## search, ms: median (least to most)');
  say('question | side | found | cold | warm');
  for (const { asked, side, cell } of rows) {
    const remark = side.remark?.(asked);
    if (remark !== undefined) say(`${asked.name} | ${side.name}: ${remark}`);
    if (cell.warm.length === 0) continue;
    const found = [...cell.found].join(' and ');
    say([asked.name, side.name, found, spread(cell.cold), spread(cell.warm)].join(' | '));
  }
}

/** Lines that have it; over the same text as the others. */
export function grepOver(lines: string): Side {
  const grep = ({ text }: Asked): Answered | undefined => {
    if (text === undefined) return undefined;
    const began = performance.now();
    const { stdout } = spawnSync('grep', ['-F', '-c', text, lines], { encoding: 'utf8' });
    return { tookMs: performance.now() - began, found: Number(stdout.trim()) };
  };
  return {
    name: 'grep',
    askCold: (asked) => {
      dropCaches();
      return Promise.resolve(grep(asked));
    },
    askWarm: (asked) => {
      grep(asked);
      return Promise.resolve(grep(asked));
    },
  };
}

function emptyCell(): Cell {
  return { cold: [], warm: [], found: new Set() };
}

function note(cell: Cell, how: 'cold' | 'warm', answered: Answered | undefined): void {
  if (answered === undefined) return;
  cell[how].push(answered.tookMs);
  cell.found.add(answered.found);
}
