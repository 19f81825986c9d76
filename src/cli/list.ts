// A list of the running switch, as its rows come: bounded in memory at both ends, however long it is.

import type { ControlClient } from '#src/control/client';
import type { Call } from './command.ts';
import { withSwitch } from './installation.ts';
import { RowWriter } from './rows.ts';
import type { RowForm, Row } from './rows.ts';

export type ListName = 'links' | 'terminals' | 'upstreams' | 'queues';

/** @param none What is said where there is nothing. @param keep Which rows; all unless told. */
export async function printList(
  { flags, output }: Call,
  list: ListName,
  { form, none, keep = () => true }: ListForm,
): Promise<number> {
  const writer = new RowWriter(output, form);
  let count = 0;
  await withSwitch(flags, (client) =>
    client.call(list, {}, async (rows) => {
      const kept = rows.filter(keep);
      count += kept.length;
      await writer.write(kept);
    }),
  );
  await writer.end();
  if (count === 0) output.tell(none);
  return 0;
}

export interface ListForm {
  readonly form: RowForm;
  readonly none: string;
  readonly keep?: (row: Row) => boolean;
}

/** All rows of a list at once: for what must be sorted. */
export async function allRows(client: ControlClient, list: ListName): Promise<readonly Row[]> {
  const all: Row[] = [];
  await client.call(list, {}, (rows) => void all.push(...rows));
  return all;
}
