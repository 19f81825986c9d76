// A process that fills a journal, seals its first segment, spoils the index of that and makes it anew:
// node reindex-child.ts DIR COUNT. Says `renewed`, or with 3 that it could not. It is one thread, so that a fault
// meets the reindex alone.

import { chmodSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Reindexer } from '#journal/sqlite/reindexer';
import { filterFile, sealedFile } from '#journal/sqlite/segment-files';
import { makeEntries } from '#support/make-journal';
import { sealedFolder } from './sealed-folder.ts';
import { tinySegments } from './tiny.ts';

const [dir = '', count = '0'] = process.argv.slice(2);
const made = [...makeEntries({ count: Number(count) - 1, seed: 1 })];
sealedFolder(dir, made.slice(0, tinySegments.entries), tinySegments.entries);
const range = { first: 1, last: tinySegments.entries };
spoil(sealedFile(dir, range));
rmSync(filterFile(dir, range));
let state = 'none';
const reindexer = new Reindexer(dir, (report) => (state = report.state));
reindexer.begin({ kind: 'all' });
while (reindexer.step());
if (state === 'done') process.stdout.write('renewed\n');
else process.exitCode = 3;

/** Its entries stay as they are. */
function spoil(path: string): void {
  chmodSync(path, 0o600);
  const db = new Database(path);
  db.exec("DELETE FROM terms; UPDATE marks SET times = x'00'; DELETE FROM listed");
  db.close();
  chmodSync(path, 0o400);
}
