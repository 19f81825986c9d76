// Rows of the hub's journal for people and programs. Absent is left out, as in the journal of the switch.

import type { JournalRow } from './journal.ts';

/** One JSON object, with the names of the journal of the switch (contracts 2). */
export function journalLine({ number, atMs, ...rest }: JournalRow): string {
  return JSON.stringify({ number, time: new Date(atMs).toISOString(), ...rest });
}

/** One line for a screen. */
export function journalText(row: JournalRow): string {
  const time = new Date(row.atMs).toISOString().slice(0, 19).replace('T', ' ');
  const outcome = row.code === undefined ? row.outcome : `${row.outcome} ${row.code}`;
  return [
    String(row.number).padStart(8),
    time,
    row.station.padEnd(14),
    row.mnemonic,
    (row.oif ?? '-').padEnd(6),
    (row.ori ?? '-').padEnd(9),
    (row.mke ?? '-').padEnd(5),
    (row.suphdr ?? '-').padEnd(10),
    outcome.padEnd(12),
    row.digest.slice(0, 16),
  ].join('  ');
}
