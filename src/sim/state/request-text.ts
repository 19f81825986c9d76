// What a switch asks the hub: header and text read once, judged in the order of the link protocol (M1, X2), and
// cut into what a host has to know. Pure but for the directory it asks.

import { parseHeader } from '#protocol/header';
import type { Header } from '#protocol/header';
import { keyTable } from '#protocol/keys';
import type { KeyEntry, KeyTable } from '#protocol/keys';
import { parseText } from '#protocol/message';
import type { Destination, MessageText } from '#protocol/message';
import { latin1 } from '#protocol/octets';
import type { LineMessage, LineReject } from '../line/handler.ts';
import type { Asked } from './dialect.ts';
import type { Directory } from './directory.ts';
import type { Route, Routes } from './routes.ts';

export interface StateRequest {
  readonly header: Header;
  readonly key: KeyEntry;
  readonly route: Route;
  readonly asked: Asked;
  /** In our own state; of a key without destinations there are none. */
  readonly home: readonly Destination[];
  readonly away: readonly string[];
}

export type Judged =
  | { readonly ok: true; readonly value: StateRequest }
  | {
      readonly ok: false;
      readonly error: LineReject;
      readonly seen?: Header;
      readonly text?: MessageText;
    };

export class RequestReader {
  readonly #directory: Directory;
  readonly #routes: Routes;
  readonly #keys: KeyTable;

  constructor(directory: Directory, routes: Routes) {
    this.#directory = directory;
    this.#routes = routes;
    this.#keys = keysOfTheState(routes);
  }

  /** The first rule that a message breaks, or what it asks. */
  judge({ station, mnemonic, body }: LineMessage): Judged {
    if (!this.#directory.owns(station, mnemonic)) return { ok: false, error: { code: 'B04' } };
    const header = parseHeader(body, 'host');
    if (!header.ok) return { ok: false, error: header.error };
    const seen = header.value;
    const text = parseText(body, seen.textAt, this.#keys);
    if (!text.ok) return { ok: false, error: text.error, seen };
    const error = this.#bar(mnemonic, text.value);
    const route = this.#routes.of(text.value.key);
    if (error !== undefined) return { ok: false, error, seen, text: text.value };
    // The table of keys holds those alone that have a route.
    if (route === undefined) return { ok: false, error: { code: 'X03', at: seen.textAt }, seen };
    return { ok: true, value: this.#request(body, seen, text.value, route) };
  }

  #bar(mnemonic: string, text: MessageText): LineReject | undefined {
    const code = this.#directory.bar(mnemonic, text.ori, text.key);
    if (code === 'X05') return { code, at: text.oriAt };
    if (code === 'H22') return { code, at: text.keyAt };
    const lost = text.destinations?.find((destination) => this.#isUnknown(destination));
    return lost === undefined ? undefined : { code: 'B01', at: lost.at };
  }

  /** One of our own that the directory does not have. */
  #isUnknown(destination: Destination): boolean {
    const { kind, value } = destination;
    if (!this.#directory.known || !this.#isHome(destination)) return false;
    if (kind === 'mnemonic') return this.#directory.place(value) === undefined;
    return kind === 'ori' && this.#directory.placesOf(value).length === 0;
  }

  #isHome({ kind, value }: Destination): boolean {
    if (kind === 'mnemonic') return true;
    return kind !== 'group' && value.startsWith(this.#routes.homeState);
  }

  #request(body: Uint8Array, header: Header, text: MessageText, route: Route): StateRequest {
    const { mke, ori, key, requester, destinations = [] } = text;
    // The line end before the requester's line goes with it.
    const end = requester === undefined ? body.length : requester.at - 2;
    const from = text.contentAt ?? text.restAt;
    const content = latin1(body, from, Math.max(from, end));
    const home = destinations.filter((destination) => this.#isHome(destination));
    const away = destinations.filter((each) => !home.includes(each)).map(({ value }) => value);
    return { header, key, route, asked: { mke, ori, content }, home, away };
  }
}

/** Every key that somebody behind the hub takes; those of Nlets have destinations. */
function keysOfTheState(routes: Routes): KeyTable {
  const all = keyTable.all
    .filter((key) => key.from !== 'switch' && routes.of(key) !== undefined)
    .map((key): KeyEntry => {
      const form = routes.of(key)?.dialect === 'nlets' ? 'addressed' : key.form;
      return { ...key, from: 'station', form };
    });
  const byMke = new Map<string, KeyEntry>(all.map((key) => [key.mke, key]));
  return { get: (mke) => byMke.get(mke), all, literals: keyTable.literals };
}
