// The fixed header of a frame (link 3): sixteen octets, the four of the mnemonic, then the body.
// It promises to judge F1, then F2, then F6 from the first twenty octets alone, and to say which
// rule was broken. It fails by value; it never reads a body and never keeps an octet.

// Every room that reads this file needs the declaration, whatever its tsconfig includes.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./binary-parser.d.ts" />
import { Parser } from 'binary-parser';
import { parseMnemonic } from './ids.ts';
import type { Mnemonic } from './ids.ts';
import { latin1, utf8Bytes } from './octets.ts';
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';

export type FrameType =
  | 'HELLO'
  | 'WELCOME'
  | 'SIGN_ON'
  | 'SIGNED_ON'
  | 'SIGN_OFF'
  | 'MESSAGE'
  | 'ACK'
  | 'REFUSED'
  | 'BUSY'
  | 'PING'
  | 'PONG'
  | 'STATUS'
  | 'CLOSE';

export interface FrameHeader {
  readonly type: FrameType;
  readonly flags: number;
  readonly class: number;
  readonly number: number;
  /** Octets of body that follow; within the limit of the rules. */
  readonly length: number;
  /** Of a MESSAGE; undefined for every other type. */
  readonly mnemonic: Mnemonic | undefined;
}

export interface Frame {
  readonly type: FrameType;
  readonly flags: number;
  readonly class: number;
  readonly number: number;
  readonly mnemonic: Mnemonic | undefined;
  readonly body: Uint8Array;
}

/** What may come now, and from whom. */
export interface FrameRules {
  /** Who sends the frames that are read under these rules. */
  readonly from: 'station' | 'switch';
  /** Largest `length`, in octets; link F2, F3. */
  readonly bodyBytesMax: number;
  /** Types that may come now from this role; any other is C04, link F6. */
  readonly allowed: ReadonlySet<FrameType>;
}

/** Why the connection ends. `reason` is a plain sentence of ours, without data of the peer. */
export interface FrameReject {
  /** C02 comes from `parseHello` alone: a role that does not exist is a wrong role (link S2). */
  readonly code: 'C01' | 'C02' | 'C03' | 'C04';
  readonly reason: string;
  /** The header that broke a rule, for length and digest in the journal. */
  readonly octets?: Uint8Array;
}

export const frameHeaderBytes = 20;
/** Bit 0 of `flags` of a MESSAGE. @source link 3 */
export const flagPossibleDuplicate = 1;
/** Bit 1 of `flags` of a MESSAGE: no further answer follows. @source link 3 */
export const flagFinal = 2;
/** Limits of `length` before `frameBytesMax` of WELCOME holds. @source link F3 */
export const helloBytesMax = 4096;
export const welcomeBytesMax = 65536;

/** What each role may send after WELCOME. @source link 1, 4 */
export const stationFrames: Readonly<Record<'terminal' | 'printer' | 'host', FrameSet>> = {
  terminal: new Set<FrameType>([
    'SIGN_ON',
    'SIGN_OFF',
    'MESSAGE',
    'ACK',
    'REFUSED',
    'PING',
    'PONG',
    'CLOSE',
  ]),
  printer: new Set<FrameType>(['ACK', 'REFUSED', 'PING', 'PONG', 'CLOSE']),
  host: new Set<FrameType>(['MESSAGE', 'ACK', 'REFUSED', 'PING', 'PONG', 'CLOSE']),
};

/**
 * What the switch may send to each role after WELCOME. A printer sends no MESSAGE, so nothing can
 * be acknowledged, refused or put off; it gets no STATUS.
 * @source link 4, S11
 */
export const switchFrames: Readonly<Record<'terminal' | 'printer' | 'host', FrameSet>> = {
  terminal: new Set<FrameType>([
    'SIGNED_ON',
    'SIGN_OFF',
    'MESSAGE',
    'ACK',
    'REFUSED',
    'BUSY',
    'PING',
    'PONG',
    'STATUS',
    'CLOSE',
  ]),
  printer: new Set<FrameType>(['MESSAGE', 'PING', 'PONG', 'CLOSE']),
  host: new Set<FrameType>([
    'MESSAGE',
    'ACK',
    'REFUSED',
    'BUSY',
    'PING',
    'PONG',
    'STATUS',
    'CLOSE',
  ]),
};

/** The first frame of a station. */
export const helloOnly: FrameSet = new Set<FrameType>(['HELLO']);
/** The first frame of a switch: WELCOME, or CLOSE with the reason (link S2). */
export const welcomeOnly: FrameSet = new Set<FrameType>(['WELCOME', 'CLOSE']);
/** Between HELLO and WELCOME a station says nothing. */
export const noFrames: FrameSet = new Set<FrameType>();

/**
 * Reads and judges the first twenty octets of a frame.
 *
 * @param octets At least `frameHeaderBytes` octets; only those are looked at.
 * @returns The header, or the first of F1 (C01), F2 (C03), F6 (C04) that it breaks.
 * @source link F1, F2, F6
 */
export function parseFrameHeader(
  octets: Uint8Array,
  rules: FrameRules,
): Result<FrameHeader, FrameReject> {
  if (octets.length < frameHeaderBytes) return malformed('The frame header is cut short.');
  // The parser is built from `fields` below, in this very shape.
  const { fixed } = fixedHeader.parse(octets) as { readonly fixed: FixedHeader };
  const type = types[fixed.type];
  if (fixed.magic !== magic || fixed.version !== version)
    return malformed('The octets do not begin a frame of this protocol.');
  if (type === undefined) return malformed('The frame type is unknown.');
  const flaw = valueFlaw(type, fixed, rules.from);
  if (flaw !== undefined) return malformed(flaw);
  const mnemonic = type === 'MESSAGE' ? parseMnemonic(latin1(octets, 16, 20)) : undefined;
  if (type === 'MESSAGE' ? mnemonic === undefined : fixed.mnemonic !== blankMnemonic)
    return malformed('The mnemonic does not fit the frame type.');
  if (fixed.length > rules.bodyBytesMax)
    return fail({ code: 'C03', reason: 'The frame is longer than the limit.' });
  if (!rules.allowed.has(type))
    return fail({ code: 'C04', reason: 'The frame is not allowed now, or not for this role.' });
  const { flags, class: messageClass, number, length } = fixed;
  return ok({ type, flags, class: messageClass, number, length, mnemonic });
}

/** The octets of a frame. It trusts its caller: what it is given must be a frame. */
export function formatFrame(frame: Frame): Uint8Array {
  const { type, number, mnemonic, body } = frame;
  const octets = new Uint8Array(frameHeaderBytes + body.length);
  octets[0] = magic >> 8;
  octets[1] = magic & 0xff;
  octets[2] = version;
  octets[3] = typeCodes[type];
  octets[4] = frame.flags;
  octets[5] = frame.class;
  putUint32(octets, 8, number);
  putUint32(octets, 12, body.length);
  for (let i = 0; i < 4; i++) octets[16 + i] = mnemonic?.charCodeAt(i) ?? blank;
  octets.set(body, frameHeaderBytes);
  return octets;
}

/** The octets of a control frame with a JSON body; `number` for REFUSED and BUSY. */
export function controlFrame(type: FrameType, body: object, number = 0): Uint8Array {
  return plainFrame(type, number, utf8Bytes(JSON.stringify(body)));
}

/** The octets of an ACK of every MESSAGE up to `number`. */
export function ackFrame(number: number): Uint8Array {
  return plainFrame('ACK', number, emptyBody);
}

/** The octets of a PING, or of the PONG that carries its body back; at most 64 octets of body. */
export function echoFrame(type: 'PING' | 'PONG', body: Uint8Array = emptyBody): Uint8Array {
  return plainFrame(type, 0, body);
}

/** The octets of a MESSAGE. */
export function messageFrame(message: {
  readonly flags: number;
  readonly class: number;
  readonly number: number;
  readonly mnemonic: Mnemonic;
  readonly body: Uint8Array;
}): Uint8Array {
  return formatFrame({ type: 'MESSAGE', ...message });
}

type FrameSet = ReadonlySet<FrameType>;

interface FixedHeader {
  readonly magic: number;
  readonly version: number;
  readonly type: number;
  readonly flags: number;
  readonly class: number;
  readonly reserved: number;
  readonly number: number;
  readonly length: number;
  readonly mnemonic: number;
}

const magic = 0x4d53;
const version = 1;
const blank = 0x20;
const blankMnemonic = 0x20202020;
const echoBytesMax = 64;
const emptyBody = new Uint8Array(0);

const typeCodes: Readonly<Record<FrameType, number>> = {
  HELLO: 0x01,
  WELCOME: 0x02,
  SIGN_ON: 0x03,
  SIGNED_ON: 0x04,
  SIGN_OFF: 0x05,
  MESSAGE: 0x10,
  ACK: 0x11,
  REFUSED: 0x12,
  BUSY: 0x13,
  PING: 0x20,
  PONG: 0x21,
  STATUS: 0x30,
  CLOSE: 0x3f,
};

/** The type of each code; indexed by octet, undefined where there is none. */
const types: readonly (FrameType | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  // The keys of a record of FrameType are frame types.
  (Object.keys(typeCodes) as FrameType[]).find((type) => typeCodes[type] === code),
);

const fields = new Parser()
  .uint16be('magic')
  .uint8('version')
  .uint8('type')
  .uint8('flags')
  .uint8('class')
  .uint16be('reserved')
  .uint32be('number')
  .uint32be('length')
  .uint32be('mnemonic');

// Nested, because binary-parser deletes two properties from its outermost object, which makes
// that one slow to read; the inner one stays fast (240 ns instead of 430, measured).
const fixedHeader = new Parser().nest('fixed', { type: fields });

/** The first value that the table of link 3 does not allow for the type (F1). */
function valueFlaw(
  type: FrameType,
  fixed: FixedHeader,
  from: FrameRules['from'],
): string | undefined {
  const message = type === 'MESSAGE';
  if (fixed.reserved !== 0) return 'The reserved octets are not zero.';
  if (fixed.flags > (message ? flagPossibleDuplicate | flagFinal : 0))
    return 'The flags do not fit the frame type.';
  const classMin = message && from === 'switch' ? 1 : 0;
  if (fixed.class < classMin || fixed.class > (message ? 7 : 0))
    return 'The class does not fit the frame type.';
  if (type !== 'REFUSED' && fixed.number > 0 !== numbered.has(type))
    return 'The number does not fit the frame type.';
  if (type === 'ACK' && fixed.length > 0) return 'An ACK has no body.';
  if ((type === 'PING' || type === 'PONG') && fixed.length > echoBytesMax)
    return 'A PING or PONG has at most 64 octets.';
  return undefined;
}

const numbered: FrameSet = new Set<FrameType>(['MESSAGE', 'ACK', 'BUSY']);

/** Big-endian. A DataView made for two numbers takes six times as long as the whole (measured). */
function putUint32(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 24;
  octets[at + 1] = value >>> 16;
  octets[at + 2] = value >>> 8;
  octets[at + 3] = value;
}

function malformed(reason: string): Result<never, FrameReject> {
  return fail({ code: 'C01', reason });
}

function plainFrame(type: FrameType, number: number, body: Uint8Array): Uint8Array {
  return formatFrame({ type, flags: 0, class: 0, number, mnemonic: undefined, body });
}
