// Passwords: hashed, checked, judged (security 5; IA-5(1)(a)).
// PBKDF2 runs on the thread pool, one at a time behind a bounded queue; compares in constant time.
// Fails by a value where a person can help, by MSC-1304 where too many wait at once.
// It keeps nothing: who failed how often is counted elsewhere, and no password is ever in an error.

import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

import { MscFault } from '#src/errors';

export interface PasswordHash {
  readonly algorithm: 'pbkdf2-sha256';
  readonly rounds: number;
  /** Base64. */
  readonly salt: string;
  /** Base64. */
  readonly hash: string;
}

/** Octets of a source that nobody can foretell. */
export type RandomOctets = (octets: number) => Uint8Array;

/** Hashes a password under a new salt: about a tenth of a second of one core. */
export async function hashPassword(password: string, random: RandomOctets): Promise<PasswordHash> {
  const salt = random(saltOctets);
  const hash = await derive(password, salt, roundsNow);
  return { algorithm: 'pbkdf2-sha256', rounds: roundsNow, salt: base64(salt), hash: base64(hash) };
}

/** Whether it is the password. For an unknown user (`undefined`) the same work is done: false. */
export async function verifyPassword(
  password: string,
  expected: PasswordHash | undefined,
): Promise<boolean> {
  const { salt, rounds, hash } = expected ?? nobody;
  const wanted = Buffer.from(hash, 'base64');
  const found = await derive(password, Buffer.from(salt, 'base64'), rounds);
  return found.length === wanted.length && timingSafeEqual(found, wanted) && expected !== undefined;
}

/**
 * Jobs one after the other, so that sign-ons never take more than one core. A job whose answer nobody waits
 * for any more takes no turn: who asks and leaves, again and again, holds up nobody else.
 */
export class HashQueue {
  /** Jobs that may wait; may be changed at any time. */
  waitingMax: number;
  #waiting: Job[] = [];
  #running = false;

  constructor(limits: { readonly waitingMax: number }) {
    this.waitingMax = limits.waitingMax;
  }

  /** Runs a job after those before it. @throws MSC-1304 at once when too many wait. */
  async run<T>(job: () => Promise<T>): Promise<T> {
    const done = Promise.withResolvers<T>();
    this.#enter({ start: () => settle(done, job), isWanted: () => true, drop: () => undefined });
    return done.promise;
  }

  /** The same, but not if it is no longer wanted when its turn comes: undefined then. @throws MSC-1304 */
  async runWanted<T>(job: () => Promise<T>, isWanted: () => boolean): Promise<T | undefined> {
    const done = Promise.withResolvers<T | undefined>();
    this.#enter({ start: () => settle(done, job), isWanted, drop: () => done.resolve(undefined) });
    return done.promise;
  }

  #enter(job: Job): void {
    if (this.#waiting.length >= this.waitingMax) this.#dropUnwanted();
    if (this.#waiting.length >= this.waitingMax) throw new MscFault('MSC-1304');
    this.#waiting.push(job);
    if (!this.#running) void this.#work();
  }

  #dropUnwanted(): void {
    const before = this.#waiting;
    this.#waiting = before.filter(({ isWanted }) => isWanted());
    for (const job of before) if (!this.#waiting.includes(job)) job.drop();
  }

  /** Until nothing waits. It cannot fail: what a job throws is its caller's. */
  async #work(): Promise<void> {
    this.#running = true;
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      if (job.isWanted()) await job.start();
      else job.drop();
    }
    this.#running = false;
  }
}

interface Job {
  /** Never rejects. */
  readonly start: () => Promise<void>;
  readonly isWanted: () => boolean;
  readonly drop: () => void;
}

async function settle<T>(done: PromiseWithResolvers<T>, job: () => Promise<T>): Promise<void> {
  try {
    done.resolve(await job());
  } catch (cause) {
    done.reject(cause);
  }
}

export interface PasswordRules {
  readonly user: string;
  /** Folded as `parseBannedPasswords` folds them. */
  readonly banned: ReadonlySet<string>;
}

/**
 * What is wrong with a password somebody chose, as a sentence for that person, or undefined.
 * Every printable character and the blank are allowed; nothing is cut off or folded.
 * @source security 2.3, IA-5(1)(a)
 */
export function checkNewPassword(password: string, rules: PasswordRules): string | undefined {
  const octets = Buffer.byteLength(password);
  if (octets < passwordOctetsMin) return `it needs at least ${passwordOctetsMin} characters`;
  if (octets > passwordOctetsMax) return `it may have at most ${passwordOctetsMax} octets`;
  if (/\p{Cc}/u.test(password)) return 'it may not hold control characters';
  const folded = fold(password);
  // A name of one or two letters stands by chance in many good passwords.
  if (rules.user.length >= 3 && folded.includes(fold(rules.user)))
    return 'it may not hold the user name';
  if (rules.banned.has(folded)) return 'it is one of those that are guessed first';
  return undefined;
}

/** Reads the list of banned passwords: one a line, `#` begins a comment line. */
export function parseBannedPasswords(text: string): ReadonlySet<string> {
  const lines = text.split('\n').map((line) => line.trim());
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('#')).map(fold));
}

const roundsNow = 600_000;
const saltOctets = 16;
const hashOctets = 32;
const passwordOctetsMin = 8;
/** What SIGN_ON can carry. @source link F5 */
const passwordOctetsMax = 256;

/** Nobody's hash: no password gives 32 zero octets, and finding that out costs as much as any. */
const nobody: PasswordHash = {
  algorithm: 'pbkdf2-sha256',
  rounds: roundsNow,
  salt: Buffer.alloc(saltOctets).toString('base64'),
  hash: Buffer.alloc(hashOctets).toString('base64'),
};

const pbkdf2Async = promisify(pbkdf2);
const derive = (password: string, salt: Uint8Array, rounds: number) =>
  pbkdf2Async(password, salt, rounds, hashOctets, 'sha256');

const fold = (text: string) => text.toLowerCase();
const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64');
