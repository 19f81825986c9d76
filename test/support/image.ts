// Stands in for an engine: a folder that becomes the root of a process, with the system of this machine below
// it, read-only. What an image's base brings (programs, libraries) is this machine's; all else is the image's.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Step } from './dockerfile.ts';

/** Why nothing can be run in such a root here; empty where it can. */
export function whyNoImages(): string {
  if (process.getuid?.() !== 0) return 'only root can change the root of a process';
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'unshare is not allowed here';
  for (const program of ['/usr/bin/npm', '/usr/bin/setpriv', '/usr/sbin/useradd'])
    if (!existsSync(program)) return `there is no ${program}`;
  return '';
}

const systemFiles = ['hosts', 'resolv.conf', 'nsswitch.conf', 'login.defs', 'ld.so.cache'];

export class Image {
  readonly root = mkdtempSync(join(tmpdir(), 'msc-image-'));
  readonly #environment = new Map<string, string>();
  #folder = '/';
  user = '0';

  constructor() {
    chmodSync(this.root, 0o755);
    for (const name of ['usr', 'proc', 'dev', 'tmp', 'run', 'root', 'var/lib', 'etc/ssl'])
      mkdirSync(join(this.root, name), { recursive: true });
    for (const name of ['bin', 'sbin', 'lib', 'lib64'])
      if (existsSync(`/${name}`) && lstatSync(`/${name}`).isSymbolicLink())
        symlinkSync(readlinkSync(`/${name}`), join(this.root, name));
    for (const name of systemFiles)
      if (existsSync(`/etc/${name}`)) copyFileSync(`/etc/${name}`, join(this.root, 'etc', name));
    writeFileSync(join(this.root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    writeFileSync(join(this.root, 'etc/group'), 'root:x:0:\n');
    this.#environment.set('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** Takes a step that only says something of the image. False where it is another. */
  take({ word, rest }: Step): boolean {
    if (word === 'WORKDIR') {
      this.#folder = resolve(this.#folder, rest);
      mkdirSync(this.path(this.#folder), { recursive: true });
    } else if (word === 'ENV')
      for (const pair of rest.split(' ')) {
        const [name = '', value = ''] = pair.split('=');
        this.#environment.set(name, value);
      }
    else if (word === 'USER') this.user = rest;
    else return false;
    return true;
  }

  /** COPY: the last name is where to. */
  copy({ rest }: Step, from: (name: string) => string): void {
    const names = rest.split(' ');
    const to = resolve(this.#folder, names.pop() ?? '');
    for (const name of names) {
      const into = names.length > 1 || rest.endsWith('/') ? join(to, name) : to;
      mkdirSync(dirname(this.path(into)), { recursive: true });
      cpSync(from(name), this.path(into), { recursive: true, verbatimSymlinks: true });
    }
  }

  /** COPY from a stage that is thrown away afterwards: moved, which is the same and takes no time. */
  move({ rest }: Step, from: Image): void {
    const [name = '', to = ''] = rest.split(' ');
    mkdirSync(dirname(this.path(to)), { recursive: true });
    renameSync(from.path(name), this.path(to));
  }

  /** RUN, as root. @throws Error with what it said */
  async run(command: string, binds: readonly string[] = []): Promise<void> {
    const { child, said } = this.#start(['/bin/sh', '-c', command], binds.map(bindLine));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${command}: exit ${code}\n${said()}`);
  }

  /** As an engine starts it: not root, no capability, the root read-only but for these folders. */
  start(words: readonly string[], writable: readonly string[]): Started {
    const user = ['setpriv', `--reuid=${this.user}`, `--regid=${this.user}`, '--clear-groups'];
    const bare = ['--bounding-set=-all', '--inh-caps=-all', '--no-new-privs'];
    const keep = writable.map((name) => `mount --bind "$R${name}" "$R${name}"`);
    const mounts = [...keep, 'mount -o bind,remount,ro "$R"'];
    return this.#start([...user, ...bare, ...words], mounts);
  }

  #start(words: readonly string[], mounts: readonly string[]): Started {
    const script = [
      'set -e',
      'mount --bind "$R" "$R"',
      'mount --rbind /usr "$R/usr"',
      'mount -o bind,remount,ro "$R/usr"',
      'mount --rbind /etc/ssl "$R/etc/ssl"',
      'mount --rbind /proc "$R/proc"',
      'mount --rbind /dev "$R/dev"',
      ...mounts,
      'W="$1"; shift',
      'exec chroot "$R" /usr/bin/env -i "$@"',
    ].join('\n');
    const pairs = [...this.#environment].map(([name, value]) => `${name}=${value}`);
    const inside = [...pairs, 'HOME=/root', `--chdir=${this.#folder}`];
    // env takes its options before the variables.
    const order = [...inside.slice(-1), ...inside.slice(0, -1)];
    const child = spawn(
      'unshare',
      ['--mount', '/bin/sh', '-c', script, 'sh', '', ...order, ...words],
      { env: { PATH: process.env['PATH'], R: this.root }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child, said: () => text };
  }

  close(): void {
    // The mounts ended with their processes; what is left is ours alone.
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
}

function bindLine(path: string): string {
  return `mkdir -p "$R${path}" && mount --bind "${path}" "$R${path}"`;
}
