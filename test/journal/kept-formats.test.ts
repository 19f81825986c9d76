// Every format a journal ever had is read by the code of today: each kept journal opens, holds, is searched,
// replays to the state it gave, and goes on.

import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Journal } from '#journal/journal';
import type { Condition } from '#journal/query';
import { openJournal } from '#journal/sqlite/journal';
import { openRegisterStore } from '#journal/sqlite/register-store';
import { verifyJournal } from '#journal/verify';
import { keyTable } from '#protocol/keys';
import { digestOf as digestOfText } from '#src/runtime/digest';
import { recover } from '#src/runtime/recover';
import { runMsc } from '#support/cli';
import {
  digestOf,
  type Kept,
  keptJournals,
  keptNames,
  knownOf,
  unpack,
} from '#support/kept-journals/kept';
import { freeze, thaw } from '#switch/snapshot';
import { createState, type State } from '#switch/state';
import { replay } from '#switch/step';
import { settings } from '../switch/county.ts';
import { collect, event, numbersOf, temporaryFolder } from './folders.ts';

const octetsMost = 200_000;

interface Copy {
  readonly dir: string;
  readonly kept: Kept;
}

function copyOf(name: string): Copy {
  const dir = join(temporaryFolder(), 'journal');
  return { dir, kept: unpack(name, dir) };
}

async function using<T>(dir: string, act: (journal: Journal) => Promise<T>): Promise<T> {
  const journal = await openJournal(dir, { random: randomBytes });
  try {
    return await act(journal);
  } finally {
    await journal.close();
  }
}

const create = (): State => createState(settings, keyTable, digestOfText);

async function stateOf(journal: Journal): Promise<State> {
  const recovered = await recover(journal, {
    create,
    thaw: (state, octets) => thaw(state, Buffer.from(octets).toString()),
    replay,
  });
  return recovered.state;
}

async function replayed(journal: Journal): Promise<State> {
  const state = create();
  for (const stored of await collect(journal.scan(1))) replay(state, stored);
  return state;
}

describe('the kept journals', () => {
  it('are there, and small', () => {
    expect(keptNames()).toContain('1-one-file');
    for (const name of keptNames()) {
      const files = readdirSync(join(keptJournals, name));
      const sizes = files.map((file) => statSync(join(keptJournals, name, file)).size);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(octetsMost);
    }
  });
});

describe.each(keptNames())('the kept journal %s', (name) => {
  it('is proved to the root it had, before and after it was opened', async () => {
    const { dir, kept } = copyOf(name);
    const { entries, root } = kept;
    expect(verifyJournal(dir)).toEqual({ entries, root });
    expect(await using(dir, (journal) => journal.head())).toEqual({ entries, root });
    expect(verifyJournal(dir)).toEqual({ entries, root });
  });

  it('is proved by the command', async () => {
    const { dir, kept } = copyOf(name);
    const ran = await runMsc(['journal', 'verify', '--journal', dir, '--json']);
    expect([ran.code, JSON.parse(ran.stdout)]).toMatchObject([
      0,
      { entries: kept.entries, root: kept.root },
    ]);
  });

  it('gives back every entry, to the octet', async () => {
    const { dir, kept } = copyOf(name);
    await using(dir, async (journal) => {
      expect(await digestOf(journal)).toBe(kept.digest);
      expect((await journal.read(kept.entries))?.entry.entry).toBe(kept.entries);
    });
  });

  it.each(['with', 'without'])('is searched %s the index it came with', async (index) => {
    const { dir, kept } = copyOf(name);
    if (index === 'without') rmSync(join(dir, 'index.db'), { force: true });
    const find = (journal: Journal, condition: Condition): Promise<readonly number[]> =>
      collect(journal.search({ where: [condition], reverse: true, limit: 0 })).then(numbersOf);
    await using(dir, async (journal) => {
      for (const time of ['first', 'again']) {
        for (const { field, value, entries } of kept.fields) {
          expect(entries.length).toBeGreaterThan(1);
          const found = await find(journal, { on: 'field', field, any: [{ kind: 'is', value }] });
          expect([time, value, found]).toEqual([time, value, entries]);
        }
        const any = [{ kind: 'is', value: kept.user.value }] as const;
        expect(await find(journal, { on: 'column', column: 'user', any })).toEqual(
          kept.user.entries,
        );
      }
    });
  });

  it('replays to one state, with its snapshot and without', async () => {
    const { dir, kept } = copyOf(name);
    await using(dir, async (journal) => {
      const state = await stateOf(journal);
      expect(state.ledger.entries).toBe(kept.entries);
      expect(state.ledger.register.person.has(kept.user.value)).toBe(true);
      expect(freeze(state)).toBe(freeze(await replayed(journal)));
      if (kept.snapshot !== undefined)
        expect((await journal.loadSnapshot())?.entry).toBe(kept.snapshot);
    });
  });

  it('goes on: what is appended follows what was there, and all of it holds', async () => {
    const { dir, kept } = copyOf(name);
    const next = kept.entries + 1;
    await using(dir, (journal) => journal.append([event(next), event(next + 1)]));
    const verdict = verifyJournal(dir);
    expect(verdict).toMatchObject({ entries: kept.entries + 2 });
    await using(dir, async (journal) => {
      expect(await journal.head()).toEqual(verdict);
      expect(await digestOf(journal, kept.entries)).toBe(kept.digest);
      const since = { where: [], entryFrom: next, reverse: true, limit: 0 } as const;
      expect(numbersOf(await collect(journal.search(since)))).toEqual([next, next + 1]);
    });
  });
});

describe.each(keptNames().filter((name) => knownOf(name).secret !== undefined))(
  'the register store of the kept journal %s',
  (name) => {
    it('says what its entries say, and keeps the secrets that they name', async () => {
      const { dir, kept } = copyOf(name);
      expect(existsSync(join(dir, 'register.db'))).toBe(true);
      const { ledger } = await using(dir, replayed);
      const store = openRegisterStore(dir);
      try {
        expect(store.load()).toEqual(ledger.register);
        store.reconcile(kept.entries, ledger.register);
        expect(store.secret(kept.secret?.change ?? '')).toEqual(kept.secret?.hash);
      } finally {
        store.close();
      }
    });
  },
);
