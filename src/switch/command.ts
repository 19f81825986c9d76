// What an operator asks of the switch: it becomes an entry first, then it takes hold. Roles and forms
// were checked at the edge; what the register's change means for live links is decided here.

import type { PersonRecord, StationRecord } from '#journal/register';
import { ok, type Result } from '#protocol/result';
import type { Act } from './event.ts';
import { isActiveAgency } from './directory.ts';
import { closeLink } from './link-life.ts';
import type { SignOn } from './ledger.ts';
import { type ActRefusal, operate } from './operate.ts';
import { print } from './print.ts';
import { signOff } from './sign-off.ts';
import type { OpenLink } from './state.ts';
import { type Close, recordEvent, type Turn } from './turn.ts';

export function onCommand(turn: Turn, command: { id: number; person: string; act: Act }): void {
  const { id, person, act } = command;
  const done = carryOut(turn, person, act);
  const answer = done.ok ? { entry: done.value } : done.error;
  turn.effects.push({ kind: 'answer', id, ...answer });
}

function carryOut(turn: Turn, person: string, act: Act): Result<number, ActRefusal> {
  switch (act.kind) {
    case 'register':
      return ok(changeRegister(turn, person, act));
    case 'unlock': {
      const { user, reason } = act;
      return ok(recordEvent(turn, 'unlock', { person, user, reason }));
    }
    case 'close':
    case 'disable':
    case 'enable':
    case 'test':
      return operate(turn, person, act);
    case 'print':
      return print(turn, person, act);
    case 'note': {
      const { event, reason, requester, recipient, detail } = act;
      const to = { case: act.case, requester, recipient };
      return ok(recordEvent(turn, event, { person, reason, ...to, detail }));
    }
  }
}

function changeRegister(turn: Turn, person: string, act: Act & { kind: 'register' }): number {
  const { changes, changeId, reason } = act;
  const { station, person: people } = turn.ledger.register;
  const before = { station: new Map(station), people: new Map(people) };
  const entry = recordEvent(turn, 'register', { person, changes, changeId, reason });
  turn.effects.push({ kind: 'project', entry, changes });
  for (const link of [...turn.state.live.values()]) {
    const close = link.station && whyNot(turn, link, before.station.get(link.station));
    if (close) closeLink(turn, link, close);
  }
  for (const held of [...turn.ledger.signOns.values()]) {
    const known = before.people.get(held.user);
    if (!mayStay(turn, held, known)) signOff(turn, held, 'suspended');
  }
  return entry;
}

/** Signed on as before, at the same mnemonic; any change of the person asks for a new sign-on (security 5). */
function mayStay(turn: Turn, held: SignOn, before: PersonRecord | undefined): boolean {
  const { register } = turn.ledger;
  const person = register.person.get(held.user);
  if (person?.state !== 'enabled' || !isActiveAgency(register, person.agency)) return false;
  if (JSON.stringify(person) !== JSON.stringify(before)) return false;
  const station = register.station.get(held.station);
  if (held.pool === undefined) return station?.mnemonics.includes(held.mnemonic) === true;
  const pool = register.pool.get(held.pool);
  return station?.pools.includes(held.pool) === true && !!pool?.mnemonics.includes(held.mnemonic);
}

/** Why a live link must end now: the register no longer lets its station in, or gives it another name. */
function whyNot(turn: Turn, link: OpenLink, before: StationRecord | undefined): Close | undefined {
  const { register, sessions } = turn.ledger;
  const station = link.station === undefined ? undefined : register.station.get(link.station);
  if (station === undefined || station.state === 'disabled' || station.role !== link.role) {
    return { code: 'C02', text: 'this station is no longer known here' };
  }
  const fingerprint = sessions.get(link.key)?.fingerprint;
  if (fingerprint !== undefined && !station.fingerprints.includes(fingerprint)) {
    return { code: 'C02', text: 'this certificate is no longer enrolled' };
  }
  const suspended =
    station.state === 'suspended' ||
    (station.agency !== undefined && !isActiveAgency(register, station.agency));
  if (suspended) return { code: 'C12', text: 'station or agency suspended' };
  const same = String(station.mnemonics) === String(before?.mnemonics);
  return same ? undefined : { code: 'C16', text: 'the mnemonics of this station have changed' };
}
