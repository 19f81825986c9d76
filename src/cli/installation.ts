// Which installation a command speaks to: --socket, --config, MSC_SOCKET, MSC_CONFIG, then
// /etc/msc/msc.toml, ./demo/msc.toml, ./msc.toml; the installed one wins over what happens to be near.
// It reads of the configuration only what it needs, because `msc status` must be quick.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { connectControl } from '#src/control/client';
import type { ControlClient } from '#src/control/client';
import { MscFault } from '#src/errors';
import { parseToml } from '#src/toml/read';
import type { Flags } from './flags.ts';

/** @throws MscFault MSC-1102 when none was named and none is there. */
export function configFile(flags: Flags, env: NodeJS.ProcessEnv = process.env): string {
  const named = flags.text('config') ?? given(env['MSC_CONFIG']);
  if (named !== undefined) return resolve(named);
  const places = ['/etc/msc/msc.toml', resolve('demo/msc.toml'), resolve('msc.toml')];
  const found = places.find((file) => existsSync(file));
  if (found === undefined)
    throw new MscFault('MSC-1102', {
      hint: 'name one with --config FILE, or write one with msc init',
    });
  return found;
}

/** The socket as wished; the control client finds where a long one moved. @throws MscFault MSC-1005, MSC-1102 */
export async function controlSocket(
  flags: Flags,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const named = namedSocket(flags, env);
  if (named !== undefined) return resolve(named);
  const file = configFile(flags, env);
  return resolve(dirname(file), await socketSetting(file));
}

/** Whether the configuration says where the switch is: a socket alone does not say whose journal it would be. */
export function isOfConfiguration(flags: Flags, env: NodeJS.ProcessEnv = process.env): boolean {
  return namedSocket(flags, env) === undefined;
}

function namedSocket(flags: Flags, env: NodeJS.ProcessEnv): string | undefined {
  const fromEnv = flags.text('config') === undefined ? given(env['MSC_SOCKET']) : undefined;
  return flags.text('socket') ?? fromEnv;
}

/** Runs with a connection to the switch, and always ends it. @param usualMs Its patience unless told. */
export async function withSwitch<T>(
  flags: Flags,
  use: (client: ControlClient) => Promise<T>,
  usualMs = 10_000,
): Promise<T> {
  const timeoutMs = flags.durationMs('timeout') ?? usualMs;
  const client = await connectControl(await controlSocket(flags), { timeoutMs });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** The whole loader is brought only where the file leaves the socket to its default. */
async function socketSetting(file: string): Promise<string> {
  const toml = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new MscFault('MSC-1005', { detail: file, cause });
  });
  const table = parseToml(toml, { syntax: 'MSC-1103' });
  const control = table.ok ? table.value['control'] : undefined;
  const named = typeof control === 'object' && control !== null && 'socket' in control;
  if (named && typeof control.socket === 'string') return control.socket;
  const { loadConfig } = await import('#src/config/load');
  return (await loadConfig(file)).control.socket;
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
