// Builds the record of a person from what `msc user add` was given, with every check.
// Pure. Lists all problems; a user or OIF once given is never given again, because records of people
// stay in the register when they are disabled (clets 6, U1 to U3).

import { parseOif, parseOri, parseUserName } from '#protocol/ids';
import type { KeyTable } from '#protocol/keys';
import { fail, ok, type Result } from '#protocol/result';
import type { PersonRecord, Register } from '#journal/register';
import { personReferences, unknownKeys } from './register-rules.ts';

/** What an administrator says of a new person. */
export interface PersonWish {
  readonly user: string;
  readonly name: string;
  readonly oif: string;
  readonly agency: string;
  readonly sends: readonly string[];
  readonly pools: readonly string[];
  readonly mustChange: boolean;
}

/**
 * The record, or all that stands against it.
 *
 * @param credential Change id under which the password's hash is kept.
 */
export function buildPerson(
  wish: PersonWish,
  { register, keys, credential }: PersonContext,
): Result<PersonRecord, readonly string[]> {
  const user = parseUserName(wish.user);
  const oif = parseOif(wish.oif);
  const agency = parseOri(wish.agency);
  const problems = [
    user === undefined && 'the user is 1 to 32 of a-z, 0-9, point, hyphen and underscore',
    oif === undefined && 'the OIF is six of A-Z and 0-9',
    agency === undefined && 'the agency is an ORI: two letters and seven of A-Z and 0-9',
    /^[^\p{Cc}]{1,128}$/u.test(wish.name) || 'the name is 1 to 128 characters on one line',
    register.person.has(wish.user) && `there is a user ${wish.user} already`,
    oif !== undefined && takenBy(register, oif),
    unknownKeys(wish.sends, keys),
    ...(agency === undefined ? [] : personReferences(register, { agency, pools: wish.pools })),
  ].filter((problem) => typeof problem === 'string');
  if (user === undefined || oif === undefined || agency === undefined || problems.length > 0)
    return fail(problems);
  const { name, mustChange } = wish;
  const [sends, pools] = [[...new Set(wish.sends)], [...new Set(wish.pools)]];
  return ok({ user, name, oif, agency, state: 'enabled', sends, pools, credential, mustChange });
}

export interface PersonContext {
  readonly register: Register;
  readonly keys: KeyTable;
  readonly credential: string;
}

/** Compared without case, so that two spellings can never be two persons. @source clets A4, A8 */
function takenBy(register: Register, oif: string): string | undefined {
  const folded = oif.toUpperCase();
  const other = [...register.person.values()].find((one) => one.oif.toUpperCase() === folded);
  return other === undefined ? undefined : `OIF ${oif} is that of ${other.user}`;
}
