import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '#journal/entry';
import type { Query } from '#journal/query';
import type { PersonRecord, RegisterChange } from '#journal/register';
import { parseOif, parseOri, parseUserName } from '#protocol/ids';
import { connectControl, type ControlClient, type Rows } from '#src/control/client';
import { CommandDesk } from '#src/control/commands';
import type { Visit } from '#src/control/visit';
import type { Commands } from '#src/control/wire';
import { exampleToml } from '../access/register-help.ts';
import { openBench, type Bench } from './socket-help.ts';

let bench: Bench;
let client: ControlClient;
beforeEach(async () => {
  bench = await openBench();
  client = await connectControl(bench.path, { timeoutMs: 5_000 });
});
afterEach(async () => {
  client.close();
  await bench.close();
});

const wish = {
  user: 'jdoe',
  name: 'DOE, JANE TEST',
  oif: 'J10442',
  agency: 'CA0990100',
  sends: ['QV'],
  pools: ['MDT'],
  password: 'four plain words here',
  mustChange: false,
};
const visit: Visit = {
  person: 'root',
  roles: ['admin'],
  sendRows: () => Promise.resolve(),
  gone: new AbortController().signal,
  nowMs: () => 0,
};
const query = { where: [], reverse: true, limit: 0 };
const person: PersonRecord = {
  user: must(parseUserName('aroe')),
  name: 'ROE, ANN TEST',
  oif: must(parseOif('J10442')),
  agency: must(parseOri('CA0990100')),
  state: 'enabled',
  sends: [],
  pools: [],
  mustChange: false,
};

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a value of the test is wrong');
  return value;
}

async function searched(args: Commands['search']['args']): Promise<{ rows: Rows; entry: number }> {
  const rows: Rows[number][] = [];
  const { entry = 0 } = await client.call('search', args, (batch) => void rows.push(...batch));
  return { rows, entry };
}

async function lastEntry(): Promise<JournalEntry | undefined> {
  return (await bench.desk.entries()).at(-1);
}

describe('searching', () => {
  it('gives rows in order, and leaves one entry that says what was asked and found', async () => {
    await bench.desk.addMessages(600, 'AB12.QV.CA0990100.LIC/2ZZZ999');
    const { rows, entry } = await searched({ query, asked: '--mke QV', text: false });
    expect(rows.map((row) => row['entry'])).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
    expect(rows[0]).not.toHaveProperty('text');
    expect(entry).toBe(601);
    expect(await lastEntry()).toMatchObject({
      event: 'search',
      person: client.person,
      detail: { asked: '--mke QV', count: 600, text: false, ended: 'complete' },
    });
    const { rows: again } = await searched({ query, asked: '', text: false });
    expect(again).toHaveLength(601);
  });

  it('shows text only with a reason', async () => {
    await bench.desk.addMessages(1, 'AB12.QV.CA0990100.LIC/2ZZZ999');
    await expect(searched({ query, asked: '', text: true })).rejects.toMatchObject({
      code: 'MSC-1001',
      exit: 64,
    });
    expect(bench.desk.happened).toEqual([]);
    const { rows } = await searched({ query, asked: '', text: true, reason: 'audit' });
    expect(rows).toMatchObject([{ entry: 1, text: 'AB12.QV.CA0990100.LIC/2ZZZ999' }]);
    const { person } = client;
    expect(bench.desk.happened).toEqual([`note release by ${person}`, `note search by ${person}`]);
  });

  it('shows an entry or its thread with the release before it', async () => {
    await bench.desk.addMessages(2, 'AB12.QV.CA0990100.LIC/2ZZZ999');
    const rows: unknown[] = [];
    const args = { entry: 2, reason: 'audit', case: '26-00412', thread: true };
    const end = await client.call('show', args, (batch) => void rows.push(...batch));
    expect(end).toMatchObject({ count: 1, entry: 3 });
    expect(rows).toMatchObject([{ entry: 2, thread: 2, text: 'AB12.QV.CA0990100.LIC/2ZZZ999' }]);
    expect(await lastEntry()).toMatchObject({
      event: 'release',
      reason: 'audit',
      case: '26-00412',
      detail: { command: 'thread', asked: '2', count: 1 },
    });
    expect(await client.call('show', { ...args, entry: 99, thread: false })).toMatchObject({
      count: 0,
    });
  });

  it('says who held the OIF that was asked for, and when', async () => {
    const put = (user: string, oif: string) => ({
      ...({ op: 'put', table: 'person', key: user } as const),
      record: { ...person, user: must(parseUserName(user)), oif: must(parseOif(oif)) },
    });
    const remove = { op: 'remove', table: 'person', key: 'aroe' } as const;
    const register = (...changes: readonly RegisterChange[]) =>
      bench.desk.act('root', { kind: 'register', changes, changeId: 'c' });
    await register(put('aroe', 'J10442'), put('other', 'X99999'));
    await register(put('aroe', 'J10442'));
    await register(remove);
    await register(put('bdoe', 'J10442'));
    const any = [{ kind: 'is', value: 'J10442' }] as const;
    const where = [{ on: 'column', column: 'oif', any }] as const;
    const asked = (bounds: Partial<Query>) =>
      client.call('search', { query: { ...query, ...bounds, where }, asked: '', text: false });
    const [a, b] = [
      { oif: 'J10442', user: 'aroe', name: person.name, sinceUs: 1_000, untilUs: 3_000 },
      { oif: 'J10442', user: 'bdoe', name: person.name, sinceUs: 4_000 },
    ];
    expect((await asked({})).holders).toMatchObject([a, b]);
    expect((await asked({ since: 3_000 })).holders).toMatchObject([b]);
    expect((await asked({ until: 2_500 })).holders).toMatchObject([
      { user: 'aroe', sinceUs: 1_000 },
    ]);
    const { holders } = await client.call('search', { query, asked: '', text: false });
    expect(holders).toBeUndefined();
  });

  it('tells a failure of the journal, after the entry about what was shown', async () => {
    bench.desk.journal.search = async function* () {
      await Promise.resolve();
      yield [{ entry: { kind: 'event', event: 'heartbeat', entry: 1, time: 1 } }];
      throw Object.assign(new Error('I/O'), { name: 'JournalFault' });
    };
    await expect(searched({ query, asked: '', text: false })).rejects.toMatchObject({
      code: 'MSC-3101',
    });
    expect(await lastEntry()).toMatchObject({ detail: { count: 1, ended: 'failed' } });
  });
});

describe('a search over the budget', () => {
  it('goes on as a job by itself, journalled when it begins and when it is over', async () => {
    await bench.desk.addMessages(40, 'AB12.QV.CA0990100.LIC/2ZZZ999');
    const searching = { ...bench.desk.searching(), budgetMs: 0 };
    Object.assign(bench.desk, { searching: () => searching });
    const where = [{ on: 'column', column: 'mke', any: [{ kind: 'is', value: 'QV' }] }] as const;
    const wish = { query: { ...query, where }, asked: '--mke QV', text: false };
    const rows: unknown[] = [];
    const take = (batch: Rows): void => void rows.push(...batch);
    const { job, count } = await client.call('search', wish, take);
    expect([count, rows]).toEqual([0, []]);
    const id = must(job?.job);
    for (;;) {
      const { state } = await client.call('job-show', { job: id });
      if (state !== 'running') break;
    }
    await client.call('job-fetch', { job: id, text: false }, take);
    expect(rows).toHaveLength(40);
    const searches = (await bench.desk.entries()).filter((entry) => 'detail' in entry);
    expect(searches).toMatchObject([
      { entry: id, detail: { command: 'job', asked: '--mke QV', ended: 'not yet' } },
      { detail: { command: 'job', job: id, count: 40, ended: 'complete' } },
      { detail: { command: 'fetch', job: id, count: 40 } },
    ]);
    // Who follows a cursor or reads text waits for it.
    expect(await client.call('search', { ...wish, stay: true })).toMatchObject({ count: 40 });
    const text = { ...wish, text: true, reason: 'audit' };
    expect(await client.call('search', text)).toMatchObject({ count: 40 });
  });
});

describe('following from an entry on', () => {
  it('tells what is there, then what comes, each once and in order, and not its own entry', async () => {
    await bench.desk.addMessages(300, 'AB12.QV.CA0990100.LIC/2ZZZ999');
    // What comes between listening and reading is heard and read.
    const { journal } = bench.desk;
    const { head } = journal;
    Object.assign(journal, {
      head: async () => {
        await bench.desk.addMessages(5, 'X');
        return head();
      },
    });
    const told: unknown[] = [];
    const follower = await connectControl(bench.path, { timeoutMs: 5_000 });
    const following = follower.call('follow', { where: [], asked: '', from: 101 }, async (rows) => {
      const before = told.length;
      told.push(...rows.map((row) => row['entry']));
      if (before < 205 && told.length >= 205) await bench.desk.addMessages(2, 'X');
      if (told.length >= 207) follower.close();
    });
    await expect(following).rejects.toMatchObject({ code: 'MSC-1201' });
    // Entry 301 is that of the follower itself.
    const wanted = Array.from({ length: 208 }, (_, at) => 101 + at).filter((each) => each !== 301);
    expect(told).toEqual(wanted);
  });
});

describe('the register', () => {
  const apply = (toml: string, more: Partial<Commands['registry']['args']> = {}) =>
    client.call('registry', { toml, file: 'r.toml', apply: true, ...more });

  it('is applied as one entry with its changes, and only where there are any', async () => {
    expect(await apply(exampleToml)).toEqual({ changes: [] });
    const toml = exampleToml.replace('Dispatch, west desk', 'Dispatch, east desk');
    const end = await apply(toml);
    expect(end).toMatchObject({ entry: 1, changes: [{ op: 'change', key: 'DEMO-DISP-01' }] });
    expect(bench.desk.register().station.get('DEMO-DISP-01')?.place).toBe('Dispatch, east desk');
    expect(await lastEntry()).toMatchObject({ event: 'register', changeId: 'change-1' });
  });

  it('is only compared on a dry run', async () => {
    const toml = exampleToml.replace('Dispatch, west desk', 'Dispatch, east desk');
    expect((await apply(toml, { apply: false })).changes).toHaveLength(1);
    expect(bench.desk.happened).toEqual([]);
  });

  it('is left alone by a file with problems, which are all listed with their places', async () => {
    const form = apply('[stations.A]\nrole = "phone"\n[x]\n');
    await expect(form).rejects.toMatchObject({ code: 'MSC-1301', exit: 65 });
    await expect(form).rejects.toThrow(
      /r\.toml:2:1 stations\.A\.role: .*\nr\.toml:3:1 x: unknown key/,
    );
    const rules = apply(exampleToml.replace('QM01 = {}', 'QM01 = { agency = "CA0990100" }'));
    await expect(rules).rejects.toMatchObject({ code: 'MSC-1305' });
    await expect(rules).rejects.toThrow(/r\.toml:\d+:1 mnemonics\.QM01: .*\(MNEMONIC\)/);
    expect(bench.desk.happened).toEqual([]);
  });

  it('cannot lose an agency that people still use', async () => {
    await client.call('user-add', { ...wish, agency: 'CA0990200', pools: [] });
    const toml = exampleToml
      .replace('[agencies.CA0990200]\nname = "Example City Police"\nmnemonic = "QZ03"\n', '')
      .replaceAll('CA0990200', 'CA0990100');
    await expect(apply(toml)).rejects.toThrow('people.jdoe: there is no agency CA0990200');
  });

  it('takes certificates beside those a station has, and never those of another', async () => {
    const [one, two] = ['a'.repeat(64), 'b'.repeat(64)];
    await client.call('enrol', { station: 'DEMO-DISP-01', fingerprint: one });
    await client.call('enrol', { station: 'DEMO-DISP-01', fingerprint: two });
    expect(bench.desk.register().station.get('DEMO-DISP-01')?.fingerprints).toEqual([one, two]);
    const stolen = client.call('enrol', { station: 'DEMO-DISP-02', fingerprint: one });
    await expect(stolen).rejects.toThrow('enrolled for DEMO-DISP-01');
    const nowhere = client.call('enrol', { station: 'NOWHERE', fingerprint: two });
    await expect(nowhere).rejects.toMatchObject({ code: 'MSC-1305' });
    expect(await apply(exampleToml)).toEqual({ changes: [] });
  });
});

describe('people', () => {
  it('are added with the hash stored before the entry that names it', async () => {
    expect(await client.call('user-add', wish)).toEqual({ entry: 1 });
    expect(bench.desk.happened).toEqual([
      'hash',
      'secret change-1 jdoe',
      `register by ${client.person}`,
    ]);
    expect(bench.desk.register().person.get('jdoe')).toMatchObject({
      credential: 'change-1',
      oif: 'J10442',
    });
    expect(JSON.stringify(await bench.desk.entries())).not.toContain(wish.password);
  });

  it('are not added twice, also when both are asked at once', async () => {
    const commands = new CommandDesk(bench.desk);
    const add = (user: string) =>
      commands.run({ id: 1, command: 'user-add', args: { ...wish, user } }, visit);
    const both = await Promise.allSettled([add('jdoe'), add('other')]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect([...bench.desk.register().person.keys()]).toEqual(['jdoe']);
  });

  it('are refused before any hash when something is wrong', async () => {
    const bad = client.call('user-add', { ...wish, oif: 'J1', agency: 'CA0990900' });
    await expect(bad).rejects.toThrow(
      /the OIF is six of A-Z and 0-9; there is no agency CA0990900/,
    );
    const weak = client.call('user-add', { ...wish, password: 'short' });
    await expect(weak).rejects.toMatchObject({ code: 'MSC-1303', exit: 65 });
    expect(bench.desk.happened).toEqual([]);
  });

  it('get a new password under a new change, and are unlocked', async () => {
    await client.call('user-add', wish);
    const args = { user: 'jdoe', password: 'other plain words here', mustChange: true };
    await client.call('user-passwd', args);
    const { credential, mustChange } = bench.desk.register().person.get('jdoe') ?? {};
    expect([credential, mustChange]).toEqual(['change-2', true]);
    expect(await client.call('user-unlock', { user: 'jdoe', reason: 'called in' })).toEqual({
      entry: 3,
    });
    await expect(client.call('user-unlock', { user: 'nobody' })).rejects.toMatchObject({
      code: 'MSC-1302',
      exit: 1,
    });
  });
});
