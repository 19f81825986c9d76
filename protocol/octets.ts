// Octets and text, without Buffer or TextDecoder: the pure rooms have neither. Latin-1 maps every
// octet to the character of the same number and back; UTF-8 is read strictly (link F5).

/** One octet for each character; characters above FF are cut to their low octet, so give it none. */
export function asciiBytes(text: string): Uint8Array {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i);
  return octets;
}

/** One character for each octet of `octets[from, end)`, as far as there are octets. */
export function latin1(octets: Uint8Array, from = 0, end = octets.length): string {
  const to = Math.min(end, octets.length);
  if (to - from <= shortText) return latin1Short(octets, from, to);
  let text = '';
  for (let at = from; at < to; at += piece) {
    // `apply` takes anything array-like; its declared type knows arrays only.
    const codes = octets.subarray(at, Math.min(at + piece, to)) as unknown as number[];
    text += String.fromCharCode.apply(null, codes);
  }
  return text;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** UTF-8 of the text; a lone surrogate becomes U+FFFD, as everywhere. */
export function utf8Bytes(text: string): Uint8Array {
  const whole = text.toWellFormed();
  const octets = new Uint8Array(utf8Length(whole));
  let at = 0;
  for (const character of whole) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) octets[at++] = code;
    else {
      const tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      octets[at++] = (0xf0 << (3 - tail)) | (code >> (6 * tail));
      for (let left = tail - 1; left >= 0; left--)
        octets[at++] = 0x80 | ((code >> (6 * left)) & 63);
    }
  }
  return octets;
}

/** Octets the text takes as UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // The halves of a surrogate pair take two octets each: four together.
    length += unit < 0x80 ? 1 : unit < 0x800 || (unit & 0xf800) === 0xd800 ? 2 : 3;
  }
  return length;
}

/** The text, or undefined where the octets are not UTF-8: overlong, cut, surrogate or above 10FFFF. */
export function parseUtf8(octets: Uint8Array): string | undefined {
  let text = '';
  let plainFrom = 0;
  let at = 0;
  while (at < octets.length) {
    if ((octets[at] ?? 0) < 0x80) {
      at++;
      continue;
    }
    text += latin1(octets, plainFrom, at);
    const code = codePoint(octets, at);
    if (code === undefined) return undefined;
    text += String.fromCodePoint(code);
    at += code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    plainFrom = at;
  }
  return text + latin1(octets, plainFrom, at);
}

/** Up to so many characters, joining one by one is faster than one call with all (measured). */
const shortText = 9;
/** Arguments of one call; far below any engine's limit. */
const piece = 4096;

function latin1Short(octets: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(octets[i] ?? 0);
  return text;
}

/** The code point of two to four octets at `at`, in its shortest form only. */
function codePoint(octets: Uint8Array, at: number): number | undefined {
  const lead = octets[at] ?? 0;
  const tail = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  if (lead < 0xc2 || lead > 0xf4) return undefined;
  let code = lead & (0x3f >> tail);
  for (let i = 1; i <= tail; i++) {
    const next = octets[at + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (next & 0x3f);
  }
  if (tail === 2 && (code < 0x800 || (code & 0xf800) === 0xd800)) return undefined;
  if (tail === 3 && (code < 0x10000 || code > 0x10ffff)) return undefined;
  return code;
}
