// A process that appends entries one by one to a journal that is cut often: node cut-child.ts DIR COUNT.
// Says on stdout each entry that is durable, as a line; ends with 0 when it closed, with 74 when it failed,
// with 75 when it did not open.

import { writeSync } from 'node:fs';
import { openJournal } from '#journal/sqlite/journal';
import { makeEntries } from '#support/make-journal';
import { seededRandom } from './salts.ts';
import { tinySegments } from './tiny.ts';

const [dir = '', count = '0'] = process.argv.slice(2);
const options = { random: seededRandom(1), segments: tinySegments };
const journal = await openJournal(dir, options).catch(() => process.exit(75));
const { entries } = await journal.head();
try {
  for (const stored of makeEntries({ count: Number(count), seed: 1 })) {
    if (stored.entry.entry <= entries) continue;
    await journal.append([stored]);
    writeSync(1, `${stored.entry.entry}\n`);
  }
  await journal.close();
} catch {
  process.exit(74);
}
