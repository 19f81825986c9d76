// The clock of the machine as a process under libfaketime sees it: set to any instant, also while it runs.
// The steady clock is left alone, as a step of the system's clock leaves it. Certificates for such worlds
// hold for a hundred years, so that only what is meant to end does.

import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, issueCertificate } from '#src/access/certificate';
import { demoCertificates } from '#src/cli/demo/plan';

const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));
export const fakeTimeIsThere = library !== undefined;
/** For the title of a test. */
export const fakeTimeMissing = fakeTimeIsThere ? '' : ' (skipped: libfaketime is not installed)';

export class TurnedClock {
  readonly #file: string;
  #aheadMs = 0;

  /** @param folder Where the file lies that says how far it is turned. */
  constructor(folder: string) {
    this.#file = join(folder, 'clock');
    this.turn(0);
  }

  /** So many seconds ahead of the machine's own from now on. */
  turn(aheadSeconds: number): void {
    this.#aheadMs = aheadSeconds * 1_000;
    const sign = aheadSeconds < 0 ? '' : '+';
    // Whole or not at all: it is read at each look at the clock.
    writeFileSync(`${this.#file}.new`, `${sign}${aheadSeconds}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  setTo(instant: Temporal.Instant): void {
    this.turn((instant.epochMilliseconds - Date.now()) / 1_000);
  }

  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(Date.now() + this.#aheadMs);
  }

  /** For a process that goes by it, and lives in that zone. */
  environment(zone?: string): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      ...(zone === undefined ? {} : { TZ: zone }),
    };
  }
}

const dayMs = 86_400_000;
const madeAt = new Date('2020-01-01T00:00:00Z');
const years = 100;

/**
 * Certificates of a demonstration in a new folder, before its first start, which keeps them.
 *
 * @param ends When those of single stations end, by name; all others hold.
 */
export async function makeLastingCertificates(
  folder: string,
  ends: Readonly<Record<string, Temporal.Instant>> = {},
): Promise<void> {
  const tls = join(folder, 'tls');
  mkdirSync(tls, { recursive: true, mode: 0o700 });
  const write = (name: string, pair: { certificatePem: string; keyPem: string }): void => {
    writeFileSync(join(tls, `${name}.key`), pair.keyPem, { mode: 0o600 });
    writeFileSync(join(tls, `${name}.pem`), pair.certificatePem);
  };
  const authority = await createAuthority({ name: 'msc demo authority', years, now: madeAt });
  write('ca', authority);
  for (const { name, subject, usage } of demoCertificates) {
    const addresses = usage === 'switch' ? ['127.0.0.1'] : [];
    const until = ends[name];
    const days =
      until === undefined ? years * 365 : (until.epochMilliseconds - madeAt.getTime()) / dayMs;
    const wish = { authority, subject, usage, addresses, days, now: madeAt };
    write(name, await issueCertificate(wish));
  }
}
