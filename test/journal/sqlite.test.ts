import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { openForWriting } from '#journal/sqlite/open';
import { journalMigrations } from '#journal/sqlite/schema';
import { makeEntries } from '#support/make-journal';
import { journalContract } from './contract.ts';
import { collect, event, numbersOf, seededRandom, temporaryFolder } from './folders.ts';

const random = seededRandom(1);

// All of it is in one segment, which is never purged.
journalContract('on disk', (salts) => openJournal(temporaryFolder(), { random: salts }), false);

describe('the journal on disk', () => {
  let journal: Journal | undefined;
  afterEach(() => journal?.close());
  const open = async (dir: string): Promise<Journal> =>
    (journal = await openJournal(dir, { random }));

  it('has after a new start what it had before', async () => {
    const dir = temporaryFolder();
    const made = [...makeEntries({ count: 700, seed: 2 })];
    const first = await open(dir);
    await first.append(made);
    await first.saveSnapshot(650, Uint8Array.of(5));
    const head = await first.head();
    await first.close();
    const again = await open(dir);
    expect(await again.head()).toEqual(head);
    expect(await again.read(699)).toEqual(made[698]);
    expect(await collect(again.scan(1))).toEqual(made);
    expect(await again.loadSnapshot()).toMatchObject({ entry: 650, state: Uint8Array.of(5) });
    await again.append([event(701)]);
  });

  it('takes the snapshot before, where the newest is torn, and none of another journal', async () => {
    const [dir, other] = [temporaryFolder(), temporaryFolder()];
    const first = await open(dir);
    await first.append([event(1), event(2)]);
    await first.saveSnapshot(1, Uint8Array.of(1));
    await first.saveSnapshot(2, Uint8Array.of(2));
    writeFileSync(join(dir, 'snapshot'), readFileOf(dir, 'snapshot').subarray(0, -1));
    expect(await first.loadSnapshot()).toMatchObject({ entry: 1, state: Uint8Array.of(1) });
    await first.close();
    const second = await open(other);
    await second.append([event(1), event(2)]);
    await second.saveSnapshot(2, Uint8Array.of(2));
    await second.close();
    rmSync(join(dir, 'snapshot.old'));
    writeFileSync(join(dir, 'snapshot'), readFileOf(other, 'snapshot'));
    expect(await (await open(dir)).loadSnapshot()).toBeUndefined();
  });

  it('has no octet of what is withheld in any of its files', async () => {
    const dir = temporaryFolder();
    const journal = await open(dir);
    await journal.append([
      { ...event(1), body: Buffer.from('kept words 41') },
      { ...event(2), body: Buffer.from('invented secret 42'), withheld: true },
    ]);
    const found = (words: string): boolean =>
      readdirSync(dir).some((name) => readFileOf(dir, name).includes(words));
    expect([found('kept words'), found('invented secret')]).toEqual([true, false]);
  });

  it('is open for one writer at a time', async () => {
    const dir = temporaryFolder();
    await open(dir);
    await expect(openJournal(dir, { random })).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' });
  });

  it('is readable by its owner alone', async () => {
    const dir = join(temporaryFolder(), 'new');
    const journal = await open(dir);
    await journal.append([event(1)]);
    await journal.saveSnapshot(1, Uint8Array.of(1));
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(dir))
      expect([name, statSync(join(dir, name)).mode & 0o777]).toEqual([name, 0o600]);
  });

  it('tells a file that is no journal by its code', async () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'journal.db'), 'x'.repeat(5000));
    await expect(openJournal(dir, { random })).rejects.toMatchObject({ code: 'JOURNAL_OPEN' });
  });

  it('refuses to go on where durable entries are missing at the end', async () => {
    const dir = temporaryFolder();
    const first = await open(dir);
    await first.append([event(1), event(2)]);
    await first.close();
    writeFileSync(join(dir, 'head'), `${'5'.padStart(16)} ${'0'.repeat(64)}\n`);
    await expect(openJournal(dir, { random })).rejects.toMatchObject({ code: 'JOURNAL_CUT' });
  });

  it('flushes at every commit, which is read back also where the file stands already', () => {
    const path = join(temporaryFolder(), 'journal.db');
    for (const time of ['new', 'again']) {
      const db = openForWriting(path, { synchronous: 'FULL', migrations: journalMigrations });
      expect([time, db.pragma('synchronous', { simple: true })]).toEqual([time, 2]);
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(db.pragma('mmap_size', { simple: true })).toBe(0);
      db.close();
    }
  });

  it('opens a folder below one that its user may enter and not read', (context) => {
    const above = temporaryFolder();
    const dir = join(above, 'data');
    mkdirSync(dir, { mode: 0o700 });
    chmodSync(above, 0o311);
    // Root may read everything: the folder is then somebody's, and opened by that one.
    const isRoot = process.getuid?.() === 0;
    const nobody = { uid: 65_534, gid: 65_534 };
    if (isRoot) chownSync(dir, nobody.uid, nobody.gid);
    const open = fileURLToPath(new URL('../../journal/sqlite/open.ts', import.meta.url));
    const runs = (script: string) =>
      spawnSync(process.execPath, ['-e', script], isRoot ? nobody : {});
    const load = `import(${JSON.stringify(open)})`;
    context.skip(runs(load).status !== 0, 'the sources are not readable by another user');
    const child = runs(`${load}.then((m) => m.prepareFolder(${JSON.stringify(dir)}))`);
    chmodSync(above, 0o700);
    expect(child.stderr.toString()).toBe('');
    expect(child.status).toBe(0);
  });

  it('lets nobody update, delete or insert out of order, whoever has the file open', async () => {
    const dir = temporaryFolder();
    await (await open(dir)).append([event(1), event(2)]);
    await journal?.close();
    const db = new Database(join(dir, 'journal.db'));
    const insert = (entry: number): unknown =>
      db.exec(`INSERT INTO entries VALUES (${entry}, x'', x'', x'')`);
    expect(() => db.exec(`UPDATE entries SET blob = x'00' WHERE entry = 1`)).toThrow(
      'never changed',
    );
    expect(() => db.exec('DELETE FROM entries WHERE entry = 2')).toThrow('never deleted');
    expect(() => db.exec('DELETE FROM entries')).toThrow('never deleted');
    expect(() => db.exec(`REPLACE INTO entries VALUES (2, x'', x'', x'')`)).toThrow('in order');
    expect(() => insert(2)).toThrow('in order');
    expect(() => insert(4)).toThrow('in order');
    expect(() => db.exec('UPDATE tree SET size = 1')).toThrow('only grows');
    expect(() => db.exec('DELETE FROM tree')).toThrow('never deleted');
    db.close();
  });

  it('finds by the index and behind it, and rebuilds an index that was deleted', async () => {
    const dir = temporaryFolder();
    const made = [...makeEntries({ count: 2500, seed: 4 })];
    const first = await open(dir);
    await first.append(made);
    await indexed(dir, 2048);
    await expectPlates(first, made);
    rmSync(join(dir, 'index.db'));
    await expectPlates(first, made);
    await indexed(dir, 2048);
    await expectPlates(first, made);
  });

  it('answers whole where the index is torn, and rebuilds it', async () => {
    const dir = temporaryFolder();
    const made = [...makeEntries({ count: 2500, seed: 6 })];
    const first = await open(dir);
    await first.append(made);
    await indexed(dir, 2048);
    await first.close();
    const octets = readFileOf(dir, 'index.db');
    writeFileSync(join(dir, 'index.db'), octets.fill(0xa5, 4096));
    const again = await open(dir);
    await expectPlates(again, made);
    await indexed(dir, 2048);
    await expectPlates(again, made);
  });

  it('does not go on with the index of another journal', async () => {
    const [dir, other] = [temporaryFolder(), temporaryFolder()];
    const first = await open(other);
    await first.append([...makeEntries({ count: 2100, seed: 8 })]);
    await indexed(other, 2048);
    await first.close();
    const made = [...makeEntries({ count: 2100, seed: 9 })];
    writeFileSync(join(dir, 'index.db'), readFileOf(other, 'index.db'), { mode: 0o600 });
    const journal = await open(dir);
    await journal.append(made);
    await indexed(dir, 2048);
    await vi.waitFor(() => expectPlates(journal, made), { timeout: 20_000, interval: 50 });
  });
});

describe('a search of the journal on disk', () => {
  it('runs in a process of its own, whose end breaks off what runs and nothing else', async () => {
    const dir = temporaryFolder();
    const journal = await openJournal(dir, { random });
    await journal.append([...makeEntries({ count: 2500, seed: 4 })]);
    const before = childrenOf(process.pid);
    const all = { where: [], reverse: true, limit: 0 } as const;
    const running = journal.search(all)[Symbol.asyncIterator]();
    expect((await running.next()).done).toBe(false);
    const started = childrenOf(process.pid).filter((pid) => !before.includes(pid));
    expect(started).toHaveLength(1);
    for (const pid of started) process.kill(pid, 'SIGKILL');
    const rest = async (): Promise<void> => {
      while ((await running.next()).done !== true);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'JOURNAL_READ' });
    expect(await journal.read(7)).toBeDefined();
    await vi.waitFor(async () => expect(await collect(journal.search(all))).toHaveLength(2500), {
      timeout: 20_000,
    });
    const again = childrenOf(process.pid).filter((pid) => !before.includes(pid));
    // Whoever ends the switch tells all its processes: the journal lets this one go itself.
    for (const pid of again) process.kill(pid, 'SIGTERM');
    expect(await collect(journal.search({ ...all, limit: 3 }))).toHaveLength(3);
    await journal.close();
    expect(childrenOf(process.pid).filter((pid) => again.includes(pid))).toEqual([]);
  });
});

/** Waits until the index stands on that entry: the indexer tells nobody. */
async function indexed(dir: string, entry: number): Promise<void> {
  const stands = (): unknown => {
    const db = new Database(join(dir, 'index.db'), { readonly: true, fileMustExist: true });
    try {
      return db.prepare('SELECT entry FROM stands').pluck().get();
    } finally {
      db.close();
    }
  };
  await vi.waitFor(() => expect(stands()).toBe(entry), { timeout: 20_000, interval: 20 });
}

/** Three plates, two of them in the indexed part, are found with every entry that names them. */
async function expectPlates(journal: Journal, made: readonly StoredEntry[]): Promise<void> {
  for (const place of [40, 900, made.length - 30]) {
    const plate = made.slice(place).find(({ entry }) => entry.fields?.['LIC'])?.entry.fields?.[
      'LIC'
    ];
    const value = plate?.[0] ?? '';
    const query = { reverse: true, limit: 0 } as const;
    const where = [{ on: 'field', field: 'LIC', any: [{ kind: 'is', value }] }] as const;
    const named = made.filter(({ entry }) => entry.fields?.['LIC']?.includes(value));
    expect(named.length).toBeGreaterThan(0);
    expect(numbersOf(await collect(journal.search({ ...query, where })))).toEqual(numbersOf(named));
  }
}

function readFileOf(dir: string, name: string): Buffer {
  return readFileSync(join(dir, name));
}

function childrenOf(pid: number): readonly number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}
