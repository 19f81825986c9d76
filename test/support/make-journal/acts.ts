// What happens in a day beside messages: somebody looks at the journal, duties change, a sign-on fails.

import { people, personChanges, personOf } from './county.ts';
import { type Dice, skewed } from './dice.ts';
import { type Doing, registered, type Seat } from './floor.ts';
import { padded } from './words.ts';

/** What a person may send is changed. */
export function changeDuties(dice: Dice): Doing {
  const person = personOf(skewed(dice, people));
  return { draft: registered(personChanges(person, dice(3)), 'duties changed') };
}

/** Somebody looks at the journal; now and then at texts, with a reason. */
export function lookAtJournal(dice: Dice): Doing {
  const { user } = personOf(skewed(dice, people));
  const asked = `--user ${user}`;
  if (dice(5) > 0) {
    const detail = { command: 'search', asked, count: dice(50), ended: 'complete' };
    return { draft: { kind: 'event', event: 'search', person: 'night1', detail } };
  }
  const why = { reason: 'records request', case: `26-${padded(dice(100_000), 5)}` };
  const detail = { command: 'search', asked };
  return { draft: { kind: 'event', event: 'release', person: 'auditor1', ...why, detail } };
}

export function failToSignOn(seat: Seat, dice: Dice): Doing {
  const { station, session } = seat;
  const { user, oif } = personOf(skewed(dice, people));
  const columns = { station, session, user, oif, code: 'U05' };
  return { draft: { kind: 'event', event: 'sign-on-failed', direction: 'in', ...columns } };
}
