// Verdicts on passwords for the switch, which holds none: one hash at a time, after the delay of the
// station's limiter, with the same work for a user nobody knows (link S7c).
// A password is never kept, logged or in an error.

import type { PasswordHash, RegisterStore } from '#journal/register-store';
import type { Happening, LinkId } from '#switch/event';
import { journalFaultCode } from './start-fault.ts';

/** Ten seconds together. */
const fullTries = 40;
const fullAgainMs = 250;

export interface SecretsParts {
  readonly store: Pick<RegisterStore, 'secret' | 'putSecret'>;
  /** One job at a time. */
  readonly queue: {
    readonly run: <T>(job: () => Promise<T>) => Promise<T>;
    readonly runWanted: <T>(
      job: () => Promise<T>,
      isWanted: () => boolean,
    ) => Promise<T | undefined>;
  };
  /** Whether this link still waits for a verdict: for one that has gone nothing is hashed. */
  readonly isAwaited: (link: LinkId) => boolean;
  readonly verify: (password: string, expected: PasswordHash | undefined) => Promise<boolean>;
  readonly hash: (password: string) => Promise<PasswordHash>;
  /** Which rule a new password breaks, in words; undefined for none. */
  readonly flaw: (user: string, password: string) => string | undefined;
  readonly newId: () => string;
  readonly put: (happening: Happening) => void;
  /** What is not a verdict: a fault of ours or of the store. */
  readonly fail: (cause: unknown) => void;
}

export class Secrets {
  readonly #parts: SecretsParts;

  constructor(parts: SecretsParts) {
    this.#parts = parts;
  }

  verify(asked: {
    readonly link: LinkId;
    readonly password: string;
    readonly credential?: string;
    readonly afterMs: number;
  }): void {
    setTimeout(() => {
      this.#verdict(asked).catch(this.#parts.fail);
    }, asked.afterMs);
  }

  renew(asked: { readonly link: LinkId; readonly user: string; readonly password: string }): void {
    this.#renewed(asked).catch(this.#parts.fail);
  }

  async #verdict(asked: {
    readonly link: LinkId;
    readonly password: string;
    readonly credential?: string;
  }): Promise<void> {
    const { store, queue, verify, put, isAwaited } = this.#parts;
    const { link, password, credential } = asked;
    const right = await queue.runWanted(
      () => verify(password, credential === undefined ? undefined : store.secret(credential)),
      () => isAwaited(link),
    );
    if (right === undefined) return;
    put({ kind: 'verified', link, verdict: right ? 'right' : 'wrong' });
  }

  async #renewed(asked: {
    readonly link: LinkId;
    readonly user: string;
    readonly password: string;
  }): Promise<void> {
    const { store, queue, hash, flaw, newId, put } = this.#parts;
    const { link, user, password } = asked;
    const rule = flaw(user, password);
    if (rule !== undefined) {
      put({ kind: 'renewed', link, rule });
      return;
    }
    const hashed = await queue.run(() => hash(password));
    const changeId = newId();
    // First the secret, then the entry that names it: a crash between leaves one nobody names.
    const stored = await this.#store(() => store.putSecret(changeId, user, hashed));
    put({ kind: 'renewed', link, ...(stored ? { changeId } : {}) });
  }

  /** Waits for room as long as a SIGN_ON may wait for its answer (link M4a); false where none came. */
  async #store(act: () => void): Promise<boolean> {
    for (let triesLeft = fullTries; triesLeft > 0; triesLeft--) {
      try {
        act();
        return true;
      } catch (cause) {
        if (journalFaultCode(cause) !== 'JOURNAL_FULL') throw cause;
        await new Promise((resolve) => setTimeout(resolve, fullAgainMs));
      }
    }
    return false;
  }
}
