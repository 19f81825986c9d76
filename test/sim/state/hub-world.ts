// A hub with hosts that say what a test tells them, in their own dialects, and a line that is only listened to.

import { afterEach } from 'vitest';
import { parseMnemonic, parseOri } from '#protocol/ids';
import type { Mnemonic, Ori } from '#protocol/ids';
import { asciiBytes } from '#protocol/octets';
import { TurnedClock } from '#src/sim/clock';
import { handleOf } from '#src/sim/handle';
import type { Heard, Said, SimHost } from '#src/sim/host';
import type { Answer, LineMessage, LineReject } from '#src/sim/line/handler';
import { Directory } from '#src/sim/state/directory';
import type { DirectoryEntry } from '#src/sim/state/directory';
import { StateEar } from '#src/sim/state/ear';
import { HostsBehind } from '#src/sim/state/hosts-behind';
import { Hub } from '#src/sim/state/hub';
import { HubJournal } from '#src/sim/state/journal';
import { hostNames, readRoutes } from '#src/sim/state/routes';
import type { HostName } from '#src/sim/state/routes';

/** Says what it is told, and remembers what it heard. */
export class ScriptedHost implements SimHost {
  readonly heard: Heard[] = [];
  answer: (heard: Heard) => readonly Said[] = () => [];
  nextAtMs: number | undefined;
  #due: Said[] = [];

  take(heard: Heard): readonly Said[] {
    this.heard.push(heard);
    return this.answer(heard);
  }

  due(): readonly Said[] {
    const due = this.#due;
    this.#due = [];
    return due;
  }

  /** Says it by itself at the next turn of the clock. */
  later(text: string, final = true): void {
    this.#due.push({ text, final });
  }

  /** The handle of the last message. */
  get handle(): string {
    return handleOf(this.heard.at(-1)?.text ?? '') ?? '';
  }

  close(): void {
    this.nextAtMs = undefined;
  }
}

type From = Partial<LineMessage> & { readonly suphdr?: string };

export class HubWorld {
  readonly clock = new TurnedClock();
  readonly said: Answer[] = [];
  readonly status: string[] = [];
  readonly journal: HubJournal;
  readonly hosts: HostsBehind;
  readonly hub: Hub;
  readonly behind = new Map<HostName, ScriptedHost>(
    hostNames.map((name) => [name, new ScriptedHost()]),
  );
  #count = 0;

  constructor(
    options: {
      readonly directory?: readonly DirectoryEntry[];
      readonly unasked?: string;
      readonly folder?: string;
      readonly run?: string;
    } = {},
  ) {
    const { directory, unasked, folder, run = 'AAA' } = options;
    const named = parseMnemonic(unasked ?? '');
    this.journal = new HubJournal(folder);
    const ear = new StateEar({
      hub: () => this.hub,
      hosts: () => this.hosts,
      ori: 'CA0990000',
      sayStatus: (service, state) => this.status.push(`${service} ${state}`),
    });
    this.hosts = new HostsBehind({
      sources: new Map(
        hostNames.map((name) => [name, { kind: 'inside', open: () => this.at(name) }]),
      ),
      clock: this.clock,
      whenDown: 'hold',
      ear,
    });
    this.hub = new Hub({
      ...{ directory: new Directory(directory), routes: readRoutes(), journal: this.journal },
      ...{ hosts: this.hosts, run, now: () => this.clock.now() },
      say: (answers) => this.said.push(...answers),
      unasked: () => (named === undefined ? undefined : { mnemonic: named, station: undefined }),
      lastStation: () => 'COUNTY',
    });
    open.push(this);
  }

  at(name: HostName): ScriptedHost {
    const host = this.behind.get(name);
    if (host === undefined) throw new Error(`there is no host ${name}`);
    return host;
  }

  /** Hands one message over as a line does; undefined where it was taken. */
  send(text: string, from: From = {}): LineReject | undefined {
    const reject = this.arrive(text, from);
    this.hub.proceed();
    return reject;
  }

  /** The same up to its ACK: nothing was worked on yet. */
  arrive(text: string, from: From = {}): LineReject | undefined {
    const suphdr = from.suphdr ?? `REF${String(++this.#count)}`.padEnd(6, '0');
    const reject = this.hub.take({
      ...{ station: 'COUNTY', mnemonic: mnemonic('QZ01'), class: 3, flags: 0 },
      ...from,
      body: asciiBytes(`${suphdr}.*J10442.${text}`),
    });
    this.hub.commit();
    return reject;
  }

  /** Lets what is due be said. */
  turn(by = '+1s'): void {
    this.clock.turn(by);
  }

  /** Texts that were said, with the mnemonic and reference they went to. */
  get texts(): readonly string[] {
    return this.said.map(
      ({ to, text, final }) => `${to.mnemonic} ${to.suphdr ?? '-'} ${text}${final ? ' FINAL' : ''}`,
    );
  }

  close(): void {
    this.hosts.close();
    this.journal.close();
  }
}

export function mnemonic(text: string): Mnemonic {
  const parsed = parseMnemonic(text);
  if (parsed === undefined) throw new Error(`${text} is no mnemonic`);
  return parsed;
}

/** A row of a directory. */
export function entry(name: string, ori: string, further: Partial<DirectoryEntry>): DirectoryEntry {
  return { mnemonic: mnemonic(name), ori: checkedOri(ori), oris: [], ...further };
}

function checkedOri(text: string): Ori {
  const ori = parseOri(text);
  if (ori === undefined) throw new Error(`${text} is no agency`);
  return ori;
}

const open: HubWorld[] = [];
afterEach(() => {
  for (const world of open.splice(0)) world.close();
});
