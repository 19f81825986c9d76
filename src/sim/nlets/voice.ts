// What the hub says by itself to somebody at the home line: its own answers, complaints, the state of a
// destination. To a played state nobody need say anything.

import type { Complaint } from './check-fields.ts';
import type { Counts } from './counts.ts';
import { readFields } from './fields.ts';
import { controlMax } from './input.ts';
import type { Message, Thread } from './message.ts';
import { complaintText, hubOri, statusText } from './notices.ts';
import type { StatusNumber } from './notices.ts';
import type { Outbound } from './outbound.ts';
import type { NletsTables } from './tables.ts';
import type { TrafficLog } from './traffic-log.ts';

/** A message of the hub's own. */
export interface OwnWords {
  readonly key: string;
  readonly to: string;
  readonly text: string;
  readonly atMs: number;
  /** The hub without it. */
  readonly from?: string | undefined;
  readonly control?: string | undefined;
  /** What it answers. */
  readonly thread?: Thread | undefined;
  readonly receivedAtMs?: number;
  readonly receivedCount?: number;
}

export interface VoicePorts {
  readonly tables: NletsTables;
  readonly counts: Counts;
  readonly out: Outbound;
  readonly log: TrafficLog;
  readonly errorCarriesControl: boolean;
  readonly isHome: (address: string) => boolean;
}

export class Voice {
  readonly #ports: VoicePorts;

  constructor(ports: VoicePorts) {
    this.#ports = ports;
  }

  say(words: OwnWords): void {
    const { counts, isHome, log, out, tables } = this.#ports;
    const { key, to, from = hubOri, control, text, thread, atMs } = words;
    if (!isHome(to)) return;
    const row = tables.keys.get(key);
    const message: Message = {
      ...{ key, sender: from, destination: to, control, text, thread },
      fields: readFields(''),
      priority: row?.priority ?? 4,
      receivedAtMs: words.receivedAtMs ?? atMs,
      receivedCount: words.receivedCount ?? counts.next('', atMs),
      merge: undefined,
      miss: false,
    };
    log.add(row, { atMs, key, sender: from, destination: to, text });
    out.put(message, thread);
  }

  /** A message that is not taken. @source nlets 9.1 */
  complain(
    about: {
      readonly raw: string;
      readonly key: string;
      readonly control: string | undefined;
      readonly to: string;
      readonly thread: Thread | undefined;
      readonly atMs: number;
    },
    complaint: Complaint,
  ): void {
    const { raw, key, to, thread, atMs } = about;
    const text = complaintText(this.#ports.tables, { complaint, key, raw });
    const control = this.#ports.errorCarriesControl
      ? about.control?.slice(0, controlMax)
      : undefined;
    this.say({ key: 'ER', to, control, text, thread, atMs });
  }

  /** What became of a message whose destination is out of service. @source nlets 9.2 */
  status(number: StatusNumber, message: Message, atMs: number): void {
    const { destination, key, sender, control, thread } = message;
    const text = statusText(this.#ports.tables, number, { destination, key });
    this.say({ key: 'SM', to: sender, control, text, thread, atMs });
  }
}
