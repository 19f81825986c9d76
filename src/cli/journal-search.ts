// `msc journal search`: finds entries and says what it searched. Rows stream in every form; message text
// is shown only with a reason, and both the search and the release of text are journalled by the switch.

import type { Query } from '#journal/query';
import { formatTime } from '#journal/row';
import { formatInstant } from '#src/control/local-time';
import type { Holder, SearchEnd } from '#src/control/wire';
import type { Call } from './command.ts';
import { withSwitch } from './installation.ts';
import { journalColumns, journalMembers } from './journal-columns.ts';
import type { Output } from './output.ts';
import { counted, foldParts, shown, wantsObject } from './output.ts';
import { askWhy, forFlags } from './release.ts';
import { RowWriter } from './rows.ts';
import type { Row } from './rows.ts';
import { askedWords, recordWords, searchQuery, timeContext } from './search-query.ts';

/** Rows that a table waits for, so that its first line can say how many there are. */
const heldRowsMax = 1000;

/** Exit 1 when nothing is found. */
export async function runSearch({ args, flags, output }: Call): Promise<number> {
  const context = await timeContext(flags, output.zone);
  const query = searchQuery(args, flags, context);
  const asked = askedWords(args, flags);
  const text = flags.on('text');
  const release = text ? await askWhy(flags, forFlags) : {};
  const printer = new SearchPrinter(output, { count: flags.on('count'), text });
  const end = await withSwitch(flags, (client) =>
    client.call('search', { query, asked: recordWords(args, flags), text, ...release }, (rows) =>
      printer.take(rows),
    ),
  );
  if (end.release !== undefined) output.tell(`release ${end.release}`);
  await printer.end(headerLine(end, { query, asked, ...context }), end);
  return end.count === 0 ? 1 : 0;
}

/** Holds the first rows of a table back for its header; every other form goes straight through. */
class SearchPrinter {
  readonly #output: Output;
  readonly #countOnly: boolean;
  readonly #writer: RowWriter;
  #held: Row[] | undefined;

  constructor(output: Output, what: { readonly count: boolean; readonly text: boolean }) {
    this.#output = output;
    this.#countOnly = what.count;
    this.#held = output.format === 'table' ? [] : undefined;
    const form = {
      ...{ schema: 'msc.journal-search/1', member: 'entries', members: journalMembers },
      columns: journalColumns(output, what.text),
    };
    this.#writer = new RowWriter(output, form);
  }

  async take(rows: readonly Row[]): Promise<void> {
    if (this.#countOnly) return;
    if (this.#held === undefined) return this.#writer.write(rows);
    this.#held.push(...rows);
    if (this.#held.length > heldRowsMax) await this.#release();
  }

  async end(header: string, end: SearchEnd): Promise<void> {
    if (this.#countOnly) {
      const json = wantsObject(this.#output);
      const { count } = end;
      await this.#output.print(
        json ? JSON.stringify({ schema: 'msc.journal-search/1', count }) : String(count),
      );
      return;
    }
    await this.#sayHeader(header);
    await this.#release();
    const released = end.release === undefined ? {} : { release: end.release };
    await this.#writer.end({
      count: end.count,
      took_ms: end.tookMs,
      search_entry: end.entry,
      ...released,
      ...holdersOf(end),
    });
  }

  /** In a table it is the first line, with the data; in the machine forms it is talk. */
  async #sayHeader(header: string): Promise<void> {
    const { header: wanted, quiet, width, print, tell } = this.#output;
    if (this.#held === undefined || !wanted) {
      tell(header);
      return;
    }
    if (quiet) return;
    const fold = { width: Number.isFinite(width) ? width : 80, indent: 2 };
    for (const line of foldParts(header.split(' · '), ' · ', fold)) await print(line);
  }

  async #release(): Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    await this.#writer.write(held);
  }
}

/** As objects for programs, times as in entries. */
function holdersOf({ holders }: SearchEnd): { readonly holders?: readonly Row[] } {
  return holders === undefined
    ? {}
    : {
        holders: holders.map(({ sinceUs, untilUs, ...holder }) => ({
          ...holder,
          since: formatTime(sinceUs),
          ...(untilUs === undefined ? {} : { until: formatTime(untilUs) }),
        })),
      };
}

interface Searched {
  readonly query: Query;
  readonly asked: string;
  readonly now: Temporal.Instant;
  readonly zone: string;
}

/** What was searched: count, resolved instants, criteria, limit, time. @source operator-experience 1(2) */
function headerLine(
  { count, tookMs, holders = [] }: SearchEnd,
  { query, asked, now, zone }: Searched,
): string {
  const instant = (us: number | undefined, missing: string): string =>
    us === undefined ? missing : formatUs(us, zone);
  const since = instant(query.since, 'the beginning');
  const until = instant(query.until, formatInstant(now, zone));
  const hasFields = query.where
    .flatMap((condition) => (condition.on === 'either' ? condition.of : [condition]))
    .some(({ on }) => on === 'field');
  const full = query.limit > 0 && count >= query.limit;
  const parts = [
    `${counted(count, 'entry', 'entries')}${full ? `, the limit (-n 0 is all)` : ''}`,
    `${since} … ${until}`,
    ...(asked === '' ? [] : [shown(asked)]),
    ...(hasFields ? ['O as 0, blanks dropped'] : []),
    `${Math.round(tookMs)} ms`,
    ...holders.map((holder) => holderText(holder, zone)),
  ];
  return parts.join(' · ');
}

/** `OIF J10442: J. Doe (jdoe, CA0990100) since 2026-01-05 08:00:00 PST`. */
function holderText({ oif, user, name, agency, sinceUs, untilUs }: Holder, zone: string): string {
  const span =
    untilUs === undefined
      ? `since ${formatUs(sinceUs, zone)}`
      : `${formatUs(sinceUs, zone)} … ${formatUs(untilUs, zone)}`;
  return shown(`OIF ${oif}: ${name} (${user}, ${agency}) ${span}`);
}

function formatUs(us: number, zone: string): string {
  return formatInstant(Temporal.Instant.fromEpochMilliseconds(Math.floor(us / 1000)), zone);
}
