// A hit confirmation request that is sent again is heard by others too: control terminals, quality control. Those
// whom the asker has named already get no second one.
//
// @source nlets 5.2

import type { Recipient } from './addresses.ts';
import type { Admitted } from './admit.ts';
import type { Directory } from './directory.ts';
import type { CopyTo, NletsTables } from './tables.ts';

export function copies(
  { row, sender, addresses, recipients, fields }: Admitted,
  directory: Directory,
  tables: NletsTables,
): readonly Recipient[] {
  if (row.mke !== 'YQ') return [];
  const controlOf = (address: string | undefined): string | undefined =>
    directory.members.get(address?.slice(0, 2) ?? '')?.control;
  const places: Readonly<Record<CopyTo, string | undefined>> = {
    'owner-control': controlOf(addresses[0]),
    'asker-control': controlOf(sender.ori),
    'quality-control': tables.qualityControl,
  };
  const wanted = tables.escalation.get(fields.values.get('RNO') ?? '') ?? [];
  const named = new Set(recipients.map(({ address }) => address));
  return [...new Set(wanted.map((copy) => places[copy]))].flatMap((address) =>
    address === undefined || named.has(address) ? [] : [{ address, row }],
  );
}
