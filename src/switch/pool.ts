// Lending a pool's mnemonics: the one returned longest ago first, so that all stay alive; never one
// that is lent (unless the pool is shared) or whose requests are still open (clets M3, M6; link M9).

import type { PoolRecord } from '#journal/register';
import type { Mnemonic } from '#protocol/ids';
import type { Ledger } from './ledger.ts';

export function lendMnemonic(ledger: Ledger, pool: PoolRecord): Mnemonic | undefined {
  const lent = new Set([...ledger.signOns.values()].map(({ mnemonic }) => mnemonic));
  const busy = openMnemonics(ledger);
  const free = pool.mnemonics.filter((mnemonic) =>
    pool.sharing === 'shared' ? true : !lent.has(mnemonic) && !busy.has(mnemonic),
  );
  const rank = (mnemonic: Mnemonic): number =>
    (lent.has(mnemonic) ? ledger.entries : 0) + (ledger.returned.get(mnemonic) ?? 0);
  return free.toSorted((one, other) => rank(one) - rank(other))[0];
}

/** Mnemonics with a request neither answered nor timed out. */
function openMnemonics(ledger: Ledger): ReadonlySet<Mnemonic> {
  const busy = new Set<Mnemonic>();
  for (const request of ledger.requests.values()) {
    if (request.late === 'no') busy.add(request.mnemonic);
  }
  return busy;
}
