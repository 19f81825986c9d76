// The hub and a host behind it as processes of their own, over real TLS: killed and started again, nothing that
// the hub has acknowledged is lost.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAnswer } from '#protocol/message';
import { asciiBytes } from '#protocol/octets';
import { connectStation } from '#src/sim/station';
import type { Station } from '#src/sim/station';
import { StationSession } from '#src/sim/station-session';
import { SimAuthority, spawnSim, startHost } from '#support/sim-world';
import type { HostProcess, PemFiles } from '#support/sim-world';
import { until } from '#support/world';
import { hit, miss } from '../county.ts';

let authority: SimAuthority;
let server: PemFiles;
let hubAsStation: PemFiles;
let county: PemFiles;
beforeAll(async () => {
  authority = await SimAuthority.create();
  server = await authority.issue('localhost', 'switch');
  hubAsStation = await authority.issue('STATE', 'station');
  county = await authority.issue('COUNTY', 'station');
});
afterAll(() => authority.remove());

const running = new Set<HostProcess>();
const stations = new Set<Station>();
let folder: string;
let ncic: HostProcess;
let hub: HostProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'msc-hub-'));
  ncic = await startNcic();
  hub = await startHub();
});
afterEach(async () => {
  for (const station of stations) station.cut();
  stations.clear();
  for (const host of running) await host.kill();
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

async function start(
  kind: string,
  station: string,
  port: number,
  flags: string[],
): Promise<HostProcess> {
  const host = await startHost(kind, {
    authority,
    files: server,
    stations: [station],
    port,
    flags,
  });
  running.add(host);
  return host;
}

const startNcic = (port = 0): Promise<HostProcess> => start('ncic', 'STATE', port, []);

function startHub(port = 0, further: readonly string[] = []): Promise<HostProcess> {
  return start('state', 'COUNTY', port, [
    ...['--data', folder, '--mnemonic', 'QZ01', '--ncic', `127.0.0.1:${ncic.port}`],
    ...[
      '--line-cert',
      hubAsStation.cert,
      '--line-key',
      hubAsStation.key,
      '--line-ca',
      authority.caFile,
    ],
    ...further,
  ]);
}

async function end(host: HostProcess): Promise<void> {
  running.delete(host);
  await host.kill();
}

async function connect(session = new StationSession()): Promise<Station> {
  const { host, port } = hub;
  const station = await connectStation({
    ...{ host, port, ...county.pem, station: 'COUNTY', role: 'host', session },
  });
  stations.add(station);
  return station;
}

async function shown(host: HostProcess): Promise<Record<string, unknown>> {
  const [line = ''] = await host.command('show');
  return JSON.parse(line) as Record<string, unknown>;
}

const seesNcic = (state: boolean): Promise<true> =>
  until('the line to ncic', async () => {
    const { hosts } = (await shown(hub)) as { hosts: { ncic: { up: boolean } } };
    return hosts.ncic.up === state ? true : undefined;
  });

const outcome = (text = ''): string | undefined => parseAnswer(asciiBytes(text), 0).outcome;

describe('a host in a process of its own', () => {
  it('is dialled, and answers as one inside does', async () => {
    await seesNcic(true);
    const station = await connect();
    const asked = [hit, miss].map((text) => station.request(text, { mnemonic: 'QZ01' }));
    const answers = (await Promise.all(asked)).map(({ kind, answers: [text] }) => [
      kind,
      outcome(text),
    ]);
    expect(answers).toEqual([
      ['answered', 'hit'],
      ['answered', 'no-hit'],
    ]);
  });

  it('killed in the middle and started again: what it had taken, and what came meanwhile, is answered', async () => {
    await seesNcic(true);
    const station = await connect();
    await ncic.command('silent on');
    const before = Array.from({ length: 20 }, () => station.request(hit, { mnemonic: 'QZ01' }));
    await until('the questions at ncic', async () =>
      (await shown(ncic))['received'] === 20 ? true : undefined,
    );
    await end(ncic);
    await seesNcic(false);
    const meanwhile = station.request(miss, { mnemonic: 'QZ01' });
    await until('SM 02', async () => (await heldAtHub()) === 1 || undefined);
    ncic = await startNcic(ncic.port);
    for (const { kind, answers } of await Promise.all(before))
      expect([kind, answers.map(outcome)]).toEqual(['answered', ['hit']]);
    const { kind, answers } = await meanwhile;
    expect([kind, answers[0], outcome(answers[1])]).toEqual([
      'answered',
      'SM.CA0990000.02.NCIC OUT OF SERVICE, WILL BE FORWARDED',
      'no-hit',
    ]);
    // Notices of records that were purged go to agencies of other states: to nobody here.
    expect(await shown(hub)).toMatchObject({ waiting: 0 });
  });

  it('cut off and back: the session goes on, and nothing is answered twice', async () => {
    await seesNcic(true);
    const station = await connect();
    await ncic.command('slow 300');
    const asked = Array.from({ length: 40 }, () => station.request(hit, { mnemonic: 'QZ01' }));
    await until('the questions at ncic', async () =>
      (await shown(ncic))['received'] === 40 ? true : undefined,
    );
    await ncic.command('drop');
    for (const { kind, answers } of await Promise.all(asked))
      expect([kind, answers.filter((text) => outcome(text) === 'hit').length]).toEqual([
        'answered',
        1,
      ]);
  });

  it('that is down, with --when-down remove: the asker is told 04 at once', async () => {
    await seesNcic(true);
    await end(hub);
    await end(ncic);
    hub = await startHub(0, ['--when-down', 'remove']);
    const station = await connect();
    const { kind, answers } = await station.request(hit, { mnemonic: 'QZ01' });
    expect([kind, answers]).toEqual([
      'answered',
      ['ER.CA0990000.04.NCIC OUT OF SERVICE, NOT FORWARDED, SEND AGAIN'],
    ]);
  });

  it('that refuses: ER 04 with its code', async () => {
    await seesNcic(true);
    await ncic.command('refuse X09');
    const station = await connect();
    const { answers } = await station.request(hit, { mnemonic: 'QZ01' });
    expect(answers).toEqual(['ER.CA0990000.04.NCIC REFUSED WITH X09, NOT FORWARDED']);
  });
});

describe('the hub', () => {
  it('killed with questions open and started again on its folder answers each of them once', async () => {
    await seesNcic(true);
    await hub.command('ncic out hold');
    const first = await connect();
    const asked = Array.from({ length: 10 }, () =>
      first.request(hit, { mnemonic: 'QZ01', timeoutMs: 50_000 }),
    );
    await until('the questions', async () => (await heldAtHub()) === 10 || undefined);
    const closed = once(first, 'close');
    await end(hub);
    await closed;
    hub = await startHub(hub.port);
    await connect(first.session);
    for (const { kind, answers } of await Promise.all(asked))
      expect([kind, answers.filter((text) => outcome(text) === 'hit').length]).toEqual([
        'answered',
        1,
      ]);
  });

  it('shows its journal by operator, while it runs and after (req C89)', async () => {
    const station = await connect();
    await station.request(hit, { mnemonic: 'QZ01' });
    const lines = await hub.command('journal J10442 5');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      oif: 'J10442',
      mke: 'QV',
      outcome: 'taken',
    });
    expect(await journal('--oif', 'J10442', '--json')).toEqual({
      ...{ code: 0, out: `${lines[0] ?? ''}\n`, err: '' },
    });
    expect((await journal('--oif', 'J10442')).out).toMatch(
      / COUNTY +QZ01 {2}J10442 {2}CA0990100 {2}QV /,
    );
    const none = 'msc-sim: no message of X00000 is in this journal\n';
    expect(await journal('--oif', 'X00000')).toEqual({ code: 1, out: '', err: none });
    expect(await journal('--oif', 'X00000', '--json')).toEqual({ code: 1, out: '', err: none });
    const later = await journal('--oif', 'J10442', '--since', '2999-01-01T00:00:00Z');
    expect(later).toMatchObject({ code: 1, out: '' });
    expect(later.err).toContain('no message of J10442 since 2999-01-01T00:00:00.000Z is in');
    expect((await journal('--oif', 'J1')).code).toBe(64);
    expect((await journal('--oif', 'J10442', '--since', 'noon')).code).toBe(64);
    rmSync(folder, { recursive: true });
    expect((await journal('--oif', 'J10442')).code).toBe(66);
  });
});

async function heldAtHub(): Promise<number> {
  const { hosts } = (await shown(hub)) as { hosts: { ncic: { held: number } } };
  return hosts.ncic.held;
}

interface Printed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function journal(...words: string[]): Promise<Printed> {
  const child = spawnSim(['journal', '--data', folder, ...words]);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (err += String(chunk)));
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}
