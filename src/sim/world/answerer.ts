// Other states of the same world: what their motor vehicle departments and bureaus have on file, for
// whoever plays these states. @source nlets 7, 8

import { openDmvAnswers } from '../dmv/open.ts';
import { openHistoryAnswers } from '../history/open.ts';
import type { Answerer } from '../nlets/play.ts';

/**
 * @param paths Stores of a world; what is absent is the small set of every world.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function openAnswerer(
  paths: { readonly dmv?: string; readonly history?: string } = {},
): Answerer {
  const dmv = openDmvAnswers(paths.dmv);
  const history = openHistoryAnswers(paths.history);
  return (state, key, fields) => {
    const answer = dmv.answer(state, key, fields) ?? history.answer(state, key, fields);
    return answer?.found === 0 ? [] : answer?.lines;
  };
}
