// What `journal print` and `journal export` take out: the words of a search, but everything that fits unless a limit
// is given, because a copy that ends silently after fifty entries would be taken for the whole.

import type { Query } from '#journal/query';
import type { Call } from './command.ts';
import { askedWords, searchQuery, timeContext } from './search-query.ts';

export interface ReleasedQuery {
  readonly query: Query;
  /** In the words of a search. */
  readonly asked: string;
}

/** `--case` and `--requester` are of the release there, so the filters have names of their own. */
const filters = { case: 'ofCase', requester: 'ofRequester' };

/** @throws MscFault MSC-1001 */
export async function releasedQuery({ args, flags, output }: Call): Promise<ReleasedQuery> {
  const asFilters = flags.under(filters);
  const query = searchQuery(args, asFilters, await timeContext(flags, output.zone));
  const limit = flags.text('limit') === undefined ? 0 : query.limit;
  return { query: { ...query, limit }, asked: askedWords(args, asFilters) };
}
