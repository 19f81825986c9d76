// Whether order was kept (link M6): within one class, what one work place handed over first arrives first
// at the same mnemonic. Between classes, senders or mnemonics nothing is promised.

export interface Arrived {
  readonly from: number;
  readonly to: string;
  readonly class: number;
  /** Higher for what was handed over later. */
  readonly nth: number;
}

export class OrderCheck {
  readonly #last = new Map<string, number>();
  #violations = 0;

  /** Messages that arrived behind one that was handed over later. */
  get violations(): number {
    return this.#violations;
  }

  /** Not for a message that came before: a repeat is a duplicate, and breaks no order. */
  arrived({ from, to, class: messageClass, nth }: Arrived): void {
    const stream = `${from} ${to} ${messageClass}`;
    const last = this.#last.get(stream) ?? -1;
    if (nth < last) this.#violations += 1;
    else this.#last.set(stream, nth);
  }
}
