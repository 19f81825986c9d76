// Counters over the entries that the switch itself writes: what is counted is what the journal says.

import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '#journal/entry';
import { Durations } from '#src/runtime/metrics/durations';
import type { Sample } from '#src/runtime/metrics/format';
import { Tally } from '#src/runtime/metrics/tally';
import { minute, person } from '../../switch/county.ts';
import { final, hit, inquiry, miss, note, upAndDown } from '../../switch/said.ts';
import { World } from '../../switch/world.ts';

function tallied(world: World, entries: readonly JournalEntry[] = entriesOf(world)): Tally {
  const { station } = world.state.ledger.register;
  const tally = new Tally({ roleOf: (name) => station.get(name)?.role });
  for (const entry of entries) tally.count(entry);
  return tally;
}

function timed(world: World): Durations {
  const durations = new Durations();
  for (const entry of entriesOf(world)) durations.count(entry, entry.time / 1000);
  return durations;
}

const entriesOf = (world: World): readonly JournalEntry[] =>
  world.entries.map(({ entry }) => entry);

/** Those that are not zero. */
const some = (samples: readonly Sample[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    samples.filter(({ value }) => value !== 0).map(({ labels, value }) => [labels, value]),
  );
const counts = (samples: readonly Sample[]) =>
  some(samples.filter(({ suffix }) => suffix === '_count'));
const sums = (samples: readonly Sample[]) =>
  some(samples.filter(({ suffix }) => suffix === '_sum'));

/** One that hits, one that does not, both there and back. */
function asked(): World {
  const { world, state, peer } = upAndDown(new World());
  for (const [at, text] of [hit, miss].entries()) {
    peer.message(inquiry.replace('AB12', `AB1${at}`));
    world.pass(2_000);
    state.ack();
    world.pass(1_000);
    state.answer(text, final);
    world.pass(4_000);
    peer.ack();
  }
  return world;
}

describe('messages', () => {
  it('are counted by way, class and outcome', () => {
    expect(some(tallied(asked()).messages())).toEqual({
      'direction="in",class="inquiry",outcome="accepted"': 2,
      'direction="out",class="inquiry",outcome="sent"': 2,
      'direction="out",class="inquiry",outcome="delivered"': 2,
      'direction="up-in",class="inquiry",outcome="hit"': 1,
      'direction="up-in",class="inquiry",outcome="no-hit"': 1,
      'direction="down",class="inquiry",outcome="sent"': 2,
      'direction="down",class="inquiry",outcome="delivered"': 2,
    });
  });

  it('are as many as the journal has entries of them, whatever happens', () => {
    const world = new World({ answerWaitMs: minute });
    const sender = world.terminal('DISP1', 'jdoe');
    sender.message(note('QZ02,QL01', 'ONE')).message(inquiry).message('AB12.QV.XX0990100.LIC/1');
    world.pass(3 * minute);
    const total = tallied(world)
      .messages()
      .reduce((sum, { value }) => sum + value, 0);
    const messages = entriesOf(world).filter(({ kind }) => kind !== 'event');
    expect(total).toBe(messages.length);
    expect(messages.length).toBeGreaterThan(8);
  });

  it('have a sample for each outcome before the first one, so that the first one counts', () => {
    const samples = tallied(new World(), []).messages();
    expect(samples.map(({ labels }) => labels)).toContain(
      'direction="out",class="inquiry",outcome="expired"',
    );
    expect(samples.every(({ value }) => value === 0)).toBe(true);
  });

  it('of a class that nobody knows count as unknown, and as nothing else', () => {
    const [received] = asked().kinds('received');
    if (received === undefined) throw new Error('there is none');
    const odd = { ...received, class: 12 } as JournalEntry;
    expect(some(tallied(new World(), [odd]).messages())).toEqual({
      'direction="in",class="unknown",outcome="accepted"': 1,
    });
  });
});

it('what goes another way keeps its class', () => {
  const world = new World({ answerWaitMs: minute });
  const { state, peer } = upAndDown(world);
  peer.message(inquiry);
  state.ack();
  peer.drop();
  state.answer(hit, final);
  world.pass(30 * minute);
  const rerouted = some(tallied(world).messages())[
    'direction="local",class="inquiry",outcome="rerouted"'
  ];
  expect([world.kinds('rerouted').length, rerouted]).toEqual([1, 1]);
});

describe('rejects', () => {
  it('are counted by the code that was told, once, security event or not', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message('AB12.QV.XX0990100.LIC/1').message(inquiry, { mnemonic: 'QZ02' as never });
    const codes = world.kinds('refused').map((entry) => ('code' in entry ? entry.code : ''));
    const expected: Record<string, number> = {};
    for (const code of codes) expected[`code="${code}"`] = 1;
    expect(codes.length).toBe(2);
    expect(world.kinds('security').length).toBeGreaterThan(0);
    expect(some(tallied(world).rejects())).toEqual(expected);
  });

  it('at the sign-on and before the link count too', () => {
    const world = new World();
    world.terminal('DISP1', 'nobody');
    world.connect('DISP2', { role: 'printer' });
    const rejects = some(tallied(world).rejects());
    expect(rejects).toEqual({ 'code="U01"': 1, 'code="C02"': 1 });
  });

  it('with a code that is none of ours are other: a peer makes no label', () => {
    const coded = { kind: 'refused', direction: 'in', code: 'Q99' } as const;
    const refused = { entry: 1, time: 0, ...coded };
    expect(some(tallied(new World(), [refused]).rejects())).toEqual({ 'code="other"': 1 });
  });
});

describe('links', () => {
  it('are told apart by the role of the station', () => {
    const world = new World();
    world.dial();
    world.terminal('DISP1', 'jdoe').drop();
    world.connect('PRT1');
    world.put({ kind: 'turned-away', peer: '10.9.9.9', why: 'no TLS', count: 40 });
    expect(some(tallied(world).linkEvents())).toEqual({
      'link_kind="upstream",event="link-up"': 1,
      'link_kind="terminal",event="link-up"': 1,
      'link_kind="terminal",event="sign-on"': 1,
      'link_kind="terminal",event="link-down"': 1,
      'link_kind="printer",event="link-up"': 1,
      'link_kind="unknown",event="turned-away"': 40,
    });
  });

  it('to an upstream are counted anew from the second on', () => {
    const world = new World();
    world.dial().drop();
    const once = tallied(world).reconnects('STATE');
    world.dial();
    expect([once, tallied(world).reconnects('STATE')]).toEqual([0, 1]);
  });
});

it('the last message of a mnemonic is its activity, and a keep-alive is none', () => {
  const world = new World();
  const [one, two] = [world.terminal('DISP1', 'jdoe'), world.terminal('DISP2', 'mroe')];
  world.pass(5_000);
  one.message(note('QZ02', 'ONE'));
  const sentAt = world.atMs / 1000;
  world.pass(5_000);
  two.ack();
  const seenAt = world.atMs / 1000;
  world.pass(5_000);
  const tally = tallied(world);
  expect([tally.lastActivity('QZ01'), tally.lastActivity('QZ02')]).toEqual([sentAt, seenAt]);
  expect(tally.lastActivity('QZ03')).toBeUndefined();
});

it('a step of the wall clock is counted and kept', () => {
  const world = new World();
  world.aheadMs = -90_000;
  world.pass(1_000);
  const tally = tallied(world);
  expect([tally.clockSteps, tally.lastClockStep?.stepMs]).toEqual([1, -90_000]);
});

describe('durations', () => {
  it('run from receipt to acknowledgement, and from the question to its first answer', () => {
    const durations = timed(asked());
    // Two questions: 2 s until the ACK of the state, 4 s until that of the terminal, 3 s until the answer.
    expect(counts(durations.deliveries())).toEqual({
      'class="inquiry",direction="out"': 2,
      'class="inquiry",direction="down"': 2,
    });
    expect(sums(durations.deliveries())).toEqual({
      'class="inquiry",direction="out"': 4,
      'class="inquiry",direction="down"': 8,
    });
    expect(counts(durations.replies('STATE'))).toEqual({ 'upstream="STATE"': 2 });
    expect(sums(durations.replies('STATE'))).toEqual({ 'upstream="STATE"': 6 });
  });

  it('count no SM as an answer, and a second answer not again', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.ack();
    world.pass(1_000);
    state.answer('SM.CA0990100.02.STATE OUT OF SERVICE');
    world.pass(1_000);
    state.answer(hit);
    world.pass(1_000);
    state.answer(miss, final);
    expect(counts(timed(world).replies('STATE'))).toEqual({ 'upstream="STATE"': 1 });
    expect(sums(timed(world).replies('STATE'))).toEqual({ 'upstream="STATE"': 2 });
  });

  it('keep nothing of what is over: delivered, expired, or several deliveries of one', () => {
    const { world, peer } = upAndDown(new World());
    const two = world.terminal('DISP2', 'mroe');
    const three = world.terminal('DISP3', 'poe');
    peer.message(note('QZ02,QZ03', 'HI'));
    two.ack();
    expect(timed(world).underWay).toBe(1);
    three.ack();
    expect(timed(world).underWay).toBe(0);
    expect(counts(timed(world).deliveries())).toEqual({ 'class="routine",direction="down"': 2 });
  });

  it('keep as much as the ledger does, also when nothing arrives', () => {
    const world = new World();
    const sender = world.terminal('DISP1', 'jdoe');
    sender.message(inquiry).message(note('QZ02', 'ONE'));
    world.pass(3 * minute);
    const sources = new Set([...world.state.ledger.deliveries.values()].map((one) => one.source));
    expect(timed(world).underWay).toBe(sources.size);
    expect(counts(timed(world).deliveries())).toEqual({});
  });

  it('go on over a start for what waited then, if they are told of it', () => {
    const world = new World();
    const sender = world.terminal('DISP1', 'jdoe');
    sender.message(note('QZ02', 'ONE'));
    const before = world.entries.length;
    const durations = new Durations();
    for (const { source, sinceMs } of world.state.ledger.deliveries.values())
      durations.remember(source, sinceMs);
    world.pass(20_000);
    world.terminal('DISP2', 'mroe').ack();
    for (const { entry } of world.entries.slice(before)) durations.count(entry, entry.time / 1000);
    expect(sums(durations.deliveries())).toEqual({ 'class="routine",direction="down"': 20 });
    expect(durations.underWay).toBe(0);
  });
});

it('no person, ORI, reference or text becomes a label', () => {
  const world = asked();
  world.register(person('zed', 'Z99999'));
  const tally = tallied(world);
  const durations = timed(world);
  const all = [
    ...tally.messages(),
    ...tally.rejects(),
    ...tally.linkEvents(),
    ...tally.searches(),
    ...durations.deliveries(),
    ...durations.replies('STATE'),
    ...durations.searches(),
  ];
  expect(all.map(({ labels }) => labels).join('\n')).not.toMatch(
    /jdoe|J10442|CA099|AB1|2ZZZ|STOLEN|DISP/,
  );
});
