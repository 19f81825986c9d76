// `msc db reindex` with the switch down, as its user and as somebody else; and what proves, lists and searches say
// of an index that is not sound. With the switch up: test/end-to-end/reindex.long.test.ts.

import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEntryStore } from '#journal/sqlite/store';
import { verifyJournal } from '#journal/verify';
import { demoConfig } from '#src/cli/demo/plan';
import { type Ran, runMsc, runMscAs } from '#support/cli';
import { unpack } from '#support/kept-journals/kept';
import { alter, flip, sealedNames } from '../journal/sealed-folder.ts';

let folder: string;
let dir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-db-'));
  dir = join(folder, 'journal');
  unpack('2-segments', dir);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const msc = (...words: readonly string[]): Promise<Ran> => runMsc([...words, '--journal', dir]);
/** Segments begin with 1, 111, 193 and 303. */
const spoil = (place: number): void => alter(dir, 'DELETE FROM terms', place);

describe('with the switch down', () => {
  it('verify names the unsound index and the command, which mends it and says what it did', async () => {
    const sound = verifyJournal(dir);
    spoil(1);
    rmSync(join(dir, sealedNames(dir, 'filter')[2] ?? ''));
    const verified = await msc('journal', 'verify');
    expect(verified).toMatchObject({ code: 1 });
    expect(verified.stderr).toMatch(/^msc: MSC-3110: .*111 .*msc db reindex --damaged/m);
    const ran = await msc('db', 'reindex', '--damaged');
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toContain('the switch is down: ');
    expect(ran.stderr).toContain('done: 2 sealed segments of 4 looked at');
    expect(verifyJournal(dir)).toEqual(sound);
    expect(sealedNames(dir, 'filter')).toHaveLength(4);
    expect(existsSync(join(dir, 'index.db'))).toBe(false);
    const again = await msc('db', 'reindex', '--segment', '200', '--json');
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([
      0,
      { schema: 'msc.db-reindex/1', what: 'segment', entry_wanted: 200, state: 'done', renewed: 1 },
    ]);
  });

  it('a segment whose entries do not hold is named, with an exit of its own', async () => {
    alter(dir, `UPDATE blocks SET octets = ${flip('octets', 35)} WHERE block = 0`, 1);
    const { code, stderr } = await msc('db', 'reindex');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^msc: MSC-3122: .*111/m)]);
  });

  it('a segment that is raw, a wrong wish and a running switch are refused, each by its code', async () => {
    const refused = async (...words: readonly string[]): Promise<unknown> => {
      const { code, stderr } = await msc('db', 'reindex', ...words);
      return [code, /MSC-\d+/.exec(stderr)?.[0]];
    };
    expect(await refused('--segment', '399')).toEqual([1, 'MSC-3121']);
    expect(await refused('--segment', '0')).toEqual([64, 'MSC-1001']);
    expect(await refused('--segment', '1', '--damaged')).toEqual([64, 'MSC-1001']);
    const store = openEntryStore(dir);
    expect(await refused()).toEqual([75, 'MSC-3103']);
    store.close();
  });

  it.skipIf(process.getuid?.() !== 0)(
    'nobody but the owner of the folder may, not root either',
    async () => {
      const { chownSync } = await import('node:fs');
      chownSync(dir, 1234, 1234);
      chmodSync(folder, 0o755);
      const asRoot = await msc('db', 'reindex');
      expect([asRoot.code, asRoot.stderr]).toEqual([77, expect.stringContaining('MSC-3124')]);
      const asStranger = await runMscAs(4321, ['db', 'reindex', '--journal', dir]);
      expect([asStranger.code, /MSC-\d+/.exec(asStranger.stderr)?.[0]]).not.toContain(0);
    },
  );

  it('a switch that goes away in the middle of the question is not taken for one that is down', async () => {
    const config = join(folder, 'msc.toml');
    writeFileSync(config, demoConfig({ stations: 7443, http: 7444, state: 7445 }));
    mkdirSync(join(folder, 'run'));
    const server = createServer((socket) => socket.destroy());
    await once(server.listen(join(folder, 'run/control.sock')), 'listening');
    spoil(1);
    const ran = await runMsc(['db', 'reindex', '--damaged', '--config', config]);
    server.close();
    expect([ran.code, ran.stderr]).toEqual([
      69,
      expect.stringMatching(/^msc: MSC-1201: .*went away/),
    ]);
    expect(verifyJournal(dir)).toMatchObject({ unsound: [expect.anything()] });
    const down = await runMsc(['db', 'reindex', '--damaged', '--config', config]);
    expect([down.code, down.stderr]).toEqual([0, expect.stringContaining('the switch is down: ')]);
  });

  it('a segment that is being indexed anew is listed so', async () => {
    writeFileSync(join(dir, 'sealing-000000000111.runs'), '');
    const { stdout, stderr } = await msc('journal', 'segments', '--json');
    expect(stderr).toContain('the index of the segment from entry 111 is being made anew');
    const { segments } = JSON.parse(stdout) as { segments: { first: number; reindexing?: true }[] };
    expect(segments.filter(({ reindexing }) => reindexing).map(({ first }) => first)).toEqual([
      111,
    ]);
  });
});
