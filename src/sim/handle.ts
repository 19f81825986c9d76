// The handle in a text: by it alone an answer is known to be the answer to a question. In the NCIC dialect it
// is the header from its fifth character on (ncic 1.5), in the Nlets dialect the control field (nlets 2.3).

/** The header of NCIC that stands at the beginning: prefix and reference. */
const ncicHeader = /^([0-9A-Z]{4})([ -\-/-~]{5,15})(?=\.|\r\n)/;
/** In a header of input form, of output form as one line, and on a line of its own. */
const controlField = /(?:^|[.\n])\*([^\r\n]{1,10}?) *(?=\.TXT|\r\n)/;

/** Undefined: the text has none. */
export function handleOf(text: string): string | undefined {
  return ncicHeader.exec(text)?.[2]?.trimEnd() ?? controlField.exec(text)?.[1];
}

/** The same text under another handle. */
export function underHandle(text: string, handle: string): string {
  const ncic = ncicHeader.exec(text);
  if (ncic !== null) return `${ncic[1] ?? ''}${handle}${text.slice(ncic[0].length)}`;
  return text.replace(controlField, (found, old: string) => found.replace(old, () => handle));
}
