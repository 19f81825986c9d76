// The fields of a text: `CODE/value` pairs and bare values between periods, and the requester line
// (link X4). Total and bounded: any text gives a list of at most `fieldsMax` fields, and nothing
// is trimmed but the line ends around a field, which Nlets asks readers to ignore.

/** A field of a text. Without `code` it is positional: its place says what it is. */
export interface Field {
  readonly code?: string;
  readonly value: string;
  /** Offset of the field in the body. */
  readonly at: number;
}

/** Who asks, when it is not the operator, and why. @source link X4, clets J6 */
export interface Requester {
  readonly who: string;
  /** The secondary recipient. */
  readonly recipient?: string;
  /** Purpose and case as they stand. */
  readonly reason?: string;
  /** The first word of the reason, and what follows it. */
  readonly purpose?: string;
  readonly case?: string;
  /** Offset of the line in the body. */
  readonly at: number;
}

/** Fields of one text that are read; no record has a tenth of them. Those beyond are left out. */
export const fieldsMax = 1000;

/** The fields between periods in `text`, whose first character stands at `base` of the body. */
export function splitFields(text: string, base: number): readonly Field[] {
  const fields: Field[] = [];
  for (let from = 0; from < text.length && fields.length < fieldsMax;) {
    const period = text.indexOf('.', from);
    const to = period === -1 ? text.length : period;
    fields.push(parseField(text, from, to, base));
    from = to + 1;
  }
  // A closing period is tolerated, with the line end that may follow it.
  if (fields.at(-1)?.code === undefined && fields.at(-1)?.value === '') fields.pop();
  return fields;
}

/**
 * The items `CODE/value` of one line of an answer, separated by blanks. Free text (MIS) takes the
 * rest of its line, slashes and all.
 * @source ncic 1.6
 */
export function splitItems(line: string, base: number): readonly Field[] {
  const fields: Field[] = [];
  for (let from = itemAt(line, 0); from !== -1 && fields.length < fieldsMax;) {
    const code = line.slice(from, from + 3);
    const next = code === 'MIS' ? -1 : itemAt(line, from + 4);
    const value = line.slice(from + 4, next === -1 ? line.length : next - 1);
    fields.push({ code, value, at: base + from });
    from = next;
  }
  return fields;
}

/** The requester of a last line `RQR/who.SEC/recipient.RSN/reason`; undefined for any other. */
export function parseRequester(line: string, at: number): Requester | undefined {
  const parts = requesterForm.exec(line);
  const who = parts?.[1];
  if (parts === null || who === undefined) return undefined;
  const [, , recipient, reason] = parts;
  const [, purpose, caseNumber] = /^([^ ]+)(?: (.+))?$/.exec(reason ?? '') ?? [];
  return {
    who,
    ...(recipient === undefined ? {} : { recipient }),
    ...(reason === undefined ? {} : { reason }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(caseNumber === undefined ? {} : { case: caseNumber }),
    at,
  };
}

export function formatRequester(requester: {
  readonly who: string;
  readonly recipient?: string;
  readonly reason?: string;
}): string {
  const { who, recipient, reason } = requester;
  const second = recipient === undefined ? '' : `.SEC/${recipient}`;
  return `RQR/${who}${second}${reason === undefined ? '' : `.RSN/${reason}`}`;
}

/** True where `text` has three capitals and a slash at `at`: a field with its code. */
export function isTagged(text: string, at = 0): boolean {
  return (
    text[at + 3] === '/' &&
    isCapital(text, at) &&
    isCapital(text, at + 1) &&
    isCapital(text, at + 2)
  );
}

const requesterForm = /^RQR\/([^.\r\n]+)(?:\.SEC\/([^.\r\n]+))?(?:\.RSN\/([^.\r\n]+))?$/;

function parseField(text: string, from: number, to: number, base: number): Field {
  let start = from;
  let end = to;
  while (start < end && isLineEnd(text, start)) start++;
  while (end > start && isLineEnd(text, end - 1)) end--;
  const at = base + start;
  // The first slash ends the code; a slash in the value is data: VCO/BLU/WHI is BLU over WHI.
  if (end - start < 4 || !isTagged(text, start)) return { value: text.slice(start, end), at };
  return { code: text.slice(start, start + 3), value: text.slice(start + 4, end), at };
}

/** Where the next item begins, at the line's beginning or after a blank; -1 for none. */
function itemAt(line: string, from: number): number {
  for (let slash = line.indexOf('/', from); slash !== -1; slash = line.indexOf('/', slash + 1)) {
    const at = slash - 3;
    if (at >= from && isTagged(line, at) && (at === 0 || line[at - 1] === ' ')) return at;
  }
  return -1;
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === '\r' || text[at] === '\n';
}

function isCapital(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x41 && code <= 0x5a;
}
