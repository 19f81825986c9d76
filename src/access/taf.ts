// Terminal address fields: composed from what a device is, and checked by how they were made.
// Pure and total. A kind is declared, never guessed: `001002003004` is valid as two of them (clets A14).

import { parseTaf, type Taf } from '#protocol/ids';
import { fail, ok, type Result } from '#protocol/result';
import type { TafKind } from '#journal/register';

/** What a device is known by, as an administrator writes it. */
export interface TafParts {
  /** IPv4 in dotted decimal. */
  readonly ip?: string | undefined;
  /** Six octets in hexadecimal, with colons or hyphens between. */
  readonly mac?: string | undefined;
  /** Inventory identifier, 6 to 18 of A-Z and 0-9. */
  readonly id?: string | undefined;
}

export const tafKinds = ['mac6', 'ip8', 'ip12', 'mac12', 'ip8mac6', 'ip12mac6', 'id'] as const;

/** Without leading zeros: some programs read those as octal. */
const ipv4 = /^(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}$/;

const needs: Readonly<Record<TafKind, readonly (keyof TafParts)[]>> = {
  mac6: ['mac'],
  ip8: ['ip'],
  ip12: ['ip'],
  mac12: ['mac'],
  ip8mac6: ['ip', 'mac'],
  ip12mac6: ['ip', 'mac'],
  id: ['id'],
};

/**
 * The field of a device.
 *
 * @returns It, or a sentence that says what is wrong with the parts.
 * @source clets 2.4; A11 to A13: address before device, the low three octets of the MAC
 */
export function composeTaf(kind: TafKind, parts: TafParts): Result<Taf, string> {
  const wanted = needs[kind];
  const given = (['ip', 'mac', 'id'] as const).filter((part) => parts[part] !== undefined);
  if (given.join() !== wanted.join())
    return fail(`kind ${kind} takes ${wanted.join(' and ')} alone`);
  if (parts.ip !== undefined && !ipv4.test(parts.ip)) return fail('the ip must be an IPv4 address');
  const mac = parts.mac === undefined ? '' : macDigits(parts.mac);
  if (mac === undefined) return fail('the mac must be six octets, such as 00:1B:44:11:3A:B7');
  const taf = parseTaf(encode(kind, parts.ip ?? '', mac, parts.id ?? ''));
  return taf === undefined ? fail('the id must be 6 to 18 of A-Z and 0-9') : ok(taf);
}

/** Whether a field can have been made that way. @source clets 2.4, validation */
export function isTafOfKind(kind: TafKind, taf: Taf): boolean {
  const decimal = /^(?:[01]\d\d|2[0-4]\d|25[0-5]){4}/;
  switch (kind) {
    case 'mac6':
      return /^[0-9A-F]{6}$/.test(taf);
    case 'ip8':
      return /^[0-9A-F]{8}$/.test(taf);
    case 'mac12':
      return /^[0-9A-F]{12}$/.test(taf);
    case 'ip8mac6':
      return /^[0-9A-F]{14}$/.test(taf);
    case 'ip12':
      return taf.length === 12 && decimal.test(taf);
    case 'ip12mac6':
      return decimal.test(taf) && /^[0-9A-F]{6}$/.test(taf.slice(12));
    case 'id':
      return true;
  }
}

function encode(kind: TafKind, ip: string, mac: string, id: string): string {
  switch (kind) {
    case 'mac6':
      return mac.slice(6);
    case 'mac12':
      return mac;
    case 'ip8':
      return ipHex(ip);
    case 'ip12':
      return ipDecimal(ip);
    case 'ip8mac6':
      return ipHex(ip) + mac.slice(6);
    case 'ip12mac6':
      return ipDecimal(ip) + mac.slice(6);
    case 'id':
      return id;
  }
}

function ipHex(ip: string): string {
  const octets = ip.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return octets.join('').toUpperCase();
}

function ipDecimal(ip: string): string {
  return ip
    .split('.')
    .map((octet) => octet.padStart(3, '0'))
    .join('');
}

function macDigits(mac: string): string | undefined {
  return /^[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}$/.test(mac)
    ? mac.replaceAll(/[:-]/g, '').toUpperCase()
    : undefined;
}
