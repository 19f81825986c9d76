// The hub and a host behind it as processes of their own, over real TLS: killed and started again, nothing that
// the hub has acknowledged is lost.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAnswer } from '#protocol/message';
import { asciiBytes, latin1 } from '#protocol/octets';
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

const startNcic = (port = 0, further: readonly string[] = []): Promise<HostProcess> =>
  start('ncic', 'STATE', port, [...further]);

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
    expect(await shown(hub)).toMatchObject({ nobody: 0, waiting: 0 });
  });

  it('killed between an entry and its answer: made once, and answered as it was', async () => {
    const records = ['--data', join(folder, 'records')];
    await seesNcic(true);
    await end(ncic);
    await seesNcic(false);
    ncic = await startNcic(ncic.port, records);
    await seesNcic(true);
    const station = await connect();
    await ncic.command('silent on');
    const entered = station.request(entry, { mnemonic: 'QZ01' });
    // It is on file, and its answer is kept back.
    await until('the record', () => Promise.resolve(onFile(join(folder, 'records', 'ncic.db'))));
    await end(ncic);
    ncic = await startNcic(ncic.port, records);
    const { kind, answers } = await entered;
    expect([kind, answers]).toEqual([
      'answered',
      [expect.stringMatching(/^EG\.CA0990100\.\r\nNIC\/G\d{9} OCA\/30-005120\r\n/)],
    ]);
    const asked = await station.request(question, { mnemonic: 'QZ01' });
    expect(asked.answers.join('').match(/^MKE\//gm)?.length).toBe(1);
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

  it('killed with a text for home and elsewhere open does not say at home again what arrived there', async () => {
    await hub.command('nlets out hold');
    const first = await connect();
    const heard: string[] = [];
    const listen = (station: Station): void => {
      station.on('message', ({ body }) => heard.push(latin1(body)));
    };
    listen(first);
    first.send('QZ01', 'AB1234.*J10442.AM.CA0990100.QZ01,NV0990200.TXT\r\nHELLO');
    await until('the text at home, and that it waits', () =>
      Promise.resolve(heard.length === 2 || undefined),
    );
    // The station's ACK has come, and is written, when a later message is taken.
    await first.request(hit, { mnemonic: 'QZ01' });
    await end(hub);
    heard.splice(0);
    hub = await startHub(hub.port);
    const second = await connect();
    listen(second);
    await until('the text at Nlets', async () => {
      const [line = ''] = await hub.command('nlets counters');
      return (JSON.parse(line) as { readonly taken: number }).taken === 1 || undefined;
    });
    await second.request(miss, { mnemonic: 'QZ01' });
    expect(heard.filter((text) => text.includes('HELLO'))).toEqual([]);
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

const entry = '*J10442.EG.CA0990100.SER/SIM77B9001.MAK/GLC.CAL/9.TYP/PI.DOT/20260301.OCA/30-005120';
const question = '*J10442.QG.CA0990100.SER/SIM77B9001.MAK/GLC.CAL/9';

/** Whether the entered gun is in this store of NCIC; undefined: not yet. */
function onFile(path: string): true | undefined {
  const db = new Sqlite(path, { readonly: true });
  try {
    return db.prepare('SELECT 1 FROM records WHERE body LIKE ?').get('%SIM77B9001%') === undefined
      ? undefined
      : true;
  } finally {
    db.close();
  }
}

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
