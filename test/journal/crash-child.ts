// A process that appends until it is killed or its journal fails: node crash-child.ts DIR.
// Says on stdout each entry that is durable, as a line; says `failed` and ends with 74 when the journal failed.

import { writeSync } from 'node:fs';
import { openJournal } from '#journal/sqlite/journal';
import { makeEntries } from '#support/make-journal';
import { seededRandom } from './salts.ts';

const entriesMost = 200_000;
const [dir = ''] = process.argv.slice(2);
const journal = await openJournal(dir, { random: seededRandom(1) });
const { entries } = await journal.head();
journal.onCondition((condition) => {
  if (condition.kind !== 'failed') return;
  journal.append([]).then(
    () => process.exit(1),
    () => {
      writeSync(1, 'failed\n');
      process.exit(74);
    },
  );
});

for (const stored of makeEntries({ count: entriesMost, seed: 1 })) {
  const { entry } = stored.entry;
  if (entry <= entries) continue;
  const append = journal.append([stored]).then(() => writeSync(1, `${entry}\n`));
  // Some wait for their flush, so that transactions of every size are cut; a failure ends the process above.
  if (entry % 7 === 0) await append.catch(() => undefined);
  else append.catch(() => undefined);
}
