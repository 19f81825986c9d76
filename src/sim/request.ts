// Which answer belongs to which request, from the asker's side: by the supplemental header, until the
// answer that carries FINAL. A key that expects no answer is done when it is acknowledged.

import { randomBytes } from 'node:crypto';
import type { Refused } from '#protocol/control';
import { flagFinal } from '#protocol/frame';
import { keyTable } from '#protocol/keys';
import { latin1 } from '#protocol/octets';
import type { Outgoing } from './outbox.ts';

/** A MESSAGE as it came. */
export interface Received {
  readonly number: number;
  readonly flags: number;
  readonly class: number;
  readonly mnemonic: string;
  readonly body: Uint8Array;
}

/** What became of one request. `answers` are texts, without the supplemental header. */
export type Asked =
  | { readonly kind: 'answered'; readonly answers: readonly string[] }
  /** Acknowledged, and no answer is expected. */
  | { readonly kind: 'taken'; readonly answers: readonly string[] }
  | { readonly kind: 'refused'; readonly refused: Refused; readonly answers: readonly string[] }
  | { readonly kind: 'timeout' | 'dropped'; readonly answers: readonly string[] };

/** Octets of the header that `Requests` puts before a text, with its period. */
export const headerOctets = 11;

export class Requests {
  readonly #open = new Map<string, Open>();
  /** Texts of those that are over, the oldest first. */
  readonly #over = new Map<string, string>();
  readonly #byMessage = new Map<Outgoing, string>();
  /** Four characters by chance and six that count: new for each message (link M7). */
  readonly #prefix = randomBytes(4).map((octet) => alnum.charCodeAt(octet % alnum.length));
  #count = 0;

  /** Requests that wait. */
  get size(): number {
    return this.#open.size;
  }

  /** The text of the open request that this message answers. */
  askedBy(message: Received): string | undefined {
    return this.#open.get(referenceOf(message))?.text;
  }

  /** The text of the request that this message answers after its end: late, or once more. */
  askedBefore(message: Received): string | undefined {
    return this.#over.get(referenceOf(message));
  }

  /** A reference that was never used before. */
  newReference(): string {
    return latin1(this.#prefix) + (this.#count++).toString(36).toUpperCase().padStart(6, '0');
  }

  open(
    text: string,
    timeoutMs: number,
  ): { readonly reference: string; readonly asked: Promise<Asked> } {
    const reference = this.newReference();
    const asked = new Promise<Asked>((resolve) => {
      const late = setTimeout(() => this.#settle(reference, 'timeout'), timeoutMs).unref();
      this.#open.set(reference, { resolve, late, text, answers: [], awaited: isAwaited(text) });
    });
    return { reference, asked };
  }

  sent(reference: string, message: Outgoing): void {
    this.#byMessage.set(message, reference);
  }

  /** True where the message answers an open request. */
  answered(message: Received): boolean {
    if (this.#open.size === 0) return false;
    const reference = referenceOf(message);
    const open = this.#open.get(reference);
    if (open === undefined) return false;
    open.answers.push(latin1(message.body, reference.length + 1));
    if ((message.flags & flagFinal) !== 0) this.#settle(reference, 'answered');
    return true;
  }

  handled(message: Outgoing): void {
    const reference = this.#take(message);
    if (this.#open.get(reference)?.awaited === false) this.#settle(reference, 'taken');
  }

  refused(message: Outgoing, refused: Refused): void {
    const open = this.#close(this.#take(message));
    open?.resolve({ kind: 'refused', refused, answers: open.answers });
  }

  dropped(message: Outgoing): void {
    this.#settle(this.#take(message), 'dropped');
  }

  #take(message: Outgoing): string {
    const reference = this.#byMessage.get(message) ?? '';
    this.#byMessage.delete(message);
    return reference;
  }

  #settle(reference: string, kind: 'answered' | 'taken' | 'timeout' | 'dropped'): void {
    const open = this.#close(reference);
    open?.resolve({ kind, answers: open.answers });
  }

  #close(reference: string): Open | undefined {
    const open = this.#open.get(reference);
    clearTimeout(open?.late);
    this.#open.delete(reference);
    if (open !== undefined) this.#keepText(reference, open.text);
    return open;
  }

  #keepText(reference: string, text: string): void {
    this.#over.set(reference, text);
    const [oldest] = this.#over.keys();
    if (this.#over.size > overMax && oldest !== undefined) this.#over.delete(oldest);
  }
}

/** Requests that are over and still have their text: what a person remembers to have asked. */
const overMax = 100;

interface Open {
  readonly resolve: (asked: Asked) => void;
  readonly late: NodeJS.Timeout;
  readonly text: string;
  readonly answers: string[];
  readonly awaited: boolean;
}

/** The supplemental header of a body; empty where there is none. */
function referenceOf({ body }: Received): string {
  const period = body.indexOf(0x2e);
  return period > 0 && period <= 10 ? latin1(body, 0, period) : '';
}

const alnum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** As the key table says; an unknown key is refused, so it may as well be awaited. */
function isAwaited(text: string): boolean {
  const key = /^(?:\*[^.]*\.)?(?:#[^.]*\.)?(\$\.[^.]*|[^.]*)/.exec(text)?.[1] ?? '';
  return keyTable.get(key)?.answer !== 'none';
}
