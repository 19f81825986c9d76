// The control socket: local operators dial it, prove who they are, and command.
// Bounded: clients, those not yet proved, lines, waits. A client that goes away ends what it asked for.
// What fails is told to its client by a code; nothing a client does reaches another client or the switch.

import { lstat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Row } from '#journal/row';
import type { RandomOctets } from '#src/access/password';
import { loginOf, ProofFolder } from '#src/access/proof';
import { MscFault } from '#src/errors';
import { CommandDesk, faultOf } from './commands.ts';
import type { Desk } from './desk.ts';
import { parseRequest, requestBytesMax, type Refusal } from './forms.ts';
import { parseJson, sendLine, SocketLines, type LineEnd } from './lines.ts';
import { rolesOf, type Person } from './roles.ts';
import { makeSocketFolder, proofFolderOf, socketPath } from './socket-path.ts';
import type { ControlError, Greeting, Request, Welcome } from './wire.ts';

export interface ControlPorts {
  readonly desk: Desk;
  readonly version: string;
  readonly random: RandomOctets;
  /** Milliseconds since 1970 UTC by the wall clock. */
  readonly nowMs: () => number;
  /** A line for the log: names and codes, never what a client sent. */
  readonly log: (event: string, fields: Readonly<Record<string, string | number>>) => void;
}

export interface ControlServer {
  /** Where it really is. */
  readonly path: string;
  /** Ends every client, then takes the socket away. */
  readonly close: () => Promise<void>;
}

const clientsMax = 64;
/** A stranger who never proves anything must not keep the others out. */
const unprovedMax = 16;
const proofMs = 5_000;
/** Between two commands, and without taking what was asked for: a pager may stand open a while. */
const idleMs = 300_000;
/** To take the last line before the socket is destroyed. */
const partingMs = 2_000;
/** Octets of one line of rows, about. */
const rowsBytes = 262_144;

/**
 * Listens at the wanted place, or where that moves to when its path is too long.
 *
 * @throws MscFault MSC-1006 when the place cannot be made, MSC-2201 when another switch listens there.
 */
export async function openControl(wanted: string, ports: ControlPorts): Promise<ControlServer> {
  const path = socketPath(wanted);
  await makeSocketFolder(path);
  const proofs = await ProofFolder.open(proofFolderOf(path), ports);
  const house = new House(path, proofs, ports);
  const server = createServer((socket) => house.receive(socket));
  await listen(server, path);
  // A failed accept, for want of file descriptors say: the next one may go well.
  server.on('error', (error) => ports.log('control-accept', { why: error.name }));
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        house.empty();
      }),
  };
}

/** Everybody who is connected. */
class House {
  readonly #ports: ControlPorts;
  readonly #proofs: ProofFolder;
  readonly #folder: string;
  readonly #commands: CommandDesk;
  readonly #clients = new Set<Socket>();
  #unproved = 0;

  constructor(path: string, proofs: ProofFolder, ports: ControlPorts) {
    this.#folder = proofFolderOf(path);
    this.#proofs = proofs;
    this.#ports = ports;
    this.#commands = new CommandDesk(ports.desk);
  }

  receive(socket: Socket): void {
    this.#clients.add(socket);
    socket.on('close', () => this.#clients.delete(socket));
    const lines = new SocketLines(socket, requestBytesMax);
    const isFull = this.#clients.size > clientsMax || this.#unproved >= unprovedMax;
    const stay = isFull
      ? this.#turnAway(socket, { id: 0, fault: new MscFault('MSC-1203') })
      : this.#stay(socket, lines);
    stay.catch((error: unknown) => {
      this.#report(error, 'session');
      socket.destroy();
    });
  }

  empty(): void {
    for (const socket of this.#clients) socket.destroy();
  }

  async #stay(socket: Socket, lines: SocketLines): Promise<void> {
    const gone = new AbortController();
    socket.on('close', () => gone.abort());
    const person = await this.#prove(socket, lines);
    if (person === undefined) return;
    for (;;) {
      const line = await lines.next(idleMs);
      if (!line.ok) {
        await this.#leave(socket, line.error);
        return;
      }
      const request = parseRequest(line.value);
      if (request.ok) await this.#answer(socket, request.value, person, gone.signal);
      else await sendError(socket, request.error);
    }
  }

  /** Names a nonce; who makes the file of that name is who is at the other end. */
  async #prove(socket: Socket, lines: SocketLines): Promise<Person | undefined> {
    this.#unproved += 1;
    try {
      const nonce = this.#proofs.newNonce();
      await send(socket, { msc: this.#ports.version, nonce, folder: this.#folder });
      const line = await lines.next(proofMs);
      if (!line.ok) {
        await this.#leave(socket, line.error);
        return undefined;
      }
      const owner = isProof(line.value, nonce) ? await this.#proofs.claim(nonce) : undefined;
      if (owner === undefined) throw new MscFault('MSC-1206');
      const login = (await loginOf(owner.uid)) ?? `uid:${owner.uid}`;
      const person = { login, isOwner: owner.uid === process.geteuid?.() };
      const roles = rolesOf(person, this.#ports.desk.register());
      await send(socket, { person: login, roles });
      return person;
    } catch (error) {
      await this.#turnAway(socket, { id: 0, fault: this.#report(error, 'proof') });
      return undefined;
    } finally {
      this.#unproved -= 1;
    }
  }

  async #answer(
    socket: Socket,
    request: Request,
    person: Person,
    gone: AbortSignal,
  ): Promise<void> {
    const { desk, nowMs } = this.#ports;
    const { id, command } = request;
    try {
      const end = await this.#commands.run(request, {
        person: person.login,
        roles: rolesOf(person, desk.register()),
        sendRows: (rows) => sendRows(socket, id, rows),
        gone,
        nowMs,
      });
      await sendLine(socket, JSON.stringify({ id, end }), idleMs);
    } catch (error) {
      await sendError(socket, { id, fault: this.#report(error, command) });
    }
  }

  async #leave(socket: Socket, why: LineEnd): Promise<void> {
    if (why === 'closed') return;
    const detail = why === 'late' ? 'nothing was said in time' : 'a line is too long';
    const code = why === 'late' ? 'MSC-1204' : 'MSC-1205';
    await this.#turnAway(socket, { id: 0, fault: new MscFault(code, { detail }) });
  }

  async #turnAway(socket: Socket, refusal: Refusal): Promise<void> {
    await sendError(socket, refusal);
    socket.end();
    const timer = setTimeout(() => socket.destroy(), partingMs);
    socket.on('close', () => clearTimeout(timer));
  }

  /** The fault a client is told; ours are logged with the place, never with their words. */
  #report(error: unknown, command: string): MscFault {
    const fault = faultOf(error);
    const { cause } = fault;
    const where = cause instanceof Error ? (/^ +at .*$/m.exec(cause.stack ?? '')?.[0] ?? '') : '';
    this.#ports.log('control-refused', { code: fault.code, command, where: where.trim() });
    return fault;
  }
}

function isProof(line: string, nonce: string): boolean {
  const value = parseJson(line);
  return typeof value === 'object' && value !== null && 'proof' in value && value.proof === nonce;
}

async function send(socket: Socket, value: Greeting | Welcome): Promise<void> {
  await sendLine(socket, JSON.stringify(value), proofMs);
}

async function sendError(socket: Socket, { id, fault }: Refusal): Promise<void> {
  const { code, message, hint, exit } = fault;
  const error: ControlError = { code, message, hint, exit };
  await sendLine(socket, JSON.stringify({ id, error }), proofMs);
}

/** A batch as lines of bounded length: a row of text may be a megabyte, and batches have many. */
async function sendRows(socket: Socket, id: number, rows: readonly Row[]): Promise<void> {
  let pending: string[] = [];
  let octets = 0;
  const flush = async (): Promise<void> => {
    const json = `{"id":${id},"rows":[${pending.join(',')}]}`;
    [pending, octets] = [[], 0];
    await sendLine(socket, json, idleMs);
  };
  for (const row of rows) {
    const json = JSON.stringify(row);
    if (pending.length > 0 && octets + json.length > rowsBytes) await flush();
    pending.push(json);
    octets += json.length;
  }
  await flush();
}

/** A socket file that nobody listens behind is left from a switch that was killed. */
async function listen(server: Server, path: string): Promise<void> {
  try {
    await listenOnce(server, path);
  } catch (cause) {
    if (!isCode(cause, 'EADDRINUSE')) throw new MscFault('MSC-1006', { detail: path, cause });
    if (await isAlive(path)) throw new MscFault('MSC-2201', { detail: path, cause });
    if ((await lstat(path)).isSocket()) await unlink(path);
    await listenOnce(server, path).catch((again: unknown) => {
      throw new MscFault('MSC-1006', { detail: dirname(path), cause: again });
    });
  }
}

/** Everybody may dial: the proof says who it is, and the register what that person may do. */
function listenOnce(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, readableAll: true, writableAll: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
