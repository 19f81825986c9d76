// A work place from the inside: what is typed while nobody is signed on, and what a person is asked.

import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Desk } from '#src/sim/desk';
import type { DeskOptions } from '#src/sim/desk';
import { Screen } from '#src/sim/screen';
import { statusWords } from '#src/sim/wording';
import { SimAuthority } from '#support/sim-world';
import type { PemFiles } from '#support/sim-world';
import { password, SwitchDouble, user } from './switch-double.ts';

const question = 'QV.CA0990100.LIC/2ZZZ999';
let authority: SimAuthority;
let files: PemFiles;
let own: PemFiles;
let double: SwitchDouble;
let port: number;
let shown: string;
let out: PassThrough;
/** The first message cuts the line, every other is answered. */
let cut: boolean;

beforeAll(async () => {
  authority = await SimAuthority.create();
  files = await authority.issue('localhost', 'switch');
  own = await authority.issue('DEMO-DISP-01', 'station');
});
beforeEach(async () => {
  cut = false;
  shown = '';
  out = new PassThrough();
  out.on('data', (chunk) => (shown += String(chunk)));
  double = new SwitchDouble(files, () => {
    const now = cut;
    cut = false;
    return now ? 'cut' : { answers: ['QV.CA0990100.\r\nNO RECORD\r\n'] };
  });
  port = await double.listen();
});
afterEach(() => double.close());
afterAll(() => authority.remove());

describe('what is typed while nobody is signed on', () => {
  it('waits until the sign-on is answered, and a slow answer is spoken of', async () => {
    double.instead.push('nothing');
    const desk = work({});
    const opened = desk.open();
    const asked = desk.ask(question);
    await said("waiting for the switch's answer ...");
    expect(shown).toContain('    kept until you are signed on\n');
    expect(double.texts).toEqual([]);
    double.release();
    await opened;
    expect((await asked).kind).toBe('answered');
    await desk.leave();
  });

  it('waits while the line is down, until the person is signed on again', async () => {
    double.keepsSignOn = false;
    const desk = work({});
    await desk.open();
    cut = true;
    const first = desk.ask(question);
    await said('the line is lost');
    const second = desk.ask(question);
    expect((await first).kind).toBe('answered');
    expect((await second).kind).toBe('answered');
    expect(shown).toContain('kept until you are signed on');
    expect(double.tries.length).toBe(2);
    await desk.leave();
  });

  it('is dropped with a word when the person signs off instead', async () => {
    const desk = work({});
    await desk.open();
    cut = true;
    void desk.ask(question);
    await said('the line is lost');
    const kept = desk.ask(question);
    await desk.signOff();
    expect((await kept).kind).toBe('dropped');
    expect(shown).toContain('not sent: nobody is signed on');
    await desk.leave();
  });
});

it('comes back where the line ends during the sign-on of a patient desk', async () => {
  double.instead.push('C13');
  const desk = work({});
  await desk.open();
  expect(shown).toContain('C13 Said by the test.; coming back in 1 s');
  expect(shown).toContain('signed on: jdoe');
  await desk.leave();
});

describe('a refused sign-on', () => {
  it('asks for the password again, and keeps the right one', async () => {
    const desk = work({
      person: { user, password: 'a slip' },
      more: () => Promise.resolve({ password }),
    });
    await desk.open();
    await desk.signOff();
    await desk.signOn();
    expect(double.tries.map((one) => one.password)).toEqual(['a slip', password, password]);
    await desk.leave();
  });

  it('ends after the fifth wrong password', async () => {
    const more = (): ReturnType<DeskOptions['more']> => Promise.resolve({ password: 'a slip' });
    const desk = work({ person: { user, password: 'a slip' }, more });
    await expect(desk.open()).rejects.toMatchObject({ code: 'SIM-NOT-ALLOWED' });
    expect(double.tries.length).toBe(5);
    await desk.leave();
  });

  it('sends a one-time code once, and a new password until it is taken', async () => {
    double.instead.push('U04', 'U02', 'U04');
    const desk = work({
      more: ({ code }) =>
        Promise.resolve(code === 'U04' ? { otp: '123456' } : { newPassword: 'a longer one' }),
    });
    await desk.open();
    expect(double.tries.map(({ otp, newPassword }) => [otp, newPassword])).toEqual([
      [undefined, undefined],
      ['123456', undefined],
      [undefined, 'a longer one'],
      ['123456', 'a longer one'],
    ]);
    await desk.leave();
  });
});

it.each([
  ['up', 'STATE is up again'],
  ['held', 'STATE is down; questions are kept and forwarded'],
  ['down', 'STATE is down; ask again later'],
] as const)('says the status %s in words', (state, words) => {
  expect(statusWords({ service: 'STATE', state, since: '2026-01-01T00:00:00Z' })).toBe(words);
});

function work(further: Partial<DeskOptions>): Desk {
  const address = { host: '127.0.0.1', port, ...own.pem };
  return new Desk({
    place: { address, station: 'DEMO-DISP-01', pool: undefined },
    person: { user, password },
    screen: new Screen(out),
    ...{ naming: true, timeoutMs: 10_000, patient: true },
    more: () => Promise.resolve(undefined),
    ...further,
  });
}

async function said(words: string): Promise<void> {
  while (!shown.includes(words)) await once(out, 'data');
}
