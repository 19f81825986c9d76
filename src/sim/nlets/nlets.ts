// The simulated Nlets: a hub between the switch of our state and other states, which scripts play. It takes a
// message in the form a member sends, checks it, and says what it delivers at the home line. What a played
// state sends comes in the same way and is checked alike. It has no socket and no clock; any octets that come
// in are answered, by a complaint at the least.

import type { Heard, Said } from '../host.ts';
import { statesOf } from './addresses.ts';
import type { Recipient } from './addresses.ts';
import { admit } from './admit.ts';
import type { Admitted } from './admit.ts';
import { Agenda } from './agenda.ts';
import type { Complaint } from './check-fields.ts';
import { Confirmations } from './confirm.ts';
import type { Clock } from './confirm.ts';
import { Counts } from './counts.ts';
import { oriForm } from './directory.ts';
import type { Agency, Directory } from './directory.ts';
import { copies } from './escalate.ts';
import { HelpRecords } from './help.ts';
import { HostedDesk } from './hosted.ts';
import { parseInput } from './input.ts';
import type { HeaderFlaw, Input } from './input.ts';
import { lines, messageBytesMax } from './message.ts';
import type { Message, Thread } from './message.ts';
import { MultiState } from './multi-state.ts';
import type { NletsCounters, NletsHost } from './nlets-host.ts';
import { Outbound } from './outbound.ts';
import { Players } from './play.ts';
import type { Reply } from './play.ts';
import type { States } from './script.ts';
import { ServiceTable } from './service.ts';
import type { ServiceState } from './service.ts';
import type { NletsSettings } from './settings.ts';
import { baseKey, literal } from './tables.ts';
import type { KeyRow, NletsTables } from './tables.ts';
import { TrafficLog } from './traffic-log.ts';
import { Voice } from './voice.ts';

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
  readonly #voice: Voice;
  readonly #players: Players;
  readonly #service: ServiceTable;
  readonly #confirmations: Confirmations;
  readonly #hosted: HostedDesk;
  readonly #multiState: MultiState;
  readonly #log = new TrafficLog();
  readonly #agenda = new Agenda<Act>(plannedMax);
  readonly #count = { taken: 0, delivered: 0, refused: 0, refusedPlayed: 0, lost: 0 };
  #begun = false;

  constructor({ directory, states, tables, settings }: Parameters<typeof createNlets>[0]) {
    const { zone, answerer, seed, errorCarriesControl, mergeMs } = settings;
    const { members } = directory;
    const log = this.#log;
    this.#tables = tables;
    this.#settings = settings;
    this.#states = states;
    this.#agencies = new Map(directory.agencies);
    this.#directory = { members, agencies: this.#agencies };
    const counts = new Counts({ zone, daily: settings.countsDaily });
    const out = new Outbound(settings, counts);
    this.#counts = counts;
    this.#out = out;
    const isHome = (address: string): boolean => this.#isHome(address);
    const voice = new Voice({ tables, counts, out, log, errorCarriesControl, isHome });
    this.#voice = voice;
    this.#players = new Players({ states, directory: this.#directory, tables, answerer, seed });
    this.#service = new ServiceTable(states.service, heldMax);
    this.#confirmations = new Confirmations(tables, confirmationsMax);
    const help = new HelpRecords(states.help);
    this.#hosted = new HostedDesk({ agencies: this.#agencies, help, log, tables, zone });
    this.#multiState = new MultiState({
      ...{ tables, voice, waitMs: mergeMs },
      ask: (message, atMs) => this.#askOne(message, atMs),
      wake: (id, atMs) => this.#plan({ kind: 'merge', id }, atMs),
      oriOf: (member) => members.get(member)?.answers.D,
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

  /** Time must be told once, so that what the states say by themselves is counted from the start. */
  get nextAtMs(): number | undefined {
    const begins = this.#settings.ownTraffic && !this.#begun;
    return begins ? 0 : this.#agenda.nextAtMs;
  }

  close(): void {
    this.#agenda.clear();
  }

  setService(destination: string, key: string, state: ServiceState, atMs: number): readonly Said[] {
    this.#service.set({ destination, key, state });
    for (const message of this.#service.released(this.#baseKey)) {
      if (message.thread !== undefined) message.thread.open--;
      this.#deliver(message, atMs);
    }
    return this.#out.flush(atMs);
  }

  announce(text: string, atMs: number): readonly Said[] {
    const control = this.#directory.members.get(this.#settings.homeState)?.control;
    this.#voice.say({ key: 'SM', to: control ?? this.#settings.homeState, text, atMs });
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

  /** @param nowMs Later than `atMs` where the clock was turned. */
  #act(act: Act, atMs: number, nowMs: number): void {
    switch (act.kind) {
      case 'reply':
        return this.#reply(act.reply, act.to, atMs);
      case 'deliver':
        if (act.message.thread !== undefined) act.message.thread.open--;
        return this.#deliver(act.message, atMs);
      case 'merge':
        return this.#multiState.finish(act.id, atMs);
      case 'confirm':
        return this.#warn(act.clock, atMs);
      case 'own':
        return this.#speak(act.index, atMs, nowMs);
    }
  }

  #receive(arrival: Arrival): void {
    const { raw, atMs, played } = arrival;
    const receivedCount = this.#counts.next('', atMs);
    const parsed = parseInput(raw);
    if (!parsed.ok) return this.#refuse(arrival, parsed.error, parsed.error);
    const input = this.#signed(parsed.value);
    if (raw.length > messageBytesMax && played === undefined)
      return this.#refuse(arrival, input, {
        number: '00',
        detail: `LONGER THAN ${messageBytesMax}`,
      });
    const admitted = admit(input, {
      directory: this.#directory,
      tables: this.#tables,
      speaksFor: (ori) => played !== undefined || this.#isHome(ori),
    });
    if (!admitted.ok) return this.#refuse(arrival, input, admitted.error);
    this.#forward(arrival, input, admitted.value, receivedCount);
  }

  /** An answering computer may leave its ORI to the switch. @source nlets 2.2 */
  #signed(input: Input): Input {
    if (input.sender !== '') return this.#enrolled(input);
    const row = this.#tables.keys.get(input.key);
    const answers = this.#directory.members.get(this.#settings.homeState)?.answers;
    if (row === undefined || row.answer !== undefined || answers === undefined) return input;
    return { ...input, sender: row.class === 'C' ? answers.C : answers.D };
  }

  /** By setting, an ORI of our state that the directory lacks is entered when it first speaks. */
  #enrolled(input: Input): Input {
    const { sender } = input;
    if (!this.#settings.enrolHome || this.#agencies.has(sender) || !oriForm.test(sender))
      return input;
    if (!this.#isHome(sender) || this.#agencies.size >= agenciesMax) return input;
    const about = { name: 'NOT IN THE DIRECTORY', location: 'UNKNOWN', authorisation: 'ACDZ' };
    this.#agencies.set(sender, { ori: sender, ...about, type: 'LE', service: 'A' });
    return input;
  }

  #isHome(address: string): boolean {
    const { homeState, homed } = this.#settings;
    return address.slice(0, 2) === homeState || homed?.(address) === true;
  }

  readonly #baseKey = (key: string): string => baseKey(this.#tables, key);

  #forward(arrival: Arrival, input: Input, admitted: Admitted, receivedCount: number): void {
    const { atMs, thread } = arrival;
    const reply = arrival.played === 'own' ? undefined : arrival.played;
    const make = this.#maker(arrival, input, admitted, receivedCount);
    const { row } = admitted;
    const [first = ''] = admitted.addresses;
    const message = make({ address: first, row });
    const { sender: to, control } = message;
    const hosted = this.#hosted.answer(message, atMs);
    if (hosted !== undefined) return this.#voice.say({ ...hosted, to, control, thread, atMs });
    if (first === 'NL') return this.#askAll(message, row, atMs);
    if (reply !== undefined && this.#multiState.gather(reply.to, message, atMs)) return;
    const also = copies(admitted, this.#directory, this.#tables);
    const gone = [...admitted.recipients, ...also].map(make).filter((one) => this.#send(one, atMs));
    if (row.mke === 'YQ' && gone.length > 0)
      this.#clock(this.#confirmations.asked(message, first, atMs));
  }

  /** One message for each that hears it. @source nlets 3.2 */
  #maker(
    { atMs, thread, played }: Arrival,
    { control, text }: Input,
    { row, sender, fields }: Admitted,
    receivedCount: number,
  ): (recipient: Recipient) => Message {
    // The hub puts its own line into what is for law enforcement only (nlets 6).
    const marked =
      row.mke === 'AML' ? lines(literal(this.#tables, 'lawEnforcementOnly'), text) : text;
    const miss = typeof played === 'object' && played.reply.miss;
    const all = { sender: sender.ori, control, text: marked, fields, thread, miss };
    const received = { receivedAtMs: atMs, receivedCount, merge: undefined };
    return ({ address: destination, row: { mke: key, priority } }) => ({
      ...{ ...all, ...received, key, priority, destination },
    });
  }

  /** False where the destination does not get it, and the sender has been told so. @source nlets 9.2 */
  #send(message: Message, atMs: number): boolean {
    const { destination, key, priority, thread } = message;
    const state = this.#service.stateOf(destination, this.#baseKey(key));
    if (state === 'hold' && this.#service.hold(message)) {
      if (thread !== undefined) thread.open++;
      this.#voice.status('02', message, atMs);
      return true;
    }
    if (state !== 'up') {
      this.#voice.status(state === 'never' ? '01' : '04', message, atMs);
      return false;
    }
    const { regionMs } = this.#settings;
    if (priority < regionPriority || regionMs === 0) this.#deliver(message, atMs);
    else if (this.#plan({ kind: 'deliver', message }, atMs + regionMs, priority))
      if (thread !== undefined) thread.open++;
    return true;
  }

  /** At the home line, or into the hands of those who play the others. */
  #deliver(message: Message, atMs: number): void {
    const { key, sender, destination, text } = message;
    const row = this.#tables.keys.get(key);
    this.#count.delivered++;
    this.#log.add(row, { atMs, key, sender, destination, text });
    const isAnswer = row?.answer === undefined;
    if (key === 'YR') this.#clock(this.#confirmations.answered(message, atMs));
    if (this.#isHome(destination)) this.#out.put(message, isAnswer ? message.thread : undefined);
    else this.#play(message, atMs);
  }

  #play(message: Message, atMs: number): void {
    for (const reply of this.#players.replies(message)) {
      const row = this.#tables.keys.get(reply.text.slice(0, reply.text.indexOf('.')));
      const act = { kind: 'reply', reply, to: message } as const;
      const planned = this.#plan(act, atMs + reply.afterMs, row?.priority);
      if (planned && message.thread !== undefined) message.thread.open++;
    }
  }

  #reply(reply: Reply, to: Message, atMs: number): void {
    if (to.thread !== undefined) to.thread.open--;
    this.#counts.skip(this.#settings.homeState, reply.skipCounts);
    this.#receive({ raw: reply.text, atMs, played: { reply, to }, thread: to.thread });
  }

  /** All states but the asker's own that take the key. @source nlets 7.6 */
  #askAll(message: Message, row: KeyRow, atMs: number): void {
    const all = statesOf(this.#tables.allStates, this.#directory, this.#tables) ?? [];
    const asked = all.filter(
      (code) =>
        code !== message.sender.slice(0, 2) && this.#service.stateOf(code, row.mke) !== 'never',
    );
    this.#multiState.begin(message, asked, atMs);
  }

  /** One that is out of service is silent; what is held goes to it later, and its answer comes late. */
  #askOne(message: Message, atMs: number): void {
    const state = this.#service.stateOf(message.destination, message.key);
    if (state === 'up') this.#deliver(message, atMs);
    else if (state === 'hold' && this.#service.hold(message) && message.thread !== undefined)
      message.thread.open++;
  }

  #clock(clock: Clock | undefined): void {
    if (clock !== undefined) this.#plan({ kind: 'confirm', clock }, clock.atMs, 2);
  }

  #warn(clock: Clock, atMs: number): void {
    const warning = this.#confirmations.due(clock);
    if (warning === undefined) return;
    const { to, control } = warning;
    this.#voice.say({ key: 'AM', to, control, text: lines(...warning.lines), atMs });
  }

  /** A state says something by itself; what it would have said while nobody looked is left out. */
  #speak(index: number, atMs: number, nowMs: number): void {
    const own = this.#states.own[index];
    if (own === undefined) return;
    const raw = `${own.key}.${own.from}.${own.to.join('.')}.TXT\r\n${own.lines.join('\r\n')}`;
    this.#receive({ raw, atMs, played: 'own', thread: undefined });
    this.#plan({ kind: 'own', index }, Math.max(atMs + own.everyMs, nowMs + 1));
  }

  #refuse(
    { raw, atMs, thread, played }: Arrival,
    { key, sender, control }: Pick<HeaderFlaw, 'key' | 'sender' | 'control'>,
    complaint: Complaint,
  ): void {
    if (played !== undefined) {
      this.#count.refusedPlayed++;
      return;
    }
    this.#count.refused++;
    // One whose sender cannot be told goes back to the state that sent it.
    const known = this.#agencies.has(sender) && this.#isHome(sender);
    const to = known ? sender : this.#settings.homeState;
    this.#voice.complain({ raw, key, control, to, thread, atMs }, complaint);
  }
}

/** From here on what goes out lets the rest go first. */
const regionPriority = 5;
/** Agencies that are entered because they speak. */
const agenciesMax = 100_000;
