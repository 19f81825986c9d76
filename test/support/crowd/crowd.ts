// A crowd as a process of its own, and what a switch needs to know its stations. Ends with `end`.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { World } from '#support/world';
import { type Badge, makeBadges } from './badges.ts';
import type { Crowded, Order, TerminalsPlan, Welcomed } from './orders.ts';
import type { GuessPlan } from './guesser.ts';
import type { StrangerPlan } from './strangers.ts';

const program = new URL('process.ts', import.meta.url).pathname;

export class Crowd {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (said: Said) => void>();
  #lastId = 0;

  constructor() {
    this.#child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (message) => {
      // The child sends nothing else.
      const said = message as Said;
      this.#waiting.get(said.id)?.(said);
      this.#waiting.delete(said.id);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  come(plan: TerminalsPlan): Promise<Welcomed> {
    return this.#tell({ do: 'come', plan });
  }

  /** All lines are cut at once. */
  break(withinMs: number): Promise<Welcomed> {
    return this.#tell({ do: 'break', withinMs });
  }

  strangers(plan: StrangerPlan): Promise<Crowded> {
    return this.#tell({ do: 'strangers', plan });
  }

  /** The first of the badges guesses passwords. */
  guess(plan: GuessPlan, badgesFile: string): Promise<Crowded> {
    return this.#tell({ do: 'guess', plan, badgesFile });
  }

  count(): Promise<Crowded> {
    return this.#tell({ do: 'count' });
  }

  /** Everybody leaves; the process stays. */
  go(): Promise<Crowded> {
    return this.#tell({ do: 'go' });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const over = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await over;
  }

  async #tell<A extends Crowded | Welcomed>(order: Order): Promise<A> {
    const id = ++this.#lastId;
    const said = await new Promise<Said>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, order });
    });
    if (said.answer === undefined) throw new Error(said.error);
    // Each order has its kind of answer.
    return said.answer as A;
  }
}

interface Said {
  readonly id: number;
  readonly answer?: Crowded | Welcomed;
  readonly error?: string;
}

/** Addresses of this machine alone. */
export function loopback(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `127.1.${Math.floor(n / 250)}.${(n % 250) + 1}`);
}

const agency = 'CA0990100';

/** The mnemonic of the nth station of the crowd. */
export function crowdMnemonic(nth: number): string {
  return `K${nth.toString(36).toUpperCase().padStart(3, '0')}`;
}

/**
 * Certificates for so many stations, and the switch told of them: first the terminals, then the printers.
 *
 * @returns The file of the badges, in that order.
 */
export async function enrolCrowd(
  world: World,
  { terminals, printers = 0 }: { readonly terminals: number; readonly printers?: number },
): Promise<string> {
  const authority = {
    certificatePem: readFileSync(world.demo.ca, 'utf8'),
    keyPem: readFileSync(join(dirname(world.demo.ca), 'ca.key'), 'utf8'),
  };
  const names = Array.from({ length: terminals + printers }, (_, nth) => `CROWD-${nth}`);
  const made = await makeBadges(authority, names);
  const file = join(world.folder, 'badges.json');
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  const registry = join(world.folder, 'registry.toml');
  const tables = made.badges.map((badge, nth) => stationToml(badge, nth, nth < terminals));
  appendFileSync(registry, `\n${tables.join('\n')}`);
  const applied = await world.msc('registry', 'apply', registry, '--yes', '--reason', 'a crowd');
  if (applied.code !== 0) throw new Error(applied.stderr);
  return file;
}

function stationToml({ station, fingerprint }: Badge, nth: number, isTerminal: boolean): string {
  const mnemonic = crowdMnemonic(nth);
  const own = isTerminal
    ? `role = "terminal"\nmnemonic = "${mnemonic}"\ntaf = { kind = "id", id = "CROWD${mnemonic}" }`
    : `role = "printer"\nmnemonics = ["${mnemonic}"]`;
  return [
    `[stations.${station}]\nagency = "${agency}"\n${own}\nfingerprints = ["${fingerprint}"]`,
    `[mnemonics.${mnemonic}]\nagency = "${agency}"\n`,
  ].join('\n');
}

/** Settings of the switch below `[listen]`; it is started again with them. */
export async function restartWith(world: World, listen: readonly string[]): Promise<void> {
  await world.stop();
  const written = readFileSync(world.demo.config, 'utf8');
  writeFileSync(
    world.demo.config,
    written.replace('[listen]\n', `[listen]\n${listen.join('\n')}\n`),
  );
  await world.restart();
}

/** What a process has of the machine now. */
export function footprint(pid: number): {
  readonly megabytes: number;
  readonly descriptors: number;
} {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rss = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { megabytes: rss / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}
