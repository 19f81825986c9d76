// The operator's end of the control socket: proves who we are, then asks, one request at a time.
// A switch that is down, silent or of another version is a coded fault with the next step, never a hang.
// It sends passwords over this socket alone, and keeps none.

import { connect, type Socket } from 'node:net';
import type { OperatorRole } from '#journal/register';
import { proveOwnership } from '#src/access/proof';
import { isFaultCode, MscFault } from '#src/errors';
import { parseJson, sendLine, SocketLines } from './lines.ts';
import { isTrusted, proofFolderOf, socketPath } from './socket-path.ts';
import type { CommandName, Commands } from './wire.ts';

/** Octets of one line of an answer: one row with a megabyte of text, escaped at its worst. */
const answerBytesMax = 16 * 1_048_576;

export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface ControlClient {
  /** Who the switch says we are. */
  readonly person: string;
  readonly roles: readonly OperatorRole[];
  /** Version of the switch. */
  readonly version: string;
  /**
   * Asks, and waits for the end. The next rows are not read before `onRows` is done with these.
   *
   * @throws MscFault what the switch answered; MSC-1204 when it is silent for the time-out;
   * MSC-1201 when it went away; MSC-1205 when it is not understood.
   */
  readonly call: <C extends CommandName>(
    command: C,
    args: Commands[C]['args'],
    onRows?: (rows: Rows) => void | Promise<void>,
  ) => Promise<Commands[C]['end']>;
  readonly close: () => void;
}

/**
 * Dials and proves.
 *
 * @param wanted Path of the socket as configured; a long one is looked for where it moved to.
 * @throws MscFault MSC-1201 when nobody answers, MSC-1204 when too slowly, MSC-1206 when not proved.
 */
export async function connectControl(
  wanted: string,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<ControlClient> {
  const path = socketPath(wanted);
  if (!(await isTrusted(path)))
    throw new MscFault('MSC-1206', { detail: `the folder of ${path} is somebody else's` });
  const socket = await dial(path, timeoutMs);
  try {
    return await introduce(socket, path, timeoutMs);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function introduce(socket: Socket, path: string, timeoutMs: number): Promise<ControlClient> {
  const lines = new SocketLines(socket, answerBytesMax);
  const hear = () => nextValue(lines, { path, timeoutMs });
  const greeting = await hear();
  const { msc: version, nonce, folder } = greeting;
  // Only beside the socket we dialled: else a stranger's socket could have us prove ourselves elsewhere.
  if (typeof version !== 'string' || typeof nonce !== 'string' || folder !== proofFolderOf(path))
    throw new MscFault('MSC-1205', { detail: 'no greeting' });
  await proveOwnership(folder, nonce);
  await sendLine(socket, JSON.stringify({ proof: nonce }), timeoutMs);
  const { person, roles } = await hear();
  if (typeof person !== 'string' || !Array.isArray(roles))
    throw new MscFault('MSC-1205', { detail: 'no welcome' });
  let id = 0;
  return {
    person,
    // The switch sends the roles of its register; an unknown one of a newer switch does no harm.
    roles: roles as readonly OperatorRole[],
    version,
    call: async (command, args, onRows) => {
      id += 1;
      await sendLine(socket, JSON.stringify({ id, command, args }), timeoutMs);
      for (;;) {
        const answer = await hear();
        if (answer['id'] !== id) throw new MscFault('MSC-1205', { detail: 'not our answer' });
        // Both ends are typed by wire.ts; its shapes are kept from version to version.
        if ('end' in answer) return answer['end'] as Commands[typeof command]['end'];
        const { rows } = answer;
        if (!Array.isArray(rows)) throw new MscFault('MSC-1205', { detail: 'no rows' });
        if (rows.length > 0) await onRows?.(rows as Rows);
      }
    },
    close: () => socket.destroy(),
  };
}

interface Patience {
  readonly path: string;
  readonly timeoutMs: number;
}

async function nextValue(
  lines: SocketLines,
  { path, timeoutMs }: Patience,
): Promise<Readonly<Record<string, unknown>>> {
  const line = await lines.next(timeoutMs);
  if (!line.ok) {
    switch (line.error) {
      case 'closed':
        throw new MscFault('MSC-1201', { detail: `it went away (${path})`, hint: 'msc status' });
      case 'late':
        throw new MscFault('MSC-1204', { detail: path });
      case 'too-long':
        throw new MscFault('MSC-1205', { detail: 'a line is too long' });
    }
  }
  const value = parseJson(line.value);
  if (!isRecord(value)) throw new MscFault('MSC-1205', { detail: 'a line is no object' });
  if (isRecord(value['error'])) throw toldFault(value['error']);
  return value;
}

/** The fault as the switch worded it, under its own code. */
function toldFault(error: Readonly<Record<string, unknown>>): MscFault {
  const { code, message, hint } = error;
  const known = typeof code === 'string' && isFaultCode(code) ? code : 'MSC-1205';
  const fault = new MscFault(known, typeof hint === 'string' ? { hint } : {});
  if (typeof message === 'string') fault.message = message;
  return fault;
}

function dial(path: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new MscFault('MSC-1204', { detail: path }));
    }, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once('error', (cause) => {
      clearTimeout(timer);
      reject(new MscFault('MSC-1201', { detail: `nobody answers at ${path}`, cause }));
    });
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
