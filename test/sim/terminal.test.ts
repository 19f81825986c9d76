// `msc-sim terminal` as a person or a pipe uses it, against a double of the switch.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flagPossibleDuplicate } from '#protocol/frame';
import { SimAuthority, spawnSim } from '#support/sim-world';
import type { PemFiles } from '#support/sim-world';
import { password, SwitchDouble, user } from './switch-double.ts';
import type { Behaviour } from './switch-double.ts';

let authority: SimAuthority;
let files: PemFiles;
let station: PemFiles;
let double: SwitchDouble | undefined;

beforeAll(async () => {
  authority = await SimAuthority.create();
  files = await authority.issue('localhost', 'switch');
  station = await authority.issue('DEMO-DISP-01', 'station');
});
afterEach(() => double?.close());
afterAll(() => authority.remove());

const state: Behaviour = (asked) =>
  asked.startsWith('QV.')
    ? { answers: ['QV.CA0990100.\r\nMKE/STOLEN VEHICLE\r\nMIS/BELL \x07 AND \xe9\r\n'] }
    : asked.startsWith('QW.')
      ? { answers: ['SM.CA0990100.60.NO ANSWER IN TIME', 'QW.CA0990100.\r\nNO NCIC WANT\r\n'] }
      : asked.startsWith('AM.')
        ? {}
        : { refused: 'X03', at: 14 };

const dateOfBirth = 'DOB (date of birth) must be 8 digits; a day of the calendar, YYYYMMDD';

describe('through a pipe', () => {
  it('signs on, sends each line in capitals and shows the answers, control octets as ?', async () => {
    const { out, code, seen } = await run(state, 'qv.ca0990100.lic/2zzz999\n/off\n/quit\n', []);
    expect(seen.texts).toEqual(['QV.CA0990100.LIC/2ZZZ999']);
    expect(out).toContain('signed on: jdoe (DOE, JANE), operator J10442, mnemonic QZ01\n');
    expect(out).toContain(
      [
        '< QV.CA0990100.LIC/2ZZZ999',
        '    MKE/STOLEN VEHICLE',
        '    MIS/BELL ? AND ?',
        'signed off',
      ].join('\n'),
    );
    expect(seen.signOffs.length).toBe(1);
    expect(code).toBe(0);
  });

  it('says of an answer that comes after the end of its question to which it belongs', async () => {
    const answers = ['QV.CA0990100.\r\nNO RECORD\r\n'];
    const { out } = await run(() => ({ answers, twice: true }), 'QV.CA0990100.LIC/1\n/off\n', []);
    expect(out).toContain(
      '* for QZ01, after the end of QV.CA0990100.LIC/1:\n    QV.CA0990100.\n    NO RECORD\n',
    );
    expect(out).not.toContain('not asked for');
  });

  it('names a question of several lines by the first', async () => {
    const { out } = await run(state, 'QV.CA0990100.LIC/1\\nLIS/CA\n', []);
    expect(out).toContain('< QV.CA0990100.LIC/1 ...\n    MKE/STOLEN VEHICLE\n');
  });

  it('waits at the end of its input for what is still open', async () => {
    const { out, code } = await run(state, 'QV.CA0990100.LIC/2ZZZ999\n', []);
    expect(out).toContain('MKE/STOLEN VEHICLE');
    expect(code).toBe(0);
  });

  it.each([
    ['QV.CA0990100.LIS/CA', 19, 'LIC', 'at 19, LIC', 'LIC is missing'],
    ['QW.CA0990100.NAM/DOE, A.DOB/1970', 24, 'DOB', 'at 24, DOB', dateOfBirth],
    // The switch knows its own edits: where those here come to something else, the place alone speaks.
    ['QV.CA0990100.LIC/2ZZZ999', 24, 'LIS', 'at 24, LIS', 'LIS is missing'],
    ['QV.CA0990100.LIC/2ZZZ999', 13, 'LIC', 'at 13, LIC', 'LIC is wrong'],
  ])('of X08 says which field is wrong and why: %s', async (typed, at, field, place, words) => {
    const refused: Behaviour = () => ({ refused: 'X08', at: at + 11, field });
    const { out } = await run(refused, `${typed}\n`, []);
    expect(out).toContain(`    refused X08: No. (${place})\n    ${words}\n`);
  });

  it('shows a refusal with code, sentence and the place in what was typed, and ends with 1', async () => {
    const { out, code } = await run(state, 'ZZ.CA0990100.X\n', []);
    expect(out).toContain('    refused X03: No. (at 3)\n');
    expect(code).toBe(1);
  });
});

describe('a script', () => {
  it('prints each line and its answers, one after the other', async () => {
    const script =
      '# two\nQW.CA0990100.NAM/DOE, NO.DOB/19700101\n\nAM.CA0990100.QZ02.TXT\\nHELLO\n';
    const { out, code, seen } = await run(state, script, ['--script', '-']);
    expect(out).toContain(
      [
        '> QW.CA0990100.NAM/DOE, NO.DOB/19700101',
        '    SM.CA0990100.60.NO ANSWER IN TIME',
        '    NO NCIC WANT',
        '> AM.CA0990100.QZ02.TXT',
        '  HELLO',
        '    sent',
        'signed off',
        '',
      ].join('\n'),
    );
    expect(seen.texts.at(-1)).toBe('AM.CA0990100.QZ02.TXT\r\nHELLO');
    expect(code).toBe(0);
  });

  it('ends with 1 where a last answer does not come in time', async () => {
    const { out, code } = await run(() => ({}), 'QV.CA0990100.LIC/2ZZZ999\n', [
      ...['--script', '-', '--timeout', '1'],
    ]);
    expect(out).toContain('    no last answer within 1 s\n');
    expect(code).toBe(1);
  });

  it('comes back when the line is cut, resumes, and repeats what was not handled, flagged', async () => {
    let cuts = 0;
    const behave: Behaviour = (asked) => (cuts++ === 0 ? 'cut' : state(asked));
    const { out, code, seen } = await run(behave, 'QV.CA0990100.LIC/2ZZZ999\n', ['--script', '-']);
    expect(out).toContain('the line is lost; coming back in 1 s');
    expect(out).toContain('MKE/STOLEN VEHICLE');
    expect(seen.flags).toEqual([0, flagPossibleDuplicate]);
    expect(code).toBe(0);
  });
});

describe('a demonstration', () => {
  it('gives address, certificate and password: a mnemonic is enough', async () => {
    double = new SwitchDouble(files, state);
    const port = await double.listen();
    const demo = join(authority.folder, 'demo.json');
    writeFileSync(
      demo,
      JSON.stringify({
        switch: { host: '127.0.0.1', port },
        ca: authority.caFile,
        stations: [
          { name: 'DEMO-CAD-01', role: 'host', cert: 'none', key: 'none' },
          { name: 'DEMO-DISP-01', role: 'terminal', mnemonic: 'QZ01', ...paths(station) },
        ],
        users: [{ user, password }],
      }),
    );
    const args = ['terminal', 'QZ01', '--demo', demo];
    const { out, code } = await sim(args, 'QV.CA0990100.LIC/2ZZZ999\n');
    expect(out).toContain('MKE/STOLEN VEHICLE');
    expect(code).toBe(0);
    const unknown = await sim(['terminal', 'QZ09', '--demo', demo], '');
    expect(unknown.err).toContain('there are DEMO-DISP-01');
    expect(unknown.code).toBe(64);
  });
});

describe('what goes wrong', () => {
  it('a wrong password: the refusal, and exit 77', async () => {
    const { err, code } = await run(state, '', ['--user', 'nobody']);
    expect(err).toBe('msc-sim: SIM-NOT-ALLOWED: sign-on refused: U01 User or password is wrong.\n');
    expect(code).toBe(77);
  });

  it('displaced during the sign-on: one sentence, and exit 75', async () => {
    const { out, err, code } = await run(state, '', ['--script', '-'], ['C09']);
    expect([out, err]).toEqual([
      '',
      'msc-sim: SIM-AGAIN: the switch closed the line: C09 Said by the test.\n',
    ]);
    expect(code).toBe(75);
  });

  it.each([
    [64, 'nothing to connect to', ['terminal', 'DEMO-DISP-01']],
    [64, 'an unknown flag', ['terminal', '--fly']],
    [64, 'no command', []],
    [66, 'a demo file that is not there', ['terminal', '--demo', '/nonexistent/demo.json']],
  ])('exit %i for %s, in one line', async (expected, _what, args) => {
    const { err, code } = await sim(args, '');
    expect(code).toBe(expected);
    if (args.length > 0) expect(err).toMatch(/^msc-sim: SIM-[A-Z-]+: .+\n$/);
  });

  it('exit 69 where nobody listens', async () => {
    double = undefined;
    const { err, code } = await sim(terminal(1), '');
    expect(err).toMatch(/^msc-sim: SIM-UNREACHABLE: 127\.0\.0\.1:1 is not reachable/);
    expect(code).toBe(69);
  });
});

interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

/** One terminal against a fresh double, with the input given, until it ends. */
async function run(
  behave: Behaviour,
  input: string,
  flags: readonly string[],
  instead: readonly string[] = [],
): Promise<Outcome & { readonly seen: SwitchDouble }> {
  const seen = new SwitchDouble(files, behave);
  seen.instead.push(...instead);
  double = seen;
  const port = await seen.listen();
  return { ...(await sim([...terminal(port), ...flags], input)), seen };
}

async function sim(args: readonly string[], input: string): Promise<Outcome> {
  const child = spawnSim(args);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('no pipes');
  // A terminal that refuses to start does not read.
  stdin.on('error', () => undefined);
  stdin.end(input);
  const [out, err] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  return { out, err, code: child.exitCode };
}

function terminal(port: number): string[] {
  const passwordFile = join(authority.folder, 'password');
  writeFileSync(passwordFile, `${password}\n`);
  const { cert, key } = paths(station);
  return [
    ...['terminal', 'DEMO-DISP-01', '--connect', `127.0.0.1:${port}`, '--ca', authority.caFile],
    ...['--cert', cert, '--key', key, '--user', user, '--password-file', passwordFile],
  ];
}

const paths = ({ cert, key }: PemFiles): { cert: string; key: string } => ({ cert, key });
