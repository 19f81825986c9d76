// The word of a list that a person most likely meant. Total; the list is short, and has one word at least.

/** Fewest letters put in, taken out or exchanged; the first of several as near. */
export function nearest(text: string, words: readonly string[]): string {
  const steps = words.map((word) => distance(text.toLowerCase(), word.toLowerCase()));
  return words[steps.indexOf(Math.min(...steps))] ?? '';
}

/** Levenshtein's, row by row. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of from.split('').entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const exchanged = (row[j] ?? 0) + (letter === to[j] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
