// `msc-sim world`: makes an invented world and writes it into an empty folder. Progress goes to stderr, and
// only where somebody looks at it.

import { readGiven } from './given.ts';
import { readParts } from './parts.ts';
import { createWorld } from './world.ts';
import { writeWorld } from './write.ts';
import type { WorldReport } from './write.ts';

export interface WorldCommandOptions {
  readonly seed: number;
  readonly size: number;
  readonly out: string;
  readonly json?: boolean;
  /** YYYY-MM-DD; without it the day of the tables. */
  readonly today?: string;
}

/** @throws SimFault SIM-CREATE, SIM-FILE, SIM-INPUT */
export function runWorld(options: WorldCommandOptions): void {
  const { seed, size, out, json = false, today } = options;
  const read = readParts();
  // The same world seen from another day: whoever is asked today has birthdays and dates that fit.
  const parts = today === undefined ? read : { ...read, today: today.replaceAll('-', '') };
  const world = createWorld({ parts, seed, size, given: readGiven(today && parts.today) });
  const watched = process.stderr.isTTY;
  const report = writeWorld({
    ...{ world, parts, seed, size, folder: out },
    ...(watched ? { progress: showProgress } : {}),
  });
  if (watched) process.stderr.write('\r\x1b[K');
  process.stdout.write(json ? `${JSON.stringify({ out, ...report })}\n` : inWords(out, report));
}

function showProgress(records: number): void {
  process.stderr.write(`\r${records} records`);
}

function inWords(out: string, { seed, digest, counts, samples }: WorldReport): string {
  const { records, people, vehicles, boats, histories, ncic, agencies } = counts;
  return [
    `${out}: a world of ${records} records, seed ${seed}`,
    `  ${people} people with a licence, ${vehicles} vehicles, ${boats} boats`,
    `  ${ncic} records of NCIC, ${histories} criminal histories, ${agencies} agencies`,
    `  digest ${digest}`,
    `  ${Object.keys(samples).length} inquiries to type are in world.json`,
    '',
  ].join('\n');
}
