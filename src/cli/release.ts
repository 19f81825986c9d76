// Why message text is wanted and for whom, from the flags of a command, for the record of the release.
// The reason is asked for where there is a person to ask; nothing else is.

import type { ReleaseWhy } from '#src/control/wire-releases';
import { needReason } from './ask.ts';
import type { Flags } from './flags.ts';

interface FlagNames {
  readonly case: string;
  readonly requester: string;
  readonly recipient: string;
}

const ownFlags: FlagNames = { case: 'case', requester: 'requester', recipient: 'recipient' };
/** Of `journal search`, where `--case` and `--requester` are filters. */
export const forFlags: FlagNames = {
  ...{ case: 'forCase', requester: 'forRequester', recipient: 'forRecipient' },
};

/** @throws MscFault MSC-1002 where there is no reason and nobody to ask. */
export async function askWhy(
  flags: Flags,
  names: FlagNames = ownFlags,
): Promise<ReleaseWhy & { readonly reason: string }> {
  const reason = await needReason(flags);
  const [number, requester, recipient] = [names.case, names.requester, names.recipient].map(
    (name) => flags.text(name)?.trim(),
  );
  return {
    reason,
    ...(given(number) ? { case: number } : {}),
    ...(given(requester) ? { requester } : {}),
    ...(given(recipient) ? { recipient } : {}),
  };
}

function given(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
