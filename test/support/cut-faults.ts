// Faults in the middle of a cut, into a process that appends entry after entry; and what must hold after each:
// nothing it acknowledged is lost, the journal proves itself before and after the next start, which goes on.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import { openJournal } from '#journal/sqlite/journal';
import { listSegments } from '#journal/sqlite/segment-files';
import { verifyJournal } from '#journal/verify';
import { makeEntries } from '#support/make-journal';
import { tinySegments } from '../journal/tiny.ts';
import { copyProgram, ownProgram } from '../power-loss/variant.ts';
import { sample } from './fault-run.ts';
import {
  callsIn,
  failWords,
  placesIn,
  straceIsThere,
  straceMissing,
  watchWords,
  type Place,
} from './system-calls.ts';

/** Entries until the second segment has some. */
const entriesMost = 45;
/** As in test/journal/tiny.ts. */
const cutAt = 41;

const made = 'journal/sqlite/open-segment.ts';
const store = 'journal/sqlite/store.ts';
/** The lines of a cut, each of which is reached with everything before it done. */
const steps: readonly (readonly [before: string, file: string, line: string])[] = [
  ['its file is made', made, "    createFile(unfinished, segmentTables(start), 'WAL');\n"],
  ['the file has its name', made, '    renameSync(unfinished, rawFile(dir, start.first));\n'],
  ['the name is flushed', store, '    flushFolder(dir);\n    return openSegment'],
  ['the file is opened', store, '    return openSegment(dir, first);\n'],
  ['the old one is moved out of its WAL', store, '    tryCheckpoint(open);\n'],
  ['the old one is closed', store, '    open.close();\n    open = next;\n'],
  ['it is over', store, '    made = false;\n'],
];
const die = "    process.kill(process.pid, 'SIGKILL');\n    for (;;);\n";

/** Registers the tests. */
export function testCutSteps(): void {
  it.each(steps)('a kill in a cut before %s loses nothing', (_, file, line) => {
    const folder = temporary();
    const edit = { file, from: line, to: die + line };
    const program = copyProgram(join(folder, 'program'), [edit]);
    cpSync(join(ownProgram, 'test'), join(program, 'test'), { recursive: true });
    const dir = join(folder, 'journal');
    const { status, signal, said } = append(program, dir);
    expect([status, signal]).toEqual([null, 'SIGKILL']);
    expect(said).toBe(cutAt - 1);
    return expectWhole(dir, said);
  });
}

export function testCutCalls({
  places: count,
  seed,
  timeoutMs,
}: {
  readonly places?: number;
  readonly seed: number;
  readonly timeoutMs: number;
}): void {
  const which = count === undefined ? 'each' : `${count} (seed ${seed})`;
  describe.skipIf(!straceIsThere)(`a cut, ${which} of its calls${straceMissing}`, () => {
    it.each(['ENOSPC', 'EIO'])(
      'with %s goes on or ends with 74, and loses nothing acknowledged',
      async (error) => {
        const all = placesOfCut();
        expect(all.length).toBeGreaterThan(10);
        const chosen = count === undefined ? all : sample(all, count, seed);
        for (const place of chosen) {
          const folder = temporary();
          const dir = join(folder, 'journal');
          // The place was seen in a folder of another name.
          const moved = { ...place, path: place.path.replace(placeholder, dir) };
          const { status, said } = append(ownProgram, dir, failWords(moved, error));
          const where = `${error} at ${place.kind} ${place.nth} of ${place.path}`;
          // No room is waited for; a flush or a cut of a file that failed is not tried again, whatever it says.
          const needsRoom = place.kind !== 'flush' && place.kind !== 'truncate';
          const waits = error === 'ENOSPC' && needsRoom;
          const opened = status !== 75;
          // The folder is opened at the start too, when nothing is acknowledged.
          if (!opened) {
            expect([where, said, moved.path]).toEqual([where, 0, dir]);
            continue;
          }
          expect(waits ? [0] : [0, 74], where).toContain(status);
          if (status === 0) expect([where, said]).toEqual([where, entriesMost]);
          await expectWhole(dir, said);
          rmSync(folder, { recursive: true });
        }
      },
      timeoutMs,
    );
  });
}

const placeholder = '/JOURNAL';

/** Every call on the files that a cut makes, and on the folder. */
function placesOfCut(): readonly Place[] {
  const folder = temporary();
  const dir = join(folder, 'journal');
  const number = String(cutAt).padStart(12, '0');
  const paths = [`next-${number}.db`, `journal-${number}.db`, `journal-${number}.db-wal`]
    .map((name) => join(dir, name))
    .concat(dir);
  const { status, trace } = append(ownProgram, dir, watchWords(paths));
  expect(status).toBe(0);
  return placesIn(callsIn(trace, paths)).map((place) => ({
    ...place,
    path: place.path.replace(dir, placeholder),
  }));
}

interface Appended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last entry it said is durable. */
  readonly said: number;
  readonly trace: string;
}

function append(program: string, dir: string, words?: readonly string[]): Appended {
  const trace = `${dir}.trace`;
  const child = join(program, 'test/journal/cut-child.ts');
  const command = [process.execPath, child, dir, String(entriesMost)];
  const [file = '', ...args] =
    words === undefined ? command : ['strace', ...words, '-o', trace, ...command];
  const ended = spawnSync(file, args, { encoding: 'utf8', timeout: 60_000 });
  return {
    status: ended.status,
    signal: ended.signal,
    said: Number(ended.stdout.trim().split('\n').at(-1) ?? 0),
    trace: words === undefined ? '' : readFileSync(trace, 'utf8'),
  };
}

/** Proves it as it was left, and after a start that goes on to the same end. */
async function expectWhole(dir: string, acknowledged: number): Promise<void> {
  // Where nothing was acknowledged there may be no journal yet.
  if (acknowledged > 0) expect(verifyJournal(dir)).toHaveProperty('root');
  const journal = await openJournal(dir, { random: randomBytes, segments: tinySegments });
  const { entries } = await journal.head();
  expect(entries).toBeGreaterThanOrEqual(acknowledged);
  // One more: a cut that found no room is tried again with it.
  const made = [...makeEntries({ count: entriesMost + 1, seed: 1 })];
  for (const stored of made.slice(entries)) await journal.append([stored]);
  const found: StoredEntry[] = [];
  for await (const batch of journal.scan(1)) found.push(...batch);
  expect(found).toEqual(made);
  const head = await journal.head();
  await journal.close();
  expect(verifyJournal(dir)).toEqual(head);
  const [first, second, ...further] = listSegments(dir);
  expect([first?.first, further]).toEqual([1, []]);
  expect([cutAt, entriesMost + 1]).toContain(second?.first);
  expect(readdirSync(dir).filter((name) => name.startsWith('next-'))).toEqual([]);
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'msc-cut-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
