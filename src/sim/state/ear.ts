// What the hub does with what a host says: an answer goes to whoever asked, a notice to its agency, a message to
// its address; what is to nobody is counted.

import type { Hub } from './hub.ts';
import type { Errand } from './behind.ts';
import { addressedText, linkAnswer, networkNotice, nletsAnswer, readHostText } from './dialect.ts';
import type { HostText } from './dialect.ts';
import type { HostsBehind, HubEar, Utterance } from './hosts-behind.ts';
import type { OpenRequest } from './open-requests.ts';
import type { HostName } from './routes.ts';
import type { Service } from '../line/faults.ts';
import { outOfService } from '../out-of-service.ts';

export interface EarOptions {
  readonly hub: () => Hub;
  readonly hosts: () => HostsBehind;
  /** The hub's own, in what it says itself. */
  readonly ori: string;
  readonly sayStatus: (service: string, state: 'up' | 'held' | 'down') => void;
}

type Message = Extract<HostText, { readonly kind: 'message' }>;

const statusOf = { up: 'up', hold: 'held', remove: 'down' } as const;

export class StateEar implements HubEar {
  readonly #options: EarOptions;

  constructor(options: EarOptions) {
    this.#options = options;
  }

  heard(host: HostName, { said, reference }: Utterance): void {
    const read = readHostText(said.text);
    const final = said.final !== false;
    switch (read.kind) {
      case 'answer': {
        const open = this.#find(read.handle);
        if (open === undefined) this.#toNobody();
        else this.#reply(host, open, linkAnswer(open.mke, open.ori, read.block), final);
        break;
      }
      case 'message':
        this.#message(host, read, final, reference);
        break;
      case 'notice':
      case 'link':
        this.#linkText(host, read, final, reference);
        break;
      case 'nothing':
        this.#toNobody();
        break;
    }
  }

  outOfService(host: HostName, request: OpenRequest, kept: boolean): void {
    const text = outOfService(this.#options.ori, host.toUpperCase(), kept);
    this.#answer(host, request, text, !kept);
  }

  taken(host: HostName, { reference }: Errand): void {
    const open = this.#find(reference);
    if (open !== undefined && this.#over(host, open)) this.#options.hub().done(open);
  }

  beforeAck(): void {
    this.#options.hub().commit();
  }

  /** An upstream's REFUSED becomes ER 04 with its code in the text. @source link X3 */
  refused(host: HostName, { reference }: Errand, code: string): void {
    const open = this.#find(reference);
    if (open === undefined) return;
    const { ori } = this.#options;
    const text = `ER.${ori}.04.${host.toUpperCase()} REFUSED WITH ${code}, NOT FORWARDED`;
    this.#answer(host, open, text, true);
  }

  status(host: HostName, service: Service): void {
    this.#options.sayStatus(host.toUpperCase(), statusOf[service]);
  }

  #find(reference: string | undefined): OpenRequest | undefined {
    return reference === undefined ? undefined : this.#options.hub().open.get(reference);
  }

  /** Where nobody waits for an answer the host has nothing to end by what it says. */
  #reply(host: HostName, open: OpenRequest, text: string, final: boolean): void {
    this.#answer(host, open, text, final && open.awaited);
  }

  /** FINAL is said once, when every host that was asked has said its last (link M5). */
  #answer(host: HostName, open: OpenRequest, text: string, final: boolean): void {
    const last = final && this.#over(host, open);
    this.#options.hub().answer(open, text, last);
  }

  /** One message to a host is over; true where it was the last of all. */
  #over(host: HostName, { legs, reference }: OpenRequest): boolean {
    const left = legs.get(host) ?? 0;
    if (left === 0) return false;
    if (left > 1) {
      legs.set(host, left - 1);
      return false;
    }
    legs.delete(host);
    this.#options.hosts().done(host, reference);
    return legs.size === 0;
  }

  #message(host: HostName, message: Message, final: boolean, reference: string | undefined): void {
    const { key, sender, destinations, block } = message;
    const open = this.#find(message.handle ?? reference);
    const network = key === 'SM' || key === 'ER' ? networkNotice(key, sender, block) : undefined;
    if (open !== undefined && (destinations.length === 0 || destinations.includes(open.ori))) {
      const text = network?.text ?? nletsAnswer(key, open.ori, sender, block);
      this.#reply(host, open, text, final && (key !== 'SM' || network?.final === true));
      return;
    }
    for (const destination of destinations) {
      const text = network?.text ?? addressedText(message, destination, block);
      this.#options.hub().tell(destination, text);
    }
    if (destinations.length === 0) this.#toNobody();
  }

  /** A notice, or what a host says in the form of the link. */
  #linkText(
    host: HostName,
    read: Extract<HostText, { readonly kind: 'notice' | 'link' }>,
    final: boolean,
    reference: string | undefined,
  ): void {
    const { kind, key, ori, block } = read;
    const open = kind === 'link' ? this.#find(reference) : undefined;
    if (key.startsWith('$')) this.#options.hub().notify(ori, linkAnswer(key, ori, block));
    else if (open === undefined) this.#options.hub().tell(ori, linkAnswer(key, ori, block));
    else if (key === 'SM' || key === 'ER')
      this.#reply(host, open, `${key}.${ori}.${block}`, key === 'ER');
    else this.#reply(host, open, linkAnswer(key, ori, block), final);
  }

  #toNobody(): void {
    this.#options.hub().counters.nobody++;
  }
}
