// What an address means, and who hears a message that is sent to it.

import { oriForm } from './directory.ts';
import type { Directory } from './directory.ts';
import { isHelpAddress } from './help.ts';
import type { AddressKind, KeyRow, NletsTables } from './tables.ts';

/** One who hears a message, and under which key. */
export interface Recipient {
  readonly address: string;
  readonly row: KeyRow;
}

/** Undefined where the directory has no such address. @source nlets 3.1 */
export function kindOf(
  address: string,
  directory: Directory,
  tables: NletsTables,
): AddressKind | undefined {
  if (address === 'NL') return 'nl';
  if (address === 'OD') return 'od';
  if (address === tables.allStates) return 'all';
  if (tables.regions.has(address)) return 'region';
  const member = directory.members.get(address);
  if (member !== undefined) return member.kind;
  if (directory.agencies.has(address)) return 'ori';
  const known = directory.members.has(address.slice(0, 2));
  return oriForm.test(address) && known && isHelpAddress(address) ? 'help' : undefined;
}

/**
 * One recipient for each that hears it, each once: a region stands for the states in it. A query goes to other
 * states alone; a text to a region is heard by each state of it, the sender's too.
 * @source nlets 3.2, 3.4, 7.1
 */
export function expand(
  addresses: readonly string[],
  about: { readonly row: KeyRow; readonly senderState: string },
  directory: Directory,
  tables: NletsTables,
): readonly Recipient[] {
  const { row, senderState } = about;
  const isQuery = row.answer !== undefined;
  const heard = new Map<string, Recipient>();
  const hear = (address: string, under: KeyRow): void => {
    if (!heard.has(address)) heard.set(address, { address, row: under });
  };
  for (const address of addresses) {
    const members = statesOf(address, directory, tables);
    if (members === undefined) hear(address, row);
    else
      for (const member of members)
        if (!isQuery || member !== senderState) hear(member, regionRow(row, tables));
  }
  return [...heard.values()];
}

/** The key towards a region, where the hub changes it. @source nlets 7.1, 7.2 */
export const regionRow = (row: KeyRow, tables: NletsTables): KeyRow =>
  (row.regionKey === undefined ? undefined : tables.keys.get(row.regionKey)) ?? row;

/** The states of a region; undefined for any other address. */
export function statesOf(
  address: string,
  directory: Directory,
  tables: NletsTables,
): readonly string[] | undefined {
  if (address === tables.allStates)
    return [...directory.members.values()]
      .filter(({ kind }) => kind === 'state')
      .map(({ code }) => code);
  return tables.regions.get(address)?.filter((code) => directory.members.has(code));
}
