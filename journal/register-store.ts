// The port of the register store: the register's tables as a projection of the journal, and the secrets.
// Duties of the caller: a secret is put before the entry that names its change; entries come in order.
// Duties of the store: each call is durable when it returns; what it projects equals the journal's register.

import type { Register, RegisterChange } from './register.ts';

export interface PasswordHash {
  readonly algorithm: 'pbkdf2-sha256';
  readonly rounds: number;
  readonly salt: string;
  readonly hash: string;
}

export interface RegisterStore {
  /** Number of the entry its tables stand on; 0 for none. */
  readonly standsOn: () => number;
  /** Applies the changes of a register entry; entries at or below `standsOn` are ignored. */
  readonly project: (entry: number, changes: readonly RegisterChange[]) => void;
  /** Writes a secret first, under the change id that its entry will name. */
  readonly putSecret: (changeId: string, user: string, hash: PasswordHash) => void;
  readonly secret: (changeId: string) => PasswordHash | undefined;
  /** At start: drops secrets that no person's record names; rebuilds tables that differ from the register. */
  readonly reconcile: (entry: number, register: Register) => void;
  readonly load: () => Register;
  readonly close: () => void;
}
