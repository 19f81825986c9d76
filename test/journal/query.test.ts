// Whether one entry answers: names in any order, words and phrases of the octets, what is left out.

import { describe, expect, it } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import { matches } from '#journal/query';
import type { Condition, PlainCondition } from '#journal/query';
import { wordsOf } from '#journal/words';

const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');

function named(...names: readonly string[]): StoredEntry {
  const fields = { NAM: names };
  return { entry: { kind: 'event', event: 'start', entry: 1, time: 1, fields } };
}

function said(text: string, more: Partial<StoredEntry> = {}): StoredEntry {
  return {
    entry: { kind: 'event', event: 'start', entry: 1, time: 1 },
    body: octets(text),
    ...more,
  };
}

function answers(stored: StoredEntry, ...where: readonly Condition[]): boolean {
  return matches({ where, reverse: true, limit: 0 }, stored);
}

function name(...words: readonly string[]): PlainCondition {
  const asked = words.map((word) => ({ value: word.replace('*', ''), begins: word.endsWith('*') }));
  return { on: 'name', field: 'NAM', any: [asked] };
}

const text = (...phrase: readonly string[]): PlainCondition => ({ on: 'text', any: [phrase] });

describe('a name', () => {
  it.each(['TEST DOE', 'DOE,TEST', 'Doe, Testman B.', 'DOE-TESTMAN'])(
    'DOE TEST* is found in %s, whatever the order and the punctuation',
    (value) => {
      expect(answers(named(value), name('DOE', 'TEST*'))).toBe(true);
    },
  );

  it.each(['DOE', 'DOER, TEST', 'D0E, TEST', 'DOE, ATEST', ''])('and not in "%s"', (value) => {
    expect(answers(named(value), name('DOE', 'TEST*'))).toBe(false);
  });

  it('has all its words in one value', () => {
    expect(answers(named('DOE, ANN', 'ROE, TEST'), name('DOE', 'TEST'))).toBe(false);
    expect(answers(named('ROE, ANN', 'DOE, TEST'), name('DOE', 'TEST'))).toBe(true);
  });
});

describe('a text', () => {
  it('is its runs of letters and digits, in capitals', () => {
    const body = octets('\x02AB12.QV.LIC/2zzz-999\r\nM\xfcller, na\xefve \xd7 10\xb2\x03');
    expect([...wordsOf(body)]).toEqual([
      ...['AB12', 'QV', 'LIC', '2ZZZ', '999', 'M\xdcLLER', 'NA\xcfVE', '10'],
    ]);
    expect([...wordsOf(new Uint8Array())]).toEqual([]);
  });

  it('is found by a whole word, not by a part of one', () => {
    const stored = said('MKE/STOLEN VEHICLE');
    expect(answers(stored, text('STOLEN'))).toBe(true);
    expect(answers(stored, text('STOLE'))).toBe(false);
  });

  it('is found by a phrase whose words stand side by side', () => {
    const stored = said('STOLEN CAR. STOLEN  VEHICLE/RED');
    expect(answers(stored, text('STOLEN', 'VEHICLE', 'RED'))).toBe(true);
    expect(answers(stored, text('CAR', 'VEHICLE'))).toBe(false);
    expect(answers(stored, text('RED', 'STOLEN'))).toBe(false);
  });

  it('that is withheld is not looked into', () => {
    expect(answers(said('SECRET', { withheld: true }), text('SECRET'))).toBe(false);
  });
});

describe('a condition', () => {
  it('with not holds where nothing of it is there', () => {
    const without = { ...text('STOLEN'), not: true } as const;
    expect(answers(said('STOLEN CAR'), without)).toBe(false);
    expect(answers(said('CAR'), without)).toBe(true);
    expect(answers(named('DOE'), without)).toBe(true);
    expect(answers(named('DOE'), { ...name('DOE'), not: true })).toBe(false);
  });

  it('of alternatives holds where one does', () => {
    const either = { on: 'either', of: [name('DOE'), text('STOLEN')] } as const;
    expect(
      [named('DOE'), said('STOLEN'), said('CAR')].map((each) => answers(each, either)),
    ).toEqual([true, true, false]);
  });
});
