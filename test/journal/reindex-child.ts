// A process that lays a kept journal, spoils the index of its first segment and makes it anew:
// node reindex-child.ts DIR. Says `renewed`, or with 3 that it could not. It is one thread and seals nothing, so
// that a fault meets the reindex alone.

import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Reindexer } from '#journal/sqlite/reindexer';
import { unpack } from '#support/kept-journals/kept';
import { alter, sealedNames } from './sealed-folder.ts';

const [dir = ''] = process.argv.slice(2);
// Under another name, so that no fault meets it before the reindex begins.
const laid = `${dir}-laid`;
unpack('2-segments', laid);
alter(laid, "DELETE FROM terms; UPDATE marks SET times = x'00'; DELETE FROM listed");
rmSync(join(laid, sealedNames(laid, 'filter')[0] ?? ''));
renameSync(laid, dir);
let state = 'none';
const reindexer = new Reindexer(dir, (report) => (state = report.state));
reindexer.begin({ kind: 'segment', entry: 1 });
while (reindexer.step());
if (state === 'done') process.stdout.write('renewed\n');
else process.exitCode = 3;
