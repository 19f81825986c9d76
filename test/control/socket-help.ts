// A control server over a fake desk in a temporary folder, and a raw client that can be as rude as needed.

import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Jobs } from '#src/control/jobs';
import { SocketLines } from '#src/control/lines';
import { openControl, type ControlServer } from '#src/control/server';
import { openFakeDesk, type FakeDesk } from './fake-desk.ts';

export const isRoot = process.geteuid?.() === 0;
/** A system user that no register knows: `daemon`. */
export const strangerUid = 1;

export interface Bench {
  readonly folder: string;
  readonly path: string;
  readonly desk: FakeDesk;
  readonly server: ControlServer;
  readonly log: string[];
  readonly close: () => Promise<void>;
}

export async function openBench(name = 'run/control.sock'): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'msc-ctl-'));
  const jobs = await Jobs.open(join(folder, 'jobs'), () => Date.now());
  const desk = openFakeDesk(jobs);
  const log: string[] = [];
  const server = await openControl(join(folder, name), {
    desk,
    version: '1.2.3',
    random: (octets) => randomBytes(octets),
    nowMs: () => Date.now(),
    log: (event, fields) => void log.push(JSON.stringify({ event, ...fields })),
  });
  const close = async (): Promise<void> => {
    await server.close();
    await jobs.close();
    rmSync(folder, { recursive: true });
  };
  return { folder, path: server.path, desk, server, log, close };
}

type Json = Readonly<Record<string, unknown>>;

export class RawClient {
  readonly socket: Socket;
  readonly #lines: SocketLines;

  constructor(path: string) {
    this.socket = connect(path);
    this.#lines = new SocketLines(this.socket, 64 * 1_048_576);
  }

  /** The next line as an object, or the word for why there is none. */
  async hear(): Promise<Json | string> {
    const line = await this.#lines.next(10_000);
    return line.ok ? (JSON.parse(line.value) as Json) : line.error;
  }

  say(value: unknown): void {
    this.socket.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  }

  /** Proves as ourselves, or as whoever is given the file. */
  async prove(uid?: number): Promise<Json | string> {
    const greeting = await this.hear();
    if (typeof greeting === 'string') return greeting;
    const { nonce, folder } = greeting;
    const file = join(String(folder), String(nonce));
    writeFileSync(file, '', { mode: 0o600 });
    if (uid !== undefined) chownSync(file, uid, uid);
    this.say({ proof: nonce });
    return this.hear();
  }
}
