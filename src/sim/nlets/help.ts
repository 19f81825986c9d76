// Help records: texts that each member keeps at the hub for the users of others. `ssfffHELP` asks for the
// record `fff` of member `ss`; its owner replaces it with `ssfffUPDT`, adds with `ssfffAPND`, empties
// it with `ssfffCNCL`. Bounded.
//
// @source nlets 9.3

import { entriesAt, memberOf, objectAt, oneOf, openPlace, texts, wrong } from './shape.ts';

const actions = ['HELP', 'UPDT', 'APND', 'CNCL'] as const;
export type HelpAction = (typeof actions)[number];

const form = new RegExp(`^([A-Z]{2})([A-Z0-9]{3})(${actions.join('|')})$`);
const recordsMax = 10_000;
const recordBytesMax = 13_000;

export interface HelpAddress {
  readonly member: string;
  /** The record as it is asked for. */
  readonly name: string;
  readonly action: HelpAction;
}

export const isHelpAddress = (address: string): boolean => form.test(address);

export function parseHelpAddress(address: string): HelpAddress | undefined {
  const [, member, topic, action] = form.exec(address) ?? [];
  const known = actions.find((one) => one === action);
  if (member === undefined || topic === undefined || known === undefined) return undefined;
  return { member, name: `${member}${topic}HELP`, action: known };
}

/** Records by the address that asks for them. @throws SimFault SIM-FILE, SIM-INPUT */
export function readHelp(path: string): ReadonlyMap<string, string> {
  const file = openPlace(path);
  objectAt(file, ['note', 'mark', 'records']);
  oneOf(memberOf(file, 'mark'), ['S', 'K', 'P']);
  return entriesAt(memberOf(file, 'records'), (place, name) => {
    if (parseHelpAddress(name)?.action !== 'HELP') throw wrong(place, 'is not named as ssfffHELP');
    return texts(place).join('\r\n');
  });
}

export class HelpRecords {
  readonly #records: Map<string, string>;

  constructor(records: ReadonlyMap<string, string>) {
    this.#records = new Map(records);
  }

  read(name: string): string | undefined {
    return this.#records.get(name);
  }

  /** False where the record would be too long, or there are too many. */
  change({ name, action }: HelpAddress, text: string): boolean {
    const held = this.#records.get(name);
    const joined = action === 'APND' && held !== undefined ? `${held}\r\n${text}` : text;
    if (action === 'CNCL') this.#records.delete(name);
    else if (joined.length > recordBytesMax) return false;
    else if (held === undefined && this.#records.size >= recordsMax) return false;
    else this.#records.set(name, joined);
    return true;
  }
}
