// The power goes while the switch works, at moments of a real run: whatever had not been flushed is there, is
// not, or is torn. After each cut it starts again with everything it had acknowledged.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notFlushed } from './breaks.ts';
import { recordLoad, type Books } from './load.ts';
import { misheard } from './promises.ts';
import { strace, straceMissing } from './recorder.ts';
import { cuts, readRecording, unseen, type Recording } from './recording.ts';
import { newHome, runImages, tellBad } from './run-images.ts';
import type { Call } from './trace.ts';
import { copyProgram, ownProgram } from './variant.ts';
import { startWhole } from './whole-start.ts';

const images = 200;
const wholeStarts = 3;
const lives = 2;

describe.skipIf(!strace)(`a power cut${straceMissing}`, () => {
  const { home, done } = newHome();
  let good = false;
  let books: Books;
  let recording: Recording;
  beforeAll(async () => {
    books = await recordLoad(home, { program: ownProgram, lives, burst: 55 });
    recording = readRecording(home);
  }, 60_000);
  afterAll(() => done(good));
  const callsOn = (name: string) =>
    recording.edges
      .filter(
        ({ edge, call }) => edge === 'begin' && 'path' in call && call.path.endsWith(`/${name}`),
      )
      .map(({ call }) => call);
  const count = (kind: Call['kind'], name: string) =>
    callsOn(name).filter((call) => call.kind === kind).length;
  const writes = (name: string) => callsOn(name).filter((call) => call.kind === 'write');

  it('is made of a recording that saw every octet on the disk and every acknowledgement', () => {
    expect(unseen(recording)).toEqual([]);
    expect(misheard(recording.stored, books)).toEqual([]);
    expect(count('flush', 'journal.db-wal')).toBeGreaterThan(40);
    // The WAL begins anew in the middle of a life, not only with it.
    const begun = writes('journal.db-wal').filter(({ offset }) => offset === 0);
    expect(begun.length).toBeGreaterThan(lives);
    for (const name of ['journal.db', 'head', 'register.db-wal', 'index.db-wal', 'snapshot.new'])
      expect(writes(name).length, name).toBeGreaterThan(0);
    expect(count('rename', 'snapshot.new')).toBe(lives);
    // A cut is among what the power is cut in.
    expect(
      recording.edges.some(({ call }) => 'path' in call && /next-\d+\.db$/.test(call.path)),
    ).toBe(true);
    expect(recording.promised.length).toBeGreaterThan(500);
    expect(recording.stored.length).toBeGreaterThan(1024);
  });

  it(`leaves a disk from which all that was acknowledged comes back, ${images} times`, async () => {
    const findings = await runImages(home, { first: 1, count: images });
    expect(tellBad(home, findings)).toEqual([]);
    expect(findings.images).toBe(images);
    // Else the cuts were no cuts: some had lost entries that nobody was told of.
    expect(findings.shorter).toBeGreaterThan(images / 10);
    expect(findings.withSnapshot).toBeGreaterThan(images / 10);
  }, 240_000);

  it('leaves a disk on which the whole switch starts and knows its sessions', async () => {
    const seeds = Array.from({ length: wholeStarts }, (_, place) => 100_000 + place);
    for (const cut of cuts(recording, seeds))
      expect(await startWhole(recording, cut), `seed ${cut.seed}`).toEqual([]);
    good = true;
  }, 60_000);
});

describe.skipIf(!strace)(`a power cut of a switch that does not flush${straceMissing}`, () => {
  const { home, done } = newHome();
  afterAll(() => done(true));

  it('loses what was acknowledged, and is found out', async () => {
    const program = copyProgram(join(home, 'program'), notFlushed.edits);
    await recordLoad(home, { program, lives: 1, burst: 20 });
    const { bad } = await runImages(home, { first: 1, count: 16 });
    const lost = bad.filter(({ wrong }) => wrong.some((what) => notFlushed.shows.test(what)));
    expect(lost.length).toBeGreaterThan(0);
  }, 120_000);
});
