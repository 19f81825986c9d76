import { describe, expect, it } from 'vitest';
import { emptyRegister, type OperatorRole } from '#journal/register';
import { requireRole, requireTextRole, rolesOf } from '#src/control/roles';
import type { CommandName } from '#src/control/wire';

const roles: readonly OperatorRole[] = ['operator', 'supervisor', 'auditor', 'admin'];

describe('a command', () => {
  it.each([
    ['status', roles],
    ['search', ['operator', 'supervisor', 'auditor']],
    ['show', ['supervisor', 'auditor']],
    ['print', ['supervisor', 'auditor']],
    ['export', ['supervisor', 'auditor']],
    ['who-saw', ['operator', 'supervisor', 'auditor']],
    ['delivered', ['operator', 'supervisor', 'auditor']],
    ['tally', ['operator', 'supervisor', 'auditor']],
    ['purge', ['admin']],
    ['registry', ['admin']],
    ['user-add', ['admin']],
    ['user-passwd', ['admin']],
    ['user-unlock', ['admin']],
    ['enrol', ['admin']],
    ['reload', ['admin']],
    ['config', ['supervisor', 'auditor', 'admin']],
    ['config-history', ['supervisor', 'auditor', 'admin']],
    ['config-rollback', ['admin']],
    ['routes', roles],
    ['route-test', ['operator', 'supervisor', 'admin']],
    ['trace-start', ['supervisor']],
    ['trace-ls', ['supervisor']],
    ['trace-show', ['supervisor']],
    ['trace-stop', ['supervisor']],
  ] as [CommandName, OperatorRole[]][])('%s is for %s alone', (command, allowed) => {
    for (const role of roles) {
      if (allowed.includes(role)) requireRole(command, [role]);
      else expect(() => requireRole(command, [role])).toThrow('needs');
    }
    expect(() => requireRole(command, [])).toThrow('your role does not allow this');
  });
});

describe('message text', () => {
  const why = { reason: 'audit', case: '26-00412' };

  it('is for supervisors with a reason', () => {
    expect(() => requireTextRole(['supervisor'], { reason: 'audit' })).not.toThrow();
    expect(() => requireTextRole(['supervisor', 'auditor'], { reason: 'audit' })).not.toThrow();
    expect(() => requireTextRole(['supervisor'], { case: '26-00412' })).toThrow('needs a reason');
  });

  it('is for auditors with a reason and a case', () => {
    expect(() => requireTextRole(['auditor'], why)).not.toThrow();
    expect(() => requireTextRole(['auditor'], { reason: 'audit' })).toThrow('needs a case');
  });

  it('is for nobody else', () => {
    expect(() => requireTextRole(['operator', 'admin'], why)).toThrow('supervisor or auditor');
  });
});

describe('the roles of a person', () => {
  it('are those of the register, and every one for the user of the switch', () => {
    const register = emptyRegister();
    register.operator.set('ann', { login: 'ann', roles: ['auditor'] });
    expect(rolesOf({ login: 'ann', isOwner: false }, register)).toEqual(['auditor']);
    expect(rolesOf({ login: 'bob', isOwner: false }, register)).toEqual([]);
    expect(rolesOf({ login: 'bob', isOwner: true }, register)).toEqual(roles);
  });
});
