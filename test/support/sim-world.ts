// A simulated state host as a process of its own, with certificates made for the occasion, for tests
// of the simulators and of the switch. Everything lies in one temporary folder and goes with it.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createAuthority, issueCertificate } from '#src/access/certificate';
import type { CertificateAndKey } from '#src/access/certificate';

export interface PemFiles {
  readonly cert: string;
  readonly key: string;
  /** The same as texts. */
  readonly pem: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** A station CA with a folder for what it issues. */
export class SimAuthority {
  readonly folder: string;
  readonly caFile: string;
  readonly #authority: CertificateAndKey;

  private constructor(authority: CertificateAndKey) {
    this.#authority = authority;
    this.folder = mkdtempSync(join(tmpdir(), 'msc-sim-'));
    this.caFile = join(this.folder, 'ca.pem');
    writeFileSync(this.caFile, authority.certificatePem);
  }

  static async create(): Promise<SimAuthority> {
    return new SimAuthority(await createAuthority({ name: 'Invented Test CA', now: new Date() }));
  }

  /** `switch`: for localhost and 127.0.0.1; `station`: its own name alone. */
  async issue(subject: string, usage: 'station' | 'switch'): Promise<PemFiles> {
    const issued = await issueCertificate({
      authority: this.#authority,
      subject,
      usage,
      now: new Date(),
      ...(usage === 'switch' ? { names: ['localhost'], addresses: ['127.0.0.1'] } : {}),
    });
    const cert = join(this.folder, `${subject}.cert.pem`);
    const key = join(this.folder, `${subject}.key.pem`);
    writeFileSync(cert, issued.certificatePem);
    writeFileSync(key, issued.keyPem, { mode: 0o600 });
    const pem = {
      ca: this.#authority.certificatePem,
      cert: issued.certificatePem,
      key: issued.keyPem,
    };
    return { cert, key, pem };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const launcher = fileURLToPath(new URL('../../src/sim/msc-sim.js', import.meta.url));

/** Runs `msc-sim`; the caller ends it by its own handle. */
export function spawnSim(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [launcher, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

export interface HostProcess {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** One line to the control socket; its answer lines, the last of them `ok` or `error: ...`. */
  command(line: string): Promise<string[]>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts `msc-sim host state` and waits until it listens. `port` 0 takes a free one. */
export const startStateHost = (options: HostStart): Promise<HostProcess> =>
  startHost('state', options);

export interface HostStart {
  readonly authority: SimAuthority;
  readonly files: PemFiles;
  readonly stations: readonly string[];
  readonly port?: number;
  readonly flags?: readonly string[];
}

/** Any host of `msc-sim host`. */
export async function startHost(kind: string, options: HostStart): Promise<HostProcess> {
  const { authority, files, stations, port = 0, flags = [] } = options;
  const control = join(authority.folder, `c${(controls++).toString()}.sock`);
  const child = spawnSim([
    ...['host', kind, '--listen', `127.0.0.1:${port}`, '--control', control],
    ...['--cert', files.cert, '--key', files.key, '--ca', authority.caFile],
    ...['--station', ...stations, ...flags],
  ]);
  const ready = await readyLine(child);
  const controlLine = new ControlLine(control);
  const gone = once(child, 'exit');
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    controlLine.close();
    child.kill(signal);
    await gone;
    return child.exitCode;
  };
  return {
    host: '127.0.0.1',
    port: ready.port,
    pid: ready.pid,
    command: (line) => controlLine.ask(line),
    stop: () => end('SIGTERM'),
    kill: async () => {
      await end('SIGKILL');
    },
  };
}

let controls = 0;

async function readyLine(child: ChildProcess): Promise<{ port: number; pid: number }> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the simulator has no output');
  let complaint = '';
  stderr.on('data', (chunk) => (complaint += String(chunk)));
  const lines = createInterface({ input: stdout });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', () => reject(new Error(`the simulator did not start: ${complaint}`)));
  });
  // The one line the simulator prints, in this shape.
  const ready = JSON.parse(line) as { readonly listening: string; readonly pid: number };
  return { port: Number(ready.listening.split(':').at(-1)), pid: ready.pid };
}

/** One connection to the control socket, made when it is first used; questions go one by one. */
class ControlLine {
  readonly #path: string;
  #socket: Socket | undefined;
  #lines: Interface | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  ask(line: string): Promise<string[]> {
    this.#socket ??= connect(this.#path);
    this.#lines ??= createInterface({ input: this.#socket });
    const lines = this.#lines;
    const answer = new Promise<string[]>((resolve) => {
      const heard: string[] = [];
      const hear = (said: string): void => {
        heard.push(said);
        if (said !== 'ok' && !said.startsWith('error:')) return;
        lines.off('line', hear);
        resolve(heard);
      };
      lines.on('line', hear);
    });
    this.#socket.write(`${line}\n`);
    return answer;
  }

  close(): void {
    this.#socket?.destroy();
  }
}
