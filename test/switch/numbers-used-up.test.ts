import { expect, it } from 'vitest';
import { numberMax } from '#switch/ledger';
import { note } from './said.ts';
import { World } from './world.ts';

it('a session whose numbers are used up ends with C10, and the next one begins at 1 (link S4)', () => {
  const world = new World();
  const printer = world.connect('PRT1');
  const session = world.state.ledger.sessions.get('PRT1');
  if (session === undefined) throw new Error('a connected printer has a session');
  // Four thousand million messages ago; no entry says so.
  world.provable = false;
  session.sent = session.acked = printer.received = numberMax - 1;
  const sender = world.terminal('DISP1', 'jdoe');
  sender.message(note('QP01', 'ONE'));
  printer.ack();
  sender.message(note('QP01', 'TWO'));
  const said = printer.take();
  expect(said.at(-2)).toMatch(`MESSAGE ${numberMax} `);
  expect(said.at(-1)).toBe('CLOSE C10');
  const again = world.connect('PRT1', { session: printer.session, received: numberMax });
  expect(again.take()).toEqual(['WELCOME new 0', expect.stringMatching(/^MESSAGE 1 QP01 .*TWO$/)]);
});
