// Commands of operators on their way through the switch: each is answered once, when its entry is
// durable, or with a fault.

import { isFaultCode, MscFault } from '#src/errors';
import type { Effect } from '#switch/effect';
import type { Act, Happening } from '#switch/event';

export interface Done {
  readonly entry: number;
}

export class PendingCommands {
  readonly #put: (happening: Happening) => void;
  readonly #pending = new Map<number, PromiseWithResolvers<Done>>();
  #last = 0;

  constructor(put: (happening: Happening) => void) {
    this.#put = put;
  }

  /** @throws MscFault MSC-3106 while the disk is full, else what the switch said instead. */
  ask(person: string, act: Act): Promise<Done> {
    const pending = Promise.withResolvers<Done>();
    const id = ++this.#last;
    this.#pending.set(id, pending);
    this.#put({ kind: 'command', id, person, act });
    return pending.promise;
  }

  /** The switch has answered. */
  answer({ id, entry, error, detail }: Extract<Effect, { readonly kind: 'answer' }>): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (entry !== undefined) pending?.resolve({ entry });
    else if (error !== undefined && isFaultCode(error))
      pending?.reject(new MscFault(error, { detail }));
    else pending?.reject(new MscFault('MSC-1305', { detail: error }));
  }
}
