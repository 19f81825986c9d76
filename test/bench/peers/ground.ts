// What every side stands on: certificates, a server as a child process, and what it costs the machine.

import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { setTimeout as pause } from 'node:timers/promises';
import { createAuthority, issueCertificate } from '#src/access/certificate';
import { type Pems, Skip } from './peer.ts';

/** The certificates of one bench. */
export async function makePems(folder: string): Promise<Pems> {
  const now = new Date();
  const authority = await createAuthority({ name: 'Invented Bench CA', now });
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, authority.certificatePem, { mode: 0o644 });
  const issue = async (
    subject: string,
    usage: 'station' | 'switch',
  ): Promise<{ readonly cert: string; readonly key: string }> => {
    const names = usage === 'switch' ? { names: [], addresses: ['127.0.0.1'] } : {};
    const issued = await issueCertificate({ authority, subject, usage, now, ...names });
    const files = { cert: join(folder, `${subject}.pem`), key: join(folder, `${subject}.key`) };
    writeFileSync(files.cert, issued.certificatePem, { mode: 0o644 });
    writeFileSync(files.key, issued.keyPem, { mode: 0o600 });
    return files;
  };
  return {
    ca,
    server: await issue('localhost', 'switch'),
    client: await issue('bench', 'station'),
  };
}

/** A program of a package. @throws Skip */
export function program(name: string, places: readonly string[], packageName: string): string {
  const folders = [...places, ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined)
    throw new Skip(`${name} is not installed (apt-get install ${packageName})`);
  return found;
}

const alive = new Set<ChildProcess>();
/** Whatever ends the bench, no server outlives it. */
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** A server of the bench alone: its output is kept for the case that it does not come up. */
export class ServerProcess {
  readonly child: ChildProcess;
  #said = '';

  constructor(command: string, words: readonly string[], options: SpawnOptions = {}) {
    this.child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    alive.add(this.child);
    this.child.once('exit', () => alive.delete(this.child));
    this.child.stdout?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get said(): string {
    return this.#said;
  }

  /** Resolves when `isUp` says so. */
  async up(isUp: () => Promise<boolean> | boolean, withinMs = 60_000): Promise<void> {
    const until = Date.now() + withinMs;
    while (!(await isUp())) {
      const over = this.child.exitCode !== null || this.child.signalCode !== null;
      if (over || Date.now() > until)
        throw new Error(`${this.child.spawnfile} did not come up\n${this.#said}`);
      await pause(50);
    }
  }

  async end(signal: NodeJS.Signals = 'SIGTERM', withinMs = 15_000): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    const late = setTimeout(() => this.child.kill('SIGKILL'), withinMs);
    await gone;
    clearTimeout(late);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has such an address.
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

export function answersAt(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** TLS at once, or after what `first` says in the clear. */
export async function dialTls(
  port: number,
  pems: Pems,
  first?: (socket: ReturnType<typeof connectTcp>) => Promise<void>,
): Promise<TLSSocket> {
  const tcp = connectTcp({ host: '127.0.0.1', port });
  await once(tcp, 'connect');
  await first?.(tcp);
  const { client, ca } = pems;
  const pem = { cert: readFileSync(client.cert), key: readFileSync(client.key) };
  const socket = connectTls({ socket: tcp, host: '127.0.0.1', ca: readFileSync(ca), ...pem });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  return socket;
}

/** Writes of one turn leave together: no side pays for a careless client. */
export class Gathered {
  readonly #socket: TLSSocket;
  #out: Uint8Array[] = [];

  constructor(socket: TLSSocket) {
    this.#socket = socket;
  }

  write(octets: Uint8Array): void {
    this.#out.push(octets);
    if (this.#out.length > 1) return;
    setImmediate(() => {
      const out = this.#out;
      this.#out = [];
      this.#socket.write(Buffer.concat(out));
    });
  }
}

/** These and all they started. */
export function familyOf(pids: readonly number[]): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.parent : undefined;
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const family = new Set(pids);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  return [...family];
}

/** Processor milliseconds of all these since they began; the kernel counts hundredths of a second. */
export function cpuMsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (statOf(pid)?.cpuMs ?? 0), 0);
}

/** Memory that is theirs, and their part of what they share. */
export function megabytesOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
      return 0;
    }
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

function statOf(pid: number): { readonly parent: number; readonly cpuMs: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // With what its ended children used: a server that forks is charged for them.
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return { parent: Number(fields[1]), cpuMs: ticks * 10 };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
