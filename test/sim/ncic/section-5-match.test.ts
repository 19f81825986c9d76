// Rules of ncic 5.10 and 8 about the missing and the unidentified: found without a name, however many there
// are; compared day by day, and scored.

import { expect, it } from 'vitest';
import { entry } from './entries.ts';
import { hitsIn, nicIn, openRoom, tables } from './room.ts';
import type { Room } from './room.ts';

const linesOf = (texts: readonly string[], key: string, ori: string): readonly string[] =>
  texts
    .filter((text) => text.startsWith(`${key}\r\n${ori}\r\n`))
    .flatMap((text) => text.split('\r\n'));

const found = { EYB: '19901992' };
/** Enters what it is given, each by another agency, and turns to the next day. */
function compared(room: Room, texts: readonly string[]): readonly string[] {
  for (const text of texts) expect(room.ask(text)[0]).toMatch(/^NIC\//);
  return room.turn(1);
}

it('5.10 search: an entry is compared with the records of the other file, and again after a change', () => {
  const room = openRoom();
  room.ask(entry('EMO'));
  room.turn(1);
  const nic = nicIn(room.ask(entry('EUD', { ...found, WGT: '300' }, { ori: 'OR0990300' })));
  expect(room.turn(1)).toEqual([]);
  room.ask(`MU.OR0990300.NIC/${nic}.OCA/30-130.WGT/200`);
  const said = room.turn(1);
  expect(linesOf(said, '$.P.', 'OR0990300')).toContain('MKE/MISSING PERSON - OTHER');
  expect(linesOf(said, '$.M.', 'NV0990200')).toContain('MKE/UNIDENTIFIED PERSON');
  expect(room.turn(30).filter((text) => /^\$\.[PM]\./.test(text))).toEqual([]);
});

it('5.10 search: scored, the best match first', () => {
  const room = openRoom();
  const near = { HGT: '600', WGT: '200', OCA: '30-2', NAM: 'MARROWBY, JOB', SMT: '' };
  const said = compared(room, [
    entry('EMO', near, { ori: 'CA0990200' }),
    entry('EMO', { SMT: 'TAT L ARM', HGT: '602', WGT: '210' }, { ori: 'NV0990200' }),
    entry('EUD', { ...found, SMT: 'TAT L ARM', HGT: '602', WGT: '210' }, { ori: 'OR0990300' }),
  ]);
  const lines = linesOf(said, '$.P.', 'OR0990300');
  const scores = lines.filter((line) => line.startsWith('SCORE/'));
  // Sex, race, height, weight, eyes, hair, birth, and the mark; then height and weight only near.
  expect(scores).toEqual(['SCORE/60 OF 100', 'SCORE/43 OF 100']);
  expect(lines.findIndex((line) => line.includes('QUILLBRAND'))).toBeLessThan(
    lines.findIndex((line) => line.includes('MARROWBY')),
  );
});

it('8 $.M.: to the owner of the existing record, with the score', () => {
  const room = openRoom();
  room.ask(entry('EMO'));
  room.turn(1);
  const said = compared(room, [entry('EUD', found, { ori: 'OR0990300' })]);
  expect(linesOf(said, '$.M.', 'NV0990200').slice(0, 6)).toEqual([
    '$.M.',
    'NV0990200',
    '',
    'YOUR RECORD IS A POSSIBLE MATCH OF A NEWER RECORD',
    'SCORE/43 OF 100',
    'MKE/UNIDENTIFIED PERSON',
  ]);
});

it.each([
  ['19851995', 1],
  ['19931995', 1],
  ['19941999', 0],
  ['19701988', 0],
  ['19701990', 1],
] as const)('5.10 search: somebody born in 1991 and an estimate of %s', (EYB, matches) => {
  const said = compared(openRoom(), [entry('EMO'), entry('EUD', { EYB }, { ori: 'OR0990300' })]);
  expect(said.filter((text) => text.startsWith('$.P.\r\nOR0990300'))).toHaveLength(matches);
});

it('5.10 search: no more matches than are told, the best of them all', () => {
  const room = openRoom();
  const most = tables.matches.most;
  const people = Array.from({ length: most + 5 }, (_, at) =>
    entry('EMO', {
      NAM: `MARROWBY, ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[at] ?? ''}`,
      OCA: `30-${String(200 + at)}`,
      // The last ones go together best.
      HGT: at < 5 ? '511' : '600',
    }),
  );
  const said = compared(room, [...people, entry('EUD', found, { ori: 'OR0990300' })]);
  const scores = linesOf(said, '$.P.', 'OR0990300').filter((line) => line.startsWith('SCORE/'));
  expect(scores).toEqual(Array<string>(most).fill('SCORE/48 OF 100'));
});

it('5.10 QU by: exact, however many there are', () => {
  const room = openRoom();
  const others = 10_050;
  room.store.insertMany(
    (function* () {
      for (let at = 0; at <= others; at += 1)
        yield {
          kind: 'EUD',
          ori: 'NV0990200',
          enteredMs: room.atMs,
          updatedMs: room.atMs,
          fields: [
            ...([
              ['SEX', 'M'],
              ['RAC', 'W'],
              ['HGT', '600'],
              ['WGT', '200'],
            ] as const),
            ...([
              ['EYE', 'GRN'],
              ['HAI', 'BRO'],
              ['EYB', '1991'],
              ['DBF', '20300302'],
            ] as const),
            ['BPS', at === others ? 'SKL' : 'ALL'] as const,
            ['OCA', `U-${String(at)}`] as const,
          ],
        };
    })(),
  );
  expect(hitsIn(room.ask('QU.CA0990100.BPS/SKL'))).toBe(1);
  expect(hitsIn(room.ask('QU.CA0990100.SEX/M.RAC/W.HGT/600.WGT/200.EYE/BLU.HAI/BRO'))).toBe(0);
  const all = room.ask('QU.CA0990100.SEX/M.RAC/W.HGT/600.WGT/200.EYE/GRN.HAI/BRO');
  expect([hitsIn(all), all.at(-1)]).toEqual([100, expect.stringContaining(String(others - 99))]);
});
