import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { Journal } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { verifyJournal } from '#journal/verify';
import { makeEntries } from '#support/make-journal';
import { seededRandom, temporaryFolder } from './folders.ts';

const made = [...makeEntries({ count: 40, seed: 17 })];
const random = seededRandom(17);

const unlock = `DROP TRIGGER entries_in_order; DROP TRIGGER entries_never_change;
  DROP TRIGGER entries_never_go; DROP TRIGGER tree_grows; DROP TRIGGER tree_never_goes;`;
const flipped = (column: string): string =>
  `CAST(substr(${column}, 1, 20) || x'7e' || substr(${column}, 22) AS BLOB)`;

/** What was done to the file, and the first entry that no longer holds. */
const alterations: readonly (readonly [string, string, number])[] = [
  ['a blob altered', `UPDATE entries SET blob = ${flipped('blob')} WHERE entry = 9`, 9],
  ['a blob cut', `UPDATE entries SET blob = substr(blob, 1, length(blob) - 1) WHERE entry = 2`, 2],
  ['a salt altered', `UPDATE entries SET salt = ${flipped('salt')} WHERE entry = 12`, 12],
  ['a leaf altered', `UPDATE entries SET leaf = ${flipped('leaf')} WHERE entry = 40`, 40],
  ['a row deleted', 'DELETE FROM entries WHERE entry = 20', 20],
  ['the first row deleted', 'DELETE FROM entries WHERE entry = 1', 1],
  ['the last rows deleted', 'DELETE FROM entries WHERE entry > 35', 36],
  ['all rows deleted', 'DELETE FROM entries', 1],
  [
    'two rows exchanged',
    `UPDATE entries SET entry = -7 WHERE entry = 7; UPDATE entries SET entry = 7 WHERE entry = 8;
     UPDATE entries SET entry = 8 WHERE entry = -7`,
    7,
  ],
  [
    'a row put in',
    `INSERT INTO entries SELECT 41, salt, leaf, blob FROM entries WHERE entry = 40`,
    41,
  ],
  ['the frontier altered', `UPDATE tree SET frontier = ${flipped('frontier')}`, 1],
  // 40 leaves are a subtree of 32 and one of 8.
  [
    'the frontier altered in its end',
    `UPDATE tree SET frontier = CAST(substr(frontier, 1, 63) || x'7e' AS BLOB)`,
    33,
  ],
  ['the frontier cut', `UPDATE tree SET frontier = substr(frontier, 1, 32)`, 33],
  [
    'the tree counted down with its rows',
    'DELETE FROM entries WHERE entry = 40; UPDATE tree SET size = 39',
    33,
  ],
  ['the tree deleted', 'DELETE FROM tree', 1],
  ['the table dropped', 'DROP TABLE entries', 1],
];

describe('verifying a journal', () => {
  let journal: Journal | undefined;
  afterEach(async () => {
    await journal?.close();
    journal = undefined;
  });
  const written = async (count = 40): Promise<string> => {
    const dir = temporaryFolder();
    const journal = await openJournal(dir, { random });
    await journal.append(made.slice(0, count));
    await journal.close();
    return dir;
  };

  it('gives the number of entries and the root that the journal itself gives', async () => {
    const dir = temporaryFolder();
    journal = await openJournal(dir, { random });
    expect(verifyJournal(dir)).toEqual(await journal.head());
    for (const stored of made) await journal.append([stored]);
    expect(verifyJournal(dir)).toEqual(await journal.head());
  });

  it('holds at each moment while entries are written', async () => {
    const dir = temporaryFolder();
    const open = (journal = await openJournal(dir, { random }));
    const appends = made.map((stored) => open.append([stored]));
    for (const append of appends) {
      expect(verifyJournal(dir)).toHaveProperty('root');
      await append;
    }
  });

  it.each(alterations)(
    'names the first entry that does not hold after %s',
    async (_, sql, firstBad) => {
      const dir = await written();
      const db = new Database(join(dir, 'journal.db'));
      db.exec(unlock + sql);
      db.close();
      expect(verifyJournal(dir)).toMatchObject({ firstBad });
    },
  );

  it('notices content that was replaced together with its leaf', async () => {
    const dir = await written();
    const other = await written();
    const db = new Database(join(dir, 'journal.db'));
    db.exec(`${unlock} ATTACH '${join(other, 'journal.db')}' AS other;
      REPLACE INTO entries SELECT * FROM other.entries WHERE entry = 34;`);
    db.close();
    expect(verifyJournal(dir)).toMatchObject({ firstBad: 33 });
  });

  it('names the first entry of what was in a WAL file that was taken away', async () => {
    const dir = await written(25);
    journal = await openJournal(dir, { random });
    await journal.append(made.slice(25));
    const copy = join(temporaryFolder(), 'copy');
    cpSync(dir, copy, { recursive: true });
    expect(verifyJournal(copy)).toHaveProperty('root');
    for (const suffix of ['-wal', '-shm']) rmSync(join(copy, `journal.db${suffix}`));
    expect(verifyJournal(copy)).toMatchObject({ firstBad: 26 });
  });

  it('tells a whole journal that was put in the place of another', async () => {
    const dir = await written();
    cpSync(join(await written(), 'journal.db'), join(dir, 'journal.db'));
    expect(verifyJournal(dir)).toMatchObject({ firstBad: 1 });
  });

  it('tells a file that is cut, empty, overwritten or gone', async () => {
    const acts: readonly ((file: string) => void)[] = [
      (file) => truncateSync(file, 9000),
      (file) => truncateSync(file, 0),
      (file) => writeFileSync(file, 'not a journal'.repeat(500)),
      (file) => writeFileSync(file, readFileSync(file).fill(0, 100)),
      (file) => rmSync(file),
    ];
    for (const act of acts) {
      const dir = await written();
      act(join(dir, 'journal.db'));
      expect(verifyJournal(dir)).toMatchObject({ firstBad: 1 });
    }
  });

  it('does not take a journal as whole without what was noted beside it', async () => {
    const dir = await written();
    rmSync(join(dir, 'head'));
    expect(verifyJournal(dir)).toMatchObject({ firstBad: 41 });
  });
});
