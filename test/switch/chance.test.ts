// Chance plays the peers: it connects, signs on, sends, acknowledges, refuses, breaks and crashes in any
// order. The world checks the promises at every frame, and the whole at the end of each play.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agency, hour, minute, mnemonic, person, sheriff, stationName } from './county.ts';
import type { Heard, Peer } from './peer.ts';
import { World } from './world.ts';

const stations = ['DISP1', 'DISP2', 'NIGHT', 'MDT1', 'MDT2', 'CAD1', 'PRT1', 'PRT2'] as const;
const users = ['jdoe', 'mroe', 'zoe'] as const;
const texts = [
  'AB12.QV.CA0990100.LIC/2ZZZ999.LIS/CA',
  'AB12.AM.CA0990100.QZ01,QZ02,QP01.TXT\r\nHI',
  'AB12.AM.CA0990100.QM01,NV,QU01.TXT\r\nHI',
  'AB12.YQ.CA0990100.CA0990100.TXT\r\nPRI/U',
  'AB12.AM.CA0990100.QL01.TXT\r\nHI',
  'bad',
] as const;
const noRecord = 'QV.CA0990100.\r\nNO RECORD\r\n';

/** The peers by name, and what the upstream was asked before. */
class Play {
  readonly world = new World({ window: 3, signOnIdleMs: 40 * minute, signOnTwice: true });
  readonly peers = new Map<string, Peer>();
  readonly asked: Heard[] = [];

  peer(name: string): Peer | undefined {
    const peer = this.peers.get(name);
    return peer?.alive === true ? peer : undefined;
  }

  /** That peer, called back where it is not there; it may have been turned away. */
  present(name: string): Peer {
    return this.peer(name) ?? this.connect(name, true, false);
  }

  /** With the session it had, or a new one; `lost` are the ACKs of all it was given. */
  connect(name: string, resume: boolean, lost: boolean): Peer {
    const before = this.peers.get(name);
    const given = before?.received ?? 0;
    const received = lost ? given : Math.min(...(before?.open ?? []), given + 1) - 1;
    const session = resume ? (before?.session ?? '') : '';
    const peer =
      name === '>STATE'
        ? this.#dial(session, received)
        : this.world.connect(name, session === '' ? {} : { session, received });
    this.peers.set(name, peer);
    // What the number says was handled, the ACK says too (link S4b).
    if (peer.alive && peer.session === session && received > 0) peer.ack(received);
    return peer;
  }

  #dial(session: string, received: number): Peer {
    this.peer('>STATE')?.drop();
    const peer = this.world.dial('STATE', 'none');
    // It goes on only where the switch asks for it.
    const known = session !== '' && peer.frames[0]?.json['session'] === session;
    return peer.welcome(known ? { resumed: true, session, received } : {});
  }

  signOn(name: string, user: string): void {
    const peer = this.present(name);
    const signedOn = this.world.state.ledger.signOns.has(stationName(name));
    if (!peer.alive || peer.expected?.frames.has('SIGN_ON') !== true || signedOn) return;
    peer.signOn(user, name.startsWith('MDT') ? { pool: 'MDT' } : {});
  }

  message(name: string, text: string, flags: number): void {
    const peer = this.present(name);
    if (!peer.alive || peer.expected?.frames.has('MESSAGE') !== true) return;
    const of = peer.mnemonic === '' ? 'QM01' : peer.mnemonic;
    const body = name === 'CAD1' ? text.replace('AB12.', 'AB12.*J10442.#223BC8.') : text;
    peer.message(body, { flags, mnemonic: mnemonic(of) });
  }

  /** To one of the last requests, to one of long ago, or to nobody. */
  answer(back: number, flags: number, how: string): void {
    const state = this.present('>STATE');
    const request = how === 'before' ? this.asked[back] : state.messages[back];
    if (request !== undefined) this.asked[back] = request;
    if (how === 'not') state.message(`STAT.${noRecord}`, { mnemonic: mnemonic('QM01'), class: 3 });
    else if (request !== undefined) state.answer(noRecord, { flags }, request);
  }
}

/** One thing that happens, with the words in which a failed play is told. */
class Act {
  readonly run: (play: Play) => void;
  readonly #words: string;
  constructor(run: (play: Play) => void, ...words: readonly unknown[]) {
    this.run = run;
    this.#words = words.map(String).join(' ');
  }
  [fc.toStringMethod](): string {
    return this.#words;
  }
}

const anyStation = fc.constantFrom(...stations);
const anyUser = fc.constantFrom(...users);
const anyPeer = fc.constantFrom(...stations, '>STATE');
const anyFlag = fc.boolean();

const connects = fc
  .tuple(anyPeer, anyFlag, anyFlag)
  .map((args) => new Act((play) => play.connect(...args), 'connect', ...args));
const drops = anyPeer.map((name) => new Act((play) => play.peer(name)?.drop(), 'drop', name));
const signOns = fc
  .tuple(anyStation, anyUser)
  .map((args) => new Act((play) => play.signOn(...args), 'sign on', ...args));
const signOffs = anyStation.map((name) => {
  const signOff = (play: Play): void => {
    const peer = play.peer(name);
    if (peer?.expected?.frames.has('SIGN_OFF') === true) peer.say('SIGN_OFF');
  };
  return new Act(signOff, 'sign off', name);
});
const messages = fc
  .tuple(anyStation, fc.constantFrom(...texts), fc.nat(1), fc.option(anyUser))
  .map(([name, text, flags, user]) => {
    const message = (play: Play): void => {
      if (user !== null) play.signOn(name, user);
      play.message(name, text, flags);
    };
    return new Act(message, 'message', name, JSON.stringify(text), flags, user);
  });
const acks = fc.tuple(anyPeer, anyFlag).map(([name, all]) => {
  const ack = (play: Play): void => {
    const peer = play.peer(name);
    const [first] = peer?.open ?? [];
    if (first !== undefined) peer?.ack(all ? peer.received : first);
  };
  return new Act(ack, 'ack', name, all);
});
const refusals = fc.tuple(anyPeer, fc.constantFrom('R01', 'R02')).map(([name, code]) => {
  const refuse = (play: Play): void => {
    const peer = play.peer(name);
    const [first] = peer?.open ?? [];
    if (first !== undefined) peer?.refuse(first, code);
  };
  return new Act(refuse, 'refuse', name, code);
});
const answers = fc
  .tuple(fc.nat(5), fc.constantFrom(0, 2), fc.constantFrom('now', 'now', 'before', 'not'))
  .map((args) => new Act((play) => play.answer(...args), 'answer', ...args));
const passes = fc
  .constantFrom(1000, 30_000, 3 * minute, 11 * minute)
  .map((ms) => new Act(({ world }) => world.pass(ms, 15_000), 'pass', ms));
const crashes = anyFlag.map(
  (snapshot) => new Act(({ world }) => world.crash(snapshot), 'crash', snapshot),
);
const clockSteps = fc.constantFrom(-hour, -2000, 2000, hour, 365 * 24 * hour).map((ms) => {
  const setClock = ({ world }: Play): void => {
    world.aheadMs += ms;
    world.pass(1000);
  };
  return new Act(setClock, 'set the clock by', ms);
});
const letGo = new Act(({ world }) => world.letGo(), 'let go');
const mend = new Act(({ world }) => {
  world.put({ kind: 'journal', condition: 'open' });
  world.register(agency(sheriff), person('zoe', 'Z30303'));
}, 'mend');
const trouble = fc.constantFrom(
  new Act(({ world }) => (world.holdReads = true), 'hold reads'),
  new Act(({ world }) => world.put({ kind: 'journal', condition: 'blocked' }), 'blocked'),
  new Act(({ world }) => world.register(agency(sheriff, 'suspended')), 'suspend'),
  ...[letGo, letGo, mend, mend, mend],
);
const acts = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: messages },
    { weight: 6, arbitrary: acks },
    { weight: 5, arbitrary: answers },
    { weight: 2, arbitrary: connects },
    { weight: 2, arbitrary: drops },
    { weight: 2, arbitrary: signOns },
    { weight: 1, arbitrary: signOffs },
    { weight: 1, arbitrary: refusals },
    { weight: 1, arbitrary: passes },
    { weight: 1, arbitrary: crashes },
    { weight: 1, arbitrary: clockSteps },
    { weight: 1, arbitrary: trouble },
  ),
  { minLength: 10, maxLength: 100, size: 'max' },
);

function played(script: readonly Act[]): Play {
  const play = new Play();
  for (const { run } of script) run(play);
  letGo.run(play);
  return play;
}

it('keeps every promise, whatever the peers do and whenever the process dies', () => {
  fc.assert(
    fc.property(acts, (script) => played(script).world.prove()),
    { numRuns: 200 },
  );
});

it('delivers all that was taken once everybody is there and says ACK', () => {
  fc.assert(
    fc.property(acts, (script) => {
      const play = played(script);
      mend.run(play);
      for (const name of ['>STATE', ...stations]) play.connect(name, true, true);
      for (const [at, name] of ['DISP1', 'DISP2', 'NIGHT'].entries()) {
        // Anew, so that what a person once declined is asked again.
        play.present(name).say('SIGN_OFF');
        play.signOn(name, users[at] ?? '');
      }
      const open = (): readonly Peer[] =>
        [...play.peers.values()].filter((peer) => peer.open.size > 0);
      for (let peers = open(); peers.length > 0; peers = open())
        for (const peer of peers) peer.ack();
      const { queues } = play.world.state.ledger;
      const waiting = [...queues].filter(([key, { size }]) => key !== 'intercept' && size > 0);
      expect(waiting).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
