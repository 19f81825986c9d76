import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseMnemonic, parseOif, parseOri, parseUserName } from '#protocol/ids';
import { applyRegisterChanges, emptyRegister } from '#journal/register';
import type { Register, RegisterChange } from '#journal/register';
import type { RegisterStore } from '#journal/register-store';
import { openRegisterStore } from '#journal/sqlite/register-store';
import { temporaryFolder } from './folders.ts';

const secret = {
  algorithm: 'pbkdf2-sha256',
  rounds: 600_000,
  salt: 'c2FsdA',
  hash: 'aGFzaA',
} as const;
const ori = parseOri('CA0990100') ?? expect.unreachable();
const oif = parseOif('J10442') ?? expect.unreachable();
const user = parseUserName('jdoe') ?? expect.unreachable();
const mnemonic = parseMnemonic('QZ01') ?? expect.unreachable();

const agency: RegisterChange = {
  op: 'put',
  table: 'agency',
  key: ori,
  record: { ori, name: 'Invented PD', state: 'active', mayUse: [], mnemonic },
};
const person = (credential: string): RegisterChange => ({
  op: 'put',
  table: 'person',
  key: user,
  record: {
    user,
    name: 'J. Doe',
    oif,
    agency: ori,
    state: 'enabled',
    sends: ['QV'],
    pools: [],
    credential,
    mustChange: false,
  },
});
const registerOf = (...changes: RegisterChange[]): Register => {
  const register = emptyRegister();
  applyRegisterChanges(register, changes);
  return register;
};

describe('the register store', () => {
  let store: RegisterStore | undefined;
  afterEach(() => store?.close());
  const open = (dir: string): RegisterStore => (store = openRegisterStore(dir));

  it('begins empty and keeps what is projected, with the entry it stands on', () => {
    const dir = temporaryFolder();
    const first = open(dir);
    expect(first.standsOn()).toBe(0);
    expect(first.load()).toEqual(emptyRegister());
    first.project(4, [agency, person('c1')]);
    first.close();
    const again = open(dir);
    expect(again.standsOn()).toBe(4);
    expect(again.load()).toEqual(registerOf(agency, person('c1')));
    expect(statSync(join(dir, 'register.db')).mode & 0o777).toBe(0o600);
  });

  it('applies removals, and ignores an entry it stands on already', () => {
    const store = open(temporaryFolder());
    store.project(4, [agency, person('c1')]);
    store.project(4, [{ op: 'remove', table: 'agency', key: ori }]);
    store.project(3, [{ op: 'remove', table: 'agency', key: ori }]);
    expect(store.load()).toEqual(registerOf(agency, person('c1')));
    store.project(5, [{ op: 'remove', table: 'agency', key: ori }]);
    expect(store.load()).toEqual(registerOf(person('c1')));
    expect(store.standsOn()).toBe(5);
  });

  it('gives a secret back by its change alone', () => {
    const dir = temporaryFolder();
    const first = open(dir);
    first.putSecret('c1', user, secret);
    first.close();
    const again = open(dir);
    expect(again.secret('c1')).toEqual(secret);
    expect(again.secret('c2')).toBeUndefined();
    expect(() => again.putSecret('c1', user, secret)).toThrow();
  });

  it('drops at the start the secrets that no person names, octets and all', () => {
    const dir = temporaryFolder();
    const store = open(dir);
    store.project(4, [person('c1')]);
    store.putSecret('c1', user, secret);
    store.putSecret('orphan', user, { ...secret, hash: 'NEVER-NAMED' });
    store.reconcile(4, registerOf(person('c1')));
    expect(store.secret('c1')).toEqual(secret);
    expect(store.secret('orphan')).toBeUndefined();
    store.close();
    expect(readFileSync(join(dir, 'register.db'), 'latin1')).not.toContain('NEVER-NAMED');
  });

  it('rebuilds tables that stand elsewhere or say something else', () => {
    const store = open(temporaryFolder());
    store.project(4, [agency]);
    store.reconcile(9, registerOf(person('c1')));
    expect([store.standsOn(), store.load()]).toEqual([9, registerOf(person('c1'))]);
    store.reconcile(2, registerOf(agency));
    expect([store.standsOn(), store.load()]).toEqual([2, registerOf(agency)]);
    store.reconcile(2, registerOf(agency, person('c1')));
    expect(store.load()).toEqual(registerOf(agency, person('c1')));
  });
});
