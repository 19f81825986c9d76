// Which roles a command needs. Being proved is not enough: the register says what a person may do.
// The user the switch runs as may do everything, or a new installation could not be begun.

import type { OperatorRole, Register } from '#journal/register';
import { MscFault } from '#src/errors';
import type { CommandName } from './wire.ts';

const everyRole = ['operator', 'supervisor', 'auditor', 'admin'] as const;

/** @source operator-experience 2 */
const allowed: Readonly<Record<CommandName, readonly OperatorRole[]>> = {
  status: everyRole,
  // Who looks sees names and counters, never a text.
  links: everyRole,
  link: everyRole,
  'link-watch': everyRole,
  terminals: everyRole,
  terminal: everyRole,
  upstreams: everyRole,
  upstream: everyRole,
  queues: everyRole,
  queue: everyRole,
  follow: ['operator', 'supervisor', 'auditor'],
  // It changes nothing, and whoever calls the state at night must be able to.
  'upstream-probe': ['operator', 'supervisor', 'admin'],
  'link-close': ['supervisor', 'admin'],
  'terminal-set': ['supervisor', 'admin'],
  'terminal-test': ['supervisor', 'admin'],
  'upstream-set': ['supervisor', 'admin'],
  search: ['operator', 'supervisor', 'auditor'],
  'search-settings': everyRole,
  'search-plan': ['operator', 'supervisor', 'auditor'],
  'job-ls': ['operator', 'supervisor', 'auditor'],
  'job-show': ['operator', 'supervisor', 'auditor'],
  'job-cancel': ['operator', 'supervisor', 'auditor'],
  'job-fetch': ['operator', 'supervisor', 'auditor'],
  reindex: ['admin'],
  'reindex-show': everyRole,
  show: ['supervisor', 'auditor'],
  print: ['supervisor', 'auditor'],
  export: ['supervisor', 'auditor'],
  'who-saw': ['operator', 'supervisor', 'auditor'],
  delivered: ['operator', 'supervisor', 'auditor'],
  tally: ['operator', 'supervisor', 'auditor'],
  purge: ['admin'],
  registry: ['admin'],
  'user-add': ['admin'],
  'user-passwd': ['admin'],
  'user-unlock': ['admin'],
  enrol: ['admin'],
  reload: ['admin'],
  config: ['supervisor', 'auditor', 'admin'],
  'config-history': ['supervisor', 'auditor', 'admin'],
  'config-rollback': ['admin'],
  routes: everyRole,
  'route-test': ['operator', 'supervisor', 'admin'],
  'trace-start': ['supervisor'],
  'trace-ls': ['supervisor'],
  'trace-show': ['supervisor'],
  'trace-stop': ['supervisor'],
};

/** Who was proved to be at the other end. */
export interface Person {
  readonly login: string;
  /** It is the user the switch itself runs as. */
  readonly isOwner: boolean;
}

/** The roles a person has now. */
export function rolesOf(person: Person, register: Register): readonly OperatorRole[] {
  return person.isOwner ? everyRole : (register.operator.get(person.login)?.roles ?? []);
}

/** @throws MscFault MSC-1202 */
export function requireRole(command: CommandName, roles: readonly OperatorRole[]): void {
  if (allowed[command].some((role) => roles.includes(role))) return;
  throw new MscFault('MSC-1202', { detail: `${command} needs ${allowed[command].join(' or ')}` });
}

/**
 * Message text is for supervisors with a reason, and for auditors with a case beside it.
 *
 * @throws MscFault MSC-1202, or MSC-1001 when the reason or case is missing.
 */
export function requireTextRole(
  roles: readonly OperatorRole[],
  why: { readonly reason?: string | undefined; readonly case?: string | undefined },
): void {
  const isSupervisor = roles.includes('supervisor');
  if (!isSupervisor && !roles.includes('auditor'))
    throw new MscFault('MSC-1202', { detail: 'message text needs supervisor or auditor' });
  if (why.reason === undefined)
    throw new MscFault('MSC-1001', { detail: 'message text needs a reason', hint: 'add --reason' });
  if (!isSupervisor && why.case === undefined)
    throw new MscFault('MSC-1001', { detail: 'an auditor needs a case', hint: 'add --case' });
}
