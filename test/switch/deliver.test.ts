import { describe, expect, it } from 'vitest';
import { hour, minute, mnemonic, station } from './county.ts';
import { inquiry, note, words } from './said.ts';
import { World } from './world.ts';

describe('terminal to terminal (link X5)', () => {
  it('goes by mnemonic and by ORI, with a delivery for each destination', () => {
    const world = new World();
    const sender = world.terminal('DISP1', 'jdoe');
    const [two, three] = [world.terminal('DISP2', 'mroe'), world.terminal('DISP3', 'poe')];
    sender.message(note('QZ02,CA0990200,QZ02', 'HI'));
    expect(sender.take()).toEqual(['ACK 1']);
    const reference = two.messages[0]?.text.slice(0, 10) ?? '';
    expect(reference).not.toContain('AB12');
    const text = `${reference}.AM.CA0990100.QZ02,CA0990200,QZ02.TXT|HI`;
    expect(two.take()).toEqual([`MESSAGE 1 QZ02 c5 ${text}`]);
    expect(three.take()).toEqual([`MESSAGE 1 QZ03 c5 ${text}`]);
    three.ack();
    two.ack();
    const source = world.kinds('received')[0]?.entry;
    expect(world.kinds('delivered')).toMatchObject([
      { delivery: `${source}.1`, station: 'DISP3', user: 'poe', thread: source },
      { delivery: `${source}.0`, station: 'DISP2', user: 'mroe', thread: source },
    ]);
    expect(world.state.ledger.deliveries.size).toBe(0);
  });

  it('to a state goes to the upstream once, with the local destinations beside it', () => {
    const world = new World();
    const state = world.dial();
    const [sender, two] = [world.terminal('DISP1', 'jdoe'), world.terminal('DISP2', 'mroe')];
    sender.message(note('NV,QZ02,TX,NV0000000', 'HI'));
    expect([state.messages.length, two.messages.length]).toEqual([1, 1]);
    expect(world.kinds('received')[0]).toMatchObject({
      to: [
        { kind: 'upstream', upstream: 'STATE' },
        { kind: 'mnemonic', mnemonic: 'QZ02' },
      ],
    });
  });

  it('to a pool goes to its destination; without one it is kept and alarmed (clets M4)', () => {
    const world = new World();
    const printer = world.connect('PRT1');
    const sender = world.terminal('DISP1', 'jdoe');
    sender.message(note('QM01', 'POOL')).message(note('QL01', 'LONE'));
    expect(words(printer)).toEqual(['1 POOL']);
    expect(world.kinds('alarm')).toMatchObject([
      { mnemonic: 'QL01', rule: 'pool-without-destination' },
    ]);
  });

  it('keeps the flag it came with (link M7)', () => {
    const world = new World();
    const [sender, two] = [world.terminal('DISP1', 'jdoe'), world.terminal('DISP2', 'mroe')];
    sender.message(note('QZ02', 'HI'), { flags: 1 });
    expect(words(two)).toEqual(['1 D HI']);
  });

  it('waits for somebody to sign on, as long as its class says (link S7, M6)', () => {
    const world = new World();
    const sender = world.terminal('DISP1', 'jdoe');
    const two = world.connect('DISP2');
    sender.message(note('QZ02', 'HI'));
    world.pass(48 * hour, minute);
    expect(words(two)).toEqual([]);
    const again = world.connect('DISP2').signOn('mroe');
    expect(words(again)).toEqual(['1 HI']);
  });
});

describe('an unattended terminal (link S7)', () => {
  it('gets what policy allows with nobody signed on', () => {
    const world = new World();
    const night = world.connect('NIGHT');
    world.terminal('DISP1', 'jdoe').message(note('QU01', 'HI'));
    expect(words(night)).toEqual(['1 HI']);
  });

  it('gives way to the printer of its mnemonic until somebody signs on (link M9)', () => {
    const world = new World();
    const [night, printer] = [world.connect('NIGHT'), world.connect('PRT2')];
    const sender = world.terminal('DISP1', 'jdoe');
    sender.message(note('QU01', 'PRINTED'));
    night.signOn('mroe');
    sender.message(note('QU01', 'SHOWN'));
    expect([words(printer), words(night)]).toEqual([['1 PRINTED'], ['1 SHOWN']]);
  });
});

describe('a printer', () => {
  it('prints nothing that is for the terminal of its mnemonic', () => {
    const world = new World();
    const printer = world.connect('PRT2');
    const [one, two] = [world.terminal('DISP1', 'jdoe'), world.terminal('DISP2', 'mroe')];
    two.message(note('QZ01', 'HI'));
    one.say('SIGN_OFF');
    two.message(note('QZ01', 'LATER'));
    expect([words(one), words(printer)]).toEqual([['1 HI'], []]);
  });

  it('serves several mnemonics under one numbering (link M1)', () => {
    const printers = station('PRT1', {
      role: 'printer',
      mnemonics: ['QP01', 'QU01'].map(mnemonic),
    });
    const world = new World();
    world.register(printers);
    const printer = world.connect('PRT1');
    world.terminal('DISP1', 'jdoe').message(note('QP01', 'ONE')).message(note('QU01', 'TWO'));
    expect(printer.take().slice(1)).toEqual([
      expect.stringMatching(/^MESSAGE 1 QP01/),
      expect.stringMatching(/^MESSAGE 2 QU01/),
    ]);
  });
});

describe('what a station refuses', () => {
  const sent = (count = 1) => {
    const world = new World();
    const [sender, two] = [world.terminal('DISP1', 'jdoe'), world.terminal('DISP2', 'mroe')];
    for (let i = 1; i <= count; i++) sender.message(note('QZ02', `WORD${i}`));
    two.take();
    return { world, sender, two };
  };

  it.each(['R02', 'R03'])(
    'with %s goes to operator intercept with an alarm, and is not sent again',
    (code) => {
      const { world, two } = sent();
      two.refuse(1, code);
      expect(world.kinds('refused')).toMatchObject([{ direction: 'down', code, station: 'DISP2' }]);
      expect(world.kinds('alarm')).toMatchObject([{ rule: `refused-${code}` }]);
      two.say('SIGN_OFF').signOn('zoe');
      expect(words(two)).toEqual([]);
      expect(world.kinds('delivered')).toEqual([]);
    },
  );

  it('with R01 is taken back, and goes to who signs on next, flagged', () => {
    const { world, two } = sent(2);
    two.ack(1).refuse(2, 'R01');
    expect(words(two)).toEqual([]);
    world.pass(minute);
    expect(words(two)).toEqual([]);
    two.say('SIGN_OFF').signOn('zoe');
    expect(words(two)).toEqual(['3 D WORD2']);
    two.ack();
    expect(world.kinds('delivered')).toMatchObject([{ user: 'mroe' }, { user: 'zoe' }]);
  });

  it('with R01 after the next sign-on goes to that person at once', () => {
    const { two } = sent();
    two.say('SIGN_OFF').signOn('zoe').refuse(1, 'R01');
    expect(words(two)).toEqual(['2 D WORD1']);
  });

  it('is never overtaken by an ACK that covers it (link M3)', () => {
    const { world, two } = sent(3);
    two.refuse(2, 'R02').ack(3);
    expect(world.kinds('delivered')).toMatchObject([{ number: 1 }, { number: 3 }]);
  });

  it('after the person signed off was delivered to who had it when it was sent (link M2)', () => {
    const { world, two } = sent();
    two.say('SIGN_OFF').signOn('zoe').ack();
    expect(world.kinds('delivered')).toMatchObject([{ user: 'mroe' }]);
  });
});

describe('order and window', () => {
  it('never has more under way than the window, and keeps the order of receipt within a class (link M4, M6)', () => {
    const world = new World({ window: 2 });
    const [sender, two] = [world.terminal('DISP1', 'jdoe'), world.terminal('DISP2', 'mroe')];
    for (const word of ['A', 'B', 'C', 'D']) sender.message(note('QZ02', word));
    sender.message(note('QZ02', 'PRI/U', 'YQ'));
    expect(words(two)).toEqual(['1 A', '2 B']);
    two.ack(1);
    expect(words(two)).toEqual(['3 PRI/U']);
    two.ack(3);
    expect(words(two)).toEqual(['4 C', '5 D']);
  });

  it('keeps the order also after a break, with what came in meanwhile behind it', () => {
    const world = new World({ window: 2 });
    const [sender, two] = [world.terminal('DISP1', 'jdoe'), world.terminal('DISP2', 'mroe')];
    for (const word of ['A', 'B', 'C']) sender.message(note('QZ02', word));
    two.drop();
    sender.message(note('QZ02', 'D'));
    const again = world.connect('DISP2', { session: two.session, received: 0 });
    const heard: string[] = [...words(again)];
    for (let i = 0; i < 2; i++) {
      again.ack();
      heard.push(...words(again));
    }
    expect(heard).toEqual(['1 D A', '2 D B', '3 C', '4 D']);
  });

  it('is not upset by octets that come late from the disk', () => {
    const world = new World();
    const [sender, two] = [world.terminal('DISP1', 'jdoe'), world.terminal('DISP2', 'mroe')];
    world.holdReads = true;
    for (const word of ['A', 'B', 'C']) sender.message(note('QZ02', word));
    expect(words(two)).toEqual([]);
    two.drop();
    const again = world.connect('DISP2', { session: two.session });
    world.letGo();
    expect(words(again)).toEqual(['1 A', '2 B', '3 C']);
  });

  it('leaves what expired meanwhile out of a resend, and its number goes to the next (link S4a)', () => {
    const world = new World();
    const state = world.dial();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(inquiry).message(note('NV', 'TEXT'));
    expect(state.messages).toHaveLength(2);
    state.drop();
    world.pass(2 * minute);
    const again = world.dial('STATE', { resumed: true, session: state.session, received: 0 });
    expect(words(again)).toEqual(['1 D TEXT']);
  });
});

it('keeps its order though somebody signs on while the octets of one are fetched for the printer (link M6)', () => {
  const world = new World();
  world.connect('PRT2');
  const night = world.connect('NIGHT');
  const sender = world.terminal('DISP1', 'jdoe');
  night.take();
  world.holdReads = true;
  sender.message(note('QU01', 'ONE'));
  night.signOn('zoe');
  sender.message(note('QU01', 'TWO'));
  world.letGo();
  expect(words(night)).toEqual(['1 ONE', '2 TWO']);
});

it('keeps its order though the terminal goes away while the octets of one are fetched for it (link M6)', () => {
  const world = new World();
  const night = world.connect('NIGHT');
  const sender = world.terminal('DISP1', 'jdoe');
  night.take();
  world.holdReads = true;
  sender.message(note('QU01', 'ONE'));
  const printer = world.connect('PRT2');
  printer.take();
  sender.message(note('QU01', 'TWO'));
  night.drop();
  world.letGo();
  expect(words(printer)).toEqual(['1 ONE', '2 TWO']);
});
