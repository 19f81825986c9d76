// What the recorded switch goes through: lives of one process after the other, each with people who sign
// on, messages one by one and in bursts, refusals, changes of the register, and an end in order.
// Everybody and everything in it is invented.

import { mkdirSync, writeFileSync } from 'node:fs';
import type { ControlClient } from '#src/control/client';
import { until } from '#support/world';
import { PlainStation } from './plain-station.ts';
import type { PlainSession } from './plain-station.ts';
import { configOf, configToml, diskOf, SwitchProcess } from './recorder.ts';

export interface LoadOptions {
  /** Folder of the sources that run. */
  readonly program: string;
  readonly lives: number;
  /** Messages of each burst; a life has three. */
  readonly burst: number;
}

/** What the stations sent, by session and number. */
export type Books = ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>;

const singles = 36;
const text = (mark: string, octets: number): string =>
  `${mark}.AM.CA0990100.QZ02.TXT\r\n${mark} ${'X'.repeat(octets)}`;

/** Records into a home; its disk is empty at the beginning. */
export async function recordLoad(home: string, options: LoadOptions): Promise<Books> {
  mkdirSync(diskOf(home), { recursive: true, mode: 0o700 });
  writeFileSync(configOf(home), configToml('disk/data'));
  const scene: Scene = { books: [], passwords: new Map(), mark: 0 };
  for (let life = 0; life < options.lives; life += 1) {
    const traced = new SwitchProcess(home, { program: options.program, life });
    try {
      await liveOnce(traced, scene, { ...options, first: life === 0 });
      const code = await traced.stop();
      if (code !== 0) throw new Error(`the recorded switch ended with ${code}`);
    } finally {
      await traced.end();
    }
  }
  return new Map(scene.books.map(({ id, bodies }) => [id, bodies]));
}

interface Scene {
  readonly books: PlainSession[];
  readonly passwords: Map<string, string>;
  mark: number;
  sender?: PlainSession | undefined;
  receiver?: PlainSession | undefined;
}

async function liveOnce(
  traced: SwitchProcess,
  scene: Scene,
  { burst, first }: LoadOptions & { readonly first: boolean },
): Promise<void> {
  const port = await traced.ready();
  const control = await traced.control();
  if (first) await fillRegister(control, scene);
  const sender = await PlainStation.dial({ port, ...terminal('POWER-01'), session: scene.sender });
  const receiver = await PlainStation.dial({
    port,
    ...terminal('POWER-02'),
    session: scene.receiver,
  });
  scene.books.push((scene.sender = sender.session), (scene.receiver = receiver.session));
  await signOn(sender, scene, 'ada');
  await signOn(receiver, scene, 'bob');
  await sendSingles(sender, scene);
  await sendBurst(sender, scene, { count: burst, octets: 60 });
  // The person's new secret, then the entry that names it.
  await sender.signOff();
  await signOn(sender, scene, 'ada', `Chosen marble ${(scene.mark += 1)} lantern`);
  const word = `Given harbour ${(scene.mark += 1)} lantern`;
  const renewed = control.call('user-passwd', { user: 'bob', password: word, mustChange: false });
  await Promise.all([renewed, sendBurst(sender, scene, { count: burst, octets: 700 })]);
  scene.passwords.set('bob', word);
  // Whose record is changed is signed off.
  await signOn(receiver, scene, 'bob');
  await sendBurst(sender, scene, { count: burst, octets: 10 });
  await until('what was sent', () => (receiver.heard > burst ? true : undefined));
  control.close();
  await Promise.all([sender.leave(), receiver.leave()]);
}

const terminal = (station: string) => ({ station, role: 'terminal' }) as const;

async function signOn(
  station: PlainStation,
  { passwords }: Scene,
  user: string,
  newPassword?: string,
): Promise<void> {
  const asked = { user, password: passwords.get(user) ?? '' };
  const said = await station.signOn(newPassword === undefined ? asked : { ...asked, newPassword });
  if (said !== 'SIGNED_ON') throw new Error(`${user} was refused: ${said}`);
  if (newPassword !== undefined) passwords.set(user, newPassword);
}

async function sendBurst(
  station: PlainStation,
  scene: Scene,
  { count, octets }: { readonly count: number; readonly octets: number },
): Promise<void> {
  const sent = Array.from({ length: count }, () => {
    const mark = `P${String((scene.mark += 1)).padStart(6, '0')}`;
    return station.send('QZ01', text(mark, octets));
  });
  const fates = await Promise.all(sent);
  if (fates.includes('refused')) throw new Error('a message of the burst was refused');
}

/** One after the other, each with flushes of its own, until the WAL is due to be moved; every third is refused. */
async function sendSingles(station: PlainStation, scene: Scene): Promise<void> {
  for (let count = 0; count < singles; count += 1) {
    const mark = `P${String((scene.mark += 1)).padStart(6, '0')}`;
    const wrong = count % 3 === 2;
    const fate = await station.send('QZ01', wrong ? `${mark}.ZZ.CA0990100.NO KEY` : text(mark, 20));
    if (fate !== (wrong ? 'refused' : 'acknowledged')) throw new Error(`${mark} was ${fate}`);
  }
}

async function fillRegister(control: ControlClient, { passwords }: Scene): Promise<void> {
  const apply = { file: 'registry.toml', apply: true, reason: 'power loss' };
  await control.call('registry', { toml: registry, ...apply });
  for (const [user, oif] of [
    ['ada', 'A10001'],
    ['bob', 'B10002'],
  ] as const) {
    const password = `First pebble ${oif} lantern`;
    passwords.set(user, password);
    await control.call('user-add', {
      ...{ user, name: `${user} Doe`, oif, agency: 'CA0990100', sends: ['AM'], pools: [] },
      ...{ password, mustChange: false },
    });
  }
}

const registry = `
[agencies.CA0990100]
name = "Example County Sheriff"
mnemonic = "QZ01"
[stations.POWER-01]
role = "terminal"
agency = "CA0990100"
mnemonic = "QZ01"
[stations.POWER-02]
role = "terminal"
agency = "CA0990100"
mnemonic = "QZ02"
[mnemonics]
QZ01 = { agency = "CA0990100" }
QZ02 = { agency = "CA0990100" }
`;

if (import.meta.main) {
  const [home = '', lives = '2', burst = '100'] = process.argv.slice(2);
  const program = new URL('../..', import.meta.url).pathname;
  await recordLoad(home, { program, lives: Number(lives), burst: Number(burst) });
}
