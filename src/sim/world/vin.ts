// The check digit of a vehicle number, which no invented vehicle may have right.
// @source the usual weights and values of a 17-character number, K

const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const letters: Readonly<Record<string, number>> = {
  ...{ A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5 },
  ...{ P: 7, R: 9, S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 },
};

/** What the ninth character must be. */
export function vinCheck(vin: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) {
    const character = vin[i] ?? '0';
    sum += (letters[character] ?? Number(character)) * (weights[i] ?? 0);
  }
  return sum % 11 === 10 ? 'X' : String(sum % 11);
}

/** The number with a ninth character that is a digit and not the right one. */
export function withWrongCheck(vin: string): string {
  const right = vinCheck(vin);
  const wrong = right === 'X' ? '0' : String((Number(right) + 1) % 10);
  return vin.slice(0, 8) + wrong + vin.slice(9);
}
