import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTaf } from '#protocol/ids';
import { composeTaf, isTafOfKind, tafKinds, type TafParts } from '#src/access/taf';

const ip = '10.20.3.45';
const mac = '00:1B:44:11:3A:B7';

describe('a terminal address field', () => {
  it.each([
    ['mac6', { mac }, '113AB7'],
    ['ip8', { ip }, '0A14032D'],
    ['ip12', { ip }, '010020003045'],
    ['mac12', { mac }, '001B44113AB7'],
    ['ip8mac6', { ip, mac }, '0A14032D113AB7'],
    ['ip12mac6', { ip, mac }, '010020003045113AB7'],
    ['id', { id: 'DISP03WEST' }, 'DISP03WEST'],
    ['mac6', { mac: '00-1b-44-11-3a-b7' }, '113AB7'],
  ] as const)('of kind %s is composed as the table says (clets 2.4)', (kind, parts, taf) => {
    expect(composeTaf(kind, parts)).toEqual({ ok: true, value: taf });
    expect(isTafOfKind(kind, taf as never)).toBe(true);
  });

  it.each([
    ['mac6', {}],
    ['mac6', { ip, mac }],
    ['ip12mac6', { ip }],
    ['ip12mac6', { mac }],
    ['id', { id: 'DISP03WEST', ip }],
    ['ip8', { ip: '10.20.3.256' }],
    ['ip8', { ip: '10.20.3' }],
    ['ip8', { ip: '010.20.3.45' }],
    ['ip8', { ip: '::1' }],
    ['mac12', { mac: '00:1B:44:11:3A' }],
    ['mac12', { mac: '00:1B-44:11:3A:B7' }],
    ['mac12', { mac: '001B44113AB7' }],
    ['id', { id: 'SHORT' }],
    ['id', { id: 'A23456789012345678X' }],
    ['id', { id: 'lower1' }],
    ['id', { id: 'WITH.POINT' }],
  ] as const)('of kind %s is not made from the wrong parts: %j', (kind, parts: TafParts) => {
    expect(composeTaf(kind, parts).ok).toBe(false);
  });

  it.each([
    ['mac6', '113ABG'],
    ['mac6', '0113AB7'],
    ['ip8', '0A14032Z'],
    ['ip12', '256020003045'],
    ['ip12', '999020003045'],
    ['ip12', '0100200030451'],
    ['ip12mac6', '010020003045113ABZ'],
    ['ip12mac6', '010020003045'],
    ['ip8mac6', '0A14032D113AB'],
  ] as const)('of kind %s is told from what cannot be one: %s', (kind, text) => {
    const taf = parseTaf(text);
    if (taf === undefined) throw new Error('the table holds TAFs');
    expect(isTafOfKind(kind, taf)).toBe(false);
  });

  it('is always of its kind and 6 to 18 of A-Z and 0-9', () => {
    const octets = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(octets, fc.constantFrom(...tafKinds), (device, kind) => {
        const hex = [...device.slice(4)].map((octet) => octet.toString(16).padStart(2, '0'));
        const known = { ip: [...device.slice(0, 4)].join('.'), mac: hex.join(':'), id: 'DISP03' };
        const parts: TafParts = {
          ...(kind.includes('ip') ? { ip: known.ip } : {}),
          ...(kind.includes('mac') ? { mac: known.mac } : {}),
          ...(kind === 'id' ? { id: known.id } : {}),
        };
        const taf = composeTaf(kind, parts);
        expect(taf.ok && parseTaf(taf.value) === taf.value && isTafOfKind(kind, taf.value)).toBe(
          true,
        );
      }),
    );
  });
});
