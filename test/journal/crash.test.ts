import { spawn, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import type { JournalCondition } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { verifyJournal } from '#journal/verify';
import { makeEntries, xorshift } from '#support/make-journal';
import { collect, event, seededRandom, temporaryFolder } from './folders.ts';

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url));
const random = seededRandom(2);

describe('a journal whose process dies', () => {
  it('has every acknowledged entry after kill -9 at any moment', { timeout: 60_000 }, async () => {
    const dir = temporaryFolder();
    const dice = xorshift(99);
    let acknowledged = 0;
    for (let round = 0; round < 6; round += 1) {
      acknowledged = Math.max(acknowledged, await killAfter(dir, acknowledged + 1 + dice(400)));
      await expectWhole(dir, acknowledged);
    }
  });

  it(
    'ends at once where a flush fails, and the next start has what was acknowledged',
    { timeout: 60_000 },
    async (context) => {
      const strace = spawnSync('strace', ['-f', 'true']);
      context.skip(strace.status !== 0, 'strace is not installed, or may not trace');
      const dir = temporaryFolder();
      const inject = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync'];
      const failing = ['-e', 'inject=fsync,fdatasync:error=EIO:when=25+'];
      const process_ = spawn('strace', [...inject, ...failing, process.execPath, child, dir]);
      const lines = await linesOf(process_.stdout);
      expect(lines.at(-1)).toBe('failed');
      const acknowledged = Number(lines.at(-2) ?? 0);
      expect(acknowledged).toBeGreaterThan(0);
      await expectWhole(dir, acknowledged);
    },
  );
});

/** Runs the child until it said that so many are durable, kills it, and returns the last it said. */
async function killAfter(dir: string, entry: number): Promise<number> {
  const process_ = spawn(process.execPath, [child, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = await linesOf(process_.stdout, (line) => {
    if (Number(line) >= entry) process_.kill('SIGKILL');
  });
  return Number(lines.at(-1) ?? 0);
}

/** All whole lines until the stream ends, which is when the process ends. */
async function linesOf(
  stream: NodeJS.ReadableStream,
  onLine: (line: string) => void = () => undefined,
): Promise<string[]> {
  const lines: string[] = [];
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) onLine(line);
    lines.push(...parts);
  });
  await new Promise((resolve) => stream.on('close', resolve));
  return lines;
}

/** Verifies before a start has recovered anything, and after one. */
async function expectWhole(dir: string, acknowledged: number): Promise<void> {
  const verdict = verifyJournal(dir);
  expect(verdict).toHaveProperty('root');
  const journal = await openJournal(dir, { random });
  const { entries } = await journal.head();
  expect(entries).toBeGreaterThanOrEqual(acknowledged);
  expect(await collect(journal.scan(1))).toEqual([...makeEntries({ count: entries, seed: 1 })]);
  await journal.close();
  expect(verifyJournal(dir)).toEqual(verdict);
}

describe('a journal whose disk is full', () => {
  /** A disk of 10 MiB with room for about one; `free` makes room on it. */
  const smallDisk = (context: TestContext): { readonly dir: string; readonly free: () => void } => {
    const disk = temporaryFolder();
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=10m', 'msc-test', disk]);
    context.skip(mount.status !== 0, 'mounting a small disk is not allowed here');
    context.onTestFinished(() => void spawnSync('umount', ['-l', disk]));
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, new Uint8Array(9_000_000));
    return { dir: join(disk, 'journal'), free: () => rmSync(ballast) };
  };
  const body = new Uint8Array(4000).fill(0x20);

  it('blocks, says so, and goes on alone and in order when there is room', async (context) => {
    const { dir, free } = smallDisk(context);
    const journal = await openJournal(dir, { random });
    const conditions: JournalCondition[] = [];
    const blocked = new Promise<void>((resolve) =>
      journal.onCondition((condition) => {
        conditions.push(condition);
        if (condition.kind === 'blocked') resolve();
      }),
    );
    const appends = Array.from({ length: 500 }, (_, index) =>
      journal.append([{ ...event(index + 1), body }]),
    );
    await blocked;
    const { entries } = await journal.head();
    expect(entries).toBeLessThan(500);
    appends.push(journal.append([event(501)]));
    free();
    await Promise.all(appends);
    expect(conditions).toEqual([{ kind: 'blocked', why: 'full' }, { kind: 'open' }]);
    await journal.close();
    expect(verifyJournal(dir)).toMatchObject({ entries: 501 });
  });

  it('refuses at its close what it could not write, and keeps what it could', async (context) => {
    const { dir, free } = smallDisk(context);
    const journal = await openJournal(dir, { random });
    const blocked = new Promise<void>((resolve) => journal.onCondition(() => resolve()));
    const appends = Array.from({ length: 500 }, (_, index) =>
      journal.append([{ ...event(index + 1), body }]),
    );
    const settled = Promise.allSettled(appends);
    await blocked;
    await journal.close();
    const outcomes = await settled;
    const written = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'JOURNAL_FULL' } });
    free();
    const again = await openJournal(dir, { random });
    expect((await again.head()).entries).toBe(written);
    await again.close();
  });
});
