// The clocks of hit confirmation: each request is to be answered in ten minutes or an hour, by a confirmation,
// a denial, or a time when one will come. Who asked is warned when that does not happen. Bounded.
//
// @source nlets 5.2, ncic 9

import type { Message } from './message.ts';
import { literal } from './tables.ts';
import type { NletsTables } from './tables.ts';

interface Open {
  readonly asker: string;
  readonly owner: string;
  readonly control: string | undefined;
  readonly values: ReadonlyMap<string, string>;
  readonly limitMinutes: number;
  /** A time was named, and it has come. */
  readonly promised: boolean;
  readonly turn: number;
}

/** Looked at again at that time, by this key and turn. */
export interface Clock {
  readonly key: string;
  readonly turn: number;
  readonly atMs: number;
}

export interface Warning {
  readonly to: string;
  readonly control: string | undefined;
  readonly lines: readonly string[];
}

export class Confirmations {
  readonly #open = new Map<string, Open>();
  readonly #tables: NletsTables;
  readonly #max: number;
  #turn = 0;

  constructor(tables: NletsTables, max: number) {
    this.#tables = tables;
    this.#max = max;
  }

  get size(): number {
    return this.#open.size;
  }

  /** A request has gone out. A further one about the same record takes the place of the one before. */
  asked(message: Message, owner: string, atMs: number): Clock | undefined {
    const { values } = message.fields;
    const key = keyOf(message.sender, values);
    if (!this.#open.has(key) && this.#open.size >= this.#max) return undefined;
    const limits = this.#tables.confirmMinutes;
    const limitMinutes = values.get('PRI') === 'U' ? limits.U : limits.R;
    const { sender: asker, control } = message;
    return this.#start(key, { asker, owner, control, values, limitMinutes, promised: false }, atMs);
  }

  /**
   * An answer has gone to `asker`, from whomever. In process without a time is no answer; with one it
   * starts the clock anew.
   */
  answered(message: Message, atMs: number): Clock | undefined {
    const { values } = message.fields;
    const key = keyOf(message.destination, values);
    const open = this.#open.get(key);
    if (open === undefined) return undefined;
    if (values.get('CON') !== 'I') {
      this.#open.delete(key);
      return undefined;
    }
    const hours = Number(values.get('HRS') ?? 0);
    if (!(hours > 0)) return undefined;
    return this.#start(key, { ...open, limitMinutes: hours * 60, promised: true }, atMs);
  }

  /** The time has come: what to say to the asker, if the request is still open. */
  due({ key, turn }: Clock): Warning | undefined {
    const open = this.#open.get(key);
    if (open?.turn !== turn) return undefined;
    this.#open.delete(key);
    return { to: open.asker, control: open.control, lines: this.#words(open) };
  }

  #start(key: string, open: Omit<Open, 'turn'>, atMs: number): Clock {
    const turn = ++this.#turn;
    this.#open.set(key, { ...open, turn });
    return { key, turn, atMs: atMs + open.limitMinutes * 60_000 };
  }

  #words({ owner, values, limitMinutes, promised }: Open): readonly string[] {
    const of = (code: string): string => values.get(code) ?? '';
    const minutes =
      limitMinutes % 60 === 0 ? `${limitMinutes / 60} HOURS` : `${limitMinutes} MINUTES`;
    const limit = limitMinutes === 60 ? '1 HOUR' : minutes;
    const rno = of('RNO');
    const asked = { RTY: of('RTY'), RNO: rno, PRI: of('PRI'), NIC: of('NIC'), OWNER: owner };
    return [
      literal(this.#tables, 'confirmLate', { LIMIT: limit }),
      literal(this.#tables, 'confirmAsked', asked),
      ...(promised ? [literal(this.#tables, 'confirmPromised')] : []),
      rno === '3'
        ? literal(this.#tables, 'confirmLast')
        : literal(this.#tables, 'confirmNext', { NEXT: Number(rno) + 1 }),
    ];
  }
}

/** Who asked, the record, the type. Canada has no number of its own: its case number stands in. @source nlets 5.1 */
function keyOf(asker: string, values: ReadonlyMap<string, string>): string {
  const nic = values.get('NIC') ?? '';
  const record = nic === 'NONE' ? `OCA ${values.get('OCA') ?? ''}` : nic;
  return `${asker} ${record} ${values.get('RTY') ?? ''}`;
}
