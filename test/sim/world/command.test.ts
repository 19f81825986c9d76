// `msc-sim world` as a person or a program uses it: a process of its own, with real files.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectFolder } from '#support/cli';
import { mountsAllowed, mountsMissing, SmallDisk } from '#support/small-disk';
import { openDmv } from '../../../src/sim/dmv/open.ts';
import { openHistory } from '../../../src/sim/history/open.ts';
import { openNcicStore } from '../../../src/sim/ncic/store.ts';
import { readDirectory } from '../../../src/sim/nlets/directory.ts';
import { openAnswerer } from '../../../src/sim/world/answerer.ts';
import { readWorldFolder } from '../../../src/sim/world/folder.ts';
import { createWorld } from '../../../src/sim/world/world.ts';
import { writeWorld } from '../../../src/sim/world/write.ts';
import type { WorldReport } from '../../../src/sim/world/write.ts';
import { given, parts } from './worlds.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-world-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const out = (name = 'w'): string => join(folder, name);

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = join(projectFolder, 'src/sim/msc-sim.js');
  const child = spawn(process.execPath, [program, 'world', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode ?? -1, out: said, err: complained };
}

const reportIn = (path: string): WorldReport =>
  JSON.parse(readFileSync(join(path, 'world.json'), 'utf8')) as WorldReport;

describe('a world that is written', () => {
  it('says what it is in words, or as JSON that is world.json, with nothing on stderr', async () => {
    const words = await run('--size', '3000', '--seed', '4', '--out', out());
    expect([words.code, words.err]).toEqual([0, '']);
    const report = reportIn(out());
    expect(words.out).toContain(`a world of ${report.counts.records} records, seed 4`);
    expect(words.out).toContain(`digest ${report.digest}`);
    const json = await run('--size', '3000', '--seed', '4', '--out', out('v'), '--json');
    expect(JSON.parse(json.out)).toEqual({ out: out('v'), ...report });
  });

  it('is seen from the day that is asked for: nothing was stolen, wanted or entered later', async () => {
    const { code } = await run('--size', '2000', '--today', '2026-11-27', '--out', out());
    expect(code).toBe(0);
    const db = new Sqlite(join(out(), 'ncic.db'), { readonly: true });
    const bodies = db.prepare<[], string>('SELECT body FROM records').pluck().all();
    db.close();
    const days = bodies.flatMap((body) =>
      Array.from(body.matchAll(/"(?:DOT|DOW|DLC)","(\d{8})"/g), ([, day = '']) => day),
    );
    expect(days.length).toBeGreaterThan(100);
    expect(days.filter((day) => day > '20261127')).toEqual([]);
    const nowhere = await run('--size', '10', '--out', '/proc/nowhere/w');
    expect([nowhere.code, nowhere.err]).toEqual([73, expect.stringContaining('SIM-CREATE')]);
    const wrong = await run('--today', '2026-02-30', '--out', out('v'));
    expect([wrong.code, wrong.err]).toEqual([64, expect.stringContaining('SIM-USAGE')]);
  });

  it('has the digest of its seed in two processes and with other batches, and another for another seed', async () => {
    const { code } = await run('--size', '3000', '--seed', '4', '--out', out());
    expect(code).toBe(0);
    const world = createWorld({ parts, seed: 4, size: 3_000, given });
    const options = { world, parts, seed: 4, size: 3_000 };
    const seen: number[] = [];
    const progress = (records: number): number => seen.push(records);
    const batched = writeWorld({ ...options, folder: out('b'), batch: 7, progress });
    expect(batched).toEqual(reportIn(out()));
    expect(seen.length).toBeGreaterThan(100);
    expect(contentOf(out('b'))).toEqual(contentOf(out()));
    const other = createWorld({ parts, seed: 5, size: 3_000, given });
    const report = writeWorld({ ...options, world: other, folder: out('c') });
    expect(report.digest).not.toBe(batched.digest);
  });

  it('is counted as it lies in its stores, and opens as a folder for the hosts', async () => {
    await run('--size', '3000', '--out', out());
    const { counts } = reportIn(out());
    const world = readWorldFolder(out());
    const ncic = openNcicStore(world.ncic);
    expect(ncic.size).toBe(counts.ncic);
    expect(ncic.agency('NV0990200')?.name).toBe('SIMVILLE PD');
    ncic.close();
    expect(world.agencies.length).toBe(counts.agencies);
    const sum = counts.people + counts.vehicles + counts.boats + counts.histories + counts.ncic;
    expect(sum).toBe(counts.records);
  });

  it('answers its own samples, at every host that it is for', async () => {
    await run('--size', '20000', '--seed', '3', '--out', out());
    const world = readWorldFolder(out());
    const [dmv, history] = [openDmv(world.dmv), openHistory(world.history)];
    const answer = openAnswerer({ dmv: world.dmv, history: world.history });
    const { samples } = reportIn(out());
    const kinds = Object.keys(samples);
    for (const kind of [
      'EV',
      'EW',
      'EPO',
      'RQ plate',
      'DQ name',
      'KQ',
      'BQ',
      'QH',
      'QR',
      'IQ',
      'FQ',
    ])
      expect(kinds).toContain(kind);
    for (const [kind, { text: sample }] of Object.entries(samples)) {
      if (kind.startsWith('E')) continue;
      const [key = ''] = sample.split('.', 1);
      const host = ['RQ', 'DQ', 'KQ', 'BQ'].includes(key) ? dmv : history;
      const said = host.take({ text: sample }, 0).map((each) => each.text);
      expect(said, kind).toHaveLength(1);
      expect(said[0], kind).not.toMatch(/NO RECORD|REJ/);
    }
    const stolen = new Map([['LIC', '4ZZZ141']]);
    expect(answer('NV', 'RQ', stolen)?.join()).toContain('VIN/9ZZTS7X10KN204273');
    dmv.close();
    history.close();
  });

  it('has the directory of the simulated Nlets and the mnemonics of the demonstration', async () => {
    await run('--size', '100', '--out', out());
    const file = JSON.parse(readFileSync(join(out(), 'directory.json'), 'utf8')) as {
      readonly mnemonics: readonly { readonly mnemonic: string; readonly ori: string }[];
    };
    expect(file.mnemonics).toContainEqual({ mnemonic: 'QZ01', ori: 'CA0990100' });
    const path = join(folder, 'nlets.json');
    // A member that is undefined is left out.
    writeFileSync(path, JSON.stringify({ ...file, mnemonics: undefined }));
    const directory = readDirectory(path);
    expect(directory.members.get('NB')?.answers).toEqual({ D: 'NB0990800', C: 'NB0990700' });
    expect(directory.agencies.get('OR0990300')?.name).toBe('FICTON CO SO');
  });
});

describe('what is refused', () => {
  it.each([
    ['a seed', ['--seed', '-1'], 'SIM-USAGE', 64],
    ['no records', ['--size', '0'], 'SIM-USAGE', 64],
    ['too many', ['--size', '2000001'], 'SIM-USAGE', 64],
  ])('%s that cannot be', async (_, args, code, exit) => {
    const ran = await run(...args, '--out', out());
    expect([ran.code, ran.out]).toEqual([exit, '']);
    expect(ran.err).toMatch(new RegExp(`^msc-sim: ${code}: .*\n$`));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('to go nowhere', async () => {
    const ran = await run('--size', '10');
    expect(ran.code).toBe(64);
    expect(ran.err).toContain('--out');
  });

  it('a folder that is not empty, which stays as it is', async () => {
    mkdirSync(out());
    writeFileSync(join(out(), 'notes.txt'), 'mine');
    const ran = await run('--out', out());
    expect(ran.code).toBe(73);
    expect(ran.err).toBe(
      `msc-sim: SIM-CREATE: ${out()} is not empty; a world goes into a folder of its own\n`,
    );
    expect(readdirSync(out())).toEqual(['notes.txt']);
  });

  it('a place where no folder can be', async () => {
    writeFileSync(join(folder, 'file'), '');
    const ran = await run('--out', join(folder, 'file', 'w'));
    expect([ran.code, ran.err.slice(0, 21)]).toEqual([73, 'msc-sim: SIM-CREATE: ']);
  });

  it('a folder that is no world, and a store that is something else', () => {
    expect(() => readWorldFolder(folder)).toThrow(`${folder} is no world`);
    const path = join(folder, 'x.db');
    expect(() => openDmv(path)).toThrow(`${path} cannot be opened`);
    writeFileSync(path, 'this is no store of anything at all');
    expect(() => openHistory(path)).toThrow(`${path} cannot be opened`);
  });

  it.skipIf(!mountsAllowed)(
    `more than the disk holds, and leaves nothing there${mountsMissing}`,
    async () => {
      using disk = new SmallDisk(join(folder, 'disk'), '4m');
      const ran = await run('--size', '30000', '--out', join(disk.folder, 'w'));
      expect(ran.code).toBe(73);
      expect(ran.err).toContain(': the disk is full\n');
      expect(readdirSync(join(disk.folder, 'w'))).toEqual([]);
    },
  );
});

/** Every row of the stores of a world. */
function contentOf(path: string): readonly unknown[] {
  const rows = (file: string, table: string): readonly unknown[] => {
    const db = new Sqlite(join(path, file), { readonly: true });
    const all = db.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all();
    db.close();
    return all;
  };
  return [
    rows('ncic.db', 'records'),
    ...['people', 'vehicles', 'boats'].map((table) => rows('dmv.db', table)),
    rows('history.db', 'histories'),
  ];
}
