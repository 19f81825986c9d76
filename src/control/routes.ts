// `msc route show | test`: what the switch would do with a message, asked of its own code. Nothing is sent,
// changed or journalled, and what was typed goes nowhere.

import { parseMnemonic, parseUserName } from '#protocol/ids';
import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import type { Visit } from './visit.ts';
import type { Commands } from './wire.ts';

export async function showRoutes(desk: Desk, visit: Visit): Promise<Commands['routes']['end']> {
  const rows = desk.routes.all();
  await visit.sendRows(rows.map((row) => ({ ...row })));
  return { count: rows.length };
}

/** @throws MscFault MSC-1306 for who cannot send at all, MSC-1302 for a person there is not. */
export function testRoute(
  desk: Desk,
  { from, user: login, ...asked }: Commands['route-test']['args'],
): Commands['route-test']['end'] {
  const mnemonic = parseMnemonic(from);
  if (mnemonic === undefined)
    throw new MscFault('MSC-1306', { detail: 'a mnemonic is four of A-Z and 0-9' });
  const user = login === undefined ? undefined : parseUserName(login);
  if (login !== undefined && (user === undefined || !desk.register().person.has(user)))
    throw new MscFault('MSC-1302');
  const rehearsal = desk.routes.test({ ...asked, from: mnemonic, user });
  if (rehearsal.verdict === 'no-sender') throw new MscFault('MSC-1306', { detail: rehearsal.why });
  return rehearsal;
}
