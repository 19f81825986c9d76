// Which work place a terminal is, and who sits there: from a demonstration, from flags, or asked.

import { readFileSync } from 'node:fs';
import type { Refused, SignOn } from '#protocol/control';
import { parseAddress } from './address.ts';
import { readDemo } from './demo-file.ts';
import type { Person, WorkPlace } from './demo-file.ts';
import { SimFault } from './fault.ts';
import type { Keyboard } from './keyboard.ts';
import type { TerminalCommandOptions } from './terminal-command.ts';
import { readCredentials } from './tls-profile.ts';

/** @throws SimFault SIM-USAGE, SIM-FILE, SIM-INPUT */
export async function whoAndWhere(
  name: string | undefined,
  options: TerminalCommandOptions,
  keyboard: Keyboard | undefined,
): Promise<{ readonly place: WorkPlace; readonly person: Person }> {
  const { demo, user } = options;
  if (demo === undefined)
    return { place: namedPlace(name, options), person: await askPerson(options, keyboard) };
  const { place, person } = readDemo(demo, { name, user });
  return {
    place: { ...place, pool: options.pool ?? place.pool },
    person: options.passwordFile === undefined ? person : await askPerson(options, keyboard),
  };
}

/** What a refused sign-on wants; undefined where no answer of a person helps. */
export async function askMore(
  { code, text }: Refused,
  keyboard: Keyboard,
  mayAskPassword: boolean,
): Promise<Partial<SignOn> | undefined> {
  const asked = `${code} ${text}`;
  if (code === 'U01' && mayAskPassword)
    return { password: await keyboard.askSecret(`${asked} password: `) };
  if (code === 'U02' || code === 'U03') return { newPassword: await askNew(asked, keyboard) };
  if (code === 'U04') return { otp: await keyboard.askSecret(`${asked} one-time code: `) };
  return undefined;
}

/** A slip in a password nobody sees would lock its owner out: it is typed twice. */
async function askNew(why: string, keyboard: Keyboard): Promise<string> {
  for (let question = `${why} new password: `; ; question = 'the two differ; new password: ') {
    const chosen = await keyboard.askSecret(question);
    if ((await keyboard.askSecret('the same again: ')) === chosen) return chosen;
  }
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

async function askPerson(
  { user, passwordFile }: TerminalCommandOptions,
  keyboard: Keyboard | undefined,
): Promise<Person> {
  if (user !== undefined && passwordFile !== undefined)
    return { user, password: firstLine(passwordFile) };
  if (keyboard === undefined)
    throw new SimFault('SIM-USAGE', 'nobody can be asked; give --user and --password-file');
  return {
    user: user ?? (await keyboard.ask('user: ')),
    password:
      passwordFile === undefined ? await keyboard.askSecret('password: ') : firstLine(passwordFile),
  };
}

/** The first line of a file, such as a password. @throws SimFault SIM-FILE */
export function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (cause) {
    throw new SimFault('SIM-FILE', `${path} cannot be read`, cause);
  }
}
