// Texts that the tests send, and what of a MESSAGE they look at.

import type { Peer } from './peer.ts';
import type { World } from './world.ts';

export const plate = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';
export const inquiry = `AB12.${plate}`;
export const hit = 'QV.CA0990100.\r\nMKE/STOLEN VEHICLE\r\n';
export const miss = 'QV.CA0990100.\r\nNO RECORD LIC/2ZZZ999\r\n';
export const final = { flags: 2 };

export function note(to: string, word: string, key = 'AM'): string {
  return `AB12.${key}.CA0990100.${to}.TXT\r\n${word}`;
}

/** Number, flag and last line of each MESSAGE heard since the last time. */
export function words(peer: Peer): readonly string[] {
  return peer
    .take()
    .filter((line) => line.startsWith('MESSAGE'))
    .map((line) =>
      line.replace(/^MESSAGE (\d+) \w+ c\d (D?F?) ?.*\|/, '$1 $2 ').replace('  ', ' '),
    );
}

/** A printer that was given two messages and has acknowledged none. */
export function sentTwo(world: World): { readonly printer: Peer; readonly sender: Peer } {
  const printer = world.connect('PRT1');
  const sender = world.terminal('DISP1', 'jdoe');
  sender.message(note('QP01', 'ONE')).message(note('QP01', 'TWO'));
  return { printer, sender };
}

/** A terminal and an upstream, both up; what was said up to here is forgotten. */
export function upAndDown(world: World): {
  readonly world: World;
  readonly state: Peer;
  readonly peer: Peer;
} {
  const state = world.dial();
  state.take();
  return { world, state, peer: world.terminal('DISP1', 'jdoe') };
}
