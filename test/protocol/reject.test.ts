import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { closes, rejects, serviceCodes } from '#protocol/reject';

it('every code of the protocol has its sentence, and no other', () => {
  const range = (letter: string, from: number, to: number): string[] =>
    Array.from(
      { length: to - from + 1 },
      (_, i) => `${letter}${String(from + i).padStart(2, '0')}`,
    );
  const refused = [range('B', 1, 4), range('H', 1, 22), range('R', 1, 3)];
  refused.push(range('U', 1, 9), range('X', 2, 9));
  expect(Object.keys(rejects).sort()).toEqual(refused.flat());
  expect(Object.keys(closes).sort()).toEqual(range('C', 1, 18));
});

it('security events are those that clets 2.2 and link M1 name', () => {
  const events = Object.entries(rejects).filter(([, { securityEvent }]) => securityEvent);
  expect(events.map(([code]) => code).sort()).toEqual(['B04', 'H17', 'H18', 'H19']);
});

it("every code stands in the room's README with its sentence", () => {
  const file = readFileSync(new URL('../../protocol/README.md', import.meta.url), 'utf8');
  const readme = file.replaceAll(/ +/g, ' ');
  const rows = [
    ...Object.entries(closes),
    ...Object.entries(rejects).map(([code, { text }]) => [code, text]),
    ...Object.entries(serviceCodes),
  ];
  const missing = rows.filter(([code, text]) => !readme.includes(`| ${code} | ${text} |`));
  expect(missing).toEqual([]);
});
