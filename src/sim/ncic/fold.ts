// What numbers and names are compared as. Both sides of every comparison pass through here, and a
// record keeps its values as they were sent. Pure and total.

/** The letter O is searched as zero; what is no letter and no digit does not count. @source ncic 4.4 */
export function foldNumber(value: string): string {
  let folded = '';
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code === letterO || code === letterO + 32) folded += '0';
    else if (isDigit(code) || isCapital(code)) folded += value[at] ?? '';
    else if (isCapital(code - 32)) folded += String.fromCharCode(code - 32);
  }
  return folded;
}

/** The rightmost eight characters; a shorter number compares whole. @source ncic 4.4 */
export const foldVin = (value: string): string => foldNumber(value).slice(-8);

/** Letters between digits are ignored, those before and after count. @source ncic 4.4 */
export function foldGunSerial(value: string): string {
  const folded = foldNumber(value);
  const [, before = '', between = '', after = ''] = /^([A-Z]*)(.*?)([A-Z]*)$/.exec(folded) ?? [];
  return before + between.replaceAll(/[A-Z]/g, '') + after;
}

/** Letters alone, as capitals. */
export function foldName(value: string): string {
  let folded = '';
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (isCapital(code)) folded += value[at] ?? '';
    else if (isCapital(code - 32)) folded += String.fromCharCode(code - 32);
  }
  return folded;
}

const letterO = 0x4f;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isCapital = (code: number): boolean => code >= 0x41 && code <= 0x5a;
