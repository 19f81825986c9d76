import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import {
  checkNewPassword,
  HashQueue,
  hashPassword,
  parseBannedPasswords,
  verifyPassword,
} from '#src/access/password';

const salt = (octets: number) => new Uint8Array(octets).fill(7);

describe('a password hash', () => {
  it('is PBKDF2-HMAC-SHA-256 with 600,000 rounds and a salt of sixteen octets', async () => {
    const made = await hashPassword('correct horse', salt);
    expect(made).toMatchObject({ algorithm: 'pbkdf2-sha256', rounds: 600_000 });
    expect(Buffer.from(made.salt, 'base64')).toEqual(Buffer.alloc(16, 7));
    expect(Buffer.from(made.hash, 'base64')).toHaveLength(32);
    expect(JSON.stringify(made)).not.toContain('correct');
  });

  it('knows its password and no other', async () => {
    const made = await hashPassword('correct horse', salt);
    expect(await verifyPassword('correct horse', made)).toBe(true);
    expect(await verifyPassword('correct horsf', made)).toBe(false);
    expect(await verifyPassword('', made)).toBe(false);
  });

  it('of the published test vector verifies', async () => {
    // RFC 7914, section 11: PBKDF2-HMAC-SHA-256, "Password", "NaCl", 80,000 rounds, first 32 octets.
    const hash = Buffer.from(
      '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56',
      'hex',
    ).toString('base64');
    const vector = { algorithm: 'pbkdf2-sha256', rounds: 80_000, salt: 'TmFDbA==', hash } as const;
    expect(await verifyPassword('Password', vector)).toBe(true);
  });

  it('that is damaged lets nobody in', async () => {
    const made = await hashPassword('correct horse', salt);
    expect(await verifyPassword('correct horse', { ...made, hash: '' })).toBe(false);
    expect(await verifyPassword('correct horse', { ...made, hash: 'AAAA' })).toBe(false);
  });

  it('is worked out for an unknown user too, and never fits', async () => {
    const made = await hashPassword('correct horse', salt);
    const timed = async (expected: typeof made | undefined) => {
      const start = process.cpuUsage();
      expect(await verifyPassword('wrong horse', expected)).toBe(false);
      return process.cpuUsage(start).user;
    };
    const known = await timed(made);
    const unknown = await timed(undefined);
    expect(unknown / known).toBeGreaterThan(0.5);
    expect(unknown / known).toBeLessThan(2);
  });
});

describe('the queue of hashes', () => {
  it('runs one at a time, in order, also after one that fails', async () => {
    const queue = new HashQueue({ waitingMax: 10 });
    const seen: string[] = [];
    const job = (name: string) => async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (name === 'b') throw new Error(name);
      return name;
    };
    const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => queue.run(job(name))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seen.join(', ')).toBe('a begins, a ends, b begins, b ends, c begins, c ends');
  });

  it('refuses what would wait behind too many, and takes again when there is room', async () => {
    const queue = new HashQueue({ waitingMax: 1 });
    const gate = Promise.withResolvers<undefined>();
    const running = queue.run(() => gate.promise);
    const waiting = queue.run(() => Promise.resolve('waited'));
    await expect(queue.run(() => Promise.resolve('never'))).rejects.toMatchObject({
      code: 'MSC-1304',
      exit: 75,
    });
    gate.resolve(undefined);
    await running;
    expect(await waiting).toBe('waited');
    expect(await queue.run(() => Promise.resolve('taken'))).toBe('taken');
  });
});

describe('a job that nobody waits for any more', () => {
  it('takes no turn, and makes room for those who wait', async () => {
    const queue = new HashQueue({ waitingMax: 2 });
    const gate = Promise.withResolvers<undefined>();
    const running = queue.run(() => gate.promise);
    const left = [1, 2].map(() => queue.runWanted(() => Promise.resolve('never'), isNot));
    const wanted = queue.runWanted(() => Promise.resolve('done'), isSo);
    gate.resolve(undefined);
    await running;
    expect(await Promise.all(left)).toEqual([undefined, undefined]);
    expect(await wanted).toBe('done');
  });
});
const isNot = () => false;
const isSo = () => true;

describe('a new password', () => {
  const banned = parseBannedPasswords('# comment\nletmein99\n\nPassword123\n');
  const check = (password: string, user = 'jdoe') => checkNewPassword(password, { user, banned });

  it.each(['correct horse', '        ', 'pässwörter', "it's 100% ~{fine}~", 'x'.repeat(256)])(
    'may be %s',
    (password) => expect(check(password)).toBeUndefined(),
  );

  it.each([
    ['too short', 'short 7', /at least 8/],
    ['too long', 'x'.repeat(257), /at most 256/],
    ['holding a control character', 'abc\tdefgh', /control/],
    ['holding the user name in any case', 'xxJDoe99xx', /user name/],
    ['on the list in any case', 'PASSWORD123', /guessed first/],
  ])('is refused when %s', (_, password, sentence) => {
    expect(check(password)).toMatch(sentence);
    expect(check(password)).not.toContain(password);
  });

  it('may hold a user name of two letters', () => {
    expect(check('a brown dog', 'do')).toBeUndefined();
  });

  it('of the list that comes with the program is refused', () => {
    const list = parseBannedPasswords(readFileSync('config/banned-passwords.txt', 'utf8'));
    expect(list.size).toBeGreaterThan(50);
    for (const password of list) {
      expect(checkNewPassword(password, { user: '', banned: list })).toMatch(/guessed first/);
    }
  });
});
