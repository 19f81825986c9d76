// The bodies of control frames (link 4): JSON objects, each member with its type and bounds. It
// promises that what it returns is within the bounds of F3, F5, S4, S6 and M4. It fails with C01
// and a sentence of ours (a role that does not exist: C02); unknown members are ignored (F5).

import type { FrameReject, FrameType } from './frame.ts';
import { parseJsonObject } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { mnemonicText, oneOf, listOf, integer, flag, text, time, sessionText } from './member.ts';
import type { Member } from './member.ts';
import { utf8Bytes } from './octets.ts';
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';

export type Role = 'terminal' | 'printer' | 'host';

export interface Hello {
  /** Versions the station speaks. Any numbers are well formed; none spoken here is C06 (link S2). */
  readonly protocol: readonly number[];
  readonly station: string;
  readonly role: Role;
  readonly software: string;
  readonly session?: string;
  /** 0 without `session`. */
  readonly received: number;
}

export interface Welcome {
  readonly protocol: 1;
  readonly switch: string;
  readonly session: string;
  readonly resumed: boolean;
  readonly received: number;
  readonly frameBytesMax: number;
  readonly window: number;
  readonly keepAliveMs: number;
  readonly mnemonics: readonly string[];
  readonly user?: string;
}

export interface SignOn {
  readonly user: string;
  readonly password: string;
  readonly newPassword?: string;
  readonly otp?: string;
  readonly mnemonic?: string;
  readonly pool?: string;
}

export interface SignedOn {
  readonly user: string;
  readonly oif: string;
  readonly name: string;
  readonly agency: string;
  readonly mnemonic: string;
  readonly pool?: string;
  readonly lastSignOn?: string;
  readonly warnings: readonly string[];
}

export interface SignOff {
  readonly reason?: string;
}

export interface Refused {
  readonly code: string;
  readonly text: string;
  readonly field?: string;
  /** Octet offset in the body of the refused MESSAGE. */
  readonly at?: number;
  /** Journal entry of the refusal. */
  readonly ref?: number;
}

export interface Busy {
  readonly retryAfterMs: number;
}

export interface Status {
  readonly service: string;
  readonly state: 'up' | 'held' | 'down';
  readonly since: string;
}

export interface Close {
  readonly code: string;
  readonly text: string;
}

export type ControlType = Exclude<FrameType, 'MESSAGE' | 'ACK' | 'PING' | 'PONG'>;

/** A control body with the type it came under. */
export type ControlBody =
  | { readonly type: 'HELLO'; readonly body: Hello }
  | { readonly type: 'WELCOME'; readonly body: Welcome }
  | { readonly type: 'SIGN_ON'; readonly body: SignOn }
  | { readonly type: 'SIGNED_ON'; readonly body: SignedOn }
  | { readonly type: 'SIGN_OFF'; readonly body: SignOff }
  | { readonly type: 'REFUSED'; readonly body: Refused }
  | { readonly type: 'BUSY'; readonly body: Busy }
  | { readonly type: 'STATUS'; readonly body: Status }
  | { readonly type: 'CLOSE'; readonly body: Close };

type Parsed<T> = Result<T, FrameReject>;

/** Reads the body of any control frame. @source link F5 */
export function parseControl(type: ControlType, octets: Uint8Array): Parsed<ControlBody> {
  switch (type) {
    case 'HELLO':
      return tagged(parseHello(octets), (body) => ({ type, body }));
    case 'WELCOME':
      return tagged(parseWelcome(octets), (body) => ({ type, body }));
    case 'SIGN_ON':
      return tagged(parseSignOn(octets), (body) => ({ type, body }));
    case 'SIGNED_ON':
      return tagged(parseSignedOn(octets), (body) => ({ type, body }));
    case 'SIGN_OFF':
      return tagged(parseSignOff(octets), (body) => ({ type, body }));
    case 'REFUSED':
      return tagged(parseRefused(octets), (body) => ({ type, body }));
    case 'BUSY':
      return tagged(parseBusy(octets), (body) => ({ type, body }));
    case 'STATUS':
      return tagged(parseStatus(octets), (body) => ({ type, body }));
    case 'CLOSE':
      return tagged(parseClose(octets), (body) => ({ type, body }));
  }
}

/**
 * F5 bounds strings by length only, and S2 has an answer of its own for a wrong role: so a role
 * that does not exist is C02, and only after everything else in the body is right.
 */
export function parseHello(octets: Uint8Array): Parsed<Hello> {
  const hello = read(octets, helloMembers, { session: sessionText });
  if (!hello.ok) return hello;
  if (hello.value.session === undefined && hello.value.received !== 0)
    return malformed('The member "received" must be 0 without a session.');
  const role = roles.find((known) => known === hello.value.role);
  if (role === undefined) return fail({ code: 'C02', reason: 'There is no such role.' });
  return ok({ ...hello.value, role });
}

export function parseWelcome(octets: Uint8Array): Parsed<Welcome> {
  return read(octets, welcomeMembers, { user: text() });
}

export function parseSignOn(octets: Uint8Array): Parsed<SignOn> {
  return read(
    octets,
    { user: text(), password: text(256) },
    { newPassword: text(256), otp: text(), mnemonic: text(), pool: text() },
  );
}

export function parseSignedOn(octets: Uint8Array): Parsed<SignedOn> {
  return read(octets, signedOnMembers, { pool: text(), lastSignOn: time });
}

/** The body may be empty. */
export function parseSignOff(octets: Uint8Array): Parsed<SignOff> {
  return octets.length === 0 ? ok({}) : read(octets, {}, { reason: text() });
}

export function parseRefused(octets: Uint8Array): Parsed<Refused> {
  return read(
    octets,
    { code: text(), text: text(512) },
    { field: text(), at: integer(), ref: integer() },
  );
}

export function parseBusy(octets: Uint8Array): Parsed<Busy> {
  return read(octets, { retryAfterMs: integer(100, 60_000) }, {});
}

export function parseStatus(octets: Uint8Array): Parsed<Status> {
  return read(octets, { service: text(), state: oneOf('up', 'held', 'down'), since: time }, {});
}

export function parseClose(octets: Uint8Array): Parsed<Close> {
  return read(octets, { code: text(), text: text(512) }, {});
}

export const formatHello = (hello: Hello): Uint8Array => json(hello);
export const formatWelcome = (welcome: Welcome): Uint8Array => json(welcome);
export const formatSignOn = (signOn: SignOn): Uint8Array => json(signOn);
export const formatSignedOn = (signedOn: SignedOn): Uint8Array => json(signedOn);
export const formatSignOff = (signOff: SignOff): Uint8Array => json(signOff);
export const formatRefused = (refused: Refused): Uint8Array => json(refused);
export const formatBusy = (busy: Busy): Uint8Array => json(busy);
export const formatStatus = (status: Status): Uint8Array => json(status);
export const formatClose = (close: Close): Uint8Array => json(close);

const roles: readonly Role[] = ['terminal', 'printer', 'host'];

const helloMembers = {
  protocol: listOf(integer()),
  station: text(),
  role: text(),
  software: text(),
  received: integer(),
};

const welcomeMembers = {
  protocol: oneOf(1),
  switch: text(),
  session: sessionText,
  resumed: flag,
  received: integer(),
  frameBytesMax: integer(4096, 1_048_576),
  window: integer(1, 1024),
  keepAliveMs: integer(5000, 300_000),
  mnemonics: listOf(mnemonicText),
};

const signedOnMembers = {
  user: text(),
  oif: text(),
  name: text(),
  agency: text(),
  mnemonic: mnemonicText,
  warnings: listOf(text()),
};

type Members = Readonly<Record<string, Member<unknown>>>;
type Value<M> = M extends Member<infer T> ? T : never;
type Read<R extends Members, O extends Members> = {
  readonly [K in keyof R]: Value<R[K]>;
} & { readonly [K in keyof O]?: Value<O[K]> };

/** Reads the named members and drops all others. */
function read<R extends Members, O extends Members>(
  octets: Uint8Array,
  required: R,
  optional: O,
): Parsed<Read<R, O>> {
  const object = parseJsonObject(octets);
  if (!object.ok) return malformed(object.error);
  const body: Record<string, unknown> = {};
  const flaw =
    readMembers(object.value, required, body) ?? readMembers(object.value, optional, body);
  const missing = Object.keys(required).find((name) => !(name in body));
  if (flaw !== undefined) return malformed(`The member "${flaw}" is out of its bounds.`);
  if (missing !== undefined) return malformed(`The member "${missing}" is missing.`);
  // Every member of `required`, and of `optional` what was there, went through its own check.
  return ok(body as Read<R, O>);
}

/** Puts the members that are there into `body`; the name of the first that is out of its bounds. */
function readMembers(
  object: JsonObject,
  members: Members,
  body: Record<string, unknown>,
): string | undefined {
  for (const [name, check] of Object.entries(members)) {
    const value: JsonValue | undefined = object.get(name);
    if (value === undefined) continue;
    body[name] = check(value);
    if (body[name] === undefined) return name;
  }
  return undefined;
}

function tagged<T>(body: Parsed<T>, tag: (body: T) => ControlBody): Parsed<ControlBody> {
  return body.ok ? ok(tag(body.value)) : body;
}

function malformed(reason: string): Parsed<never> {
  return fail({ code: 'C01', reason });
}

function json(body: object): Uint8Array {
  return utf8Bytes(JSON.stringify(body));
}
