// The station client where people are concerned: sign-on, sign-off, and whose message is whose.

import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { flagPossibleDuplicate } from '#protocol/frame';
import { connectStation } from '#src/sim/station';
import type { Station } from '#src/sim/station';
import type { StationSession } from '#src/sim/station-session';
import { SimAuthority } from '#support/sim-world';
import type { PemFiles } from '#support/sim-world';
import { password, SwitchDouble } from './switch-double.ts';
import type { Behaviour } from './switch-double.ts';

const question = 'QV.CA0990100.LIC/2ZZZ999';
let authority: SimAuthority;
let files: PemFiles;
let own: PemFiles;
let double: SwitchDouble;
let port: number;
/** The first message cuts the line, every other is answered. */
let cut: boolean;

beforeAll(async () => {
  authority = await SimAuthority.create();
  files = await authority.issue('localhost', 'switch');
  own = await authority.issue('DEMO-DISP-01', 'station');
});
beforeEach(async () => {
  cut = false;
  const behave: Behaviour = () => {
    const now = cut;
    cut = false;
    return now ? 'cut' : { answers: ['QV.CA0990100.\r\nNO RECORD\r\n'] };
  };
  double = new SwitchDouble(files, behave);
  port = await double.listen();
});
afterEach(() => double.close());
afterAll(() => authority.remove());

it('signs on, asks under its mnemonic, signs off', async () => {
  const station = await connect();
  expect(await station.signOn({ user: 'jdoe', password: 'wrong' })).toMatchObject({ code: 'U01' });
  expect(await station.signOn({ user: 'jdoe', password })).toMatchObject({ mnemonic: 'QZ01' });
  expect(station.user).toBe('jdoe');
  expect((await station.request(question)).kind).toBe('answered');
  await station.signOff();
  expect(station.user).toBeUndefined();
  await station.leave();
});

it('repeats a message, flagged, where the sign-on was kept over the loss (link S7a)', async () => {
  const { session, asked } = await loseALine();
  const station = await connect(session);
  expect(station.user).toBe('jdoe');
  expect((await asked).kind).toBe('answered');
  expect(double.flags).toEqual([0, flagPossibleDuplicate]);
  station.cut();
});

it('holds a repeat until its user is signed on again', async () => {
  double.keepsSignOn = false;
  const { session, asked } = await loseALine();
  const station = await connect(session);
  expect(station.user).toBeUndefined();
  await station.signOn({ user: 'jdoe', password });
  expect((await asked).kind).toBe('answered');
  expect(double.texts.length).toBe(2);
  station.cut();
});

it('never sends the message of one user under another, and says so (link S7b)', async () => {
  double.keepsSignOn = false;
  const { session, asked } = await loseALine();
  const station = await connect(session);
  const dropped = once(station, 'dropped');
  await station.signOn({ user: 'mroe', password });
  await dropped;
  expect((await asked).kind).toBe('dropped');
  const next = await station.request(question);
  expect([next.kind, double.texts.length]).toEqual(['answered', 2]);
  expect(double.flags).toEqual([0, 0]);
  station.cut();
});

it('refuses with R01 what crosses its SIGN_OFF (link S7d)', async () => {
  double.lastWord = 'AB12.QV.CA0990100.\r\nNO RECORD\r\n';
  const station = await connect();
  await station.signOn({ user: 'jdoe', password });
  const shown: unknown[] = [];
  station.on('message', (message) => shown.push(message));
  const left = station.signOff();
  await left;
  await station.leave();
  expect(shown).toEqual([]);
  expect(double.refusals.map((body) => (JSON.parse(body) as { code: string }).code)).toEqual([
    'R01',
  ]);
});

it('does not wait for anything on a line that is over', async () => {
  const station = await connect();
  station.cut();
  await expect(station.signOn({ user: 'jdoe', password })).rejects.toMatchObject({
    code: 'SIM-AGAIN',
  });
  await station.signOff();
  await station.leave();
  expect(station.open).toBe(false);
});

function connect(session?: StationSession): Promise<Station> {
  return connectStation({
    ...{ host: '127.0.0.1', port, ...own.pem, station: 'DEMO-DISP-01', role: 'terminal' },
    ...(session === undefined ? {} : { session }),
  });
}

/** jdoe asks, and the line is cut before anything comes back. */
async function loseALine(): Promise<{
  readonly session: StationSession;
  readonly asked: ReturnType<Station['request']>;
}> {
  const station = await connect();
  await station.signOn({ user: 'jdoe', password });
  cut = true;
  const closed = once(station, 'close');
  const asked = station.request(question);
  await closed;
  return { session: station.session, asked };
}
