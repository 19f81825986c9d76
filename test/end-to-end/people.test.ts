// Who gets an answer: the person who asked, wherever that person is signed on, and nobody else.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latin1 } from '#protocol/octets';
import type { Station } from '#src/sim/station';
import { openWorld, until, type World } from '#support/world';
import { tellSimulator } from '#support/sim-control';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const question = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';

function collect(station: Station): string[] {
  const came: string[] = [];
  station.on('message', ({ body }) => came.push(latin1(body)));
  return came;
}

describe('two people in turn at one static terminal', () => {
  it('never show one the answer of the other; it follows its asker to another terminal', async () => {
    await tellSimulator(world, 'slow 1500');
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    station.send('QZ01', `LATE1.${question}`);
    await until('the acknowledgement', async () =>
      (await world.entries('--suphdr', 'LATE1')).length > 0 ? true : undefined,
    );
    await station.signOff();
    const answer = await station.signOn({ user: 'mroe', password: world.password('mroe') });
    expect(answer).toMatchObject({ user: 'mroe' });
    const shownToOther = collect(station);
    await until('the answer in the journal', async () =>
      (await world.entries('--direction', 'up-in')).length > 0 ? true : undefined,
    );
    await tellSimulator(world, 'slow 0');
    // A question of her own is answered: whatever was on its way to this terminal has come by then.
    expect(await station.request(question)).toMatchObject({ kind: 'answered' });
    expect(shownToOther.filter((text) => text.startsWith('LATE1'))).toEqual([]);
    const elsewhere = await world.connect('DEMO-DISP-02');
    const own = collect(elsewhere);
    await elsewhere.signOn({ user: 'jdoe', password: world.password('jdoe') });
    const text = await until('the answer at the other terminal', () =>
      own.find((body) => body.startsWith('LATE1')),
    );
    expect(text).toContain('MKE/STOLEN VEHICLE');
    await Promise.all([station.leave(), elsewhere.leave()]);
  });
});

describe('a pool', () => {
  it('lends the mnemonic returned longest ago, and none when all are lent (link M9, U07)', async () => {
    const first = await world.signOn('DEMO-MDT-01', 'jdoe');
    const second = await world.signOn('DEMO-MDT-02', 'mroe');
    const lent = [first.signedOn.mnemonic, second.signedOn.mnemonic];
    expect(lent.toSorted()).toEqual(['QM01', 'QM02']);
    const third = await world.connect('DEMO-MDT-03');
    const asked = { user: 'lock', password: world.password('lock'), pool: 'MDT' };
    expect(await third.signOn(asked)).toMatchObject({ code: 'U07' });
    await second.station.signOff();
    await first.station.signOff();
    expect(await third.signOn(asked)).toMatchObject({ mnemonic: second.signedOn.mnemonic });
    await third.signOff();
    // The other one was returned before this last one.
    expect(await third.signOn(asked)).toMatchObject({ mnemonic: first.signedOn.mnemonic });
    expect(
      await second.station.signOn({ ...asked, user: 'poe', password: world.password('poe') }),
    ).toMatchObject({
      code: 'U06',
    });
    await Promise.all([first.station.leave(), second.station.leave(), third.leave()]);
  });

  it('keeps a mnemonic back while its request is open (clets M3)', async () => {
    await tellSimulator(world, 'silent on');
    const { station, signedOn } = await world.signOn('DEMO-MDT-01', 'jdoe');
    station.send(signedOn.mnemonic, `OPEN1.${question}`);
    await until('the request', async () =>
      (await world.entries('--suphdr', 'OPEN1')).length > 0 ? true : undefined,
    );
    await station.signOff();
    const next = await world.connect('DEMO-MDT-02');
    const asked = { user: 'mroe', password: world.password('mroe'), pool: 'MDT' };
    const lent = await next.signOn(asked);
    expect(lent).toHaveProperty('mnemonic');
    expect(lent).not.toMatchObject({ mnemonic: signedOn.mnemonic });
    const third = await world.connect('DEMO-MDT-03');
    const more = { user: 'lock', password: world.password('lock'), pool: 'MDT' };
    expect(await third.signOn(more)).toMatchObject({ code: 'U07' });
    await tellSimulator(world, 'silent off');
    await Promise.all([station.leave(), next.leave(), third.leave()]);
  });

  it('gets what nobody asked for only at its defined destination', async () => {
    const printer = await world.connect('DEMO-PRT-01');
    const printed = collect(printer);
    const { station, signedOn } = await world.signOn('DEMO-MDT-03', 'lock');
    const shown = collect(station);
    await tellSimulator(world, `unsolicited ${signedOn.mnemonic} LOOK OUT`);
    await until('the print', () => printed.find((text) => text.includes('LOOK OUT')));
    expect(shown).toEqual([]);
    await Promise.all([printer.leave(), station.leave()]);
  });
});

describe('an account', () => {
  it('is locked by five wrong passwords, and unlocked by an operator alone', async () => {
    const station = await world.connect('DEMO-DISP-02');
    const wrong = { user: 'lock', password: 'not the password' };
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await station.signOn(wrong)).toMatchObject({ code: 'U01' });
    }
    const right = { user: 'lock', password: world.password('lock') };
    expect(await station.signOn(right)).toMatchObject({ code: 'U01' });
    expect((await world.msc('user', 'unlock', 'lock', '--yes', '--reason', 'test')).code).toBe(0);
    expect(await station.signOn(right)).toMatchObject({ user: 'lock' });
    await station.leave();
    expect((await world.entries('--event', 'lock')).length).toBe(1);
  });
});
