// Octets of a terminal in raw mode to keys. Total: what is no key of ours is its own text, one by one.

export type NamedKey =
  'up' | 'down' | 'page-up' | 'page-down' | 'enter' | 'escape' | 'backspace' | 'interrupt';
export type Key = NamedKey | { readonly text: string };

const named: Readonly<Record<string, Key>> = {
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  '\u001b[5~': 'page-up',
  '\u001b[6~': 'page-down',
  '\r': 'enter',
  '\n': 'enter',
  '\u001b': 'escape',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0003': 'interrupt',
};

export function keysOf(chunk: string): readonly Key[] {
  // A sequence we do not know is left out whole, not typed letter by letter.
  const parts = chunk.match(/\u001b\[[0-9;]*[A-Za-z~]|\u001bO[A-Z]|[^]/gu) ?? [];
  return parts.flatMap((part): readonly Key[] => {
    const key = named[part];
    if (key !== undefined) return [key];
    return /^[\u0020-\u007e\u00a0-\uffff]$/u.test(part) ? [{ text: part }] : [];
  });
}
