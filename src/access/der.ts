// Reads DER, the strict form of ASN.1, as far as lists of revoked certificates need it. Pure and total:
// any octets give items or nothing, never a throw; a length is believed only when its octets are there.
// It judges no meaning: which items a structure must have is the caller's to say.

export interface DerItem {
  /** Class, form and number in one octet; tags that need more octets are not read. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** With its tag and length, as it was signed or compared. */
  readonly whole: Uint8Array;
}

export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  /** `[n] EXPLICIT`. */
  context: (number: number): number => 0xa0 + number,
} as const;

/** All items that the octets are made of, to their last octet; undefined where one does not hold. */
export function readDer(octets: Uint8Array): readonly DerItem[] | undefined {
  const items: DerItem[] = [];
  for (let at = 0; at < octets.length;) {
    const item = itemAt(octets, at);
    if (item === undefined) return undefined;
    items.push(item);
    at += item.whole.length;
  }
  return items;
}

/** The items inside one of that tag; undefined for any other. */
export function inside(item: DerItem | undefined, tag: number): readonly DerItem[] | undefined {
  return item?.tag === tag ? readDer(item.content) : undefined;
}

/** An object identifier with dots; undefined where its content is none. */
export function oidOf(item: DerItem | undefined): string | undefined {
  if (item?.tag !== derTags.oid || item.content.length === 0) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of item.content) {
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) return undefined;
    if ((octet & 0x80) !== 0) continue;
    arcs.push(arc);
    arc = 0;
  }
  // The last octet of the content must end an arc.
  if (((item.content.at(-1) ?? 0) & 0x80) !== 0) return undefined;
  const [joined = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(joined / 40));
  return [first, joined - first * 40, ...rest].join('.');
}

/**
 * Milliseconds since 1970 of a UTCTime or GeneralizedTime in the one form that certificates allow:
 * whole seconds, ending in Z.
 *
 * @source RFC 5280, 4.1.2.5
 */
export function timeOf(item: DerItem | undefined): number | undefined {
  if (item?.tag !== derTags.utcTime && item?.tag !== derTags.generalizedTime) return undefined;
  const digits = item.tag === derTags.utcTime ? 12 : 14;
  const text = String.fromCharCode(...item.content.subarray(0, 16));
  if (item.content.length !== digits + 1 || !/^[0-9]+Z$/.test(text)) return undefined;
  const full = digits === 14 ? text : (Number(text.slice(0, 2)) < 50 ? '20' : '19') + text;
  const iso = full.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const ms = Date.parse(iso);
  // 31 February and the like are moved on by Date, or are no time at all.
  return Number.isNaN(ms) || new Date(ms).toISOString() !== iso ? undefined : ms;
}

/** A whole number, not negative, as hex without leading zeros; undefined for any other. */
export function hexOf(item: DerItem | undefined): string | undefined {
  if (item?.tag !== derTags.integer) return undefined;
  const [first, second] = item.content;
  if (first === undefined || first >= 0x80) return undefined;
  // A leading zero stands only before an octet that would make the number negative.
  if (first === 0 && second !== undefined && second < 0x80) return undefined;
  return plainHex(
    Array.from(item.content, (octet) => octet.toString(16).padStart(2, '0')).join(''),
  );
}

/** Serial numbers are compared so: lower case, without leading zeros. */
export function plainHex(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=.)/, '');
}

const lengthOctetsMax = 4;

function itemAt(octets: Uint8Array, at: number): DerItem | undefined {
  const tag = octets[at];
  const short = octets[at + 1];
  // 1F: the number of the tag follows in octets of its own.
  if (tag === undefined || short === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (short < 0x80) return cut(octets, at, { tag, from: at + 2, length: short });
  const count = short - 0x80;
  if (count === 0 || count > lengthOctetsMax) return undefined;
  let length = 0;
  for (let index = 0; index < count; index += 1)
    length = length * 256 + (octets[at + 2 + index] ?? 0);
  // DER has one form for each length: the shortest.
  const shortest = count === 1 ? length >= 0x80 : length >= 256 ** (count - 1);
  return shortest ? cut(octets, at, { tag, from: at + 2 + count, length }) : undefined;
}

function cut(
  octets: Uint8Array,
  at: number,
  { tag, from, length }: { readonly tag: number; readonly from: number; readonly length: number },
): DerItem | undefined {
  const end = from + length;
  if (end > octets.length) return undefined;
  return { tag, content: octets.subarray(from, end), whole: octets.subarray(at, end) };
}
