// One link under load: a station that signs on, hands over what it is given, and comes back by itself with
// resume when the line is lost (link S4, S10). What waits meanwhile goes when it is back.

import { setTimeout as pause } from 'node:timers/promises';
import type { Close } from '#protocol/control';
import { waitsMs } from '../coming-back.ts';
import { SimFault } from '../fault.ts';
import type { Outgoing } from '../outbox.ts';
import type { Received } from '../request.ts';
import { connectStation } from '../station.ts';
import type { Station } from '../station.ts';
import { StationSession } from '../station-session.ts';
import type { LoadPlace } from './places.ts';

export interface LineOwner {
  message(message: Received): void;
  refused(message: Outgoing, code: string): void;
  /** The line was lost, and comes back by itself. */
  lost(): void;
  /** It will not come back. */
  broken(fault: SimFault): void;
}

/** One mnemonic that may be spoken for. */
export interface Seat {
  readonly line: Line;
  readonly mnemonic: string;
  readonly ori: string;
  /** OIF and TAF, for a host. */
  readonly header: string;
  /** Borrowed from a pool: a text to it goes to the pool's destination instead (link M9). */
  readonly lent: boolean;
}

export class Line {
  readonly #place: LoadPlace;
  readonly #owner: LineOwner;
  readonly #session = new StationSession();
  readonly #over = new AbortController();
  #station: Station | undefined;

  constructor(place: LoadPlace, owner: LineOwner) {
    this.#place = place;
    this.#owner = owner;
  }

  /**
   * Connects and signs on.
   * @throws SimFault What `connectStation` says; SIM-NOT-ALLOWED where the sign-on is refused.
   */
  async open(): Promise<readonly Seat[]> {
    const station = await this.#connect();
    const { ori } = this.#place;
    if (this.#place.role === 'terminal') {
      const lent = this.#place.pool !== undefined;
      return [{ line: this, mnemonic: station.mnemonic ?? '', ori, header: '', lent }];
    }
    const { oif, mnemonics } = this.#place;
    return mnemonics.map(({ mnemonic, taf }) => ({
      ...{ line: this, mnemonic, ori, lent: false },
      header: `*${oif}.${taf === undefined ? '' : `#${taf}.`}`,
    }));
  }

  send(mnemonic: string, body: string): Outgoing {
    if (this.#station === undefined) throw new Error('a line is used before it is open');
    return this.#station.send(mnemonic, body);
  }

  /** Signs off and leaves in order. */
  async leave(): Promise<void> {
    this.#over.abort();
    const station = this.#station;
    if (station?.user !== undefined) await Promise.race([station.signOff(), pause(leaveMs)]);
    await station?.leave();
  }

  async #connect(): Promise<Station> {
    const { address, station: name, role } = this.#place;
    const station = await connectStation({
      ...address,
      ...{ station: name, role, software: 'msc-sim load', session: this.#session },
    });
    this.#station = station;
    station.on('message', (message) => this.#owner.message(message));
    station.on('refused', (message, { code }) => this.#owner.refused(message, code));
    await this.#signOn(station);
    station.on('close', (close) => this.#lost(close));
    // It may have ended before anybody listened.
    if (!station.open) this.#lost(undefined);
    return station;
  }

  async #signOn(station: Station): Promise<void> {
    if (this.#place.role === 'host' || station.user !== undefined) return;
    const { person, pool, station: name } = this.#place;
    const answer = await station.signOn({ ...person, ...(pool === undefined ? {} : { pool }) });
    if (!('code' in answer)) return;
    await station.leave();
    const sentence = `${name}: the sign-on is refused: ${answer.code} ${answer.text}`;
    throw new SimFault('SIM-NOT-ALLOWED', sentence);
  }

  #lost(close: Close | undefined): void {
    if (this.#over.signal.aborted) return;
    this.#owner.lost();
    this.#comeBack(close).catch((fault: unknown) => {
      if (this.#over.signal.aborted) return;
      if (!(fault instanceof SimFault)) throw fault;
      this.#owner.broken(fault);
    });
  }

  async #comeBack(close: Close | undefined): Promise<void> {
    for (const waitMs of waitsMs(close)) {
      await pause(waitMs, undefined, { signal: this.#over.signal });
      try {
        await this.#connect();
        return;
      } catch (fault) {
        if (!(fault instanceof SimFault) || !later.has(fault.code)) throw fault;
      }
    }
  }
}

const leaveMs = 2_000;
/** What may be otherwise the next time. */
const later = new Set<string>(['SIM-UNREACHABLE', 'SIM-AGAIN']);
