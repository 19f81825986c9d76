// Octets that mean nothing, the same in every run: controls, NUL, ETX, halves of UTF-8, and letters between.

/** So many characters of one octet each. */
export function garbage(length: number, seed = 0x2545f491): string {
  let state = seed;
  let text = '';
  for (let at = 0; at < length; at++) {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    text += String.fromCharCode(state & 0xff);
  }
  return text;
}
