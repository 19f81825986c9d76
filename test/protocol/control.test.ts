import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as control from '#protocol/control';
import type { ControlType, Hello, Welcome } from '#protocol/control';
import { utf8Bytes } from '#protocol/octets';
import { errorOf, valueOf } from './help.ts';

const json = (body: object): Uint8Array => utf8Bytes(JSON.stringify(body));
const session = 'a'.repeat(22);

const hello: Hello = {
  protocol: [1],
  station: 'DEMO-DISP-01',
  role: 'terminal',
  software: 'test 1',
  received: 0,
};
const welcome: Welcome = {
  protocol: 1,
  switch: 'MSC',
  session,
  resumed: false,
  received: 0,
  frameBytesMax: 32_768,
  window: 32,
  keepAliveMs: 30_000,
  mnemonics: ['QZ01'],
};
const signOn = { user: 'jdoe', password: 'x' };
const signedOn = {
  ...{ user: 'jdoe', oif: 'J10442', name: 'J DOE', agency: 'CA0990100', mnemonic: 'QZ01' },
  warnings: [],
};
const status = { service: 'STATE', state: 'held' as const, since: '2031-02-03T04:05:06Z' };

/** A whole body of each type. */
const whole: Readonly<Record<ControlType, object>> = {
  HELLO: hello,
  WELCOME: welcome,
  SIGN_ON: signOn,
  SIGNED_ON: signedOn,
  SIGN_OFF: {},
  REFUSED: { code: 'H05', text: 'operator field missing' },
  BUSY: { retryAfterMs: 100 },
  STATUS: status,
  CLOSE: { code: 'C18', text: 'bye' },
};
// The keys of a record of ControlType are control types.
const types = Object.keys(whole) as ControlType[];

const verdict = (type: ControlType, body: object): string => {
  const result = control.parseControl(type, json(body));
  return result.ok ? 'ok' : result.error.code;
};

describe('F5, for every control body', () => {
  it.each(types)('%s is taken whole, and with members nobody knows', (type) => {
    const body = { ...whole[type], later: [{ a: -1.5e3 }], toString: 'x' };
    expect(valueOf(control.parseControl(type, json(body)))).toEqual({ type, body: whole[type] });
  });

  it.each(types)(
    '%s is refused with any of its members missing, of a wrong type or null',
    (type) => {
      for (const name of Object.keys(whole[type])) {
        const without = Object.fromEntries(
          Object.entries(whole[type]).filter(([member]) => member !== name),
        );
        expect(verdict(type, without)).toBe('C01');
        for (const value of [null, { a: 1 }, [[1]], -1])
          expect(verdict(type, { ...whole[type], [name]: value })).toBe('C01');
      }
    },
  );

  it.each(types)('%s is refused when an unknown member is null, twice or too deep', (type) => {
    expect(verdict(type, { ...whole[type], later: null })).toBe('C01');
    expect(verdict(type, { ...whole[type], later: [[[[]]]] })).toBe('C01');
    const twice = JSON.stringify(whole[type]).replace('{', '{"x":1,"x":1,').replace(',}', '}');
    expect(control.parseControl(type, utf8Bytes(twice)).ok).toBe(false);
  });

  it('only SIGN_OFF may be empty', () => {
    const empty = types.filter((type) => control.parseControl(type, new Uint8Array()).ok);
    expect(empty).toEqual(['SIGN_OFF']);
  });

  it('says which member is wrong, and nothing of what it held', () => {
    const { reason } = errorOf(control.parseSignOn(json({ user: 'jdoe', password: 'a\nsecret' })));
    expect(reason).toBe('The member "password" is out of its bounds.');
    expect(errorOf(control.parseSignOn(json({ user: 'jdoe' }))).reason).toBe(
      'The member "password" is missing.',
    );
  });
});

describe('the bounds of members', () => {
  const bounds: readonly [ControlType, string, readonly unknown[], readonly unknown[]][] = [
    ['HELLO', 'station', ['a', 'é'.repeat(64)], ['', 'é'.repeat(65), 'a\x00', 'a\x7f', 'a\u0085']],
    ['HELLO', 'software', ['x'.repeat(128)], ['x'.repeat(129), '\ud800', 7]],
    ['HELLO', 'protocol', [[], [1], [2], [0, 4_294_967_295]], [['1'], [1.5], [4_294_967_296], 1]],
    [
      'HELLO',
      'session',
      [session, 'a_-Z09'.repeat(10)],
      ['a'.repeat(21), 'a'.repeat(65), 'a.'.repeat(12)],
    ],
    ['WELCOME', 'protocol', [1], [2, 0, [1]]],
    ['WELCOME', 'frameBytesMax', [4096, 1_048_576], [4095, 1_048_577]],
    ['WELCOME', 'window', [1, 1024], [0, 1025]],
    ['WELCOME', 'keepAliveMs', [5000, 300_000], [4999, 300_001]],
    ['WELCOME', 'mnemonics', [[], ['QZ01', 'QZ02']], [['QZ1'], ['qz01'], 'QZ01', [1]]],
    ['WELCOME', 'session', [session], ['short', '']],
    ['WELCOME', 'user', ['jdoe'], ['', 1]],
    ['SIGN_ON', 'password', ['x'.repeat(256)], ['x'.repeat(257), '']],
    ['SIGN_ON', 'newPassword', ['x'.repeat(256)], ['x'.repeat(257), '']],
    ['SIGN_ON', 'otp', ['012345'], [12345, '']],
    ['SIGN_ON', 'mnemonic', ['QZ01', 'not one'], ['', 'x'.repeat(129)]],
    ['SIGNED_ON', 'warnings', [['a', 'b']], [[''], ['x'.repeat(129)], 'a']],
    ['SIGNED_ON', 'lastSignOn', ['2031-02-28T23:59:59.123456Z'], ['2031-02-29T00:00:00Z', 'now']],
    ['SIGN_OFF', 'reason', ['idle', 'user'], ['', 1]],
    ['REFUSED', 'text', ['x'.repeat(512)], ['x'.repeat(513), 'a\nb']],
    ['REFUSED', 'at', [0, 4_294_967_295], [-1, 1.5, '1']],
    ['REFUSED', 'ref', [1], [4_294_967_296]],
    ['REFUSED', 'field', ['LIC'], ['']],
    ['BUSY', 'retryAfterMs', [100, 60_000], [99, 60_001]],
    ['STATUS', 'state', ['up', 'held', 'down'], ['UP', '']],
    [
      'STATUS',
      'since',
      ['2032-02-29T00:00:00Z', '2031-12-31T23:59:60Z', '2031-01-01T00:00:00+00:00'],
      [
        '2031-13-01T00:00:00Z',
        '2031-04-31T00:00:00Z',
        '2031-01-01T24:00:00Z',
        '2031-01-01T00:60:00Z',
        '2031-01-01T00:00:61Z',
        '2031-01-01T00:00:00+01:00',
        '2031-01-01 00:00:00Z',
        '2100-02-29T00:00:00Z',
      ],
    ],
    ['CLOSE', 'text', ['x'.repeat(512)], ['x'.repeat(513)]],
  ];

  it.each(bounds)('%s %s', (type, name, good, bad) => {
    for (const value of good)
      expect([value, verdict(type, { ...whole[type], [name]: value })]).toEqual([value, 'ok']);
    for (const value of bad)
      expect([value, verdict(type, { ...whole[type], [name]: value })]).toEqual([value, 'C01']);
  });

  it.each(['1.0', '1e0', '-0', '4294967296'])('a number written %s is refused', (digits) => {
    const body = utf8Bytes(`{"code":"H05","text":"x","at":${digits}}`);
    expect(errorOf(control.parseRefused(body)).code).toBe('C01');
  });

  it('received is 0 without a session', () => {
    expect(verdict('HELLO', { ...hello, received: 1 })).toBe('C01');
    expect(verdict('HELLO', { ...hello, received: 1, session })).toBe('ok');
  });

  it('a protocol nobody here speaks is well formed: the switch answers it', () => {
    expect(valueOf(control.parseHello(json({ ...hello, protocol: [2] }))).protocol).toEqual([2]);
  });

  it('a role that does not exist is a wrong role, once all else is right', () => {
    expect(verdict('HELLO', { ...hello, role: 'toaster' })).toBe('C02');
    expect(verdict('HELLO', { ...hello, role: 'toaster', station: '' })).toBe('C01');
    expect(verdict('HELLO', { ...hello, role: '' })).toBe('C01');
  });
});

describe('properties of control bodies', () => {
  const text = (max = 20): fc.Arbitrary<string> =>
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: max })
      .filter(
        (value) =>
          !/\p{Cc}/u.test(value) && value.isWellFormed() && Buffer.byteLength(value) <= 128,
      );
  const number = fc.nat(0xffffffff);
  const maybe = { requiredKeys: [] };

  it('parse after format is the identity', () => {
    const signOnParts = fc
      .tuple(
        fc.record({ user: text(), password: text() }),
        fc.record({ newPassword: text(), otp: text(), mnemonic: text(), pool: text() }, maybe),
      )
      .map(([required, optional]) => ({ ...required, ...optional }));
    const refused = fc
      .tuple(
        fc.record({ code: text(), text: text() }),
        fc.record({ field: text(), at: number, ref: number }, maybe),
      )
      .map(([required, optional]) => ({ ...required, ...optional }));
    const close = fc.record({ code: text(), text: text() });
    fc.assert(
      fc.property(signOnParts, refused, close, number, (sign, refusal, end, received) => {
        expect(valueOf(control.parseSignOn(control.formatSignOn(sign)))).toEqual(sign);
        expect(valueOf(control.parseRefused(control.formatRefused(refusal)))).toEqual(refusal);
        expect(valueOf(control.parseClose(control.formatClose(end)))).toEqual(end);
        const resumed = { ...hello, session, received, station: end.code };
        expect(valueOf(control.parseHello(control.formatHello(resumed)))).toEqual(resumed);
        const answer = { ...welcome, received, user: end.text };
        expect(valueOf(control.parseWelcome(control.formatWelcome(answer)))).toEqual(answer);
        const greeting = { ...signedOn, pool: end.code, warnings: [end.text] };
        expect(valueOf(control.parseSignedOn(control.formatSignedOn(greeting)))).toEqual(greeting);
      }),
    );
    const busy = { retryAfterMs: 1000 };
    expect(valueOf(control.parseBusy(control.formatBusy(busy)))).toEqual(busy);
    expect(valueOf(control.parseStatus(control.formatStatus(status)))).toEqual(status);
    const off = { reason: 'idle' };
    expect(valueOf(control.parseSignOff(control.formatSignOff(off)))).toEqual(off);
  });

  it('any octets give a result, never a throw', () => {
    const body = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.object().map(json));
    fc.assert(
      fc.property(fc.constantFrom(...types), body, (type, octets) => {
        const result = control.parseControl(type, octets);
        if (!result.ok) expect(result.error.code).toBe('C01');
      }),
      { numRuns: 500 },
    );
  });
});
