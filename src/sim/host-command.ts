// `msc-sim host state`: starts the simulated state host, says when it listens, obeys its control socket,
// and stops on SIGTERM or SIGINT with exit 0.

import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseMnemonic } from '#protocol/ids';
import type { Mnemonic } from '#protocol/ids';
import { parseAddress } from './address.ts';
import { SimFault } from './fault.ts';
import { parseHostCommand } from './faults.ts';
import type { Faults } from './faults.ts';
import { readRecords } from './records.ts';
import { StateHost } from './state-host.ts';
import { readCredentials } from './tls-profile.ts';

export interface HostCommandOptions {
  readonly listen: string;
  readonly name: string;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly station: readonly string[];
  readonly mnemonic?: readonly string[];
  readonly records?: string;
  readonly window: number;
  readonly frameBytes: number;
  readonly keepAliveMs: number;
  readonly control?: string;
  readonly slow: number;
  readonly silent?: boolean;
  readonly twice?: boolean;
  readonly parts?: boolean;
  readonly final: boolean;
  readonly acks: boolean;
}

/** @throws SimFault SIM-USAGE, SIM-FILE, SIM-INPUT, SIM-CREATE */
export async function runHost(options: HostCommandOptions): Promise<void> {
  const { host, port } = parseAddress(options.listen);
  const { cert, key, ca, name, window, keepAliveMs, frameBytes } = options;
  const state = new StateHost({
    ...{ name, window, keepAliveMs },
    frameBytesMax: frameBytes,
    credentials: readCredentials({ cert, key, ca }),
    stations: options.station,
    mnemonics: (options.mnemonic ?? []).map(checkedMnemonic),
    book: readRecords(options.records ?? inventedRecords),
    faults: chosenFaults(options),
  });
  const listening = await state.listen(host, port).catch((cause: unknown) => {
    throw new SimFault('SIM-CREATE', `${options.listen} cannot be listened on`, cause);
  });
  const control =
    options.control === undefined ? undefined : await openControl(options.control, state);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      control?.close();
      state.close();
      setTimeout(() => process.exit(0), stopMs);
    });
  process.stdout.write(`${JSON.stringify({ listening, pid: process.pid })}\n`);
}

const inventedRecords = fileURLToPath(new URL('../../config/sim/records.json', import.meta.url));

/** How long the farewell to the stations may take. */
const stopMs = 300;
const lineBytesMax = 32_768;

function chosenFaults(options: HostCommandOptions): Faults {
  const { slow, silent = false, twice = false, parts = false, final, acks } = options;
  return { slowMs: slow, silent, twice, parts, final, acks, refuse: undefined };
}

function checkedMnemonic(text: string): Mnemonic {
  const mnemonic = parseMnemonic(text);
  if (mnemonic === undefined) throw new SimFault('SIM-USAGE', `${text} is not a mnemonic`);
  return mnemonic;
}

/** A socket for the owner alone; each line is answered with its lines and `ok`, or `error: why`. */
async function openControl(path: string, host: StateHost): Promise<Server> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) rmSync(path);
  const server = createServer((socket) => serveControl(socket, host));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new SimFault('SIM-CREATE', `${path} cannot be made`, cause)),
    );
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return server;
}

function serveControl(socket: Socket, host: StateHost): void {
  socket.on('error', () => socket.destroy());
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes = chunk.includes('\n') ? 0 : bytes + chunk.length;
    if (bytes > lineBytesMax) socket.destroy();
  });
  createInterface({ input: socket }).on('line', (line) => {
    const command = parseHostCommand(line);
    const lines = command.ok ? [...host.command(command.value), 'ok'] : [`error: ${command.error}`];
    socket.write(lines.map((answer) => `${answer}\n`).join(''));
  });
}
