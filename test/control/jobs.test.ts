// Searches in the background: whose they are, what becomes of them, and that they are bounded.

import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Jobs, type JobSink } from '#src/control/jobs';

let folder: string;
let nowMs = 1_000_000;
const open: Jobs[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-jobs-'));
  nowMs = 1_000_000;
});
afterEach(async () => {
  for (const jobs of open.splice(0)) await jobs.close();
  rmSync(folder, { recursive: true });
});

async function opened(): Promise<Jobs> {
  const jobs = await Jobs.open(folder, () => nowMs);
  open.push(jobs);
  return jobs;
}

const first = (job: number, person = 'ann') => ({ job, person, asked: 'LIC:1' });
const finds = (...entries: readonly number[]) => {
  return async ({ take }: JobSink) => {
    await take(entries);
    return { count: entries.length };
  };
};
/** Finds one, and goes on until it is told to end. */
const endless = async ({ take, gone }: JobSink) => {
  await take([1]);
  if (!gone.aborted) await once(gone, 'abort');
  return { count: 1 };
};

async function over(jobs: Jobs, job: number, person = 'ann'): Promise<string> {
  for (;;) {
    const { state } = jobs.find(person, job);
    if (state !== 'running') return state;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function entriesOf(jobs: Jobs, job: number): Promise<readonly number[]> {
  const all: number[] = [];
  for await (const some of jobs.entries('ann', job)) all.push(...some);
  return all;
}

describe('a job', () => {
  it('keeps what it found in its order, also after a start', async () => {
    const jobs = await opened();
    const many = Array.from({ length: 1_000 }, (_, at) => 9_000_000_000_000 - at);
    await jobs.start(first(7), finds(...many));
    expect(await over(jobs, 7)).toBe('done');
    expect(await entriesOf(jobs, 7)).toEqual(many);
    await jobs.close();
    const again = await opened();
    expect(again.find('ann', 7)).toMatchObject({ state: 'done', count: 1_000, asked: 'LIC:1' });
    expect(await entriesOf(again, 7)).toEqual(many);
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([
      ...[0o600, 0o600],
    ]);
  });

  it('is its person’s alone', async () => {
    const jobs = await opened();
    await jobs.start(first(7), finds(1));
    const missing: unknown = expect.objectContaining({ code: 'MSC-1706' });
    expect(() => jobs.find('bob', 7)).toThrow(missing);
    expect(() => jobs.groups('bob', 7)).toThrow(missing);
    await expect(jobs.cancel('bob', 7)).rejects.toThrow(missing);
    await expect(jobs.entries('bob', 7).next()).rejects.toThrow(missing);
    expect(jobs.all('bob')).toEqual([]);
  });

  it('is cancelled with what it found so far', async () => {
    const jobs = await opened();
    await jobs.start(first(7), endless);
    expect(await jobs.cancel('ann', 7)).toMatchObject({ state: 'cancelled', count: 1 });
    expect(await entriesOf(jobs, 7)).toEqual([1]);
  });

  it('that runs when the switch ends is broken off, also where the switch was killed', async () => {
    const jobs = await opened();
    await jobs.start(first(7), endless);
    // As a killed switch leaves it: its file says that it runs.
    const killed = await opened();
    expect(killed.find('ann', 7)).toMatchObject({ state: 'broken off' });
    await jobs.close();
    expect((await opened()).find('ann', 7)).toMatchObject({ state: 'broken off' });
  });

  it('that fails says so', async () => {
    const jobs = await opened();
    await jobs.start(first(7), () => Promise.reject(new Error('the disk')));
    expect(await over(jobs, 7)).toBe('failed');
  });

  it('is full with a million entries, and ends', async () => {
    const jobs = await opened();
    let took = 0;
    await jobs.start(first(7), async ({ take, gone }) => {
      const piece = Array.from({ length: 65_536 }, (_, at) => at);
      for (; !gone.aborted; took += piece.length) await take(piece);
      return { count: took };
    });
    expect(await over(jobs, 7)).toBe('full');
    expect(took).toBe(1_048_576);
    expect(statSync(join(folder, '7.entries')).size).toBe(8 * 1_048_576);
  });
});

describe('jobs', () => {
  it('run two at a time', async () => {
    const jobs = await opened();
    await jobs.start(first(1), endless);
    await jobs.start(first(2), endless);
    await expect(jobs.start(first(3), endless)).rejects.toMatchObject({
      code: 'MSC-1707',
      exit: 75,
    });
    await jobs.cancel('ann', 1);
    await jobs.start(first(3), endless);
  });

  it('are kept for three days, the newest 32 of them', async () => {
    const jobs = await opened();
    for (let job = 1; job <= 40; job += 1) {
      await jobs.start(first(job), finds(job));
      await over(jobs, job);
    }
    await jobs.close();
    const again = await opened();
    expect(again.all('ann').map(({ job }) => job)).toEqual(
      Array.from({ length: 32 }, (_, at) => 40 - at),
    );
    expect(readdirSync(folder)).toHaveLength(64);
    nowMs += 3 * 24 * 3_600_000;
    expect((await opened()).all('ann')).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('pass over files that are not theirs', async () => {
    writeFileSync(join(folder, '9.json'), '{"view":3}');
    writeFileSync(join(folder, '8.json.new'), '{');
    writeFileSync(join(folder, '10.entries'), '');
    expect((await opened()).all('ann')).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
