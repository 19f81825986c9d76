// The state misbehaves: its line falls, or it says everything twice. Nothing is lost, nobody else hears it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flagFinal } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import type { Station } from '#src/sim/station';
import { tellSimulator } from '#support/sim-control';
import { openWorld, until, type World } from '#support/world';

let world: World;
let asker: Station;
beforeAll(async () => {
  world = await openWorld();
  asker = (await world.signOn('DEMO-DISP-01', 'jdoe')).station;
});
afterAll(() => world.close());

const question = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';

function collect(station: Station): Received[] {
  const came: Received[] = [];
  station.on('message', (message) => came.push(message));
  return came;
}

describe('the line to the state', () => {
  it('falls and comes back to the same session, and the answer that waited arrives (link S4)', async () => {
    const came = collect(asker);
    const before = await sessionsOfState();
    await tellSimulator(world, 'silent on');
    asker.send('QZ01', `DROP1.${question}`);
    await until('the request at the state', async () =>
      (await world.entries('--direction', 'out', '--kind', 'delivered')).length > 0
        ? true
        : undefined,
    );
    await tellSimulator(world, 'drop');
    await tellSimulator(world, 'silent off');
    const answer = await until('the answer', () =>
      came.find(({ body }) => latin1(body).startsWith('DROP1.QV.')),
    );
    expect(latin1(answer.body)).toContain('MKE/STOLEN VEHICLE');
    expect(answer.flags & flagFinal).toBe(flagFinal);
    expect(await sessionsOfState()).toEqual([...before, ...before]);
    expect(await asker.request(question)).toMatchObject({ kind: 'answered' });
  });
});

describe('an answer said twice', () => {
  it('reaches the asker twice, FINAL once, the second behind SM 61, and nobody else (link M5)', async () => {
    const { station: other } = await world.signOn('DEMO-DISP-02', 'mroe');
    const printer = await world.connect('DEMO-PRT-01');
    const elsewhere = [other, printer].map(collect);
    const came = collect(asker);
    await tellSimulator(world, 'twice on');
    asker.send('QZ01', `TWICE.${question}`);
    await until('both', () => (came.length >= 3 ? true : undefined));
    await tellSimulator(world, 'twice off');
    // A question after them is answered after them: no third comes.
    expect(await asker.request(question)).toMatchObject({ kind: 'answered' });
    expect(await other.request(question)).toMatchObject({ kind: 'answered' });
    // With FINAL the question is over; what comes for it then is late, and says so.
    expect(came.slice(0, 3).map(({ body }) => latin1(body).slice(0, 23))).toEqual([
      ...['TWICE.QV.CA0990100.\r\nMK', 'TWICE.SM.CA0990100.61.L', 'TWICE.QV.CA0990100.\r\nMK'],
    ]);
    const both = came.filter(({ body }) => latin1(body).startsWith('TWICE.QV.CA0990100.'));
    expect(both.map(({ flags }) => flags & flagFinal)).toEqual([flagFinal, 0]);
    for (const { body } of both) expect(latin1(body)).toContain('MKE/STOLEN VEHICLE');
    expect(elsewhere.map((heard) => heard.length)).toEqual([1, 0]);
    await Promise.all([other.leave(), printer.leave()]);
  });
});

/** The session of each connection to the state, oldest first. */
async function sessionsOfState(): Promise<readonly unknown[]> {
  const rows = await world.entries('--event', 'link-up', '--upstream', 'STATE');
  return rows.map((row) => row['session']);
}
