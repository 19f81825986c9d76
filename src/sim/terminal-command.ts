// `msc-sim terminal`: a line terminal for a person, a pipe or a script. What is typed is a message
// text; the terminal makes the supplemental header and folds to capitals, as a keyboard may (link E3).

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { Desk } from './desk.ts';
import { SimFault } from './fault.ts';
import { Keyboard } from './keyboard.ts';
import type { Asked } from './request.ts';
import { Screen } from './screen.ts';
import { askMore, whoAndWhere } from './who-and-where.ts';

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
  const mayAsk = process.stdin.isTTY && options.script !== '-';
  const keyboard = mayAsk ? new Keyboard() : undefined;
  const interrupted = new Promise<number>((resolve) => {
    const interrupt = (): void => resolve(130);
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    keyboard?.lines.once('SIGINT', interrupt);
  });
  try {
    return await work(name, options, keyboard, interrupted);
  } finally {
    keyboard?.close();
  }
}

async function work(
  name: string | undefined,
  options: TerminalCommandOptions,
  keyboard: Keyboard | undefined,
  interrupted: Promise<number>,
): Promise<number> {
  const asked = whoAndWhere(name, options, keyboard);
  const who = await Promise.race([asked, interrupted]);
  if (typeof who === 'number') return who;
  const typist = options.script === undefined ? keyboard : undefined;
  const screen = new Screen(process.stdout);
  const mayAskPassword = options.passwordFile === undefined;
  const desk = new Desk({
    ...who,
    screen,
    mnemonic: options.mnemonic,
    naming: options.script === undefined,
    timeoutMs: options.timeout * 1000,
    more: async (refused) =>
      keyboard === undefined ? undefined : askMore(refused, keyboard, mayAskPassword),
    patient: typist !== undefined,
  });
  const all = await Promise.race([
    talk(desk, screen, options.script, typist),
    desk.broken,
    interrupted,
  ]);
  screen.prompting = undefined;
  await desk.leave();
  if (typeof all === 'number') return all;
  return all ? 0 : 1;
}

/** A person may type before the sign-on is answered; a script or a pipe begins after it. */
async function talk(
  desk: Desk,
  screen: Screen,
  script: string | undefined,
  typist: Keyboard | undefined,
): Promise<boolean> {
  if (typist === undefined) {
    await desk.open();
    const input =
      script === undefined || script === '-' ? process.stdin : createReadStream(script, 'utf8');
    const lines = createInterface({ input, prompt: '' });
    return script === undefined ? converse(desk, lines, screen) : runScript(desk, lines, screen);
  }
  screen.prompting = typist;
  typist.lines.once('close', () => (screen.prompting = undefined));
  const failed = new Promise<never>((_resolve, reject) => {
    desk.open().then(() => screen.say('type a message text, or /help'), reject);
  });
  return Promise.race([converse(desk, typist.lines, screen), failed]);
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
    if (!(fault instanceof SimFault) || !desk.connected) throw fault;
    screen.say(fault.message);
    return false;
  }
}

const fold = (line: string): string => line.toUpperCase().replaceAll('\\N', '\r\n');

const isDone = ({ kind }: Asked): boolean => kind === 'answered' || kind === 'taken';
