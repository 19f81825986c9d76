// May this message go on? The checks the hub makes before it forwards anything (nlets 13.2): sender, key,
// destinations, class of the agencies, field set. Pure: the message as it goes on, or the complaint.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import { expand, kindOf, regionRow, statesOf } from './addresses.ts';
import type { Recipient } from './addresses.ts';
import { checkFields } from './check-fields.ts';
import type { Complaint } from './check-fields.ts';
import { isLawEnforcement, mayUse } from './directory.ts';
import type { Agency, Directory } from './directory.ts';
import { readFields } from './fields.ts';
import type { NletsFields } from './fields.ts';
import type { Input } from './input.ts';
import type { KeyRow, NletsTables } from './tables.ts';

export interface Admitted {
  readonly row: KeyRow;
  readonly sender: Agency;
  /** As they were named. */
  readonly addresses: readonly string[];
  /** Each that hears it. */
  readonly recipients: readonly Recipient[];
  readonly fields: NletsFields;
}

export interface Grounds {
  readonly directory: Directory;
  readonly tables: NletsTables;
  /** May the line it came on speak for this ORI? */
  readonly speaksFor: (ori: string) => boolean;
}

export function admit(input: Input, grounds: Grounds): Result<Admitted, Complaint> {
  const { directory, tables } = grounds;
  const sender = directory.agencies.get(input.sender);
  if (sender === undefined || !grounds.speaksFor(sender.ori))
    return complain('01', `SENDER ${input.sender}`);
  const row = tables.keys.get(input.key);
  if (row === undefined) return complain('01', `MESSAGE KEY ${input.key}`);
  const unfit = checkSender(sender, row) ?? checkAddresses(input, row, grounds);
  if (unfit !== undefined) return fail(unfit);
  const fields = readFields(input.text);
  const bad = checkText(input.destinations, row, fields, grounds);
  if (bad !== undefined) return fail(bad);
  const about = { row, senderState: sender.ori.slice(0, 2) };
  const recipients = expand(input.destinations, about, directory, tables);
  return ok({ row, sender, addresses: input.destinations, recipients, fields });
}

const complain = (number: string, detail: string) => fail<Complaint>({ number, detail });

/** Authorisation is per agency and class of key, not per user. @source nlets 3.3 */
function checkSender(sender: Agency, row: KeyRow): Complaint | undefined {
  // What answers another's question needs no right to ask.
  const isAnswer = row.answer === undefined && row.class !== 'A';
  if (!isAnswer && !mayUse(sender, row.class))
    return { number: '02', detail: `${sender.ori} NOT AUTHORIZED FOR ${row.mke}` };
  if (row.lawEnforcement && !isLawEnforcement(sender))
    return { number: '02', detail: `${sender.ori} NOT LAW ENFORCEMENT` };
  return undefined;
}

/** One bad address refuses the whole message. @source nlets 3.2, 9.1 */
function checkAddresses(input: Input, row: KeyRow, grounds: Grounds): Complaint | undefined {
  const { directory, tables } = grounds;
  const kinds = input.destinations.map(
    (address) => [address, kindOf(address, directory, tables)] as const,
  );
  const [unknown] = kinds.find(([, kind]) => kind === undefined) ?? [];
  if (unknown !== undefined) return { number: '19', detail: unknown };
  const [barred] = kinds.find(([, kind]) => kind !== undefined && !row.to.has(kind)) ?? [];
  if (barred !== undefined) return { number: '02', detail: `${row.mke} TO ${barred}` };
  if (kinds.length > row.max) return { number: '19', detail: `MORE THAN ${row.max}` };
  // The hub's own addresses answer for themselves: they stand alone.
  const own = kinds.some(([, kind]) => kind === 'nl' || kind === 'od' || kind === 'help');
  if (own && kinds.length > 1) return { number: '19', detail: 'MORE THAN ONE' };
  return unfitDestination(input.destinations, row, directory);
}

function unfitDestination(
  addresses: readonly string[],
  row: KeyRow,
  directory: Directory,
): Complaint | undefined {
  if (row.class !== 'A') return undefined;
  for (const address of addresses) {
    const agency = directory.agencies.get(address);
    if (agency === undefined) continue;
    const hears = mayUse(agency, 'A') && (!row.lawEnforcement || isLawEnforcement(agency));
    if (!hears) return { number: '02', detail: `${row.mke} TO ${address}` };
  }
  return undefined;
}

/** The set that stands must be right for each key it goes out under. @source nlets 7.2 */
function checkText(
  addresses: readonly string[],
  row: KeyRow,
  fields: NletsFields,
  { directory, tables }: Grounds,
): Complaint | undefined {
  const toRegion = addresses.some((address) => statesOf(address, directory, tables) !== undefined);
  for (const { mke } of toRegion ? [row, regionRow(row, tables)] : [row]) {
    const flaw = checkFields(mke, fields, tables.numbers);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}
