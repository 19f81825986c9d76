// What a search prints: its rows as they come, and the line that says what was searched. A table waits for the
// first rows, so that its first line can say how many there are; every other form streams from the first.

import { formatInstant, formatUs } from '#src/control/local-time';
import type { Query } from '#journal/query';
import { formatTime } from '#journal/row';
import type { TallyBy } from '#journal/tally';
import type { Holder, JobView, SearchEnd } from '#src/control/wire-search';
import { journalColumns, journalMembers } from './journal-columns.ts';
import type { Output } from './output.ts';
import { counted, foldParts, shown, wantsObject } from './output.ts';
import { RowWriter } from './rows.ts';
import type { Row, RowForm } from './rows.ts';

/** Rows that a table waits for. */
const heldRowsMax = 1000;
export const schema = 'msc.journal-search/1';

export interface Shown {
  /** Only their number. */
  readonly count: boolean;
  readonly by: TallyBy | undefined;
  readonly text: boolean;
}

/** Holds the first rows of a table back for its header; every other form goes straight through. */
export class SearchPrinter {
  readonly #output: Output;
  readonly #what: Shown;
  readonly #writer: RowWriter;
  #held: Row[] | undefined;

  constructor(output: Output, what: Shown) {
    this.#output = output;
    this.#what = what;
    this.#held = output.format === 'table' ? [] : undefined;
    this.#writer = new RowWriter(output, formOf(output, what));
  }

  async take(rows: readonly Row[]): Promise<void> {
    if (this.#held === undefined) return this.#writer.write(rows);
    this.#held.push(...rows);
    if (this.#held.length > heldRowsMax) await this.#release();
  }

  /** @param facts Further members of the answer, for programs. */
  async end(header: string, end: SearchEnd, facts: Row = {}): Promise<void> {
    if (this.#what.count && this.#what.by === undefined) {
      const { count } = end;
      const json = wantsObject(this.#output);
      await this.#output.print(json ? JSON.stringify({ schema, count, ...facts }) : String(count));
      return;
    }
    await this.#sayHeader(header);
    await this.#release();
    await this.#writer.end({
      ...{ count: end.count, took_ms: end.tookMs, search_entry: end.entry },
      ...(end.narrowedBy && { narrowed_by: end.narrowedBy }),
      ...(end.purgedTo !== undefined && { purged_to: end.purgedTo }),
      ...(end.holders && { holders: end.holders.map(holderRow) }),
      ...facts,
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

/** Instead of an answer: where it will be. */
export async function printJobBegun(output: Output, job: JobView): Promise<void> {
  const { state, asked } = job;
  if (wantsObject(output))
    await output.print(
      JSON.stringify({ schema: 'msc.journal-jobs/1', job: { job: job.job, state, asked } }),
    );
  else await output.print(`job ${job.job} runs in the background`);
  output.tell(`next: msc journal jobs show ${job.job}, then msc journal jobs fetch ${job.job}`);
}

export interface Searched {
  readonly query: Query;
  readonly asked: string;
  readonly now: Temporal.Instant;
  readonly zone: string;
}

/** What was searched: count, resolved instants, criteria, limit, index, time. @source operator-experience 1(2) */
export function headerLine(end: SearchEnd, { query, asked, now, zone }: Searched): string {
  const { count, tookMs, holders = [], narrowedBy, unsound = [], purgedTo } = end;
  const instant = (us: number | undefined, missing: string): string =>
    us === undefined ? missing : formatUs(us, zone);
  const since = instant(query.since, 'the beginning');
  const until = instant(query.until, formatInstant(now, zone));
  const hasFields = query.where
    .flatMap((condition) => (condition.on === 'either' ? condition.of : [condition]))
    .some(({ on }) => on === 'field');
  const full = query.limit > 0 && count >= query.limit;
  const index =
    narrowedBy?.length === 0 ? 'each entry read' : `index ${narrowedBy?.join(', ') ?? ''}`;
  const parts = [
    `${counted(count, 'entry', 'entries')}${full ? `, the limit (-n 0 is all)` : ''}`,
    `${since} … ${until}`,
    ...(asked === '' ? [] : [shown(asked)]),
    ...(hasFields ? ['O as 0, blanks dropped'] : []),
    ...(narrowedBy === undefined || query.where.length === 0 ? [] : [index]),
    `${Math.round(tookMs)} ms`,
    ...(unsound.length === 0 ? [] : [unsoundText(unsound)]),
    ...(purgedTo === undefined ? [] : [`entries up to ${purgedTo} were purged`]),
    ...holders.map((holder) => holderText(holder, zone)),
  ];
  return parts.join(' · ');
}

/** The answer is complete; it took the time of reading all of these. */
export function unsoundText(firsts: readonly number[]): string {
  return `no index can be read of the segments from entry ${firsts.join(', ')}: msc db reindex --damaged`;
}

/** Rows of entries, or of values with how many there are. */
export function formOf(output: Output, { by, text }: Omit<Shown, 'count'>): RowForm {
  if (by === undefined)
    return {
      ...{ schema, member: 'entries', members: journalMembers },
      columns: journalColumns(output, text),
    };
  const columns = [
    { name: 'value', title: by.toUpperCase(), least: 10 },
    { name: 'count', right: true },
  ];
  return { schema, member: 'groups', columns };
}

/** As an object for programs, times as in entries. */
function holderRow({ sinceUs, untilUs, ...holder }: Holder): Row {
  const until = untilUs === undefined ? {} : { until: formatTime(untilUs) };
  return { ...holder, since: formatTime(sinceUs), ...until };
}

/** `OIF J10442: J. Doe (jdoe, CA0990100) since 2026-01-05 08:00:00 PST`. */
function holderText({ oif, user, name, agency, sinceUs, untilUs }: Holder, zone: string): string {
  const span =
    untilUs === undefined
      ? `since ${formatUs(sinceUs, zone)}`
      : `${formatUs(sinceUs, zone)} … ${formatUs(untilUs, zone)}`;
  return shown(`OIF ${oif}: ${name} (${user}, ${agency}) ${span}`);
}
