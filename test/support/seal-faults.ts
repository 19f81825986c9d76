// Faults in the middle of a seal; and what must hold after each: no entry is lost or doubled, the journal proves
// itself before and after the next start, which seals in the end and leaves nothing behind.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
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
} from './system-calls.ts';
import type { Place } from './system-calls.ts';

const entriesMost = 45;
const last = 40;

/** Lines of `seal.ts`, each of which is reached with everything before it done. */
const steps: readonly (readonly [before: string, line: string])[] = [
  ['the raw file is moved out of its WAL', '  if (!moveOutOfWal(dir, range.first))'],
  ['its file is made', '    createFile(path, sealedTables);\n'],
  ['anything is in it', "    db.exec('BEGIN');\n"],
  ['it is committed', "    db.exec('COMMIT');\n"],
  ['it is proved', '    yield* prove(dir, range, ends.ended);\n'],
  ['it has its name', '    putInPlace(dir, range, filter);\n'],
  ['the filter is made', '  writeFilter(filterPath, filter);\n'],
  ['it is flushed', '  flushFile(file);\n'],
  ['the filter has its name', '  renameSync(filterPath, filterFile(dir, range));\n'],
  ['its file has its name', '  renameSync(file, sealedFile(dir, range));\n'],
  ['the names are flushed', '  flushFolder(dir);\n'],
  ['the raw file goes', '  removeRaw(dir, range.first);\n'],
];
const die = "  process.kill(process.pid, 'SIGKILL');\n  for (;;);\n";

/** Registers the tests. */
export function testSealSteps(): void {
  it.each(steps)('a kill in a seal before %s loses and doubles nothing', async (_, line) => {
    const folder = temporary();
    const file = 'journal/sqlite/seal.ts';
    const program = copyProgram(join(folder, 'program'), [{ file, from: line, to: die + line }]);
    cpSync(join(ownProgram, 'test'), join(program, 'test'), { recursive: true });
    const dir = join(folder, 'journal');
    const { status, signal } = seal(program, dir);
    expect([status, signal]).toEqual([null, 'SIGKILL']);
    await expectWhole(dir);
  });
}

export function testSealCalls({
  places: count,
  seed,
  timeoutMs,
}: {
  readonly places?: number;
  readonly seed: number;
  readonly timeoutMs: number;
}): void {
  const which = count === undefined ? 'each' : `${count} (seed ${seed})`;
  describe.skipIf(!straceIsThere)(`a seal, ${which} of its calls${straceMissing}`, () => {
    it.each(['ENOSPC', 'EIO'])(
      'with %s seals, or leaves the segment as it was',
      async (error) => {
        const all = placesOfSeal();
        expect(all.length).toBeGreaterThan(15);
        const chosen = count === undefined ? all : sample(all, count, seed);
        for (const place of chosen) {
          const folder = temporary();
          const dir = join(folder, 'journal');
          // The place was seen in a folder of another name.
          const moved = { ...place, path: place.path.replace(placeholder, dir) };
          const { status } = seal(ownProgram, dir, failWords(moved, error));
          const where = `${error} at ${place.kind} ${place.nth} of ${place.path}`;
          expect([0, 3], where).toContain(status);
          await expectWhole(dir);
          rmSync(folder, { recursive: true });
        }
      },
      timeoutMs,
    );
  });
}

const placeholder = '/JOURNAL';

/** Every call on the files that a seal makes. */
function placesOfSeal(): readonly Place[] {
  const folder = temporary();
  const dir = join(folder, 'journal');
  const [one, forty] = ['000000000001', '000000000040'];
  const paths = [`sealing-${one}.db`, `sealing-${one}.filter`]
    .concat(`sealed-${one}-${forty}.db`, `sealed-${one}-${forty}.filter`)
    .map((name) => join(dir, name));
  const { status, trace } = seal(ownProgram, dir, watchWords(paths));
  expect(status).toBe(0);
  return placesIn(callsIn(trace, paths)).map((place) => ({
    ...place,
    path: place.path.replace(dir, placeholder),
  }));
}

interface Sealed {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly trace: string;
}

function seal(program: string, dir: string, words?: readonly string[]): Sealed {
  const trace = `${dir}.trace`;
  mkdirSync(dir);
  const child = join(program, 'test/journal/seal-child.ts');
  const command = [process.execPath, child, dir, String(entriesMost)];
  const [file = '', ...args] =
    words === undefined ? command : ['strace', ...words, '-o', trace, ...command];
  const { status, signal } = spawnSync(file, args, { encoding: 'utf8', timeout: 60_000 });
  return { status, signal, trace: words === undefined ? '' : readFileSync(trace, 'utf8') };
}

/** Proves it as it was left, then starts it, waits until it is sealed, and proves it again. */
async function expectWhole(dir: string): Promise<void> {
  const verdict = verifyJournal(dir);
  expect(verdict).toMatchObject({ entries: entriesMost });
  const journal = await openJournal(dir, { random: randomBytes, segments: tinySegments });
  const made = [...makeEntries({ count: entriesMost, seed: 1 })];
  await vi.waitFor(() => expect(listSegments(dir)[0]).toEqual({ first: 1, last }), {
    timeout: 20_000,
    interval: 50,
  });
  const found: StoredEntry[] = [];
  for await (const batch of journal.scan(1)) found.push(...batch);
  expect(found).toEqual(made);
  expect(await journal.head()).toEqual(verdict);
  await journal.close();
  expect(verifyJournal(dir)).toEqual(verdict);
  const left = readdirSync(dir).filter((name) => /^sealing-|^journal\.db/.test(name));
  expect(left).toEqual([]);
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'msc-seal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
