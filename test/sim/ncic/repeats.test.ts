// A change that comes again, because its answer was lost with the process that had it: it is made once, and its answer
// is the same.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Heard } from '#src/sim/host';
import { openAnswersGiven } from '#src/sim/ncic/repeats';
import { entries } from './entries.ts';
import { openRoom, text } from './room.ts';

const gun = 'CA0990100.SER/SIM77A4431.MAK/GLC.CAL/9.TYP/PI.DOT/20300301.OCA/30-005120';
const entry: Heard = {
  text: `1N01AAA0000001.EG.${gun}`,
  mnemonic: 'QZ01',
  reference: 'AAA0000001',
};
const again = { ...entry, again: true };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-ncic-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the next process on the same file says to a message. */
function next(heard: Heard): { readonly said: readonly unknown[]; readonly size: number } {
  const room = openRoom({ path: join(folder, 'ncic.db') });
  const said = room.host.take(heard, room.atMs);
  const { size } = room.store;
  room.host.close();
  return { said, size };
}

describe('an entry that is on file, and comes again flagged', () => {
  it('is answered as it was answered, in the next process too', () => {
    const first = next(entry);
    expect(first.said).toEqual([{ text: expect.stringContaining('NIC/G') as string }]);
    expect(next(again)).toEqual({ said: first.said, size: 1 });
    expect(next(again)).toEqual({ said: first.said, size: 1 });
  });

  it('says again whom it told besides', () => {
    next({ text: '1N01AAA0000009.QV.CA0990200.LIC/7SIM042.LIS/NV', mnemonic: 'QZ02' });
    const vehicle = { ...entry, text: `1N01AAA0000001.EV.CA0990100.${text(entries.EV)}` };
    const first = next(vehicle);
    expect(JSON.stringify(first.said)).toContain('DELAYED INQUIRY HIT NOTICE');
    expect(next({ ...vehicle, again: true }).said).toEqual(first.said);
  });

  it.each<[string, Heard]>([
    ['without the flag', entry],
    ['under another reference', { ...again, reference: 'AAA0000002' }],
    ['of another mnemonic', { ...again, mnemonic: 'QZ02' }],
    ['with another text', { ...again, text: `1N01AAA0000001.EG.${gun}.MIS/BLUE` }],
    ['without a reference', { text: entry.text, mnemonic: 'QZ01', again: true }],
  ])('%s is no repeat: it is refused as a duplicate', (_how, heard) => {
    next(entry);
    expect(next(heard).said).toMatchObject([{ text: expect.stringContaining('REJ') as string }]);
  });
});

it('a cancellation that comes again is not refused as unknown', () => {
  next(entry);
  const cancelled = `1N01AAA0000002.XG.${gun.slice(0, 9)}.SER/SIM77A4431.OCA/30-005120.DOC/20300307`;
  const cancel = { text: cancelled, mnemonic: 'QZ01', reference: 'AAA0000002' };
  const first = next(cancel);
  expect(first.size).toBe(0);
  expect(next({ ...cancel, again: true })).toEqual(first);
});

it('what was refused changed nothing: it is judged anew', () => {
  const bad = {
    ...entry,
    text: '1N01AAA0000001.XG.CA0990100.SER/SIM77A4431.OCA/30-005120.DOC/20300307',
  };
  expect(next(bad).said).toMatchObject([{ text: expect.stringContaining('REJ') as string }]);
  next({ ...entry, reference: 'AAA0000009' });
  expect(next({ ...bad, again: true }).size).toBe(0);
});

it('the oldest answers go first, so that the file does not grow without end', () => {
  const db = new Sqlite(':memory:');
  const memory = openAnswersGiven(db, 3);
  const heard = (at: number): Heard => ({ ...again, reference: `AAA000000${String(at)}` });
  for (let at = 0; at < 8; at++) memory.keepAnswer(heard(at), [{ text: String(at) }]);
  const known = Array.from({ length: 8 }, (_, at) => memory.answerGiven(heard(at))?.[0]?.text);
  expect(known.filter((answer) => answer !== undefined)).toEqual(['5', '6', '7']);
  expect(db.prepare('SELECT count(*) AS count FROM answers_given').get()).toEqual({ count: 3 });
  db.close();
});
