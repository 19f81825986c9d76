// `msc journal search`: finds entries and says what it searched. Rows stream in every form; message text
// is shown only with a reason, and both the search and the release of text are journalled by the switch.
// One that takes too long goes on as a job; with -f it goes on as long as the journal does.

import type { SearchEnd } from '#src/control/wire-search';
import type { Call } from './command.ts';
import { oldestFirst, openCursor } from './cursor.ts';
import type { Flags } from './flags.ts';
import { usage } from './flags.ts';
import type { JournalClient } from './journal-client.ts';
import { offlineFacts, withJournal } from './journal-client.ts';
import { explainSearch } from './journal-explain.ts';
import { followSearch, isFollowed } from './journal-follow.ts';
import { askWhy, forFlags } from './release.ts';
import type { Row } from './rows.ts';
import { withSaved } from './saved.ts';
import { headerLine, printJobBegun, SearchPrinter } from './search-printer.ts';
import { askedWords, recordWords, searchQuery, tallyOf, timeContext } from './search-query.ts';

/** Exit 1 when nothing is found. */
export async function runSearch(call: Call): Promise<number> {
  const { args, flags } = withSaved(call);
  const asked = { ...call, args, flags };
  if (flags.on('explain')) return explainSearch(asked);
  return isFollowed(flags) ? followSearch(asked) : searchOnce(asked);
}

async function searchOnce({ args, flags, output }: Call): Promise<number> {
  const context = await timeContext(flags, output.zone);
  const record = recordWords(args, flags);
  const cursor = openCursor(flags, askedWords(args, flags));
  const query = oldestFirst(searchQuery(args, flags, context), flags, cursor);
  const text = flags.on('text');
  const [count, by] = [flags.on('count'), tallyOf(flags)];
  mustGoTogether(flags, { isTally: count || by !== undefined });
  const wish = {
    ...{ query, asked: record, count, zone: output.zone, scan: flags.on('scan') },
    ...{ job: flags.on('job'), stay: cursor !== undefined },
    ...(by === undefined ? {} : { by }),
  };
  const why = text ? await askWhy(flags, forFlags) : {};
  const printer = new SearchPrinter(output, { count, by, text });
  const call = { flags, output };
  const ask = async (client: JournalClient): Promise<Answered> => {
    const end = await client.call('search', { ...wish, text, ...why }, async (rows) => {
      await printer.take(rows);
      cursor?.passed(rows, output.format === 'table' ? 'never' : 'sometimes');
    });
    return { end, facts: offlineFacts(client) };
  };
  const { end, facts } = await withJournal(call, ask, { text });
  if (end.job !== undefined) {
    await printJobBegun(output, end.job);
    return 0;
  }
  if (end.release !== undefined) output.tell(`release ${end.release}`);
  const searched = { query, asked: askedWords(args, flags), ...context };
  await printer.end(headerLine(end, searched), end, facts);
  cursor?.finish(query, end);
  return end.count === 0 ? 1 : 0;
}

interface Answered {
  readonly end: SearchEnd;
  readonly facts: Row;
}

/** @throws MscFault MSC-1001 for two flags of which one would be passed over. */
function mustGoTogether(flags: Flags, { isTally }: { readonly isTally: boolean }): void {
  if (flags.on('text') && (isTally || flags.on('job')))
    throw usage('--text shows messages, so not with --count, --by or --job');
  if (flags.text('cursorFile') !== undefined && (isTally || flags.on('job')))
    throw usage('--cursor-file goes on where the last rows ended: not with --count, --by or --job');
}
