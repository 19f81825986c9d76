// What passes through the switch: inquiries and their answers, texts, bulletins, refusals, and the rest of a day.
// Each doing is whole: what is taken in is sent, acknowledged and answered before the next one begins.

import type { Destination } from '#journal/entry';
import { type Mnemonic, parseMke, parseOri, parseSuphdr, type Suphdr } from '#protocol/ids';
import { changeDuties, failToSignOn, lookAtJournal } from './acts.ts';
import { must, terminals, upstream, upstreamSession, waitingMnemonic } from './county.ts';
import { type Dice, skewed } from './dice.ts';
import { type About, aboutOf, am, columnsOfText, deliver, ownReference } from './exchange.ts';
import { type Doing, Floor, type Seat, whoOf } from './floor.ts';
import {
  type Answer,
  answerTo,
  anyQuestion,
  landmarkQuestions,
  type Question,
} from './questions.ts';
import { letters, prose } from './words.ts';

const switchOri = must(parseOri('CA0990000'));
const sm = must(parseMke('SM'));
const hearersMost = 12;
const refusals = ['X03', 'X05', 'H22', 'B01'] as const;
const up = { upstream, session: upstreamSession } as const;
const encoder = new TextEncoder();

/** A moment: the number the next entry will have, and its time. */
export interface Moment {
  readonly entry: number;
  readonly timeUs: number;
}

export class Traffic {
  readonly #dice: Dice;
  readonly #floor: Floor;
  /** Of the host's session: what we sent, and what we took. */
  #sentUp = 0;
  #takenUp = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#floor = new Floor(dice);
  }

  /** Whatever comes next. */
  next(moment: Moment): readonly Doing[] {
    const turn = this.#dice(1000);
    if (turn < 20) return [{ draft: { kind: 'event', event: 'heartbeat', direction: 'local' } }];
    if (turn < 28) return [lookAtJournal(this.#dice)];
    if (turn < 30) return [changeDuties(this.#dice)];
    if (turn < 34) return this.#break();
    if (turn < 44) return this.#unsolicited(moment);
    return this.#seated(moment, (seat, entry) => {
      if (turn < 48) return [failToSignOn(seat, this.#dice)];
      if (turn < 78) return [this.#refusal(seat, entry)];
      if (turn < 82) return this.#unanswered(seat, entry);
      if (turn < 135) return this.#text(seat, entry, 1);
      if (turn < 143) return this.#text(seat, entry, 3 + this.#dice(hearersMost - 2));
      return this.#inquiry(seat, entry, anyQuestion(this.#dice));
    });
  }

  /** A text for a terminal that is not there. */
  waiting(moment: Moment): readonly Doing[] {
    return this.#seated(moment, (seat, entry) => [this.#sendText(seat, entry, [waitingMnemonic])]);
  }

  /** The plate and the name that nobody else ever asks about. */
  landmark(moment: Moment): readonly Doing[] {
    const made: Doing[] = [];
    for (const question of landmarkQuestions()) {
      const at = { ...moment, entry: moment.entry + made.length };
      made.push(...this.#seated(at, (seat, entry) => this.#inquiry(seat, entry, question)));
    }
    return made;
  }

  #seated(moment: Moment, act: (seat: Seat, entry: number) => readonly Doing[]): readonly Doing[] {
    const before: Doing[] = [];
    const seat = this.#floor.seat(skewed(this.#dice, terminals), moment.timeUs, before);
    const made = act(seat, moment.entry + before.length);
    return before.length === 0 ? made : [...before, ...made];
  }

  /** Six entries: taken in, sent and delivered to the state, answered, sent and delivered to the asker. */
  #inquiry(seat: Seat, thread: number, question: Question): readonly Doing[] {
    const own = this.#reference();
    const about = aboutOf(seat, question, thread);
    const answer = answerTo(question, this.#dice);
    const asked = this.#asked(seat, { about, own, question });
    return [
      asked,
      ...this.#askState(seat, about, question),
      ...this.#answered(seat, { about, own, question, answer }),
    ];
  }

  #asked(
    seat: Seat,
    { about, own, question }: { about: About; own: Suphdr; question: Question },
  ): Doing {
    const { station, session, mnemonic } = seat;
    const { mke, said, fields, answerMs } = question;
    const suphdr = ownReference(about.thread);
    return {
      draft: {
        ...({ kind: 'received', direction: 'in' } as const),
        ...about,
        ...{ station, session, number: (seat.taken += 1), suphdr: own, fields },
        ...({ personal: true, textAt: own.length + 1, answerMs, outcome: 'accepted' } as const),
        to: [
          {
            kind: 'upstream' as const,
            upstream,
            mnemonic,
            suphdr,
            class: question.class,
            keptMs: 120_000,
          },
        ],
      },
      body: encoder.encode(`${own}.${mke}.${about.ori}.${said}`),
    };
  }

  #askState(seat: Seat, about: About, { mke, said }: Question): readonly Doing[] {
    const suphdr = ownReference(about.thread);
    const number = (this.#sentUp += 1);
    const delivery = `${about.thread}.0` as const;
    const columns = { ...about, ...up, suphdr, number, delivery } as const;
    const { oif } = seat.person;
    return [
      {
        draft: { kind: 'sent', direction: 'out', ...columns, outcome: 'sent' },
        body: encoder.encode(`${suphdr}.*${oif}.#${seat.taf}.${mke}.${about.ori}.${said}`),
      },
      { draft: { kind: 'delivered', direction: 'out', ...columns, outcome: 'delivered' } },
    ];
  }

  #answered(
    seat: Seat,
    {
      about,
      own,
      question,
      answer,
    }: { about: About; own: Suphdr; question: Question; answer: Answer },
  ): readonly Doing[] {
    const { mnemonic, station, person } = seat;
    const suphdr = ownReference(about.thread);
    const said = `${question.mke}.${about.ori}.\r\n${answer.said}`;
    const number = (this.#takenUp += 1);
    const to = { kind: 'user', user: person.user, mnemonic, station, suphdr: own } as const;
    const taken: Doing = {
      draft: {
        ...({ kind: 'received', direction: 'up-in' } as const),
        ...about,
        ...up,
        ...{ number, suphdr, fields: answer.fields, textAt: suphdr.length + 1 },
        to: [{ ...to, class: question.class, final: true }],
        answers: about.thread,
        final: true,
        outcome: answer.hit ? 'hit' : 'no-hit',
      },
      body: encoder.encode(`${suphdr}.${said}`),
    };
    return [taken, ...deliver(seat, { about, suphdr: own, source: about.thread + 3, said })];
  }

  /** To one desk or to many. */
  #text(seat: Seat, thread: number, wanted: number): readonly Doing[] {
    const { seats } = this.#floor;
    const from = this.#dice(seats.length);
    const hearers = Array.from(
      { length: Math.min(wanted, seats.length) },
      (_, nth) => seats[(from + nth) % seats.length] ?? seat,
    );
    const taken = this.#sendText(
      seat,
      thread,
      hearers.map(({ mnemonic }) => mnemonic),
    );
    const said = new TextDecoder('latin1').decode(taken.body).slice(5);
    const about = columnsOfText(seat, thread);
    return [
      taken,
      ...hearers.flatMap((hearer, index) =>
        deliver(hearer, { about, suphdr: ownReference(thread), source: thread, index, said }),
      ),
    ];
  }

  #sendText(seat: Seat, thread: number, hearers: readonly Mnemonic[]): Doing {
    const { station, session } = seat;
    const own = this.#reference();
    const suphdr = ownReference(thread);
    const head = `${own}.AM.${seat.agency}.${hearers.join(',')}.TXT\r\n`;
    return {
      draft: {
        ...({ kind: 'received', direction: 'in' } as const),
        ...columnsOfText(seat, thread),
        ...{ station, session, number: (seat.taken += 1), suphdr: own },
        ...({ personal: true, textAt: own.length + 1, outcome: 'accepted' } as const),
        to: hearers.map((mnemonic): Destination => ({
          kind: 'mnemonic',
          mnemonic,
          suphdr,
          class: 5,
        })),
      },
      body: encoder.encode(head + prose(this.#dice, 200 + this.#dice(300))),
    };
  }

  /** The state tells a desk what it did not ask. */
  #unsolicited({ entry }: Moment): readonly Doing[] {
    const { seats } = this.#floor;
    const seat = seats[this.#dice(Math.max(1, seats.length))];
    if (seat === undefined) return [];
    const suphdr = ownReference(entry);
    const { mnemonic, agency } = seat;
    const said = `AM.${switchOri}.${mnemonic}.TXT\r\n${prose(this.#dice, 350)}`;
    const about = {
      thread: entry,
      mnemonic,
      agency,
      ori: switchOri,
      mke: am,
      class: 5,
    } as const;
    return [
      {
        draft: {
          ...({ kind: 'received', direction: 'up-in' } as const),
          ...about,
          ...up,
          ...{ number: (this.#takenUp += 1), suphdr, textAt: suphdr.length + 1 },
          to: [{ kind: 'mnemonic' as const, mnemonic, suphdr, class: 5 }],
          outcome: 'accepted',
        },
        body: encoder.encode(`${suphdr}.${said}`),
      },
      ...deliver(seat, { about, suphdr, source: entry, said }),
    ];
  }

  /** The state is not there in time: the question expires, and the asker is told. */
  #unanswered(seat: Seat, thread: number): readonly Doing[] {
    const own = this.#reference();
    const question = anyQuestion(this.#dice);
    const about = aboutOf(seat, question, thread);
    const { station, mnemonic, person } = seat;
    const notice = { ...about, mke: sm, class: 1 } as const;
    const said = `SM.${about.ori}.\r\nEXPIRED: THE STATE DID NOT TAKE IT`;
    const to = { kind: 'user', user: person.user, mnemonic, station, suphdr: own } as const;
    return [
      this.#asked(seat, { about, own, question }),
      {
        draft: {
          ...({ kind: 'expired', direction: 'out', ...about, upstream } as const),
          suphdr: ownReference(thread),
          delivery: `${thread}.0` as const,
          outcome: 'expired',
        },
      },
      {
        draft: {
          ...({ kind: 'received', direction: 'local', ...notice, suphdr: own } as const),
          to: [{ ...to, class: 1, final: true }],
          answers: thread,
          notice: 'ended' as const,
          outcome: 'accepted',
        },
        body: encoder.encode(`${own}.${said}`),
      },
      ...deliver(seat, { about: notice, suphdr: own, source: thread + 2, said }),
    ];
  }

  #refusal(seat: Seat, thread: number): Doing {
    const { station, session, taf, agency } = seat;
    const number = (seat.taken += 1);
    const code = refusals[this.#dice(refusals.length)] ?? 'X03';
    const columns = {
      ...whoOf(seat),
      station,
      session,
      taf,
      ori: agency,
      thread,
      number,
      code,
      at: 0,
    };
    return {
      draft: { kind: 'refused', direction: 'in', ...columns, outcome: 'refused' },
      body: encoder.encode(`ZZ.${agency}.NO SUCH KEY ${prose(this.#dice, 40)}`),
    };
  }

  /** A line of a terminal breaks. */
  #break(): readonly Doing[] {
    const { seats } = this.#floor;
    const seat = seats[this.#dice(Math.max(1, seats.length))];
    return seat === undefined ? [] : this.#floor.reconnect(seat);
  }

  /** The sender's own, of four. */
  #reference(): Suphdr {
    return must(parseSuphdr(letters(this.#dice(26 ** 4), 4)));
  }
}
