// `msc journal segments`: what the journal consists of, oldest first; needs no running switch.

import { formatTime } from '#journal/row';
import { describeSegments } from '#journal/verify-segments';
import type { Call } from './command.ts';
import { textOf } from './journal-columns.ts';
import { readableJournal } from './journal-verify.ts';
import { grouped, numberOf } from './measures.ts';
import { RowWriter } from './rows.ts';
import type { Column, Row, RowForm } from './rows.ts';
import { formatRowTime } from './time.ts';

export async function listSegments({ flags, output }: Call): Promise<number> {
  const segments = describeSegments(await readableJournal(flags));
  const writer = new RowWriter(output, formOf(output.zone));
  await writer.write(
    segments.map(({ first, last, state, earliest, latest, octets, reindexing }): Row => ({
      ...{ first, last, state, entries: last - first + 1 },
      ...(reindexing === undefined ? {} : { reindexing }),
      ...(earliest === undefined ? {} : { earliest: formatTime(earliest) }),
      ...(latest === undefined ? {} : { latest: formatTime(latest) }),
      size_bytes: octets,
    })),
  );
  await writer.end();
  for (const { first, reindexing } of segments)
    if (reindexing) output.tell(`the index of the segment from entry ${first} is being made anew`);
  return 0;
}

function formOf(zone: string): RowForm {
  const count = (name: string): Column => ({
    ...{ name, right: true },
    cell: (row) => grouped(numberOf(row, name) ?? 0),
  });
  const time = (name: string): Column => ({
    ...{ name, least: 14, plain: true },
    cell: (row) => (row[name] === undefined ? '-' : formatRowTime(textOf(row, name), zone)),
  });
  return {
    ...{ schema: 'msc.journal-segments/1', member: 'segments', members: ['reindexing'] },
    columns: [
      { name: 'first', right: true },
      { name: 'last', right: true },
      { name: 'state' },
      count('entries'),
      time('earliest'),
      time('latest'),
      { ...count('size_bytes'), title: 'OCTETS' },
    ],
  };
}
