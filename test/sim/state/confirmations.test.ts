// Hit confirmation between two stations of our own: the YR is the reply to the YQ that it answers.

import { describe, expect, it } from 'vitest';
import type { DirectoryEntry } from '#src/sim/state/directory';
import { entry, HubWorld, mnemonic } from './hub-world.ts';

const directory: readonly DirectoryEntry[] = [
  entry('QZ01', 'CA0990100', { station: 'COUNTY' }),
  entry('QZ02', 'CA0990200', { station: 'OTHER' }),
  entry('QZ03', 'CA0990300', { station: 'COUNTY' }),
];

describe('a hit confirmation between stations of our own', () => {
  const record = 'OCA/30-004400.NIC/V400120037.LIC/2ZZZ999';
  const ask = 'YQ.CA0990100.CA0990200.TXT\r\nRTY/SV.RNO/1.PRI/U.';
  const other = { mnemonic: mnemonic('QZ02'), station: 'OTHER' };
  const reply = (con: string, to = 'CA0990100', about = record): string =>
    `YR.CA0990200.${to}.TXT\r\nRTY/SV.CON/${con}.${about}`;
  const asked = (): HubWorld => {
    const world = new HubWorld({ directory: directory });
    world.send(`${ask}${record}`, { suphdr: 'AB1234' });
    world.said.splice(0);
    return world;
  };
  const answer = (con: string): string =>
    `QZ01 AB1234 YR.CA0990100.\r\nFROM CA0990200\r\nRTY/SV.CON/${con}.${record}\r\n`;

  it.each(['Y', 'N', 'E'])('with CON/%s is the reply to its YQ, with FINAL', (con) => {
    const world = asked();
    world.send(reply(con), other);
    expect(world.texts).toEqual([`${answer(con)} FINAL`]);
    expect(world.hub.open.waiting).toBe(0);
  });

  it('in process first is a reply without FINAL, and the one after it has it', () => {
    const world = asked();
    world.send(reply('I.HRS/002'), other);
    world.send(reply('Y', 'QZ01'), other);
    expect(world.texts).toEqual([answer('I.HRS/002'), `${answer('Y')} FINAL`]);
  });

  it.each([
    ['of another record', reply('Y', 'CA0990100', 'NIC/V400129999')],
    ['to an agency that did not ask', reply('Y', 'CA0990300')],
    ['of no record', reply('Y', 'CA0990100', 'LIC/2ZZZ999')],
  ])('%s goes to its address unasked, and the YQ goes on waiting', (_what, text) => {
    const world = asked();
    world.send(text, other);
    expect(world.said.map(({ to, final }) => [to.suphdr, final])).not.toContainEqual([
      'AB1234',
      true,
    ]);
    expect(world.said[0]?.to.suphdr).toBeUndefined();
    expect(world.hub.open.waiting).toBe(1);
  });

  it('that was answered is not answered twice: what comes after is unasked', () => {
    const world = asked();
    for (const con of ['Y', 'N']) world.send(reply(con), other);
    expect(world.texts[0]).toBe(`${answer('Y')} FINAL`);
    expect(world.said[1]).toMatchObject({
      final: false,
      text: expect.stringContaining('TXT') as string,
    });
  });

  it('that also asked another state has FINAL when both have said their last (link M5)', () => {
    const world = new HubWorld({ directory: directory });
    world.send(ask.replace('.TXT', ',NV0990200.TXT') + record, { suphdr: 'AB1234' });
    world.said.splice(0);
    world.send(reply('Y'), other);
    const { handle } = world.at('nlets');
    world.at('nlets').later(`YR.NV0990200.CA0990100.*${handle}.TXT\r\nCON/N`);
    world.turn();
    expect(world.said.map(({ final }) => final)).toEqual([false, true]);
  });
});
