// A made journal is worth measuring on only if it is as a real one: it replays, and it is as varied and as skewed.

import { describe, expect, it } from 'vitest';
import { applyRegisterChanges, emptyRegister } from '#journal/register';
import type { StoredEntry } from '#journal/entry';
import { openJournal } from '#journal/sqlite/journal';
import { verifyJournal } from '#journal/verify';
import { keyTable } from '#protocol/keys';
import { parseText } from '#protocol/message';
import { digestOf } from '#src/runtime/digest';
import { makeEntries, makeJournal } from '#support/make-journal';
import { madeSalts } from '#support/make-journal/salts';
import { landmarks } from '#support/make-journal/words';
import { createState, type State } from '#switch/state';
import { replay } from '#switch/step';
import { settings } from '../switch/county.ts';
import { temporaryFolder } from './folders.ts';

const days = 1096;
const dayUs = 86_400_000_000;
const made = [...makeEntries({ count: 40_000, seed: 31, days })];
const entries = made.map(({ entry }) => entry);

function replayed(stored: Iterable<StoredEntry>): State {
  const state = createState(settings, keyTable, digestOf);
  for (const one of stored) replay(state, one);
  return state;
}

function counted<T>(values: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe('a made journal', () => {
  it('is the same for the same seed, and another for another', () => {
    const some = (seed: number) => [...makeEntries({ count: 500, seed })];
    expect(some(5)).toEqual(some(5));
    expect(some(5)).not.toEqual(some(6));
  });

  it('is the beginning of a longer one', () => {
    const longer = [...makeEntries({ count: 3000, seed: 8 })];
    expect([...makeEntries({ count: 1201, seed: 8 })]).toEqual(longer.slice(0, 1201));
  });

  it('has on the disk the root that its seed gives, and holds', async () => {
    const roots = new Set<unknown>();
    for (let time = 0; time < 2; time += 1) {
      const dir = temporaryFolder();
      const journal = await openJournal(dir, { random: madeSalts(9) });
      await makeJournal(journal, { count: 4321, seed: 9 });
      const head = await journal.head();
      await journal.close();
      expect(verifyJournal(dir)).toEqual(head);
      roots.add(head.root);
    }
    expect(roots.size).toBe(1);
  });

  it('says that it is simulated: in its first entry, and in the session of whatever came over a line', () => {
    expect(entries[0]).toMatchObject({ event: 'start', detail: { simulated: true, seed: 31 } });
    const lines = entries.filter(({ session }) => session !== undefined);
    expect(lines.length).toBeGreaterThan(entries.length / 2);
    expect(lines.filter(({ session = '' }) => !session.startsWith('simulated-'))).toEqual([]);
  });

  it('replays: nothing is left on its way but what waits, and nobody works at two terminals', () => {
    const whole = [...makeEntries({ count: 20_000, seed: 12, waiting: 40, days })];
    // The last doing may be cut off.
    const { ledger } = replayed(whole);
    expect(ledger.queues.get('m:QZ99')?.size).toBe(40);
    expect(ledger.deliveries.size).toBeLessThan(40 + 13);
    expect(ledger.requests.size).toBeLessThan(2);
    const working = Array.from(ledger.signOns.values(), ({ user }) => user);
    expect(new Set(working).size).toBe(working.length);
  });

  it('counts every session from one, without a gap, in each direction', () => {
    const last = new Map<string, number>();
    const sessions = new Set<string>();
    for (const entry of entries) {
      const { session = '', number } = entry;
      if (entry.kind === 'event' && entry.event === 'link-up') {
        expect(sessions).not.toContain(session);
        sessions.add(session);
      }
      if (number === undefined || entry.kind === 'delivered') continue;
      expect(sessions).toContain(session);
      const way = `${session} ${entry.kind === 'sent' ? 'ours' : 'theirs'}`;
      expect(number).toBe((last.get(way) ?? 0) + 1);
      last.set(way, number);
    }
    expect(sessions.size).toBeGreaterThan(150);
  });

  it('names nobody who is not in the register by then, and no text that the switch would not take', () => {
    const register = emptyRegister();
    for (const { entry, body } of made) {
      if (entry.kind === 'event') applyRegisterChanges(register, entry.changes ?? []);
      if (entry.kind !== 'received' || entry.direction !== 'in' || body === undefined) continue;
      const { user, station, agency, mnemonic } = entry;
      expect(register.person.get(user ?? '')?.agency).toBe(agency);
      expect(register.station.get(station ?? '')?.mnemonics).toEqual([mnemonic]);
      expect(register.agency.has(agency ?? '')).toBe(true);
      const text = parseText(body, entry.textAt ?? 0, keyTable);
      expect(text.ok && text.value.key.mke).toBe(entry.mke);
      if (entry.fields === undefined || !text.ok) continue;
      const said = new Set(text.value.fields.map(({ code, value }) => `${code ?? ''}/${value}`));
      for (const [code, values] of Object.entries(entry.fields))
        for (const value of values) expect(said).toContain(`${code}/${value}`);
    }
  });

  it('spreads over its days, busier by day than by night', () => {
    const [first = 0] = entries.map(({ time }) => time);
    const perDay = counted(entries.map(({ time }) => Math.floor((time - first) / dayUs)));
    expect(perDay.size).toBeGreaterThan(days * 0.9);
    expect(Math.max(...perDay.keys())).toBeLessThan(days);
    expect(Math.max(...perDay.keys())).toBeGreaterThan(days - 10);
    const years = counted(entries.map(({ time }) => Math.floor((time - first) / (366 * dayUs))));
    for (const count of years.values()) expect(count).toBeGreaterThan(entries.length / 4);
    const asked = entries.filter(({ kind }) => kind === 'received');
    const hours = counted(
      asked.map(({ time }) => new Date(time / 1000 - 8 * 3_600_000).getUTCHours()),
    );
    expect((hours.get(14) ?? 0) / (hours.get(3) ?? 0)).toBeGreaterThan(2);
  });

  it('never goes back in time', () => {
    const times = entries.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('has hundreds of people and terminals, a few of whom ask most', () => {
    const asked = entries.filter(
      ({ kind, direction }) => kind === 'received' && direction === 'in',
    );
    for (const column of ['user', 'station'] as const) {
      const counts = [...counted(asked.map((entry) => entry[column])).values()];
      expect(counts.length).toBeGreaterThan(150);
      expect(Math.max(...counts)).toBeGreaterThan((5 * asked.length) / counts.length);
    }
    const plates = asked.flatMap((entry) => entry.fields?.['LIC'] ?? []);
    const often = [...counted(plates).values()];
    expect(Math.max(...often)).toBeGreaterThan(30);
    expect(often.filter((times) => times === 1).length).toBeGreaterThan(often.length / 2);
  });

  it('has every kind of entry a day brings', () => {
    const kinds = new Set(
      entries.map((entry) => (entry.kind === 'event' ? entry.event : entry.kind)),
    );
    expect([...kinds].sort()).toEqual(
      [
        ...['delivered', 'expired', 'heartbeat', 'link-down', 'link-up', 'received', 'refused'],
        ...[
          'register',
          'release',
          'search',
          'sent',
          'sign-off',
          'sign-on',
          'sign-on-failed',
          'start',
        ],
      ].sort(),
    );
    const toMany = entries.filter((entry) => entry.kind === 'received' && entry.to.length > 2);
    expect(toMany.length).toBeGreaterThan(20);
    expect(new Set(entries.map(({ outcome }) => outcome))).toContain('hit');
  });

  it('has texts of about 250 octets, of many words', () => {
    const texts = made.flatMap(({ body }) => (body === undefined ? [] : [body]));
    const octets = texts.reduce((sum, { length }) => sum + length, 0);
    expect(octets / texts.length).toBeGreaterThan(220);
    expect(octets / texts.length).toBeLessThan(280);
    const words = new Set(texts.slice(0, 5000).flatMap((text) => wordsOf(text)));
    expect(words.size).toBeGreaterThan(10_000);
  });

  it('asks about its landmarks where they stand, and nowhere else', () => {
    const naming = (field: string, value: string): number =>
      entries.filter(
        (entry) => entry.direction === 'in' && entry.fields?.[field]?.includes(value) === true,
      ).length;
    expect(naming('LIC', landmarks.plate)).toBe(3);
    expect(naming('NAM', landmarks.name)).toBe(3);
    const { surname } = landmarks;
    const said = made.filter(({ body }) => body !== undefined && wordsOf(body).includes(surname));
    expect(said.length).toBe(12);
  });
});

function wordsOf(text: Uint8Array): readonly string[] {
  return (
    Buffer.from(text)
      .toString('latin1')
      .match(/[A-Z0-9]+/g) ?? []
  );
}
