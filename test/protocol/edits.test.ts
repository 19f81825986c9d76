// Binding and editing as such: positional, tagged and mixed bodies (ncic 1.2, 11.1, 11.2), and what
// holds for any fields whatever.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editFields } from '#protocol/edits';
import { splitFields } from '#protocol/field';
import { formatTable } from '#protocol/formats';
import { keyTable } from '#protocol/keys';
import { formatText, parseText } from '#protocol/message';
import { edited, interstate, whole } from './edit.ts';
import { bytes, valueOf } from './help.ts';

const entry =
  'LIC/7SIM042.LIS/CA.LIY/2031.LIT/PC.VIN/9ZZTS7X41KN200417.VYR/2019.VMA/TOYT.VMO/COR.VST/4D.VCO/SIL.DOT/20300214.OCA/30-004417.MIS/CRACKED LEFT MIRROR, ROOF RACK';

describe('the worked examples of ncic 11', () => {
  it.each([
    [
      '11.1 positional',
      'EV',
      '7SIM042.CA.2031.PC.9ZZTS7X41KN200417.2019.TOYT.COR.4D.SIL.20300214.30-004417.CRACKED LEFT MIRROR, ROOF RACK',
      entry,
    ],
    ['11.1 tagged', 'EV', entry, entry],
    [
      '11.1 plate only',
      'EV',
      '7SIM042.CA.2031.PC...TOYT.COR.4D.SIL.20300214.30-004417',
      'LIC/7SIM042.LIS/CA.LIY/2031.LIT/PC.VMA/TOYT.VMO/COR.VST/4D.VCO/SIL.DOT/20300214.OCA/30-004417',
    ],
    [
      '11.2 modify',
      'MV',
      'NIC/V400118732.OCA/30-004417.VCO/SIL/BLK.MIS/',
      'NIC/V400118732.OCA/30-004417.VCO/SIL/BLK.MIS/',
    ],
    [
      '11.2 cancel',
      'XV',
      'NIC/V400118732.OCA/30-004417.20300306.RPP/NOT STOLEN',
      'NIC/V400118732.OCA/30-004417.DOC/20300306.RPP/NOT STOLEN',
    ],
    [
      '11.2 locate',
      'LV',
      'LIC/7SIM042.OCA/30-004417.20300305.CA30-0091',
      'LIC/7SIM042.OCA/30-004417.DOR/20300305.RCA/CA30-0091',
    ],
    [
      '11.2 clear',
      'CV',
      'NIC/V400118732.OCA/30-004417.20300306.CA0990100.CA30-0091',
      'NIC/V400118732.OCA/30-004417.DCL/20300306.RRI/CA0990100.RCA/CA30-0091',
    ],
    ['11.3 names', 'QW', 'NAM/QUILLBRAND, OSRIC.SEX/M.RAC/W.DOB/19910307', undefined],
    ['11.3 expanded', 'QW', 'NAM/QUILLBRAND, OSRIC.DOB/19910307.EBS/1.ENS/Y', undefined],
    ['11.3 gun', 'QG', 'SER/SIM77A4431.MAK/GLC.CAL/9', undefined],
    ['11.3 article', 'QA', 'TYP/DCOMPUT.SER/ZX00412', undefined],
    ['11.3 boat', 'QB', 'BHN/SIMQ0417H930', undefined],
    ['11.3 security', 'QS', 'TYP/FR.SER/B00990042C.DEN/100', undefined],
    ['11.3 missing', 'QM', 'AGE/15.SEX/F.RAC/B.HGT/408.WGT/071.EYE/BRO.HAI/BLK', undefined],
    ['11.3 order', 'QPO', 'NAM/GROVELL, ENZO.DOB/19850530', undefined],
    ['11.3 identity', 'QID', 'SOC/000990042', undefined],
    ['11.3 number', 'QV', 'NIC/V400118732', undefined],
  ])('%s: %s %s', (_, key, text, bound = text) => {
    expect(edited(key, text)).toBe(bound);
  });
});

describe('which code a value has (ncic 1.2)', () => {
  it.each([
    [
      'a two-tone colour by its place is no tag',
      'EV',
      '7SIM042.CA.2031.PC...TOYT.COR.4D.SIL/BLK.20300214.30-1',
      'VCO/SIL/BLK',
    ],
    [
      'a tag among bare values is its own, and its place is passed',
      'EV',
      '7SIM042.CA.2031.PC.VIN/9ZZ1.2019.TOYT.COR.4D.SIL.20300214.30-1',
      'VIN/9ZZ1.VYR/2019.VMA/TOYT',
    ],
    [
      'a wanted person by place',
      'EW',
      'DOE, A.M.W.OR.19910307.602.210.GRN.BRO..........2299.20291130.29B-1.SEE TRAILER.EXL/1',
      'HAI/BRO.OFF/2299.DOW/20291130.OCA/29B-1.MIS/SEE TRAILER.EXL/1',
    ],
    [
      'blanks around a value are not part of it',
      'QV',
      'LIC/ 7SIM042 .LIS/CA',
      'LIC/7SIM042.LIS/CA',
    ],
    [
      'a tail by tag and by place',
      'XV',
      'NIC/V400118732.OCA/30-1.DOC/20300306.NOT STOLEN',
      'DOC/20300306.RPP/NOT STOLEN',
    ],
    [
      'an empty place leaves its field out',
      'CV',
      'NIC/V400118732.OCA/30-1.20300306..CA30-1',
      'DCL/20300306.RCA/CA30-1',
    ],
    ['a closing period is tolerated', 'QV', 'LIC/7SIM042.', 'LIC/7SIM042'],
    [
      'line ends around a field are no part of it',
      'QV',
      'LIC/7SIM042.\r\nLIS/CA\r\n',
      'LIC/7SIM042.LIS/CA',
    ],
  ])('%s', (_, key, text, bound) => {
    expect(edited(key, text)).toContain(bound);
  });

  it.each([
    [
      'behind the last place',
      'EV',
      '7SIM042.CA.2031.PC...TOYT.COR.4D.SIL.20300214.30-1.MIRROR.MORE',
      'extra MIS @58',
    ],
    ['in a tagged entry', 'EV', 'LIC/7SIM042.CA', 'extra LIC @12'],
    ['where a file has no places', 'EG', 'SIM77A4431', 'extra - @0'],
    ['in a wrong place', 'EV', '7SIM042.2031.CA.PC', 'data LIS @8'],
  ])('a value %s has none', (_, key, text, flaw) => {
    expect(edited(key, text)).toBe(flaw);
  });

  it('the first flaw in the order of the text comes first, and what is missing last', () => {
    expect(edited('EV', 'LIC/UNK.LIS/CAL')).toBe('data LIC @0');
    expect(edited('EV', 'LIC/1.LIS/CAL.NAM/X')).toBe('data LIS @6');
    expect(edited('EV', 'LIC/1.NAM/X.LIS/CAL')).toBe('not-allowed NAM @6');
    expect(edited('EV', 'LIC/1.LIC/2.LIS/CAL')).toBe('repeated LIC @6');
    expect(edited('EV', 'LIC/1')).toBe('missing VMA @5');
  });

  it('what lies beyond the fields that are read does not pass for edited', () => {
    const many = `LIC/1${'.LIS/CA'.repeat(2000)}`;
    expect(edited('QVB', many)).toMatch(/^extra LIS @/);
  });

  it('a key without a format has no edits', () => {
    expect(edited('AM', 'LIC/UNK.X')).toBe('LIC/UNK');
  });
});

describe('for any fields whatever', () => {
  const keys = keyTable.all.filter(({ edits }) => edits !== undefined);
  const anyKey = fc.constantFrom(...keys);
  const codes = [...new Set(formatTable.fields.rules.map(({ code }) => code))];
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('', ' ', '20300214', 'DOE, A', '1', '30-1', 'SIL/BLK', 'V400118732', 'Y', 'CA'),
  );
  const piece = fc.tuple(fc.option(fc.constantFrom(...codes), { nil: undefined }), value);
  const texts = { ...whole, ...interstate };
  const nearly = fc
    .tuple(fc.constantFrom(...Object.keys(texts)), fc.array(piece, { maxLength: 4 }), fc.nat())
    .map(([key, pieces, at]) => {
      const parts = (texts[key] ?? '').split('.');
      const more = pieces.map(([code, text]) => (code === undefined ? text : `${code}/${text}`));
      return {
        key: keyTable.get(key) ?? expect.fail(key),
        text: parts.toSpliced(at % (parts.length + 1), at % 3, ...more).join('.'),
      };
    });
  const any = fc.record({ key: anyKey, text: fc.string({ unit: 'binary', maxLength: 200 }) });
  const pieces = fc.tuple(anyKey, fc.array(piece, { maxLength: 30 })).map(([key, list]) => ({
    key,
    text: list.map(([code, text]) => (code === undefined ? text : `${code}/${text}`)).join('.'),
  }));

  it('never throws, and the offset lies in the body or at its end', () => {
    fc.assert(
      fc.property(fc.oneof(any, pieces, nearly), fc.nat(1000), ({ key, text }, base) => {
        const end = base + text.length;
        const result = editFields(key, splitFields(text, base), end);
        if (result.ok) {
          for (const { at, value: bound } of result.value) {
            expect(at).toBeGreaterThanOrEqual(base);
            expect(text.slice(at - base, at - base + bound.length)).toBe(bound);
          }
          return;
        }
        const { at, field } = result.error;
        expect(at).toBeGreaterThanOrEqual(base);
        expect(at).toBeLessThanOrEqual(end);
        expect(field).toMatch(/^(?:[A-Z]{3})?$/);
      }),
      { numRuns: 3000 },
    );
  });

  it('bound fields written with their codes and read again are the same', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(any, pieces, nearly), ({ key, text }) => {
        const first = editFields(key, splitFields(text, 0), text.length);
        if (!first.ok) return;
        taken++;
        const tagged = first.value.map((field) => `${field.code}/${field.value}`).join('.');
        const again = valueOf(editFields(key, splitFields(tagged, 0), tagged.length));
        const plain = (list: typeof again) => list.map(({ code, value: held }) => [code, held]);
        expect(plain(again)).toEqual(plain(first.value));
      }),
      { numRuns: 3000 },
    );
    // Or the property would say nothing.
    expect(taken).toBeGreaterThan(100);
  });

  it('a whole message keeps its edits through format and parse', () => {
    for (const [mke, text] of Object.entries(whole)) {
      const key = keyTable.get(mke) ?? expect.fail(mke);
      if (key.from !== 'station') continue;
      const octets = bytes(`${mke}.CA0990100.${text}`);
      const parsed = valueOf(parseText(octets, 0, keyTable));
      const bound = valueOf(editFields(key, parsed.fields, parsed.fieldsEnd));
      expect(formatText({ mke: parsed.mke, ori: parsed.ori, fields: bound })).toEqual(octets);
    }
  });

  it('the end of the fields is before the line of the requester', () => {
    const octets = bytes('QV.CA0990100.LIS/CA\r\nRQR/SMITH.RSN/CASE 12');
    const { key, fields, fieldsEnd } = valueOf(parseText(octets, 0, keyTable));
    expect(editFields(key, fields, fieldsEnd)).toEqual({
      ok: false,
      error: { kind: 'missing', field: 'LIC', at: 19 },
    });
  });
});
