// What the hub answers from its own data bases: the agency directory, help records, the traffic log, and the
// index of plate readers, which is empty here.

import type { Agency } from './directory.ts';
import { answerDirectory } from './directory-desk.ts';
import { parseHelpAddress } from './help.ts';
import type { HelpAddress, HelpRecords } from './help.ts';
import { lines } from './message.ts';
import type { Message } from './message.ts';
import { hubOri } from './notices.ts';
import { literal } from './tables.ts';
import type { NletsTables } from './tables.ts';
import type { TrafficLog } from './traffic-log.ts';

export interface HostedAnswer {
  readonly key: string;
  readonly from: string;
  readonly text: string;
}

export class HostedDesk {
  readonly #agencies: Map<string, Agency>;
  readonly #help: HelpRecords;
  readonly #log: TrafficLog;
  readonly #tables: NletsTables;
  readonly #zone: string;

  constructor(from: {
    readonly agencies: Map<string, Agency>;
    readonly help: HelpRecords;
    readonly log: TrafficLog;
    readonly tables: NletsTables;
    readonly zone: string;
  }) {
    this.#agencies = from.agencies;
    this.#help = from.help;
    this.#log = from.log;
    this.#tables = from.tables;
    this.#zone = from.zone;
  }

  /** Undefined for what is not the hub's to answer. */
  answer(message: Message, atMs: number): HostedAnswer | undefined {
    const { key, destination } = message;
    const help = parseHelpAddress(destination);
    if (help !== undefined && key === 'AM') return this.#onHelp(help, message);
    switch (key) {
      case 'TQ':
      case 'TA':
      case 'TU':
      case 'TD':
        return this.#said('TR', this.#onDirectory(message));
      case 'NLQ':
        return this.#said('NLR', this.#log.list(message.fields.values, this.#by(message, atMs)));
      case 'NFQ':
        return this.#said(
          'NFR',
          this.#log.fetch(Number(message.fields.values.get('NUM')), this.#by(message, atMs)),
        );
      case 'LPQ':
        if (destination !== 'NL') return undefined;
        return this.#said('LPR', [literal(this.#tables, 'noneOnFile')]);
      default:
        return undefined;
    }
  }

  #said(key: string, all: readonly string[]): HostedAnswer {
    return { key, from: hubOri, text: lines(...all) };
  }

  #by({ sender }: Message, atMs: number) {
    return { zone: this.#zone, atMs, member: sender.slice(0, 2), tables: this.#tables };
  }

  #onDirectory({ key, sender, destination, fields }: Message): readonly string[] {
    const question = {
      key,
      member: sender.slice(0, 2),
      address: destination,
      values: fields.values,
    };
    return answerDirectory(this.#agencies, question, this.#tables);
  }

  /** The answer comes from the nine-character name that was asked. @source nlets 9.3 */
  #onHelp(address: HelpAddress, { sender, text, destination }: Message): HostedAnswer {
    const { name, action, member } = address;
    const said = (words: string): HostedAnswer => ({ key: 'AM', from: destination, text: words });
    if (action === 'HELP')
      return said(this.#help.read(name) ?? literal(this.#tables, 'helpNone', { NAME: name }));
    const owns = sender.startsWith(member);
    const done = owns && this.#help.change(address, text);
    return said(
      literal(this.#tables, 'helpChanged', {
        NAME: name,
        DONE: done ? doneWords[action] : 'NOT CHANGED',
      }),
    );
  }
}

const doneWords = { UPDT: 'REPLACED', APND: 'ADDED TO', CNCL: 'EMPTIED' } as const;
