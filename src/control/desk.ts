// The port behind the operator commands: what they may know of the running switch and ask of it.
// The daemon gives it; commands see nothing else. Acts go through the switch and are journalled there.

import type { KeyTable } from '#protocol/keys';
import type { Journal } from '#journal/journal';
import type { Register } from '#journal/register';
import type { PasswordHash, RegisterStore } from '#journal/register-store';
import type { Act } from '#switch/event';
import type { ReloadReport, StatusReport } from './wire.ts';

export interface Desk {
  /** Counters and states; never reads the journal. */
  readonly status: () => StatusReport;
  /** The register as the switch has it now; not to be changed. */
  readonly register: () => Register;
  readonly journal: Journal;
  readonly registerStore: Pick<RegisterStore, 'putSecret'>;
  /** Which rule a new password breaks, in a sentence that does not repeat it; undefined for none. */
  readonly passwordFlaw: (user: string, password: string) => string | undefined;
  /** One at a time. @throws MscFault MSC-1304 when too many wait. */
  readonly hash: (password: string) => Promise<PasswordHash>;
  /** Through the switch: durable when it resolves. @throws MscFault what the switch said instead. */
  readonly act: (person: string, act: Act) => Promise<{ readonly entry: number }>;
  /** Durable and in force when it resolves. @throws MscFault why nothing was changed. */
  readonly reload: (person: string, reason: string | undefined) => Promise<ReloadReport>;
  /** Unguessable, new for each change. */
  readonly newId: () => string;
  readonly keys: KeyTable;
}
