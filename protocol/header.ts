// The extended header (link 7): supplemental header, operator (OIF), terminal (TAF). One pass from
// the left; the first octet that cannot stand where it stands decides, and its offset is `at`. It
// looks ahead 11, 8 and 20 octets and no further, fails by value, and repairs nothing (link E3).

import type { Oif, Suphdr, Taf } from './ids.ts';
import { asciiBytes, latin1 } from './octets.ts';
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';

export interface Header {
  readonly suphdr: Suphdr;
  readonly oif?: Oif;
  readonly taf?: Taf;
  /** Offset of the `*`, where H17 and H19 point. */
  readonly oifAt?: number;
  /** Offset of the `#`, where H18 points. */
  readonly tafAt?: number;
  /** Offset of the text; without a TAF also where one would stand, where H16 points. */
  readonly textAt: number;
}

/** The outcomes that syntax alone decides; H16 to H19 and H22 are the switch's. @source clets 2.2 */
export type HeaderRejectCode =
  | `H0${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | 'H10'
  | 'H11'
  | 'H12'
  | 'H13'
  | 'H14'
  | 'H15'
  | 'H20'
  | 'H21';

export interface HeaderReject {
  readonly code: HeaderRejectCode;
  /** Offset of the octet that decides; the length of the body where it ends too early. */
  readonly at: number;
}

/**
 * Reads the extended header at the beginning of a body.
 *
 * @param from Whose: a host must send an OIF (E5), a terminal may (E4); what an upstream sends is
 *   judged like a terminal's (E8), but its fields mean nothing (E7).
 * @source link 7, clets 2.2
 */
export function parseHeader(
  octets: Uint8Array,
  from: 'terminal' | 'host' | 'upstream',
): Result<Header, HeaderReject> {
  if (octets.length === 0 || octets[0] === period) return fail({ code: 'H01', at: 0 });
  const suphdrEnd = scan(octets, 0, supplemental);
  if (typeof suphdrEnd !== 'number') return fail(suphdrEnd);
  // Each scan has proved the grammar of its identifier, here and below.
  const suphdr = latin1(octets, 0, suphdrEnd) as Suphdr;
  const oifAt = suphdrEnd + 1;
  if (octets[oifAt] !== asterisk) {
    const code = afterSuphdr(octets[oifAt], from === 'host');
    return code === undefined ? ok({ suphdr, textAt: oifAt }) : fail({ code, at: oifAt });
  }
  const oifEnd = scan(octets, oifAt + 1, operator);
  if (typeof oifEnd !== 'number') return fail(oifEnd);
  const oif = latin1(octets, oifAt + 1, oifEnd) as Oif;
  const tafAt = oifEnd + 1;
  if (octets[tafAt] !== numberSign) {
    const code = beforeText(octets[tafAt]);
    return code === undefined
      ? ok({ suphdr, oif, oifAt, textAt: tafAt })
      : fail({ code, at: tafAt });
  }
  const tafEnd = scan(octets, tafAt + 1, terminal);
  if (typeof tafEnd !== 'number') return fail(tafEnd);
  const taf = latin1(octets, tafAt + 1, tafEnd) as Taf;
  const textAt = tafEnd + 1;
  const code = octets[textAt] === numberSign ? 'H13' : beforeText(octets[textAt]);
  return code === undefined
    ? ok({ suphdr, oif, oifAt, taf, tafAt, textAt })
    : fail({ code, at: textAt });
}

/** The octets of a header; the text follows. @source link E2 */
export function formatHeader(header: {
  readonly suphdr: Suphdr;
  readonly oif?: Oif | undefined;
  readonly taf?: Taf | undefined;
}): Uint8Array {
  const { suphdr, oif, taf } = header;
  const operatorField = oif === undefined ? '' : `*${oif}.`;
  const terminalField = taf === undefined ? '' : `#${taf}.`;
  return asciiBytes(`${suphdr}.${operatorField}${terminalField}`);
}

/** A run of letters and digits that ends in a period, and the code of each way it can be wrong. */
interface Run {
  readonly min: number;
  readonly max: number;
  readonly short: HeaderRejectCode;
  readonly long: HeaderRejectCode;
  readonly character: HeaderRejectCode;
}

const supplemental: Run = { min: 4, max: 10, short: 'H02', long: 'H03', character: 'H04' };
const operator: Run = { min: 6, max: 6, short: 'H06', long: 'H07', character: 'H08' };
const terminal: Run = { min: 6, max: 18, short: 'H10', long: 'H11', character: 'H12' };

const period = 0x2e;
const asterisk = 0x2a;
const numberSign = 0x23;

/** The offset of the run's period, or the first octet that cannot stand where it stands. */
function scan(octets: Uint8Array, from: number, run: Run): number | HeaderReject {
  for (let at = from; at <= from + run.max; at++) {
    const octet = octets[at];
    if (octet === undefined) return { code: run.long, at };
    if (octet === period) return at < from + run.min ? { code: run.short, at } : at;
    if (isControl(octet)) return { code: 'H21', at };
    if (at === from + run.max) return { code: run.long, at };
    if (!isUpperAlnum(octet)) return { code: run.character, at };
  }
  // Not reached: the last round above returns in every case.
  return { code: run.long, at: from + run.max };
}

/** What stands after the first period and is no asterisk; undefined where the text begins. */
function afterSuphdr(
  octet: number | undefined,
  oifRequired: boolean,
): HeaderRejectCode | undefined {
  if (octet === numberSign) return 'H14';
  if (octet === period) return 'H15';
  if (!oifRequired) return octet === undefined ? 'H20' : undefined;
  return octet !== undefined && isControl(octet) ? 'H21' : 'H05';
}

/** What stands after the OIF or the TAF; undefined where the text begins. */
function beforeText(octet: number | undefined): HeaderRejectCode | undefined {
  if (octet === undefined) return 'H20';
  if (octet === asterisk) return 'H09';
  return octet === period ? 'H15' : undefined;
}

function isControl(octet: number): boolean {
  return octet < 0x20 || octet === 0x7f;
}

function isUpperAlnum(octet: number): boolean {
  return (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x30 && octet <= 0x39);
}
