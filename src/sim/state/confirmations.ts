// Hit confirmations between stations of our own: which open YQ a YR answers. They are tied as Nlets ties them, by who
// asked, the record and its type; whoever answers may do so for another. Bounded: the oldest are forgotten.
//
// @source nlets 5

import type { OpenRequest } from './open-requests.ts';

export interface Confirmed {
  readonly open: OpenRequest;
  /** Confirmed, denied, or valid with a limit; without it an answer is to follow. */
  readonly final: boolean;
}

const askedMax = 10_000;

export class Confirmations {
  readonly #asked = new Map<string, OpenRequest>();

  /** A further request about the same record takes the place of the one before. */
  asked(open: OpenRequest, content: string): void {
    for (const asker of [open.ori, open.asker.mnemonic]) {
      const key = keyOf(asker, content);
      if (key === undefined) return;
      this.#asked.delete(key);
      this.#asked.set(key, open);
    }
    for (const oldest of this.#asked.keys()) {
      if (this.#asked.size <= askedMax) return;
      this.#asked.delete(oldest);
    }
  }

  /**
   * What the letters of CON mean is not confirmed by a public source.
   * @param to Agency or mnemonic that a YR is sent to.
   * @returns Undefined: nobody there waits for it.
   */
  answered(to: string, content: string): Confirmed | undefined {
    const key = keyOf(to, content);
    const open = key === undefined ? undefined : this.#asked.get(key);
    if (open?.legs.has('stations') !== true) return undefined;
    return { open, final: /^[YNE]$/.test(valueOf(content, 'CON')) };
  }
}

/** Canada has no number of its own: its case number stands in. @source nlets 5.1 */
function keyOf(asker: string, content: string): string | undefined {
  const nic = valueOf(content, 'NIC');
  const record = nic === 'NONE' ? `OCA ${valueOf(content, 'OCA')}` : nic;
  const type = valueOf(content, 'RTY');
  return record === '' || type === '' ? undefined : `${asker} ${record} ${type}`;
}

/** The first of its name: remarks, which are free text, stand last. */
const valueOf = (content: string, code: string): string =>
  new RegExp(`(?:^|[.\\s])${code}/([^.\\r\\n]*)`).exec(content)?.[1]?.trim() ?? '';
