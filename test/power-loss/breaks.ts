// What could be wrong with how the switch writes, each as an edit of a copy of the program, and what the images
// must then show. They keep the test itself honest: a promise that no image can break is not tested.

import type { LoadOptions } from './load.ts';
import type { Edit } from './variant.ts';

export interface Break {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** At least one image says so. */
  readonly shows: RegExp;
  /** What is recorded, where little does not come to it. */
  readonly load?: Pick<LoadOptions, 'lives' | 'burst'>;
}

const store = 'journal/sqlite/store.ts';
const segment = 'journal/sqlite/open-segment.ts';
const snapshot = 'journal/sqlite/snapshot.ts';
const lost = /is lost, though acknowledged/;
const missing = /does not start: |is lost, though acknowledged/;

/** SQLite is told not to flush commits, and reads it back as told. */
export const notFlushed: Break = {
  title: 'commits that are not flushed (synchronous NORMAL)',
  edits: [{ file: segment, from: "synchronous: 'FULL'", to: "synchronous: 'NORMAL'" }],
  shows: lost,
};

export const breaks: readonly Break[] = [
  notFlushed,
  {
    title: 'an acknowledgement before the commit',
    edits: [
      {
        file: 'src/runtime/loop.ts',
        from: '    const frozen = this.#snapshots.takeIfDue(batch.lastEntry);\n',
        to:
          '    const frozen = this.#snapshots.takeIfDue(batch.lastEntry);\n' +
          '    batch.durable = true;\n',
      },
      {
        // The last snapshot needs its entry to be there, or the process would end as failed.
        file: 'src/runtime/loop.ts',
        from: '    this.stop();\n    await',
        to: '    this.stop();\n    await new Promise((resolve) => setTimeout(resolve, 500));\n    await',
      },
    ],
    shows: lost,
  },
  {
    title: 'head that runs ahead of the commit',
    edits: [
      {
        file: store,
        from: '      open.commit(records, latest);',
        to:
          '      writeSync(head, String(first + records.length - 1).padStart(16), 0);\n' +
          '      open.commit(records, latest);',
      },
    ],
    shows: /does not start: The journal in .* ends at entry/,
  },
  {
    title: 'a segment whose file is not flushed before it has its name',
    edits: [
      { file: 'journal/sqlite/open.ts', from: "db.pragma('synchronous = FULL');", to: '' },
      {
        file: 'journal/sqlite/open.ts',
        from: "      readBack(db, 'synchronous', synchronousNumber.FULL);\n",
        to: "      db.pragma('synchronous = OFF');\n",
      },
    ],
    // More than a thousand entries: another segment is begun.
    load: { lives: 3, burst: 60 },
    shows: missing,
  },
  {
    title: 'head that is never flushed',
    edits: [{ file: store, from: '  fsyncSync(head);\n', to: '' }],
    shows: /the head file is missing or torn/,
  },
  {
    title: 'a new folder that is not flushed into the one above it',
    edits: [
      {
        file: 'journal/sqlite/open.ts',
        from: '    if (made === undefined) flushIfReadable(dirname(path));\n    else flushAbove(path, made);\n',
        to: '',
      },
    ],
    shows: lost,
  },
  {
    title: 'a secret behind the entry that names it',
    edits: [
      {
        file: 'src/runtime/secrets.ts',
        from: '    const stored = await this.#store(() => store.putSecret(changeId, user, hashed));\n',
        to:
          '    setTimeout(() => store.putSecret(changeId, user, hashed), 50);\n' +
          '    const stored = true;\n',
      },
    ],
    shows: /the secret of ada is lost/,
  },
  {
    title: 'secrets that are not flushed',
    edits: [
      {
        file: 'journal/sqlite/register-store.ts',
        from: "synchronous: 'FULL'",
        to: "synchronous: 'NORMAL'",
      },
    ],
    shows: /the secret of (ada|bob) is lost/,
  },
  {
    title: 'a snapshot that is not flushed',
    edits: [{ file: snapshot, from: '    await file.sync();\n', to: '' }],
    shows: /the snapshot of entry \d+ is lost/,
  },
  {
    title: 'the name of a snapshot that is not flushed',
    edits: [{ file: snapshot, from: '  await flush(dir);\n', to: '' }],
    shows: /the snapshot of entry \d+ is lost/,
  },
];
