import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ackFrame,
  controlFrame,
  echoFrame,
  formatFrame,
  messageFrame,
  parseFrameHeader,
  stationFrames,
  switchFrames,
  welcomeOnly,
} from '#protocol/frame';
import type { FrameRules, FrameType } from '#protocol/frame';
import type { Mnemonic } from '#protocol/ids';
import { errorOf, framesOf, hostRules, unhex, upperAlnum, valueOf } from './help.ts';

const all = new Set<FrameType>([...stationFrames.terminal, ...switchFrames.terminal, 'HELLO']);
const fromStation: FrameRules = { from: 'station', bodyBytesMax: 4096, allowed: all };
const fromSwitch: FrameRules = { from: 'switch', bodyBytesMax: 4096, allowed: all };
const body = (length: number): Uint8Array => new Uint8Array(length).fill(0x41);
const mnemonic = 'KSD1' as Mnemonic;
const message = { flags: 0, class: 0, number: 1, mnemonic, body: body(3) };

const verdict = (octets: Uint8Array, rules: FrameRules): string => {
  const header = parseFrameHeader(octets, rules);
  return header.ok ? 'ok' : header.error.code;
};

/** The frame with one octet of its header replaced. */
const altered = (octets: Uint8Array, at: number, octet: number): Uint8Array =>
  octets.map((old, i) => (i === at ? octet : old));

describe('F1, what the table does not allow', () => {
  it('takes every type with its own values', () => {
    for (const type of all) {
      const frame =
        type === 'MESSAGE' ? messageFrame(message) : type === 'ACK' ? ackFrame(1) : undefined;
      const number = type === 'BUSY' || type === 'REFUSED' ? 7 : 0;
      expect(verdict(frame ?? controlFrame(type, {}, number), fromStation)).toBe('ok');
    }
  });

  it.each([0, 1, 2, 6, 7, 16, 17, 18, 19])('octet %i of a PING cannot be another', (at) => {
    expect(verdict(altered(echoFrame('PING'), at, 0x61), fromStation)).toBe('C01');
  });

  it('only a MESSAGE has flags, a class and a mnemonic', () => {
    for (const at of [4, 5, 16])
      expect(
        verdict(altered(controlFrame('CLOSE', {}), at, at === 16 ? 0x41 : 1), fromStation),
      ).toBe('C01');
  });

  it('a MESSAGE has two flags, and letters and digits in its mnemonic', () => {
    const octets = messageFrame({ ...message, flags: 3 });
    expect(verdict(octets, fromStation)).toBe('ok');
    for (const flags of [4, 8, 0x80, 0xff])
      expect(verdict(altered(octets, 4, flags), fromStation)).toBe('C01');
    for (const octet of [0x20, 0x61, 0x2e, 0xff, 0])
      expect(verdict(altered(octets, 19, octet), fromStation)).toBe('C01');
  });

  it('a class is 0 to 7 from a station and 1 to 7 from the switch', () => {
    const verdicts = (rules: FrameRules): string[] =>
      [0, 1, 7, 8].map((value) => verdict(messageFrame({ ...message, class: value }), rules));
    expect(verdicts(fromStation)).toEqual(['ok', 'ok', 'ok', 'C01']);
    expect(verdicts(fromSwitch)).toEqual(['C01', 'ok', 'ok', 'C01']);
  });

  it('numbers begin at 1; only a REFUSED may have 0, for a sign-on', () => {
    expect(verdict(messageFrame({ ...message, number: 0 }), fromStation)).toBe('C01');
    expect(verdict(ackFrame(0), fromStation)).toBe('C01');
    expect(verdict(controlFrame('BUSY', {}), fromSwitch)).toBe('C01');
    expect(verdict(controlFrame('REFUSED', {}), fromSwitch)).toBe('ok');
    expect(verdict(ackFrame(0xffffffff), fromStation)).toBe('ok');
  });

  it('an ACK has no body, a PING and a PONG at most 64 octets', () => {
    expect(verdict(altered(ackFrame(1), 15, 1), fromStation)).toBe('C01');
    for (const type of ['PING', 'PONG'] as const) {
      expect(verdict(echoFrame(type, body(64)), fromStation)).toBe('ok');
      expect(verdict(echoFrame(type, body(65)), fromStation)).toBe('C01');
    }
  });
});

describe('F2 and F6', () => {
  it('a length at the limit is taken, one more is C03', () => {
    const octets = messageFrame({ ...message, body: body(4096) });
    expect(verdict(octets, fromStation)).toBe('ok');
    expect(verdict(messageFrame({ ...message, body: body(4097) }), fromStation)).toBe('C03');
  });

  it('a frame that claims more than the limit is refused before its body is read', () => {
    const claim = unhex('4d5301100000000000000001ffffffff4b534431');
    expect(framesOf([claim], hostRules).map(errorOf)).toMatchObject([{ code: 'C03' }]);
  });

  it('a type the role may not send is C04, after too long', () => {
    const signOn = controlFrame('SIGN_ON', { user: 'x'.repeat(5000) });
    const printer = { ...fromStation, allowed: stationFrames.printer };
    expect(verdict(signOn, printer)).toBe('C03');
    expect(verdict(signOn, { ...printer, bodyBytesMax: 9999 })).toBe('C04');
    expect(verdict(messageFrame(message), printer)).toBe('C04');
    expect(verdict(controlFrame('BUSY', {}, 1), { ...printer, allowed: stationFrames.host })).toBe(
      'C04',
    );
  });

  it('a switch may refuse a HELLO at once', () => {
    const rules: FrameRules = { from: 'switch', bodyBytesMax: 65536, allowed: welcomeOnly };
    expect(verdict(controlFrame('CLOSE', {}), rules)).toBe('ok');
    expect(verdict(controlFrame('STATUS', {}), rules)).toBe('C04');
  });

  it('says why in a sentence of its own, without data of the peer', () => {
    const garbage = bytesOf('AB12.QV.CA0990100.LIC/2ZZZ999');
    const { reason } = errorOf(parseFrameHeader(garbage, fromStation));
    expect(reason).toBe('The octets do not begin a frame of this protocol.');
  });
});

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

const arbitraryMessage = fc.record({
  flags: fc.nat(3),
  class: fc.nat(7),
  number: fc.integer({ min: 1, max: 0xffffffff }),
  mnemonic: upperAlnum(4, 4).map((text) => text as Mnemonic),
  body: fc.uint8Array({ maxLength: 200 }),
});

describe('properties of frames', () => {
  it('parse after format is the identity', () => {
    fc.assert(
      fc.property(arbitraryMessage, (sent) => {
        const [frame] = framesOf([messageFrame(sent)], hostRules).map(valueOf);
        expect(frame).toEqual({ type: 'MESSAGE', ...sent });
      }),
    );
  });

  it('format after parse is the identity', () => {
    fc.assert(
      fc.property(arbitraryMessage, (sent) => {
        const octets = messageFrame(sent);
        const [frame] = framesOf([octets], hostRules).map(valueOf);
        expect(frame && formatFrame(frame)).toEqual(octets);
      }),
    );
  });

  it('any octets give a result, never a throw', () => {
    const nearly = fc
      .tuple(fc.uint8Array({ maxLength: 40 }), fc.boolean())
      .map(([octets, begun]) => (begun ? Uint8Array.of(0x4d, 0x53, 1, ...octets) : octets));
    fc.assert(
      fc.property(nearly, (octets) => {
        const header = parseFrameHeader(octets, fromStation);
        if (header.ok) expect(header.value.length).toBeLessThanOrEqual(4096);
        else expect(header.error.code).toMatch(/^C0[134]$/);
      }),
    );
  });
});
