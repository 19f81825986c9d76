// One thing whole, a member a line, or as one object: what every `show` prints.

import { numberOf, wordsOf } from './measures.ts';
import { shown, wantsObject } from './output.ts';
import type { Output } from './output.ts';
import type { Row } from './rows.ts';
import { formatInstant } from '#src/control/local-time';

/** @param schema `msc.link-show/1`. */
export async function printFacts(output: Output, schema: string, facts: object): Promise<void> {
  const row: Row = { ...facts };
  if (wantsObject(output)) return output.print(JSON.stringify({ schema, ...row }));
  const names = Object.keys(row);
  const width = Math.max(...names.map((name) => name.length)) + 2;
  for (const name of names)
    await output.print(`${labelOf(name).padEnd(width)}${shown(factText(row, name, output.zone))}`);
}

function labelOf(name: string): string {
  return name.replaceAll('_', ' ').replace(/ seconds$/, '');
}

function factText(row: Row, name: string, zone: string): string {
  const value = row[name];
  if (name.endsWith('_seconds')) return `${numberOf(row, name) ?? 0} s`;
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
  return isTime ? formatInstant(Temporal.Instant.from(value), zone) : wordsOf(value);
}
