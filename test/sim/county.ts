// One state host for a file of tests, and for each test a switch of its own that dials it: what one
// leaves undelivered is not sent to the next.

import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { controlFrame } from '#protocol/frame';
import { connectRaw } from '#src/sim/raw';
import type { RawLink } from '#src/sim/raw';
import type { Received } from '#src/sim/request';
import { connectStation } from '#src/sim/station';
import type { Station } from '#src/sim/station';
import type { StationOptions } from '#src/sim/station-options';
import { SimAuthority, startStateHost } from '#support/sim-world';
import type { HostProcess, PemFiles } from '#support/sim-world';

export const hit = '*J10442.QV.CA0990100.LIC/2ZZZ999.LIS/CA';
export const miss = '*J10442.#010020003045113AB7.QV.CA0990100.LIC/2ZZZ998.LIS/CA';
export const window = 4;

const names = Array.from({ length: 48 }, (_, at) => `COUNTY-${at}`);

/** What ends every fault, of the line and of a host behind it. */
const calming = [
  ...['silent off', 'twice off', 'final on', 'parts off', 'acks on', 'slow 0', 'refuse off'],
  ...['swap off', 'nobody off', 'garbage off', 'drop off', 'out off', 'clock now', 'skew off'],
  ...['ncic slow 0', 'ncic silent off', 'ncic twice off', 'ncic swap off', 'ncic nobody off'],
  ...['ncic garbage off', 'ncic cross off', 'ncic out off', 'ncic skew off'],
  ...['dmv twice off', 'dmv out off'],
];

/** Registers the hooks; its members are for use inside tests. */
export class County {
  readonly #pairs: PemFiles[] = [];
  readonly #stations: Station[] = [];
  readonly #raws: RawLink[] = [];
  #at = 0;
  #authority: SimAuthority | undefined;
  #files: PemFiles | undefined;
  #host: HostProcess | undefined;

  constructor() {
    beforeAll(() => this.#open());
    beforeEach(() => {
      this.#at++;
    });
    afterEach(() => this.#calm());
    afterAll(() => this.#close());
  }

  get host(): HostProcess {
    return present(this.#host);
  }

  get name(): string {
    return names[this.#at] ?? 'there are more tests than stations';
  }

  start(port = 0, further: readonly string[] = []): Promise<HostProcess> {
    const flags = ['--window', String(window), '--mnemonic', 'QZ01', ...further];
    const [authority, files] = [present(this.#authority), present(this.#files)];
    return startStateHost({ authority, files, stations: names, port, flags });
  }

  async connect(further: Partial<StationOptions> = {}): Promise<Station> {
    const { pem } = present(this.#pairs[this.#at]);
    const { host, port } = this.host;
    const own = { host, port, ...pem, station: this.name, role: 'host' } as const;
    const station = await connectStation({ ...own, ...further });
    this.#stations.push(station);
    return station;
  }

  async raw(): Promise<RawLink> {
    const { pem } = present(this.#pairs[this.#at]);
    const raw = await connectRaw({ host: this.host.host, port: this.host.port, ...pem });
    this.#raws.push(raw);
    return raw;
  }

  hello(further: object): Uint8Array {
    const own = { protocol: [1], station: this.name, role: 'host', software: 't', received: 0 };
    return controlFrame('HELLO', { ...own, ...further });
  }

  async greet(further: object): Promise<RawLink> {
    const raw = await this.raw();
    raw.write(this.hello(further));
    return raw;
  }

  async #open(): Promise<void> {
    const authority = await SimAuthority.create();
    this.#authority = authority;
    this.#files = await authority.issue('localhost', 'switch');
    for (const name of names) this.#pairs.push(await authority.issue(name, 'station'));
    this.#host = await this.start();
  }

  async #calm(): Promise<void> {
    for (const station of this.#stations.splice(0)) station.cut();
    for (const raw of this.#raws.splice(0)) raw.end();
    for (const fault of calming) await this.host.command(fault);
  }

  async #close(): Promise<void> {
    expect(await this.host.stop()).toBe(0);
    present(this.#authority).remove();
  }
}

/** So many messages, and what they were after `act`. */
export function collect(
  station: Station,
  count: number,
  act: () => unknown = () => undefined,
): Promise<Received[]> {
  const came: Received[] = [];
  const all = new Promise<Received[]>((resolve) => {
    const take = (received: Received): void => {
      came.push(received);
      if (came.length < count) return;
      station.off('message', take);
      resolve(came);
    };
    station.on('message', take);
  });
  act();
  return all;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the county is not there yet');
  return value;
}
