// The simulated Nlets: a hub between the switch of our state and other states, which scripts play. It takes a
// message in the form a member sends, checks it, and says what it delivers at the home line. What a played
// state sends comes in the same way and is checked alike. It has no socket and no clock; any octets that come
// in are answered, by a complaint at the least.

import type { Heard, Said, SimHost } from '../host.ts';
import { expand } from './addresses.ts';
import type { Recipient } from './addresses.ts';
import { admit } from './admit.ts';
import type { Admitted } from './admit.ts';
import { Agenda } from './agenda.ts';
import type { Complaint } from './check-fields.ts';
import { Confirmations } from './confirm.ts';
import type { Clock } from './confirm.ts';
import { Counts } from './counts.ts';
import type { Agency, Directory } from './directory.ts';
import { readFields } from './fields.ts';
import { HelpRecords } from './help.ts';
import { HostedDesk } from './hosted.ts';
import { parseInput } from './input.ts';
import type { HeaderFlaw, Input } from './input.ts';
import { isWhole, merged } from './merge.ts';
import type { Merge } from './merge.ts';
import { lines, messageBytesMax } from './message.ts';
import type { Message, Thread } from './message.ts';
import { complaintText, hubOri, statusText } from './notices.ts';
import type { StatusNumber } from './notices.ts';
import { Outbound } from './outbound.ts';
import { Players } from './play.ts';
import type { Reply } from './play.ts';
import type { States } from './script.ts';
import { ServiceTable } from './service.ts';
import type { ServiceState } from './service.ts';
import type { NletsSettings } from './settings.ts';
import { baseKey, literal } from './tables.ts';
import type { CopyTo, KeyRow, NletsTables } from './tables.ts';
import { TrafficLog } from './traffic-log.ts';

/** What has happened so far. */
export interface NletsCounters {
  readonly taken: number;
  readonly delivered: number;
  readonly refused: number;
  /** Refusals of what a played state sent: a script that is not right. */
  readonly refusedPlayed: number;
  readonly held: number;
  readonly planned: number;
  /** Answers that found no room in the agenda. */
  readonly lost: number;
  readonly openConfirmations: number;
}

export interface NletsHost extends SimHost {
  /**
   * Says how a destination is for a key, `*` for all keys. What was held for it and may go now is said.
   * @param destination A member or an ORI.
   */
  setService(destination: string, key: string, state: ServiceState, atMs: number): readonly Said[];
  /** An operator's status message to the control terminal of our state. @source nlets 9.2 */
  announce(text: string, atMs: number): readonly Said[];
  counters(): NletsCounters;
}

export function createNlets(parts: {
  readonly directory: Directory;
  readonly states: States;
  readonly tables: NletsTables;
  readonly settings: NletsSettings;
}): NletsHost {
  return new Nlets(parts);
}

type Act =
  | { readonly kind: 'reply'; readonly reply: Reply; readonly to: Message }
  | { readonly kind: 'deliver'; readonly message: Message }
  | { readonly kind: 'merge'; readonly id: number }
  | { readonly kind: 'confirm'; readonly clock: Clock }
  | { readonly kind: 'own'; readonly index: number };

/** How a message has come in. */
interface Arrival {
  readonly raw: string;
  readonly atMs: number;
  /** Undefined: on the home line. */
  readonly played?: { readonly reply: Reply; readonly to: Message } | 'own';
  /** What is to come for the message, or what the message answers. */
  readonly thread: Thread | undefined;
}

const plannedMax = 200_000;
const heldMax = 20_000;
const confirmationsMax = 20_000;

class Nlets implements NletsHost {
  readonly #tables: NletsTables;
  readonly #settings: NletsSettings;
  readonly #states: States;
  readonly #agencies: Map<string, Agency>;
  readonly #directory: Directory;
  readonly #counts: Counts;
  readonly #out: Outbound;
  readonly #players: Players;
  readonly #service: ServiceTable;
  readonly #confirmations: Confirmations;
  readonly #hosted: HostedDesk;
  readonly #log = new TrafficLog();
  readonly #agenda = new Agenda<Act>(plannedMax);
  readonly #merges = new Map<number, Merge>();
  readonly #count = { taken: 0, delivered: 0, refused: 0, refusedPlayed: 0, lost: 0 };
  #mergeId = 0;
  #begun = false;

  constructor({ directory, states, tables, settings }: Parameters<typeof createNlets>[0]) {
    this.#tables = tables;
    this.#settings = settings;
    this.#states = states;
    this.#agencies = new Map(directory.agencies);
    this.#directory = { members: directory.members, agencies: this.#agencies };
    this.#counts = new Counts({ zone: settings.zone, daily: settings.countsDaily });
    this.#out = new Outbound(settings, this.#counts);
    const { answerer, seed } = settings;
    this.#players = new Players({ states, directory: this.#directory, tables, answerer, seed });
    this.#service = new ServiceTable(states.service, heldMax);
    this.#confirmations = new Confirmations(tables, confirmationsMax);
    this.#hosted = new HostedDesk({
      agencies: this.#agencies,
      help: new HelpRecords(states.help),
      log: this.#log,
      tables,
      zone: settings.zone,
    });
  }

  take(heard: Heard, atMs: number): readonly Said[] {
    this.#begin(atMs);
    this.#count.taken++;
    this.#receive({ raw: heard.text, atMs, thread: { open: 0 } });
    return this.#out.flush(atMs);
  }

  due(atMs: number): readonly Said[] {
    this.#begin(atMs);
    for (let next = this.#agenda.take(atMs); next !== undefined; next = this.#agenda.take(atMs))
      this.#act(next.act, next.atMs, atMs);
    return this.#out.flush(atMs);
  }

  get nextAtMs(): number | undefined {
    return this.#agenda.nextAtMs;
  }

  close(): void {
    this.#merges.clear();
  }

  setService(destination: string, key: string, state: ServiceState, atMs: number): readonly Said[] {
    this.#service.set({ destination, key, state });
    for (const message of this.#service.released()) {
      if (message.thread !== undefined) message.thread.open--;
      this.#deliver(message, atMs);
    }
    return this.#out.flush(atMs);
  }

  announce(text: string, atMs: number): readonly Said[] {
    const control = this.#directory.members.get(this.#settings.homeState)?.control;
    this.#say({ key: 'SM', to: control ?? this.#settings.homeState, text, atMs });
    return this.#out.flush(atMs);
  }

  counters(): NletsCounters {
    return {
      ...this.#count,
      held: this.#service.held,
      planned: this.#agenda.size,
      openConfirmations: this.#confirmations.size,
    };
  }

  /** What the states say by themselves begins when time is first told. */
  #begin(atMs: number): void {
    if (this.#begun) return;
    this.#begun = true;
    if (!this.#settings.ownTraffic) return;
    for (const [index, { firstMs }] of this.#states.own.entries())
      this.#plan({ kind: 'own', index }, atMs + firstMs);
  }

  #plan(act: Act, atMs: number, priority = 3): boolean {
    const planned = this.#agenda.put({ act, atMs, priority });
    if (!planned) this.#count.lost++;
    return planned;
  }

  /** @param nowMs What stands later in the same look has not happened yet at `atMs`. */
  #act(act: Act, atMs: number, nowMs: number): void {
    switch (act.kind) {
      case 'reply':
        return this.#reply(act.reply, act.to, atMs);
      case 'deliver':
        if (act.message.thread !== undefined) act.message.thread.open--;
        return this.#deliver(act.message, atMs);
      case 'merge':
        return this.#finish(this.#merges.get(act.id), atMs);
      case 'confirm':
        return this.#warn(act.clock, atMs);
      case 'own':
        return this.#speak(act.index, atMs, nowMs);
    }
  }

  #receive(arrival: Arrival): void {
    const { raw, atMs } = arrival;
    const receivedCount = this.#counts.next('', atMs);
    const parsed = parseInput(raw);
    if (!parsed.ok) return this.#complain(arrival, parsed.error, headerComplaint(parsed.error));
    const input = this.#signed(parsed.value);
    if (raw.length > messageBytesMax && arrival.played === undefined)
      return this.#complain(arrival, input, {
        number: '00',
        detail: `LONGER THAN ${messageBytesMax}`,
      });
    const grounds = {
      directory: this.#directory,
      tables: this.#tables,
      speaksFor: (ori: string) => arrival.played !== undefined || this.#isHome(ori),
    };
    const admitted = admit(input, grounds);
    if (!admitted.ok) return this.#complain(arrival, input, admitted.error);
    this.#forward(arrival, input, admitted.value, receivedCount);
  }

  /** An answering computer may leave its ORI to the switch. @source nlets 2.2 */
  #signed(input: Input): Input {
    if (input.sender !== '') return input;
    const row = this.#tables.keys.get(input.key);
    const answers = this.#directory.members.get(this.#settings.homeState)?.answers;
    if (row === undefined || row.answer !== undefined || answers === undefined) return input;
    return { ...input, sender: row.class === 'C' ? answers.C : answers.D };
  }

  #isHome(address: string): boolean {
    const { homeState, homed } = this.#settings;
    return address.slice(0, 2) === homeState || homed?.(address) === true;
  }

  #forward(arrival: Arrival, input: Input, admitted: Admitted, receivedCount: number): void {
    const { atMs, thread, played } = arrival;
    const reply = played === 'own' ? undefined : played;
    const row = admitted.row;
    const base = {
      sender: admitted.sender.ori,
      control: input.control,
      text:
        row.lawEnforcement && row.mke === 'AML'
          ? lines(literal(this.#tables, 'lawEnforcementOnly'), input.text)
          : input.text,
      fields: admitted.fields,
      receivedAtMs: atMs,
      receivedCount,
      thread,
      merge: undefined,
      miss: reply?.reply.miss ?? false,
    };
    const make = ({ address, row: under }: Recipient): Message => ({
      ...base,
      key: under.mke,
      priority: under.priority,
      destination: address,
    });
    const [first = ''] = admitted.addresses;
    const hosted = this.#hosted.answer(make({ address: first, row }), atMs);
    if (hosted !== undefined)
      return this.#say({ ...hosted, to: base.sender, control: input.control, thread, atMs });
    if (first === 'NL') return this.#ask(make({ address: first, row }), row, atMs);
    if (reply !== undefined && this.#gather(reply.to, make({ address: first, row }), atMs)) return;
    const messages = [...admitted.recipients, ...this.#copies(input, row, admitted)].map(make);
    const gone = messages.filter((message) => this.#send(message, atMs));
    this.#watch(row, gone, first, atMs);
  }

  /** False where the destination does not get it, and the sender has been told so. @source nlets 9.2 */
  #send(message: Message, atMs: number): boolean {
    const { destination, priority, thread } = message;
    const key = baseKey(this.#tables, message.key);
    switch (this.#service.stateOf(destination, key)) {
      case 'up':
        break;
      case 'hold':
        if (!this.#service.hold(message)) return this.#status('04', message, atMs);
        if (thread !== undefined) thread.open++;
        this.#status('02', message, atMs);
        return true;
      case 'remove':
        return this.#status('04', message, atMs);
      case 'never':
        return this.#status('01', message, atMs);
    }
    // What goes to a region lets everything else go first.
    if (priority < regionPriority || this.#settings.regionMs === 0) this.#deliver(message, atMs);
    else if (this.#plan({ kind: 'deliver', message }, atMs + this.#settings.regionMs, priority))
      if (thread !== undefined) thread.open++;
    return true;
  }

  #status(number: StatusNumber, message: Message, atMs: number): false {
    const { destination, key, sender, control } = message;
    const thread = message.thread;
    // Of an answer the asker need not know; its own state does.
    const text = statusText(this.#tables, number, { destination, key });
    this.#say({ key: 'SM', to: sender, control, text, thread, atMs });
    return false;
  }

  /** At the home line, or into the hands of those who play the others. */
  #deliver(message: Message, atMs: number): void {
    const { key, sender, destination, text } = message;
    const row = this.#tables.keys.get(key);
    this.#count.delivered++;
    this.#log.add(row, { atMs, key, sender, destination, text });
    const isAnswer = row?.answer === undefined;
    if (key === 'YR') this.#again(this.#confirmations.answered(message, atMs));
    if (this.#isHome(destination)) this.#out.put(message, isAnswer ? message.thread : undefined);
    else this.#play(message, atMs);
  }

  #play(message: Message, atMs: number): void {
    for (const reply of this.#players.replies(message)) {
      const row = this.#tables.keys.get(reply.text.slice(0, reply.text.indexOf('.')));
      const planned = this.#plan(
        { kind: 'reply', reply, to: message },
        atMs + reply.afterMs,
        row?.priority,
      );
      if (planned && message.thread !== undefined) message.thread.open++;
    }
  }

  #reply(reply: Reply, to: Message, atMs: number): void {
    if (to.thread !== undefined) to.thread.open--;
    this.#counts.skip(this.#settings.homeState, reply.skipCounts);
    this.#receive({ raw: reply.text, atMs, played: { reply, to }, thread: to.thread });
  }

  /** @source nlets 7.6 */
  #ask(message: Message, row: KeyRow, atMs: number): void {
    const state = message.sender.slice(0, 2);
    const all = expand(
      [this.#tables.allStates],
      { row, senderState: state },
      this.#directory,
      this.#tables,
    );
    const asked = all
      .map(({ address }) => address)
      .filter((code) => this.#service.stateOf(code, message.key) !== 'never');
    const id = ++this.#mergeId;
    const { key, control, sender: asker, thread, receivedAtMs, receivedCount } = message;
    const answerKey = row.answer ?? key;
    const answers: Merge['answers'] = new Map();
    this.#merges.set(id, {
      id,
      key,
      answerKey,
      asker,
      control,
      thread,
      asked,
      receivedAtMs,
      receivedCount,
      answers,
    });
    for (const destination of asked) this.#askOne({ ...message, destination, merge: id }, atMs);
    if (thread !== undefined) thread.open++;
    this.#plan({ kind: 'merge', id }, asked.length === 0 ? atMs : atMs + this.#settings.mergeMs);
  }

  /** One that is out of service is silent; what is held for it goes to it later, and its answer comes late. */
  #askOne(message: Message, atMs: number): void {
    const state = this.#service.stateOf(message.destination, message.key);
    if (state === 'up') this.#deliver(message, atMs);
    else if (state === 'hold' && this.#service.hold(message) && message.thread !== undefined)
      message.thread.open++;
  }

  /** True where an answer is kept for the merged one. */
  #gather(asked: Message, answer: Message, atMs: number): boolean {
    const merge = asked.merge === undefined ? undefined : this.#merges.get(asked.merge);
    if (merge === undefined) return false;
    const { text, miss } = answer;
    const before = merge.answers.get(asked.destination) ?? [];
    merge.answers.set(asked.destination, [...before, { text, miss }]);
    if (isWhole(merge)) this.#finish(merge, atMs);
    return true;
  }

  #finish(merge: Merge | undefined, atMs: number): void {
    // It has been sent when all had answered; the minute is over all the same.
    if (merge === undefined) return;
    this.#merges.delete(merge.id);
    const { answerKey: key, asker: to, control, thread } = merge;
    if (thread !== undefined) thread.open--;
    const { text, rest } = merged(merge, this.#tables);
    const received = { receivedAtMs: merge.receivedAtMs, receivedCount: merge.receivedCount };
    this.#say({ key, to, control, text, thread, atMs, ...received });
    for (const one of rest) {
      const from = this.#directory.members.get(one.member)?.answers.D;
      this.#say({
        key,
        to,
        control,
        text: one.text,
        thread,
        atMs,
        from: from ?? hubOri,
        ...received,
      });
    }
  }

  /** A request that is repeated is heard by others too, unless the asker has named them. @source nlets 5.2 */
  #copies(
    input: Input,
    row: KeyRow,
    { fields, sender, recipients }: Admitted,
  ): readonly Recipient[] {
    if (row.mke !== 'YQ') return [];
    const owner = input.destinations[0]?.slice(0, 2) ?? '';
    const controlOf = (member: string): string | undefined =>
      this.#directory.members.get(member)?.control;
    const address: Readonly<Record<CopyTo, string | undefined>> = {
      'owner-control': controlOf(owner),
      'asker-control': controlOf(sender.ori.slice(0, 2)),
      'quality-control': this.#tables.qualityControl,
    };
    const named = new Set(recipients.map((one) => one.address));
    const copies = this.#tables.escalation.get(fields.values.get('RNO') ?? '') ?? [];
    return [...new Set(copies.map((copy) => address[copy]))].flatMap((to) =>
      to === undefined || named.has(to) ? [] : [{ address: to, row }],
    );
  }

  /** Starts the clock of a request that has gone to somebody. */
  #watch(row: KeyRow, gone: readonly Message[], owner: string, atMs: number): void {
    const [message] = gone;
    if (row.mke === 'YQ' && message !== undefined)
      this.#again(this.#confirmations.asked(message, owner, atMs));
  }

  #again(clock: Clock | undefined): void {
    if (clock !== undefined) this.#plan({ kind: 'confirm', clock }, clock.atMs, 2);
  }

  #warn(clock: Clock, atMs: number): void {
    const warning = this.#confirmations.due(clock);
    if (warning === undefined) return;
    const { to, control } = warning;
    this.#say({ key: 'AM', to, control, text: lines(...warning.lines), atMs });
  }

  /** A state says something by itself; what it would have said while nobody looked is left out. */
  #speak(index: number, atMs: number, nowMs: number): void {
    const own = this.#states.own[index];
    if (own === undefined) return;
    const raw = `${own.key}.${own.from}.${own.to.join('.')}.TXT\r\n${own.lines.join('\r\n')}`;
    this.#receive({ raw, atMs, played: 'own', thread: undefined });
    this.#plan({ kind: 'own', index }, Math.max(atMs + own.everyMs, nowMs + 1));
  }

  #complain(
    arrival: Arrival,
    read: Pick<HeaderFlaw, 'key' | 'sender' | 'control'>,
    complaint: Complaint,
  ): void {
    if (arrival.played !== undefined) {
      this.#count.refusedPlayed++;
      return;
    }
    this.#count.refused++;
    const { raw, atMs, thread } = arrival;
    const { key, sender, control } = read;
    // One whose sender cannot be told goes back to the state that sent it.
    const to =
      this.#agencies.has(sender) && this.#isHome(sender) ? sender : this.#settings.homeState;
    const text = complaintText(this.#tables, { complaint, key, raw });
    const carried = this.#settings.errorCarriesControl ? control?.slice(0, 10) : undefined;
    this.#say({ key: 'ER', to, control: carried, text, thread, atMs });
  }

  /** The hub says something itself. To a played state nobody need say it. */
  #say(said: {
    readonly key: string;
    readonly to: string;
    readonly text: string;
    readonly atMs: number;
    readonly from?: string | undefined;
    readonly control?: string | undefined;
    readonly thread?: Thread | undefined;
    readonly receivedAtMs?: number;
    readonly receivedCount?: number;
  }): void {
    const { key, to, from = hubOri, control, text, thread, atMs } = said;
    if (!this.#isHome(to)) return;
    const message: Message = {
      key,
      sender: from,
      destination: to,
      control,
      text,
      fields: readFields(''),
      priority: this.#tables.keys.get(key)?.priority ?? 4,
      receivedAtMs: said.receivedAtMs ?? atMs,
      receivedCount: said.receivedCount ?? this.#counts.next('', atMs),
      thread,
      merge: undefined,
      miss: false,
    };
    this.#log.add(this.#tables.keys.get(key), { atMs, key, sender: from, destination: to, text });
    this.#out.put(message, thread);
  }
}

/** From here on what goes out lets the rest go first. */
const regionPriority = 5;

const headerComplaint = ({ number, detail }: HeaderFlaw): Complaint => ({ number, detail });
