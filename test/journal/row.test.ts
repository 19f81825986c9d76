import { describe, expect, it } from 'vitest';
import { formatRow, formatTime } from '#journal/row';
import { makeEntries } from '#support/make-journal';
import { event } from './folders.ts';

describe('the row of an entry', () => {
  const received = [...makeEntries({ count: 40, seed: 1 })].find(
    ({ entry }) => entry.kind === 'received' && entry.direction === 'up-in',
  );

  it('has the names of the contract first and in order, then our own', () => {
    const row = formatRow(received ?? event(1), { text: false });
    expect(Object.keys(row).join(' ')).toBe(
      'entry time kind direction thread mnemonic upstream session number user oif taf ori agency ' +
        'mke suphdr class outcome fields bytes digest textAt to answers final',
    );
  });

  it('gives length and digest of the body, and its text only when told to', () => {
    const stored = { ...event(2), body: new TextEncoder().encode('NO RECORD') };
    expect(formatRow(stored, { text: false })).toEqual({
      entry: 2,
      time: '1970-01-01T00:00:02.000000Z',
      kind: 'event',
      event: 'heartbeat',
      bytes: 9,
      digest: '133c3e79d37423ab22e73ad389462c09594751a7b42532c5db2c654bf575957d',
    });
    expect(formatRow(stored, { text: true })['text']).toBe('NO RECORD');
  });

  it('keeps length and digest of octets that were not stored', () => {
    const row = formatRow(event(3, { bytes: 12, digest: 'ab' }), { text: true });
    expect(row).toMatchObject({ bytes: 12, digest: 'ab' });
    expect(row).not.toHaveProperty('text');
  });

  it('shows what a peer wrote into its REFUSED only with text', () => {
    const refused = event(4, { kind: 'refused', text: 'LIC/2ZZZ999 IS WRONG', code: 'X08' });
    expect(JSON.stringify(formatRow(refused, { text: false }))).not.toContain('2ZZZ999');
    expect(formatRow(refused, { text: true })['refusalText']).toBe('LIC/2ZZZ999 IS WRONG');
  });

  it('leaves out what is absent, never null or empty', () => {
    const row = formatRow(event(5, { requester: '', user: undefined }), { text: false });
    expect(Object.keys(row)).toEqual(['entry', 'time', 'kind', 'event']);
  });

  it('writes a time to the microsecond', () => {
    expect(formatTime(1_767_600_000_000_042)).toBe('2026-01-05T08:00:00.000042Z');
    expect(formatTime(1_767_600_000_999_999)).toBe('2026-01-05T08:00:00.999999Z');
  });
});
