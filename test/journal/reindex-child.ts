// A process that lays a kept journal, spoils the index of its first segment and makes it anew:
// node reindex-child.ts DIR. Says `renewed`, or with 3 that it could not. It is one thread and seals nothing, so
// that a fault meets the reindex alone.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Reindexer } from '#journal/sqlite/reindexer';
import { unpack } from '#support/kept-journals/kept';
import { alter, sealedNames } from './sealed-folder.ts';

const [dir = ''] = process.argv.slice(2);
unpack('2-segments', dir);
alter(dir, "DELETE FROM terms; UPDATE marks SET times = x'00'; DELETE FROM listed");
rmSync(join(dir, sealedNames(dir, 'filter')[0] ?? ''));
let state = 'none';
const reindexer = new Reindexer(dir, (report) => (state = report.state));
reindexer.begin({ kind: 'segment', entry: 1 });
while (reindexer.step());
if (state === 'done') process.stdout.write('renewed\n');
else process.exitCode = 3;
