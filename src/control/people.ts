// `msc user add | passwd | unlock`. A password comes in over the local socket, is hashed, and is gone:
// it is in no entry, no log line and no error. The hash is stored first, under the change id that the
// entry names; a hash that no entry names is dropped at the next start.

import { parseUserName } from '#protocol/ids';
import type { PersonRecord, Register } from '#journal/register';
import { buildPerson } from '#src/access/person';
import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import type { Visit } from './visit.ts';
import type { Commands } from './wire.ts';

/** @throws MscFault MSC-1305 with all that stands against it, MSC-1303 for the password. */
export async function userAdd(
  desk: Desk,
  visit: Visit,
  args: Commands['user-add']['args'],
): Promise<Commands['user-add']['end']> {
  const { password, ...wish } = args;
  // Asked before the hash, which is dear, and again after it: the register may have moved meanwhile.
  const build = (credential: string): PersonRecord => {
    const person = buildPerson(wish, { register: desk.register(), keys: desk.keys, credential });
    if (person.ok) return person.value;
    throw new MscFault('MSC-1305', {
      detail: person.error.join('; '),
      hint: 'msc user add --help',
    });
  };
  build('');
  return putPassword(desk, visit, { user: wish.user, password, build });
}

/** @throws MscFault MSC-1302 for an unknown user, MSC-1303 for the password. */
export async function userPasswd(
  desk: Desk,
  visit: Visit,
  args: Commands['user-passwd']['args'],
): Promise<Commands['user-passwd']['end']> {
  const { user, password, mustChange } = args;
  const build = (credential: string): PersonRecord => {
    const person = personOf(desk.register(), user);
    return { ...person, credential, mustChange };
  };
  build('');
  return putPassword(desk, visit, { user, password, build });
}

/** @throws MscFault MSC-1302 */
export async function userUnlock(
  desk: Desk,
  visit: Visit,
  args: Commands['user-unlock']['args'],
): Promise<Commands['user-unlock']['end']> {
  const { user } = personOf(desk.register(), args.user);
  const why = args.reason === undefined ? {} : { reason: args.reason };
  return desk.act(visit.person, { kind: 'unlock', user, ...why });
}

interface NewPassword {
  readonly user: string;
  readonly password: string;
  /** The record that goes with the hash of that change. */
  readonly build: (credential: string) => PersonRecord;
}

async function putPassword(
  desk: Desk,
  visit: Visit,
  { user, password, build }: NewPassword,
): Promise<{ readonly entry: number }> {
  const flaw = desk.passwordFlaw(user, password);
  if (flaw !== undefined) throw new MscFault('MSC-1303', { detail: flaw });
  const hash = await desk.hash(password);
  const changeId = desk.newId();
  const record = build(changeId);
  desk.registerStore.putSecret(changeId, record.user, hash);
  return desk.act(visit.person, {
    kind: 'register',
    changes: [{ op: 'put', table: 'person', key: record.user, record }],
    changeId,
  });
}

function personOf(register: Register, name: string): PersonRecord {
  const user = parseUserName(name);
  const person = user === undefined ? undefined : register.person.get(user);
  // The name is not repeated: a password typed in its place must not come back in an error.
  if (person === undefined) throw new MscFault('MSC-1302');
  return person;
}
