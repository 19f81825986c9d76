// A message with a reference of ours that no open request has: the journal tells whether a request that is
// over went out under it. Then only who asked gets it, after an SM 61, never whoever came next (link M5,
// S7b). Otherwise nobody asked for it, and it goes by its mnemonic.

import type { ReceivedEntry, StoredEntry } from '#journal/entry';
import { askerOf } from './apply.ts';
import { type Delivery, ownSuphdr } from './ledger.ts';
import { tellAsker } from './notice.ts';
import { reroute } from './put-aside.ts';
import { toMnemonic } from './route.ts';
import type { Turn } from './turn.ts';

export function recallAsker(turn: Turn, delivery: Delivery, stored: StoredEntry | undefined): void {
  const { to } = delivery;
  if (!turn.ledger.deliveries.has(delivery.id) || to.kind !== 'asker') return;
  const { class: messageClass, keptMs, flagged, mnemonic } = to;
  const asked = stored?.entry;
  if (asked?.kind === 'received' && wentOut(asked, delivery)) {
    const asker = askerOf(asked, asked.class ?? messageClass);
    const { entry, agency } = asked;
    tellAsker(turn, { entry, asker, agency }, 'SM 61', 'LATE ANSWER FOLLOWS');
    return reroute(turn, delivery, { ...asker, keptMs, flagged, rule: 'late-answer' });
  }
  const suphdr = ownSuphdr(delivery.source, turn.state.settings.name);
  const base = { suphdr, class: messageClass, keptMs, flagged };
  reroute(turn, delivery, toMnemonic(turn, mnemonic, base));
}

/** It went to that upstream, for that mnemonic, under that very reference. */
function wentOut(asked: ReceivedEntry, { to }: Delivery): boolean {
  if (asked.direction !== 'in' || asked.mnemonic !== to.mnemonic) return false;
  return asked.to.some(({ upstream, suphdr }) => upstream === to.upstream && suphdr === to.suphdr);
}
