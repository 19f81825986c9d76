// Faults planted around the switch, one at a time, to show that the box finds them: each wraps what goes in
// or comes out of the four functions of the heart, or touches the state behind their back. The shipped code
// has no switch for any of it.

import { flagPossibleDuplicate, type FrameType } from '#protocol/frame';
import type { Effect } from '#switch/effect';
import type { Event } from '#switch/event';
import { dequeue, type Delivery, enqueue } from '#switch/ledger';
import type { State } from '#switch/state';
import { frameTypeAt } from '#src/runtime/detour';
import { type Heart, soundHeart } from './heart.ts';

type Step = Heart['step'];
type Send = Extract<Effect, { kind: 'send' }>;

export interface Fault {
  readonly name: string;
  /** A heart with this fault, for one life of the box. */
  readonly heart: () => Heart;
}

const ack = 0x11;
const refused = 0x12;
const message = 0x10;
const flagsAt = 4;

export const faults: readonly Fault[] = [
  { name: 'acknowledges before its entry is durable', heart: () => withStep(acknowledgeEarly()) },
  { name: 'forgets a queue', heart: () => withStep(forgetQueue()) },
  { name: 'gives a session name twice', heart: () => withStep(reuseToken) },
  { name: 'does not repeat a REFUSED after a resume', heart: () => withStep(dropRepeated) },
  { name: 'leaves POSSIBLE_DUPLICATE out', heart: () => withStep(skipFlag) },
  { name: 'gives an answer to the next person', heart: () => withStep(giveToNext) },
  { name: 'skips an entry in the replay', heart: skipInReplay },
  { name: 'gives a number twice', heart: () => withStep(reuseNumber()) },
  { name: 'ignores the window', heart: () => withStep(ignoreWindow) },
  { name: 'delivers again what was delivered', heart: () => withStep(deliverTwice()) },
  { name: 'loses a map in the snapshot', heart: () => forgetInSnapshot },
  { name: 'sends the later first', heart: () => withStep(swapReads) },
  { name: 'forgets what was under way when a line broke', heart: () => withStep(loseUnderWay) },
  { name: 'takes a BUSY number as used up', heart: () => withStep(useUpBusy) },
];

function withStep(step: Step): Heart {
  return { ...soundHeart, step };
}

/** The entries behind an ACK are handed on one step late: it may leave before. */
function acknowledgeEarly(): Step {
  let late: readonly Effect[] = [];
  return (state, event) => {
    const effects = [...late, ...soundHeart.step(state, event)];
    late = [];
    if (!effects.some((effect) => says(effect, ack))) return effects;
    late = effects.filter(({ kind }) => kind === 'append');
    return effects.filter(({ kind }) => kind !== 'append');
  };
}

function forgetQueue(): Step {
  const sometimes = every(60);
  return (state, event) => {
    const effects = soundHeart.step(state, event);
    const [key] = [...state.ledger.queues].find(([, { size }]) => size > 0) ?? [];
    if (key !== undefined && sometimes()) state.ledger.queues.delete(key);
    return effects;
  };
}

function reuseToken(state: State, event: Event): readonly Effect[] {
  if (event.kind !== 'opened') return soundHeart.step(state, event);
  const token = `of-${event.certificate?.name ?? ''}`.padEnd(24, '-');
  return soundHeart.step(state, { ...event, token });
}

function dropRepeated(state: State, event: Event): readonly Effect[] {
  const effects = soundHeart.step(state, event);
  return hears(event, 'HELLO') ? effects.filter((effect) => !says(effect, refused)) : effects;
}

function skipFlag(state: State, event: Event): readonly Effect[] {
  return soundHeart.step(state, event).map((effect) => {
    if (!says(effect, message)) return effect;
    const frame = Uint8Array.from(effect.frame);
    frame[flagsAt] = (frame[flagsAt] ?? 0) & ~flagPossibleDuplicate;
    return { ...effect, frame };
  });
}

/** What waits for who sat there before goes to whoever sits there now. */
function giveToNext(state: State, event: Event): readonly Effect[] {
  for (const delivery of state.ledger.deliveries.values()) {
    const { station, user } = delivery.to;
    const now = station === undefined ? undefined : state.ledger.signOns.get(station);
    if (delivery.state !== 'queued' || now === undefined || user === now.user) continue;
    if (state.fetching.has(delivery)) continue;
    dequeue(state.ledger, delivery);
    delivery.to = { ...delivery.to, user: now.user };
    enqueue(state.ledger, delivery);
  }
  return soundHeart.step(state, event);
}

function skipInReplay(): Heart {
  const sometimes = every(25);
  const replay: Heart['replay'] = (state, stored) => {
    if (stored.entry.kind === 'event' || !sometimes()) return soundHeart.replay(state, stored);
    state.ledger.entries = stored.entry.entry;
  };
  return { ...soundHeart, replay };
}

function reuseNumber(): Step {
  const sometimes = every(100);
  return (state, event) => {
    const effects = soundHeart.step(state, event);
    const given = [...state.ledger.sessions.values()].find(({ inFlight }) => inFlight.size > 0);
    if (given !== undefined && sometimes()) given.sent -= 1;
    return effects;
  };
}

function ignoreWindow(state: State, event: Event): readonly Effect[] {
  for (const link of state.links.values()) {
    if (link.phase === 'open') Object.assign(link, { window: 1000 });
  }
  return soundHeart.step(state, event);
}

function deliverTwice(): Step {
  const sometimes = every(10);
  return (state, event) => {
    const before = new Map(state.ledger.deliveries);
    const effects = soundHeart.step(state, event);
    for (const effect of effects) {
      if (effect.kind !== 'append' || effect.stored.entry.kind !== 'delivered') continue;
      const delivery = before.get(effect.stored.entry.delivery);
      if (delivery !== undefined && sometimes()) putBack(state, delivery);
    }
    return effects;
  };
}

function putBack(state: State, delivery: Delivery): void {
  state.ledger.deliveries.set(delivery.id, delivery);
  enqueue(state.ledger, delivery);
}

/** Which mnemonic was returned last is not kept: another would be lent first (link M9). */
const forgetInSnapshot: Heart = {
  ...soundHeart,
  freeze: (state) => {
    // `freeze` wrote it.
    const frozen = JSON.parse(soundHeart.freeze(state)) as { maps: unknown[] };
    const returnedAt = 1;
    return JSON.stringify({ ...frozen, maps: frozen.maps.with(returnedAt, []) });
  },
};

/** Two octets asked for one after the other are asked for the other way round. */
function swapReads(state: State, event: Event): readonly Effect[] {
  const effects = soundHeart.step(state, event);
  const reads = effects.filter(({ kind }) => kind === 'read').toReversed();
  return effects.map((effect) => (effect.kind === 'read' ? (reads.shift() ?? effect) : effect));
}

function loseUnderWay(state: State, event: Event): readonly Effect[] {
  if (event.kind !== 'closed') return soundHeart.step(state, event);
  const link = state.links.get(event.link);
  const session = link?.phase === 'open' ? state.ledger.sessions.get(link.key) : undefined;
  session?.inFlight.clear();
  return soundHeart.step(state, event);
}

/** After BUSY n it goes on at n + 1: n is never asked for again. */
function useUpBusy(state: State, event: Event): readonly Effect[] {
  const effects = soundHeart.step(state, event);
  for (const link of state.live.values()) {
    const session = state.ledger.sessions.get(link.key);
    if (link.busy === undefined || session === undefined) continue;
    if (link.busy.number === session.received + 1) session.received += 1;
  }
  return effects;
}

function hears(event: Event, type: FrameType): boolean {
  return event.kind === 'frame' && event.frame.type === type;
}

function says(effect: Effect, type: number): effect is Send {
  return effect.kind === 'send' && effect.frame[frameTypeAt] === type;
}

function every(times: number): () => boolean {
  let count = 0;
  return () => (count += 1) % times === 0;
}
