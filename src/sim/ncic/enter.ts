// Entry of a record: checked, compared with what is on file, given a number, acknowledged (ncic 4.5, 6.5).

import { fail, ok } from '#protocol/result';
import { checkFields, checkSerials, failsVinCheck } from './checks.ts';
import { showPairs } from './desk.ts';
import type { Desk, Done } from './desk.ts';
import { findDuplicates } from './duplicates.ts';
import { planComparison } from './compare.ts';
import {
  delayedNotices,
  mainIdentifier,
  printingFor,
  registryNotice,
  tellRecord,
} from './notices.ts';
import { printRecord } from './print.ts';
import { valueOf } from './record.ts';
import type { NewRecord, Pair, StoredRecord } from './record.ts';
import type { Kind } from './tables.ts';

export function enter(
  desk: Desk,
  {
    kind,
    suffix,
    pairs,
  }: {
    readonly kind: Kind;
    readonly suffix?: string;
    readonly pairs: readonly Pair[];
  },
): Done {
  const wrong = checkFields(desk, pairs) ?? checkSerials(kind.entry, pairs);
  if (wrong !== undefined) return fail(wrong);
  const fresh: NewRecord = {
    kind: kind.entry,
    ...(suffix === undefined ? {} : { suffix }),
    ori: desk.ori,
    enteredMs: desk.atMs,
    updatedMs: desk.atMs,
    fields: pairs.filter(([, value]) => value !== ''),
  };
  const { onFile, near } = findDuplicates(desk, fresh);
  if (onFile.length > 0) return fail({ id: 'R11', along: onFile });
  const record = desk.store.insert(fresh);
  planComparison(desk, record);
  return ok({
    lines: [...acknowledged(desk, record), ...near.flatMap((each) => printed(desk, each))],
    notices: [
      ...registryNotice(desk, record),
      ...delayedNotices(desk, record),
      ...near
        .filter((each) => meetsRecovered(record, each))
        .map((each) => tellRecord(desk, 'linked', each.ori, record)),
    ],
  });
}

/** The number and case, the main identifier on the next line. @source ncic 6.5 */
function acknowledged({ settings, tables }: Desk, record: StoredRecord): readonly string[] {
  const main = mainIdentifier(record);
  const vin = valueOf(record, 'VIN');
  const warned = settings.vinCheck && vin !== undefined && failsVinCheck(vin);
  return [
    showPairs([
      ['NIC', record.nic],
      ['OCA', valueOf(record, 'OCA') ?? ''],
    ]),
    ...(main === undefined ? [] : [showPairs([main])]),
    ...(warned ? [tables.layout.words.get('vinWarning') ?? ''] : []),
  ];
}

const printed = (desk: Desk, record: StoredRecord): readonly string[] =>
  printRecord(record, printingFor(desk, desk.ori));

/** A stolen gun that another agency has recovered, or the other way round. @source ncic 5.5 auto link */
const meetsRecovered = (one: StoredRecord, other: StoredRecord): boolean =>
  (one.kind === 'ERG') !== (other.kind === 'ERG') && one.ori !== other.ori;
