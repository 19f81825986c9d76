import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrames } from '../../src/cli/decode.ts';
import { ackFrame, controlFrame, messageFrame } from '#protocol/frame';
import { parseMnemonic } from '#protocol/ids';
import { asciiBytes, concatBytes } from '#protocol/octets';
import { runMsc } from '#support/cli';

const mnemonic = parseMnemonic('QZ01');
if (mnemonic === undefined) throw new Error('not a mnemonic');
const inquiry = messageFrame({
  flags: 1,
  class: 3,
  number: 7,
  mnemonic,
  body: asciiBytes('AB12.QV.CA0990100.LIC/2ZZZ999.LIS/CA'),
});
const plain = { from: 'terminal', secrets: false } as const;

describe('decoding', () => {
  test('says what each frame is, one after the other', () => {
    const [message, ack] = decodeFrames(concatBytes(inquiry, ackFrame(7)), plain);
    expect(message?.lines[0]).toBe(
      'MESSAGE POSSIBLE_DUPLICATE, number 7, mnemonic QZ01, class 3, body 36 octets',
    );
    expect(message?.lines.join('\n')).toMatch(
      /reference AB12[^]*key QV[^]*ORI CA0990100[^]*field LIC = 2ZZZ999/,
    );
    expect(ack).toEqual({ at: inquiry.length, lines: ['ACK, number 7, body 0 octets'] });
  });

  test('says what is wrong and where, counted in the whole input', () => {
    const bad = messageFrame({
      flags: 0,
      class: 0,
      number: 1,
      mnemonic,
      body: asciiBytes('AB12..QV'),
    });
    const [, broken] = decodeFrames(concatBytes(ackFrame(1), bad), plain);
    expect(broken?.wrong).toMatchObject({ code: 'H15', at: 20 + 20 + 5 });
  });

  test.each([
    ['LIC/2ZZZ999.LIS/CAL', 'LIS (plate state) must be 2 letters', 30],
    ['LIS/CA', 'LIC is missing', 24],
    ['LIC/1.LIC/2', 'LIC stands too often', 24],
    ['2ZZZ999', 'a value stands where no field is', 18],
  ])('of a text that breaks its edits says X08 and which: %s', (text, why, at) => {
    const body = asciiBytes(`AB12.QV.CA0990100.${text}`);
    const [broken] = decodeFrames(
      messageFrame({ flags: 0, class: 0, number: 1, mnemonic, body }),
      plain,
    );
    expect(broken?.wrong).toMatchObject({ code: 'X08', at: 20 + at });
    expect(broken?.wrong?.text).toContain(why);
    expect(broken?.lines.join('\n')).toContain('key QV');
  });

  test('says which field a value is by its place', () => {
    const body = asciiBytes('AB12.XV.CA0990100.NIC/V400118732.OCA/30-1.20300306');
    const [read] = decodeFrames(
      messageFrame({ flags: 0, class: 0, number: 1, mnemonic, body }),
      plain,
    );
    expect(read?.wrong).toBeUndefined();
    expect(read?.lines.join('\n')).toContain('read as DOC = 20300306');
  });

  test('hides passwords unless they are asked for', () => {
    const signOn = controlFrame('SIGN_ON', { user: 'jdoe', password: 'invented words' });
    expect(JSON.stringify(decodeFrames(signOn, plain))).not.toContain('invented');
    expect(JSON.stringify(decodeFrames(signOn, { ...plain, secrets: true }))).toContain('invented');
  });

  test('of an input that ends inside a frame says so', () => {
    expect(decodeFrames(inquiry.subarray(0, 30), plain)[0]?.wrong).toMatchObject({
      code: 'C05',
      at: 30,
    });
    expect(decodeFrames(new Uint8Array(0), plain)[0]?.wrong).toMatchObject({ at: 0 });
  });

  test('of any octets gives findings, never a throw', () => {
    const near = fc
      .tuple(fc.uint8Array({ maxLength: 60 }))
      .map(([tail]) => concatBytes(inquiry.subarray(0, 30), tail));
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), near),
        (octets) => decodeFrames(octets, plain).length > 0,
      ),
    );
  });

  test.each(['terminal', 'host'])(
    'a text as it is typed needs no header: from a %s',
    async (from) => {
      const args = ['decode', '--body', '--from', from];
      const typed = await runMsc(args, { input: 'QV.CA0990100.LIC/2ZZZ999.LIS/CA\n' });
      expect(typed.code).toBe(0);
      expect(typed.stdout).toMatch(/^offset 0: a text alone: .*\n {2}key QV[^]*field LIS = CA\n$/);
      const wrong = await runMsc(args, { input: 'QV.CA0990100.LIC/2ZZZ999.LIS/CAL' });
      expect(wrong.code).toBe(65);
      expect(wrong.stdout).toContain('wrong: X08 at offset 25: ');
    },
  );

  test('what is neither body nor text is told how to write it, in words that work', async () => {
    const args = ['decode', '--body'];
    const { stdout, code } = await runMsc(args, { input: 'qv.ca0990100.lic/1' });
    expect([code, stdout]).toEqual([65, expect.stringContaining('wrong: H04 at offset 0: ')]);
    const examples = [...stdout.matchAll(/`([^`]+)`/g)].map(([, example = '']) => example);
    expect(examples.length).toBe(2);
    for (const input of examples) expect((await runMsc(args, { input })).code, input).toBe(0);
    const named = await runMsc([...args, 'QV.CA0990100.LIC/1']);
    const [, hint = ''] = /echo '([^']+)' \| msc decode --body/.exec(named.stderr) ?? [];
    expect([named.code, (await runMsc(args, { input: `${hint}\n` })).code]).toEqual([66, 0]);
  });

  test('in a frame a text without its header stays wrong', () => {
    const body = asciiBytes('QV.CA0990100.LIC/2ZZZ999');
    const bare = messageFrame({ flags: 0, class: 0, number: 1, mnemonic, body });
    expect(decodeFrames(bare, plain)[0]?.wrong).toEqual({
      ...{ code: 'H02', at: 22, text: 'supplemental header shorter than 4 characters' },
    });
  });

  test('reads octets and hexadecimal from stdin, exit 65 where something is wrong', async () => {
    const good = await runMsc(['decode'], { input: inquiry });
    expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('field LIC = 2ZZZ999')]);
    const hex = Buffer.from(ackFrame(3)).toString('hex').replaceAll(/(..)/g, '$1 ');
    expect((await runMsc(['decode', '--hex', '-'], { input: hex })).stdout).toBe(
      'offset 0: ACK, number 3, body 0 octets\n',
    );
    expect((await runMsc(['decode', '--hex'], { input: 'xyz' })).code).toBe(65);
    const body = await runMsc(['decode', '--body', '--from', 'host', '--json'], {
      input: 'AB12.QV.CA0990100.LIC/1',
    });
    expect([body.code, JSON.parse(body.stdout)]).toMatchObject([
      65,
      { findings: [{ wrong: { code: 'H05', at: 5 } }] },
    ]);
  });
});
