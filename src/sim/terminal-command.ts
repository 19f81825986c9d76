// `msc-sim terminal`: a line terminal for a person, a pipe or a script. What is typed is a message
// text; the terminal makes the supplemental header and folds to capitals, as a keyboard may (link E3).

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { createReadStream } from 'node:fs';
import type { SignOn } from '#protocol/control';
import { parseAddress } from './address.ts';
import { readDemo } from './demo-file.ts';
import type { Person, WorkPlace } from './demo-file.ts';
import { Desk } from './desk.ts';
import type { Asked } from './request.ts';
import { SimFault } from './fault.ts';
import { Screen } from './screen.ts';
import { askPlain, askSecret } from './secret.ts';
import { readCredentials } from './tls-profile.ts';

export interface TerminalCommandOptions {
  readonly demo?: string;
  readonly connect?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly serverName?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly mnemonic?: string;
  readonly pool?: string;
  readonly script?: string;
  readonly timeout: number;
}

/**
 * @returns The exit code: 0 where every line got its last answer, else 1; 130 when interrupted.
 * @throws SimFault
 */
export async function runTerminal(
  name: string | undefined,
  options: TerminalCommandOptions,
): Promise<number> {
  const { place, person } = await whoAndWhere(name, options);
  const screen = new Screen(process.stdout);
  const typed = options.script === undefined && process.stdin.isTTY;
  const desk = new Desk({
    place,
    person,
    screen,
    mnemonic: options.mnemonic,
    naming: options.script === undefined,
    timeoutMs: options.timeout * 1000,
    more: process.stdin.isTTY ? askMore : () => Promise.resolve(undefined),
  });
  await desk.open();
  const lines = openLines(options.script, typed);
  if (typed) {
    screen.say('type a message text, or /help');
    screen.prompting = lines;
    lines.once('close', () => (screen.prompting = undefined));
  }
  const interrupted = new Promise<'interrupted'>((resolve) => {
    process.once('SIGINT', () => resolve('interrupted'));
    process.once('SIGTERM', () => resolve('interrupted'));
    lines.once('SIGINT', () => resolve('interrupted'));
  });
  const read = options.script === undefined ? converse : runScript;
  const all = await Promise.race([read(desk, lines, screen), desk.broken, interrupted]);
  screen.prompting = undefined;
  lines.close();
  await desk.leave();
  return all === 'interrupted' ? 130 : all ? 0 : 1;
}

const help = [
  'KEY.ORI.FIELDS   asks, for example QV.CA0990100.LIC/2ZZZ999.LIS/CA',
  '/on              signs on again       /off    signs off',
  '/quit            signs off and leaves /help   this',
];

/** One line after the other, each when the one before has its last answer. True: all had one. */
async function runScript(desk: Desk, lines: Interface, screen: Screen): Promise<boolean> {
  let all = true;
  for await (const typed of lines) {
    const line = typed.trim();
    if (line === '' || line.startsWith('#')) continue;
    screen.echo(fold(line));
    all = isDone(await desk.ask(fold(line))) && all;
  }
  return all;
}

/**
 * Every line as it comes; ends with /quit or with the input. A person may sign off with questions
 * open; a pipe never means that, so there every command first waits for their answers.
 */
async function converse(desk: Desk, lines: Interface, screen: Screen): Promise<boolean> {
  const typed = screen.prompting !== undefined;
  const open = new Set<Promise<void>>();
  let all = true;
  const ask = async (text: string): Promise<void> => {
    all = isDone(await desk.ask(text)) && all;
  };
  screen.prompting?.prompt();
  for await (const line of lines) {
    const text = line.trim();
    if (text.startsWith('/') && !typed) await Promise.all(open);
    if (text === '/quit') return all;
    if (text.startsWith('/')) all = (await obey(text, desk, screen)) && all;
    else if (text !== '') {
      if (!typed) screen.echo(fold(text));
      const asked = ask(fold(text)).finally(() => open.delete(asked));
      open.add(asked);
    }
    screen.prompting?.prompt();
  }
  await Promise.all(open);
  return all;
}

/** A refused sign-on is said, and the terminal goes on. False: it went wrong. */
async function obey(line: string, desk: Desk, screen: Screen): Promise<boolean> {
  try {
    if (line === '/off') await desk.signOff();
    else if (line === '/on') await desk.signOn();
    else screen.text(help);
    return true;
  } catch (fault) {
    if (!(fault instanceof SimFault)) throw fault;
    screen.say(fault.message);
    return false;
  }
}

const fold = (line: string): string => line.toUpperCase().replaceAll('\\N', '\r\n');

const isDone = ({ kind }: Asked): boolean => kind === 'answered' || kind === 'taken';

function openLines(script: string | undefined, typed: boolean): Interface {
  const input =
    script === undefined || script === '-' ? process.stdin : createReadStream(script, 'utf8');
  return createInterface({
    input,
    ...(typed ? { output: process.stdout, prompt: '> ' } : { prompt: '' }),
  });
}

async function whoAndWhere(
  name: string | undefined,
  options: TerminalCommandOptions,
): Promise<{ readonly place: WorkPlace; readonly person: Person }> {
  const { demo, user } = options;
  if (demo === undefined)
    return { place: namedPlace(name, options), person: await askPerson(options) };
  const { place, person } = readDemo(demo, { name, user });
  return {
    place: { ...place, pool: options.pool ?? place.pool },
    person: options.passwordFile === undefined ? person : await askPerson(options),
  };
}

function namedPlace(name: string | undefined, options: TerminalCommandOptions): WorkPlace {
  const { connect, cert, key, ca, serverName, pool } = options;
  if (
    name === undefined ||
    connect === undefined ||
    cert === undefined ||
    key === undefined ||
    ca === undefined
  )
    throw new SimFault(
      'SIM-USAGE',
      'give --demo FILE, or NAME with --connect, --cert, --key and --ca',
    );
  const address = { ...parseAddress(connect), ...readCredentials({ cert, key, ca }), serverName };
  return { address, station: name, pool };
}

async function askPerson(options: TerminalCommandOptions): Promise<Person> {
  const { passwordFile } = options;
  const mayAsk = process.stdin.isTTY && options.script !== '-';
  if (!mayAsk && (options.user === undefined || passwordFile === undefined))
    throw new SimFault('SIM-USAGE', 'nobody can be asked; give --user and --password-file');
  const user = options.user ?? (await askPlain('user: '));
  const password =
    passwordFile === undefined ? await askSecret('password: ') : firstLine(passwordFile);
  return { user, password };
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (cause) {
    throw new SimFault('SIM-FILE', `${path} cannot be read`, cause);
  }
}

/** U02 wants a new password, U04 a code; nothing else helps. */
async function askMore(code: string): Promise<Partial<SignOn> | undefined> {
  if (code === 'U02')
    return { newPassword: await askSecret('the password must be changed; new: ') };
  if (code === 'U04') return { otp: await askSecret('one-time code: ') };
  return undefined;
}
