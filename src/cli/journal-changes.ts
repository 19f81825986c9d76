// `msc journal changes`: who changed a person, a station, an agency, a setting, and what it was before and after.
// Read from the first entry on, because what a change changed is told by those before it; nothing else is kept.

import { eventsNamed } from '#journal/query';
import {
  applyRegisterChanges,
  emptyRegister,
  type Register,
  type RegisterChange,
} from '#journal/register';
import { describeChanges } from '#src/access/register-diff';
import { fileTables } from '#src/access/register-file';
import type { Call } from './command.ts';
import { offlineFacts, withJournal } from './journal-client.ts';
import { textOf } from './journal-columns.ts';
import { printRows } from './rows.ts';
import type { Column, Row } from './rows.ts';
import { isTimed, searchQuery, timeContext } from './search-query.ts';
import { formatRowMinute } from './time.ts';

/** Events by which somebody changed something. */
const changeEvents = [
  ...(['register', 'config', 'password', 'lock', 'unlock', 'disable', 'enable'] as const),
];

/** Exit 1 when there is none. */
export async function runChanges(call: Call): Promise<number> {
  const { args, flags, output } = call;
  const context = await timeContext(flags, output.zone);
  const { since, until } = isTimed(flags) ? searchQuery([], flags, context) : {};
  const where = [eventsNamed(...changeEvents)];
  const query = { where, until, reverse: true, limit: 0 };
  const asked = ['changes', ...args].join(' ');
  const story = new Story();
  const found: Row[] = [];
  const { facts, purgedTo } = await withJournal(call, async (client) => {
    const end = await client.call('search', { query, asked, text: false }, (rows) => {
      for (const row of rows) found.push(...story.tell(row));
    });
    return { facts: offlineFacts(client), purgedTo: end.purgedTo };
  });
  if (purgedTo !== undefined)
    output.tell(
      `entries up to ${purgedTo} were purged: the first change of a record since then shows it as it was made`,
    );
  const rows = found.filter((row) => isWanted(row, args, since));
  const columns: readonly Column[] = [
    { name: 'time', cell: (row) => formatRowMinute(textOf(row, 'time'), output.zone) },
    { name: 'entry', right: true },
    { name: 'person', least: 6 },
    { name: 'what', least: 12 },
    { name: 'change', least: 12 },
    { name: 'reason', least: 8 },
  ];
  const members = ['event', 'op', 'table', 'key', 'code'];
  const form = { schema: 'msc.journal-changes/1', member: 'changes', columns, members };
  await printRows(output, form, rows, facts);
  return rows.length === 0 ? 1 : 0;
}

/** The register as it was at each step. */
class Story {
  readonly #register: Register = emptyRegister();

  tell(row: Row): readonly Row[] {
    const person = textOf(row, 'person') || textOf(row, 'user');
    const { entry, time, event, reason } = row;
    const who = { time, entry, ...(person === '' ? {} : { person }), event };
    const why = reason === undefined ? {} : { reason };
    if (event !== 'register') return [{ ...who, ...actOf(row), ...why }];
    // The switch writes nothing else there.
    const changes = (row['changes'] ?? []) as readonly RegisterChange[];
    return changes.map((change) => {
      const [line] = describeChanges([change], this.#register);
      applyRegisterChanges(this.#register, [change]);
      const { op = change.op, text = '' } = line ?? {};
      const { key } = change;
      const table = fileTables[change.table];
      const said = { what: `${table}.${key}`, change: text === '' ? op : `${op}: ${text}` };
      return { ...who, ...said, op, table, key, ...why };
    });
  }
}

/** What an event without a change of the register did, and to whom or what. */
function actOf(row: Row): Row {
  const { event, detail, code } = row;
  const about = typeof detail === 'object' && detail !== null ? (detail as Row) : {};
  if (event === 'config') {
    const { version, rollback, changed } = about;
    const number = typeof version === 'number' ? ` version ${version}` : '';
    const back = typeof rollback === 'number' ? ` (back to ${rollback})` : '';
    const keys = typeof changed === 'string' && changed !== '' ? `: ${changed}` : '';
    const refused = typeof code === 'string' ? ` refused ${code}` : '';
    return { what: 'configuration', change: `config${number}${back}${refused}${keys}` };
  }
  const [user, station, upstream] = ['user', 'station', 'upstream'].map((name) =>
    textOf(row, name),
  );
  const key = user || station || upstream || '';
  return { what: user === '' ? key : `people.${key}`, change: String(event), key };
}

/** The name of what was changed, `jdoe` or `people.jdoe`; of a setting, `links.window` or `configuration`. */
function isWanted(row: Row, names: readonly string[], since: number | undefined): boolean {
  const atUs = Number(Temporal.Instant.from(textOf(row, 'time')).epochNanoseconds / 1000n);
  if (since !== undefined && atUs < since) return false;
  if (names.length === 0) return true;
  const what = textOf(row, 'what');
  const settings = what === 'configuration' ? textOf(row, 'change').split(/[: ]+/) : [];
  const known = [what, what.split('.')[0], textOf(row, 'key'), ...settings];
  return names.some((name) => known.includes(name));
}
