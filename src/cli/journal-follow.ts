// `msc journal search -f`: what is there, if it was asked for, then what comes, each entry once and in order.
// It ends with its person, with the switch, at the first match (--until-match), or after a time (--exit-after).

import type { Query } from '#journal/query';
import type { ControlClient, Rows } from '#src/control/client';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { oldestFirst, openCursor } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { Flags } from './flags.ts';
import { usage } from './flags.ts';
import { withSwitch } from './installation.ts';
import { liveColumns } from './journal-tail.ts';
import { RowWriter } from './rows.ts';
import { schema } from './search-printer.ts';
import { askedWords, recordWords, searchQuery, timeContext } from './search-query.ts';
import { journalMembers } from './journal-columns.ts';

/** The newest that are held to be turned round. */
const newestMax = 1_000;

export function isFollowed(flags: Flags): boolean {
  return flags.on('follow') || flags.on('untilMatch') || flags.text('exitAfter') !== undefined;
}

/** Exit 0 at a match, 1 where the time was over without one; 69 when the switch goes. */
export async function followSearch({ args, flags, output }: Call): Promise<number> {
  mustBeOpenEnded(flags);
  const exitAfterMs = flags.durationMs('exitAfter');
  const context = await timeContext(flags, output.zone);
  const cursor = openCursor(flags, askedWords(args, flags));
  const query = oldestFirst(searchQuery(args, flags, context), flags, cursor);
  // One object without an end would be no JSON: here `json` is `jsonl`.
  const format = output.format === 'json' ? 'jsonl' : output.format;
  const columns = liveColumns(output);
  const writer = new RowWriter(
    { ...output, format },
    { schema, member: 'entries', members: journalMembers, columns },
  );
  const reader = new Reader(writer, { cursor, onlyOne: flags.on('untilMatch') });
  if (Number.isFinite(output.width)) output.tell('following the journal; Ctrl-C ends it');
  const asked = recordWords(args, flags);
  try {
    await withSwitch(flags, (client) => {
      if (exitAfterMs !== undefined) reader.endAfter(exitAfterMs, client);
      return follow(client, reader, {
        ...{ query, asked, scan: flags.on('scan') },
        past: cursor ? 'all' : pastOf(flags),
      });
    });
  } catch (end) {
    if (!reader.isOver) throw end;
  } finally {
    reader.close();
  }
  return reader.count > 0 ? 0 : 1;
}

interface Wish {
  readonly query: Query;
  readonly asked: string;
  readonly scan: boolean;
  /** Of what is there: nothing, everything in its range, or the newest so many. */
  readonly past: 'none' | 'all' | 'newest';
}

async function follow(client: ControlClient, reader: Reader, wish: Wish): Promise<never> {
  const { query, asked } = wish;
  const from = wish.past === 'none' ? {} : { from: await readPast(client, reader, wish) };
  await client.call('follow', { where: query.where, asked, ...from }, (rows) =>
    reader.take(rows, { live: true }),
  );
  // It ends with us alone: an end of theirs is one that was not asked for.
  throw new MscFault('MSC-1201', { detail: 'it stopped telling', hint: 'msc status' });
}

/** @returns The first entry that was not looked at. */
async function readPast(
  client: ControlClient,
  reader: Reader,
  { query, asked, scan, past }: Wish,
): Promise<number> {
  const newest: Rows[number][] = [];
  const isNewest = past === 'newest';
  const wish = { asked, scan, stay: true, text: false };
  const end = await client.call(
    'search',
    // Of a cursor's limit the rest comes with what follows.
    {
      ...wish,
      query: isNewest ? { ...query, reverse: false } : { ...query, reverse: true, limit: 0 },
    },
    (rows) => (isNewest ? void newest.push(...rows) : reader.take(rows)),
  );
  await reader.take(newest.reverse());
  const { entry = 0, head = entry - 1 } = end;
  reader.ownEntry = entry;
  reader.reached(head);
  return head + 1;
}

/** Prints, keeps the place, and knows when it is enough. */
class Reader {
  readonly #writer: RowWriter;
  readonly #cursor: Cursor | undefined;
  readonly #onlyOne: boolean;
  #timer: NodeJS.Timeout | undefined;
  /** The entry of our own search. */
  ownEntry = 0;
  count = 0;
  /** It ended because we wanted it to. */
  isOver = false;

  constructor(
    writer: RowWriter,
    { cursor, onlyOne }: { readonly cursor: Cursor | undefined; readonly onlyOne: boolean },
  ) {
    this.#writer = writer;
    this.#cursor = cursor;
    this.#onlyOne = onlyOne;
  }

  /** @throws MscFault where it is enough: that ends the connection. */
  async take(rows: Rows, { live = false } = {}): Promise<void> {
    const others = rows.filter(({ entry }) => entry !== this.ownEntry);
    const wanted = this.#onlyOne ? others.slice(0, 1) : others;
    if (wanted.length === 0) return;
    await this.#writer.write(wanted);
    this.count += wanted.length;
    this.#cursor?.passed(wanted, live || this.#onlyOne ? 'now' : 'sometimes');
    if (!this.#onlyOne) return;
    this.isOver = true;
    throw new MscFault('MSC-1201', { detail: 'a match was enough' });
  }

  reached(entry: number): void {
    this.#cursor?.reached(entry);
  }

  endAfter(ms: number, client: ControlClient): void {
    this.#timer = setTimeout(() => {
      this.isOver = true;
      client.close();
    }, ms);
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

function pastOf(flags: Flags): Wish['past'] {
  if (flags.text('limit') !== undefined) return 'newest';
  return flags.text('since') === undefined && flags.text('last') === undefined ? 'none' : 'all';
}

function mustBeOpenEnded(flags: Flags): void {
  const ends = ['until', 'on', 'entry', 'by'].filter((name) => flags.text(name) !== undefined);
  const others = ['count', 'job', 'text', 'reverse'].filter((name) => flags.on(name));
  const [odd] = [...ends, ...others];
  if (odd !== undefined) throw usage(`--${odd} has no meaning while the journal is followed`);
  const newest = flags.integer('limit', { least: 1, most: newestMax });
  if (newest !== undefined && flags.text('cursorFile') !== undefined)
    throw usage('-n has no meaning beside --cursor-file while the journal is followed');
}
