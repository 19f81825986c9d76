// What a station carries from one connection to the next (link S4, S4a): the session's name, its
// numbers both ways, and the requests that wait for their answers. It knows no socket.

import type { Refused, Welcome } from '#protocol/control';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import type { Outgoing } from './outbox.ts';
import { Requests } from './request.ts';

export class StationSession {
  readonly outbox = new Outbox();
  readonly inbox = new Inbox();
  readonly requests = new Requests();
  #id: string | undefined;

  /** As WELCOME named it; undefined before the first. */
  get id(): string | undefined {
    return this.#id;
  }

  /**
   * Goes on, or begins anew, as WELCOME says.
   * @returns False where its `received` does not fit: the station says C10 and comes back without a session.
   */
  welcome(welcome: Welcome): boolean {
    const resumed = welcome.resumed && welcome.session === this.#id;
    if (resumed && this.outbox.resume(welcome.received)) {
      this.inbox.resume();
      return true;
    }
    this.outbox.restart();
    this.inbox.restart();
    this.#id = welcome.session;
    return !resumed && welcome.received === 0;
  }

  /** Its numbers do not fit: the station comes back without it (link S4). */
  forget(): void {
    this.#id = undefined;
  }

  /** False: never sent. */
  acknowledged(number: number, handled: (message: Outgoing) => void): boolean {
    return this.outbox.acknowledge(number, (message) => {
      this.requests.handled(message);
      handled(message);
    });
  }

  refused(number: number, refused: Refused): Outgoing | 'known' | 'unsent' {
    const message = this.outbox.refuse(number);
    if (typeof message === 'object') this.requests.refused(message, refused);
    return message;
  }
}
