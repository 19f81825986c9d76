// Where in a TOML text a key stands, for the eyes of whoever mends it.
// The parser gives no places, so this looks for table headers and keys line by line. A best effort:
// inside a multi-line string it may be fooled, and then the place is wrong or missing, nothing else.

export interface Place {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** The place of a key, or of its nearest ancestor that is written in the text. */
export function placeOf(toml: string, path: readonly string[]): Place | undefined {
  const places = new Map<string, Place>();
  let table: readonly string[] = [];
  for (const [index, line] of toml.split('\n').entries()) {
    const column = line.length - line.trimStart().length + 1;
    const header = /^\s*\[\[?([^\]]+)\]\]?\s*(?:#.*)?$/.exec(line)?.[1];
    const key = /^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=/.exec(
      line,
    )?.[1];
    if (header !== undefined) table = split(header);
    const found = header !== undefined ? table : key !== undefined ? [...table, ...split(key)] : [];
    note(places, found, { line: index + 1, column });
  }
  for (let length = path.length; length > 0; length -= 1) {
    const place = places.get(JSON.stringify(path.slice(0, length)));
    if (place !== undefined) return place;
  }
  return undefined;
}

function note(places: Map<string, Place>, path: readonly string[], place: Place): void {
  for (let length = 1; length <= path.length; length += 1) {
    const key = JSON.stringify(path.slice(0, length));
    if (!places.has(key)) places.set(key, place);
  }
}

function split(dotted: string): readonly string[] {
  const parts = dotted.match(/"[^"]*"|'[^']*'|[^.\s]+/g) ?? [];
  return parts.map((part) => part.replace(/^(["'])(.*)\1$/, '$2'));
}
