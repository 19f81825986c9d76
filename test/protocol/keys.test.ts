import { describe, expect, it } from 'vitest';
import { answerWindowMs, classOf, keyTable, parseKeyTable, requestKeptMs } from '#protocol/keys';
import type { KeyEntry } from '#protocol/keys';
import { parseText } from '#protocol/message';
import { errorOf, valueOf } from './help.ts';

const key = (mke: string): KeyEntry => keyTable.get(mke) ?? expect.fail(mke);
const table = (keys: readonly unknown[]): unknown => ({ literals: keyTable.literals, keys });

describe('the key table', () => {
  it.each(['QV', 'QW', 'QG', 'QA', 'QB'])('%s is an inquiry of class 3 for the state', (mke) => {
    expect(key(mke)).toMatchObject({
      class: 3,
      route: 'state',
      answer: 'awaited',
      from: 'station',
    });
  });

  it.each(['EV', 'MV', 'XV', 'CV', 'LV', 'EW', 'LW', 'EG', 'ESS', 'EW-C'])(
    '%s is an update of class 4 for the state',
    (mke) => {
      expect(key(mke)).toMatchObject({ class: 4, route: 'state', answer: 'awaited' });
    },
  );

  it('administrative text goes by destination and awaits no answer', () => {
    expect(key('AM')).toMatchObject({ class: 5, route: 'both', form: 'addressed', answer: 'none' });
  });

  it('a hit confirmation is urgent where its priority says so', () => {
    expect(classOf(key('YQ'), [{ code: 'PRI', value: 'U' }])).toBe(2);
    expect(classOf(key('YQ'), [{ code: 'PRI', value: 'R' }])).toBe(5);
    expect(classOf(key('YQ'), [{ value: 'U' }])).toBe(5);
    expect(classOf(key('QV'), [{ code: 'PRI', value: 'U' }])).toBe(3);
  });

  it.each(['QH', 'QR', 'IQ', 'FQ', 'AQ', 'IR', 'FR', 'AR', 'CR'])(
    '%s is criminal history by a public source, and no station may send it yet',
    (mke) => {
      expect(key(mke)).toMatchObject({ criminalHistory: 'S', from: 'nobody' });
      const text = Buffer.from(`${mke}.CA0990100.NAM/DOE`);
      expect(errorOf(parseText(text, 0, keyTable))).toMatchObject({ code: 'X03' });
    },
  );

  it('what is not marked is no criminal history', () => {
    expect(['QV', 'QW', 'AM', 'SM'].map((mke) => key(mke).criminalHistory)).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('a name that every object has is no key', () => {
    expect(keyTable.get('constructor')).toBeUndefined();
    expect(classOf(key('YQ'), [{ code: 'PRI', value: 'constructor' }])).toBe(5);
  });

  it('has the times of each class', () => {
    const times = [1, 2, 3, 4, 5, 6, 7].map((n) => [answerWindowMs(n), requestKeptMs(n)]);
    const hour = 3_600_000;
    expect(times).toEqual([
      [undefined, 24 * hour],
      [600_000, undefined],
      [60_000, 120_000],
      [60_000, undefined],
      [hour, undefined],
      [undefined, 168 * hour],
      [hour, undefined],
    ]);
  });
});

describe('a table from outside', () => {
  it('is taken when every entry is whole', () => {
    expect(valueOf(parseKeyTable(table([key('QV')]))).all).toEqual([key('QV')]);
  });

  it.each([
    [{ mke: 'qv' }, 'key 1: "mke" is no message key'],
    [{ class: 8 }, 'key 1: "class" of QV is missing or wrong'],
    [{ route: 'moon' }, 'key 1: "route" of QV is missing or wrong'],
    [{ identifiers: [1] }, 'key 1: "identifiers" of QV is missing or wrong'],
    [{ answerMs: 0 }, 'key 1: "answerMs" of QV is missing or wrong'],
    [{ classBy: { field: 'PRI' } }, 'key 1: "classBy" of QV is missing or wrong'],
    [{ criminalHistory: true }, 'key 1: "criminalHistory" of QV is missing or wrong'],
    [{ mark: undefined }, 'key 1: "mark" of QV is missing or wrong'],
  ])('with %j is refused: %s', (change, flaw) => {
    expect(errorOf(parseKeyTable(table([{ ...key('QV'), ...change }])))).toBe(flaw);
  });

  it('is refused with a key twice, without keys or without literals', () => {
    expect(errorOf(parseKeyTable(table([key('QV'), key('QV')])))).toBe('key 2: "QV" stands twice');
    expect(errorOf(parseKeyTable(table([7])))).toBe('key 1: not an object');
    for (const value of [null, [], 7, {}, { keys: [] }])
      expect(parseKeyTable(value).ok).toBe(false);
  });
});
